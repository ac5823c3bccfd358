/** Ports and the cables between them: rate, delay, loss and a bounded queue, with one event for each frame on each cable. */
import type { EventTarget } from './event-queue';
import type { Frame } from './frame';
import type { RandomStream } from './random-stream';
import type { Simulator } from './simulator';

/** What a port hands its frames to. */
export interface FrameReceiver {
  receive(frame: Frame, port: Port): void;
  /** Carrier came or went at this port: `port.carrier` says which. */
  carrierChanged?(port: Port): void;
  /** False for a station that takes frames for itself only; whatever has no such choice takes all. */
  readonly promiscuous?: boolean;
}

/** What two ports share. Rate, delay and loss may change while it runs; frames on their way keep theirs. */
export interface Cable {
  /** ns that one byte occupies the cable. */
  nanosecondsPerByte: number;
  /** ns from end to end. */
  delay: number;
  /** Largest random extra delay in ns. */
  readonly jitter: number;
  /** Share of frames lost, 0 to 1. */
  loss: number;
  /** Frames that may wait at each end, the one being sent not counted. */
  readonly queue: number;
  /** Whether it is plugged in at first; `Port.setCableUp` changes it. */
  readonly up: boolean;
  /** Decides losses and jitter. */
  readonly random: RandomStream;
}

/** Preamble, start delimiter, frame check sequence and inter-frame gap in bytes (IEEE 802.3-2018 clause 4A.4.2: 8 + 4 + 12). */
const OVERHEAD_BYTES = 24;

/** Shortest frame without its check sequence that Ethernet carries (IEEE 802.3-2018 clause 4A.4.2); shorter ones take as long. */
const SHORTEST_FRAME_BYTES = 60;

/** Bits in a byte times nanoseconds in a second: from ns per byte to bits per second. */
const BITS_AND_NANOSECONDS = 8e9;

export class Port implements EventTarget {
  private peer: Port | undefined;
  private cable: Cable | undefined;
  private cableUp = false;
  private isEnabled = true;
  /** What `carrier` says, worked out when something changes. */
  private linkUp = false;

  /**
   * The transmitter needs no event of its own: when each waiting frame will have left is known when it is queued. A ring of those
   * moments says how many still wait.
   */
  private departures = new Float64Array(0);
  private firstDeparture = 0;
  private waiting = 0;
  private freeAt = 0;
  private lastArrival = 0;

  /** @param number its number in traffic records; below 0 for a port inside a device, which is not observed */
  constructor(
    private readonly simulator: Simulator,
    readonly number: number,
    private readonly owner: FrameReceiver,
  ) {}

  get connected(): boolean {
    return this.peer !== undefined;
  }

  /** The port at the other end, if any. */
  get other(): Port | undefined {
    return this.peer;
  }

  /** Whether a frame sent now would reach the other end: what an operating system calls carrier. */
  get carrier(): boolean {
    return this.linkUp;
  }

  /** Whether its device has switched it on. */
  get enabled(): boolean {
    return this.isEnabled;
  }

  /** Bits per second of the cable; 0 without one. */
  get rate(): number {
    return this.cable === undefined ? 0 : Math.round(BITS_AND_NANOSECONDS / this.cable.nanosecondsPerByte);
  }

  /** Whether whoever owns this port takes frames for other stations, too. */
  get promiscuous(): boolean {
    return this.owner.promiscuous !== false;
  }

  /** Plugs a cable into both ports, before anything runs: nobody is told. */
  connect(peer: Port, cable: Cable): void {
    this.attach(peer, cable);
    peer.attach(this, cable);
  }

  /** Plugs the cable in, or pulls it out, at both ends; frames that would arrive while it is out are lost. Both owners are told. */
  setCableUp(up: boolean): void {
    this.cableUp = up;
    if (this.peer !== undefined) {
      this.peer.cableUp = up;
    }
    this.updateLink();
  }

