/**
 * The neighbours of one interface, for both versions of IP as Linux has it (net/core/neighbour.c): what waits for a hardware address, when
 * it is asked for, and whom to forget when there are too many. How is asked, and what follows when nobody answers, is the owner's.
 */
import type { MacAddress } from '../../../net/mac-address';
import { writeEthernetHeader } from '../../../wire/ethernet';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { NO_CAUSE } from '../../kernel/traffic-observer';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import {
  isUsable,
  stepNeighbour,
  UNKNOWN_NEIGHBOUR,
  type NeighbourEntry,
  type NeighbourInput,
} from './neighbour-entry';

/** What the table needs done. */
export interface NeighbourTableOwner<Address> {
  /**
   * Asks for a hardware address.
   * @param mac the neighbour's when it alone is asked
   * @param waiting a packet for it, whose source the question may carry
   */
  solicit(target: Address, mac: MacAddress | undefined, waiting: Uint8Array | undefined): void;
  /** Nobody answered: `bytes` is a frame that waited, its hardware addresses still unwritten. */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
  /** Nobody answered, and nothing waits any more. */
  gaveUp?(neighbour: Neighbour<Address>): void;
}

export interface Neighbour<Address> {
  readonly address: Address;
  readonly entry: NeighbourEntry;
  /** The record that made it what it is; NO_CAUSE where that was time, or the machine itself. */
  readonly cause: number;
  /** When its state or hardware address last became another one, in ns. */
  readonly changed: number;
  /** NTF_ROUTER: IPv6 knows which of its neighbours pass packets on. */
  isRouter: boolean;
}

interface Entry<Address> extends Neighbour<Address> {
  entry: NeighbourEntry;
  cause: number;
  changed: number;
  readonly waiting: { readonly bytes: Uint8Array; readonly cause: number }[];
}

