/** The packets of a capture file as a trace: its interfaces are ports, and no packet has a cause. */
import type { CapturedPacket, CaptureInterface } from '../../trace/capture-file/captured-packet';
import { PacketStore } from '../../trace/packet-store';
import type { Dissection } from '../../trace/dissect/packet-field';
import type { TracePort } from '../link-type';
import type { CapturedFacts, PacketDetails, PacketRow } from '../protocol';
import type { RecordSummary } from '../record-batch';
import { TraceView } from '../trace-view';
import type { CapturedInterface } from './capture-protocol';

/** Packets kept of one file: as many as of a simulation. */
export const MOST_PACKETS = 1_048_576;

/** Memory for the packets of one file: 512 MiB. */
export const MOST_BYTES = 536_870_912;

/** Frames have room until the bytes above are used up: the store forgets none. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;

/** Packets with comments, or cut when they were captured, whose facts are kept apart. */
const MOST_FACTS = 262_144;

export interface CaptureBounds {
  readonly packets: number;
  readonly bytes: number;
}

/** What a file says of a packet beside its bytes. */
interface Facts {
  readonly originalLength: number;
  readonly comments: readonly string[];
}

export class CaptureView extends TraceView {
  private readonly interfaces: TracePort[];
  private readonly facts = new Map<number, Facts>();
  /** 0 for a packet of which no direction is told, 1 for inbound, 2 for outbound; in chunks like the records. */
  private readonly directions: Uint8Array[] = [];
  private firstTime: bigint | undefined;

  constructor(private readonly bounds: CaptureBounds = { packets: MOST_PACKETS, bytes: MOST_BYTES }) {
    const interfaces: TracePort[] = [];
    super(
      new PacketStore({ reasonCode: () => 0, maximumRecords: bounds.packets + 1, maximumBytes: NO_BOUND }),
      interfaces,
    );
    this.interfaces = interfaces;
  }

  /** When the first packet was captured, in ns since 1970; undefined before there is one. */
  get start(): bigint | undefined {
    return this.firstTime;
  }

  /** The interfaces that the file named from `first` on are ports from now on. */
  addInterfaces(all: readonly CaptureInterface[]): void {
    for (let index = this.interfaces.length; index < all.length; index++) {
      const { name, linkType } = all[index] ?? { name: '', linkType: 0 };
      const { device, port } = partsOf(name, index);
      this.interfaces.push({ device, name: port, peer: -1, linkType });
    }
  }

  /** Keeps a copy of the packet; false when there is no room for it. Its interface must be known. */
  add(packet: CapturedPacket): boolean {
    const { store } = this;
    const record = store.count;
    if (record >= this.bounds.packets || store.bytesUsed >= this.bounds.bytes) {
      return false;
    }
    this.firstTime ??= packet.time;
    const time = Number(packet.time - this.firstTime);
    store.transmitted(time, time, packet.interface, { bytes: packet.bytes, id: record }, -1);
    const { originalLength, comments, direction } = packet;
    const isCut = originalLength !== packet.bytes.length;
    if ((isCut || comments.length > 0) && this.facts.size < MOST_FACTS) {
      this.facts.set(record, { originalLength, comments });
    }
    if (direction !== undefined) {
      this.keepDirection(record, direction);
    }
    return true;
  }

  /** Where one listens, packets come and go: an answer reaches whoever asked there. */
  override senderDevice(): string {
    return '';
  }

  override receiverDevice(): string {
    return '';
  }

  override summary(number: number): RecordSummary {
    return { ...super.summary(number), length: this.lengthOnWire(number) };
  }

  override packet(number: number): PacketDetails | undefined {
    const packet = super.packet(number);
    return packet && { ...packet, captured: this.factsOf(number, packet.bytes.length) };
  }

  /** All that the file says about it. */
  override comment(number: number): string | undefined {
    return this.facts.get(number)?.comments.join('\n') || undefined;
  }

  protected override row(number: number, dissection: Dissection): PacketRow {
    return { ...super.row(number, dissection), length: this.lengthOnWire(number) };
  }

  private lengthOnWire(number: number): number {
    return this.facts.get(number)?.originalLength ?? this.store.length(number);
  }

  private factsOf(number: number, length: number): CapturedFacts {
    const direction = ([undefined, 'inbound', 'outbound'] as const)[this.directionOf(number)];
    return {
      time: momentOf((this.firstTime ?? 0n) + BigInt(this.time(number))),
      length,
      comments: this.facts.get(number)?.comments ?? [],
      ...(direction === undefined ? {} : { direction }),
    };
  }

  private keepDirection(record: number, direction: 'inbound' | 'outbound'): void {
    const chunk = Math.floor(record / DIRECTIONS_AT_ONCE);
    const directions = (this.directions[chunk] ??= new Uint8Array(DIRECTIONS_AT_ONCE));
    directions[record % DIRECTIONS_AT_ONCE] = direction === 'inbound' ? 1 : 2;
  }

  private directionOf(record: number): number {
    return this.directions[Math.floor(record / DIRECTIONS_AT_ONCE)]?.[record % DIRECTIONS_AT_ONCE] ?? 0;
  }
}

const DIRECTIONS_AT_ONCE = 65_536;

/** Whole seconds since 1970, and the ns of that second. @param time in ns */
export function momentOf(time: bigint): CapturedFacts['time'] {
  const nanoseconds = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return { seconds: Number((time - nanoseconds) / 1_000_000_000n), nanoseconds: Number(nanoseconds) };
}

/** `router:lan` is the port of a device, as our own captures name it; an interface without a name goes by its number. */
export function partsOf(name: string, index: number): CapturedInterface {
  const colon = name.indexOf(':');
  if (name === '') {
    return { device: `#${index}`, port: '' };
  }
  return colon <= 0 || colon === name.length - 1
    ? { device: name, port: '' }
    : { device: name.slice(0, colon), port: name.slice(colon + 1) };
}