  /** Switches the port on or off, as `ip link set up` and `down` do: without it there is no carrier at either end. Both owners are told. */
  setEnabled(enabled: boolean): void {
    this.isEnabled = enabled;
    this.updateLink();
  }

  /** Sends a frame, or drops it with a reason. */
  send(frame: Frame): void {
    const { simulator, cable, peer } = this;
    if (cable === undefined || peer === undefined) {
      simulator.drop(this.number, frame, 'port-unconnected');
      return;
    }
    if (!this.linkUp) {
      simulator.drop(this.number, frame, this.downReason);
      return;
    }
    const now = simulator.now;
    const start = this.freeAt > now ? this.freeAt : now;
    if (start > now && !this.enqueue(start, now)) {
      simulator.drop(this.number, frame, 'queue-full');
      return;
    }
    const length = frame.bytes.length;
    const occupied = (length < SHORTEST_FRAME_BYTES ? SHORTEST_FRAME_BYTES : length) + OVERHEAD_BYTES;
    const done = start + Math.ceil(occupied * cable.nanosecondsPerByte);
    this.freeAt = done;
    if (cable.loss > 0 && cable.random.fraction() < cable.loss) {
      this.lose(frame, start);
      return;
    }
    let arrival = done + cable.delay;
    if (cable.jitter > 0) {
      arrival += cable.random.integer(0, cable.jitter);
      // A cable never lets one frame overtake another.
      arrival = arrival > this.lastArrival ? arrival : this.lastArrival;
      this.lastArrival = arrival;
    }
    let record = simulator.cause;
    if (this.number >= 0) {
      record = simulator.records++;
      simulator.observer?.transmitted(start, arrival, this.number, frame, simulator.cause);
    }
    simulator.schedule(arrival, peer, frame, record);
  }

  /** A frame has arrived at this port. */
  occur(frame: Frame | null, record: number): void {
    if (frame === null) {
      return;
    }
    this.simulator.cause = record;
    if (!this.linkUp) {
      this.simulator.drop(this.number, frame, this.downReason);
      return;
    }
    this.owner.receive(frame, this);
  }

  private attach(peer: Port, cable: Cable): void {
    this.peer = peer;
    this.cable = cable;
    this.cableUp = cable.up;
    this.linkUp = cable.up && this.isEnabled && peer.isEnabled;
    this.departures = new Float64Array(cable.queue);
  }

  private get downReason(): 'cable-down' | 'link-down' {
    return this.cableUp ? 'link-down' : 'cable-down';
  }

  /** Works out whether both ends have a link now, and tells both owners if that is new. */
  private updateLink(): void {
    const { peer } = this;
    const up = this.cableUp && this.isEnabled && peer?.isEnabled === true;
    if (up === this.linkUp) {
      return;
    }
    this.linkUp = up;
    if (peer !== undefined) {
      peer.linkUp = up;
      peer.owner.carrierChanged?.(peer);
    }
    this.owner.carrierChanged?.(this);
  }

  /** Keeps a place in the queue for a frame that will leave at `start`; false when every place is taken. */
  private enqueue(start: number, now: number): boolean {
    const { departures } = this;
    const capacity = departures.length;
    while (this.waiting > 0 && (departures[this.firstDeparture] ?? 0) <= now) {
      this.firstDeparture = this.firstDeparture + 1 === capacity ? 0 : this.firstDeparture + 1;
      this.waiting--;
    }
    if (this.waiting === capacity) {
      return false;
    }
    let last = this.firstDeparture + this.waiting++;
    if (last >= capacity) {
      last -= capacity;
    }
    departures[last] = start;
    return true;
  }

  private lose(frame: Frame, start: number): void {
    const { simulator } = this;
    if (this.number < 0) {
      return;
    }
    const record = simulator.records++;
    simulator.observer?.transmitted(start, Number.NaN, this.number, frame, simulator.cause);
    const cause = simulator.cause;
    simulator.cause = record;
    simulator.drop(this.number, frame, 'cable-loss');
    simulator.cause = cause;
  }
}