export class NeighbourTable<Address> implements TimerOwner {
  private readonly neighbours = new Map<Address, Entry<Address>>();
  /** One timer for the whole table, for its earliest deadline. */
  private readonly timer: Timer;
  /** ns for which an answer counts as fresh. */
  private reachableTime = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly on: NetworkInterface,
    /** Of the packets for its neighbours. */
    private readonly etherType: number,
    private readonly owner: NeighbourTableOwner<Address>,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(simulator, this);
    this.setReachableTime(LINUX.neighbourReachable);
  }

  /** What is known of each neighbour, the one met first first. */
  entries(): IterableIterator<Neighbour<Address>> {
    return this.neighbours.values();
  }

  get(address: Address): Neighbour<Address> | undefined {
    return this.neighbours.get(address);
  }

  /** From now on answers count for half to one and a half of this time in ns (RFC 4861 6.3.2). */
  setReachableTime(time: number): void {
    this.reachableTime = Math.round(time * (0.5 + this.random.fraction()));
  }

  /** Forgets everybody, with what waits for them: the interface went down (Linux `neigh_ifdown`). */
  clear(): void {
    for (const neighbour of this.neighbours.values()) {
      this.forWaiting(neighbour, bytes => {
        this.on.drop(this.simulator.frame(bytes), 'interface-down');
      });
    }
    this.neighbours.clear();
    this.timer.cancel();
  }

  /** Whether this neighbour's hardware address is known; if not, it is asked for. */
  knows(address: Address): boolean {
    const neighbour = this.neighbours.get(address) ?? this.add(address);
    if (neighbour === undefined || isUsable(neighbour.entry)) {
      return neighbour !== undefined;
    }
    this.step(neighbour, { kind: 'used' });
    this.rearm();
    return false;
  }

  /** Sends a frame with a packet to this neighbour, as soon as its hardware address is known. */
  transmit(bytes: Uint8Array, nextHop: Address): void {
    const neighbour = this.neighbours.get(nextHop) ?? this.add(nextHop);
    if (neighbour === undefined) {
      this.on.drop(this.simulator.frame(bytes), 'table-full');
      return;
    }
    const { entry } = neighbour;
    if (entry.state === 'reachable' && this.simulator.now < entry.deadline) {
      this.sendTo(entry.mac, bytes);
      return;
    }
    this.transmitUnconfirmed(neighbour, bytes);
  }

  /**
   * Takes note of what was heard of a neighbour.
   * @param adds whether one that was not known is kept from now on
   * @returns undefined for one that is not known, and not kept
   */
  learn(address: Address, input: NeighbourInput, adds: boolean): Neighbour<Address> | undefined {
    const neighbour = this.neighbours.get(address) ?? (adds ? this.add(address) : undefined);
    if (neighbour !== undefined) {
      this.step(neighbour, input);
      this.rearm();
    }
    return neighbour;
  }

  timerExpired(): void {
    const { now } = this.simulator;
    for (const neighbour of this.neighbours.values()) {
      if (neighbour.entry.deadline <= now) {
        this.step(neighbour, { kind: 'timeout' });
      }
    }
    this.rearm();
  }

  private transmitUnconfirmed(neighbour: Entry<Address>, bytes: Uint8Array): void {
    if (neighbour.entry.state === 'reachable') {
      this.step(neighbour, { kind: 'timeout' });
    }
    if (isUsable(neighbour.entry)) {
      this.sendTo(neighbour.entry.mac, bytes);
    } else if (neighbour.waiting.length < LINUX.neighbourQueue) {
      neighbour.waiting.push({ bytes, cause: this.simulator.cause });
    } else {
      this.on.drop(this.simulator.frame(bytes), 'neighbour-queue-full');
    }
    this.step(neighbour, { kind: 'used' });
    this.rearm();
  }

  private sendTo(mac: MacAddress, bytes: Uint8Array): void {
    writeEthernetHeader(bytes, mac, this.on.mac, this.etherType);
    this.on.send(bytes);
  }

  private step(neighbour: Entry<Address>, input: NeighbourInput): void {
    const { now, cause } = this.simulator;
    const before = neighbour.entry;
    const { entry, output } = stepNeighbour(before, input, now, this.reachableTime);
    if (entry !== before) {
      neighbour.entry = entry;
      neighbour.cause = cause;
    }
    if (entry.state !== before.state || entry.mac !== before.mac) {
      neighbour.changed = now;
    }
    switch (output) {
      case undefined:
        return;
      case 'ask-everyone':
        this.owner.solicit(neighbour.address, undefined, neighbour.waiting[0]?.bytes);
        return;
      case 'ask-neighbour':
        this.owner.solicit(neighbour.address, entry.mac, neighbour.waiting[0]?.bytes);
        return;
      case 'send-waiting':
        this.forWaiting(neighbour, bytes => {
          this.sendTo(entry.mac, bytes);
        });
        // Sending to an address that nobody confirmed asks for a confirmation later.
        this.step(neighbour, { kind: 'used' });
        return;
      case 'give-up':
        this.forWaiting(neighbour, bytes => {
          this.on.drop(this.simulator.frame(bytes), 'neighbour-unresolved');
          this.owner.neighbourUnresolved(bytes, this.on);
        });
        this.owner.gaveUp?.(neighbour);
        return;
    }
  }

  /** Each packet that waited goes on for the cause that brought it, not for the answer that frees it. */
  private forWaiting(neighbour: Entry<Address>, each: (bytes: Uint8Array) => void): void {
    const { cause } = this.simulator;
    for (const packet of neighbour.waiting.splice(0)) {
      this.simulator.cause = packet.cause;
      each(packet.bytes);
    }
    this.simulator.cause = cause;
  }

  private add(address: Address): Entry<Address> | undefined {
    if (this.neighbours.size >= LINUX.neighbours && !this.forgetOne()) {
      return undefined;
    }
    const neighbour: Entry<Address> = {
      address,
      entry: UNKNOWN_NEIGHBOUR,
      cause: NO_CAUSE,
      changed: this.simulator.now,
      isRouter: false,
      waiting: [],
    };
    this.neighbours.set(address, neighbour);
    return neighbour;
  }

  /** Makes room by forgetting the oldest neighbour that nothing depends on. */
  private forgetOne(): boolean {
    for (const [address, { entry }] of this.neighbours) {
      if (entry.state === 'stale' || entry.state === 'failed') {
        this.neighbours.delete(address);
        return true;
      }
    }
    return false;
  }

  /** Reachable entries end lazily, when they are next used, so only questions in progress need the timer. */
  private rearm(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { entry } of this.neighbours.values()) {
      if (entry.state !== 'reachable' && entry.deadline < earliest) {
        earliest = entry.deadline;
      }
    }
    if (earliest === Number.POSITIVE_INFINITY) {
      this.timer.cancel();
    } else {
      this.timer.arm(earliest - this.simulator.now);
    }
  }
}
