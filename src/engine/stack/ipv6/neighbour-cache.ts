/** The neighbour cache of one interface (RFC 4861 5.1, 7.3): what waits for a hardware address, and how it is asked for. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { MacAddress } from '../../../net/mac-address';
import { ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { LINUX, MILLISECOND } from '../linux-policy';
import {
  isUsable,
  stepNeighbour,
  UNKNOWN_NEIGHBOUR,
  type NeighbourEntry,
  type NeighbourInput,
} from '../neighbour-entry';
import type { NetworkInterface } from '../network-interface';

/** What the cache needs done. */
export interface NeighbourCacheOwner {
  /**
   * Sends a neighbour solicitation.
   * @param mac the neighbour's address when it alone is asked
   * @param waiting a packet for it, whose source the question should carry
   */
  solicit(target: Ipv6Address, mac: MacAddress | undefined, waiting: Uint8Array | undefined): void;
  /** Nobody answered: `bytes` is a frame that waited, its hardware addresses still unwritten. */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
  /** A neighbour that was a router is none any more, or does not answer. */
  routerLost(address: Ipv6Address, stillRouter: boolean): void;
}

interface Neighbour {
  readonly address: Ipv6Address;
  entry: NeighbourEntry;
  isRouter: boolean;
  readonly waiting: { readonly bytes: Uint8Array; readonly cause: number }[];
}

export class NeighbourCache implements TimerOwner {
  private readonly neighbours = new Map<Ipv6Address, Neighbour>();
  /** One timer for the whole table, for its earliest deadline. */
  private readonly timer: Timer;
  private reachableTime: number;

  constructor(
    private readonly simulator: Simulator,
    private readonly on: NetworkInterface,
    private readonly owner: NeighbourCacheOwner,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(simulator, this);
    this.reachableTime = this.randomized(LINUX.neighbourReachable);
  }

  /** What is known of each neighbour, for tables. */
  *entries(): IterableIterator<readonly [Ipv6Address, NeighbourEntry, boolean]> {
    for (const [address, { entry, isRouter }] of this.neighbours) {
      yield [address, entry, isRouter];
    }
  }

  /** A router advertised how long answers count, in ms (RFC 4861 6.3.4). */
  setReachableTime(milliseconds: number): void {
    this.reachableTime = this.randomized(milliseconds * MILLISECOND);
  }

  /** False for a neighbour that was asked in vain (RFC 4861 6.3.6). */
  mayBeReachable(address: Ipv6Address): boolean {
    return this.neighbours.get(address)?.entry.state !== 'failed';
  }

  /** The neighbour's hardware address, if it is known. */
  macOf(address: Ipv6Address): MacAddress | undefined {
    const entry = this.neighbours.get(address)?.entry;
    return entry !== undefined && isUsable(entry) ? entry.mac : undefined;
  }

  /** Sends a frame with an IPv6 packet to this neighbour, as soon as its hardware address is known. */
  transmit(bytes: Uint8Array, nextHop: Ipv6Address): void {
    const neighbour = this.neighbours.get(nextHop) ?? this.add(nextHop);
    if (neighbour === undefined) {
      this.on.drop(this.simulator.frame(bytes), 'table-full');
      return;
    }
    if (neighbour.entry.state === 'reachable' && this.simulator.now >= neighbour.entry.deadline) {
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

  /** A neighbour's message carried its hardware address; it becomes known if it was not (RFC 4861 7.2.3, 6.2.6, 6.3.4, 8.3). */
  heard(address: Ipv6Address, mac: MacAddress, isRouter?: boolean): void {
    const neighbour = this.neighbours.get(address) ?? this.add(address);
    if (neighbour !== undefined) {
      this.setRouter(neighbour, isRouter ?? neighbour.isRouter);
      this.step(neighbour, { kind: 'heard', mac, solicited: false });
      this.rearm();
    }
  }

  /** A neighbour advertised itself. False when nobody had asked for it (RFC 4861 7.2.5). */
  advertised(
    address: Ipv6Address,
    mac: MacAddress | undefined,
    flags: { readonly router: boolean; readonly solicited: boolean; readonly override: boolean },
  ): boolean {
    const neighbour = this.neighbours.get(address);
    if (neighbour === undefined) {
      return false;
    }
    const { solicited, override } = flags;
    this.step(neighbour, { kind: 'advertised', mac, solicited, override });
    if (isUsable(neighbour.entry)) {
      this.setRouter(neighbour, flags.router);
    }
    this.rearm();
    return true;
  }

  /** A transport heard from the neighbour, so it is there (RFC 4861 7.3.1). */
  confirm(address: Ipv6Address): void {
    const neighbour = this.neighbours.get(address);
    if (neighbour !== undefined && isUsable(neighbour.entry)) {
      this.step(neighbour, { kind: 'heard', mac: neighbour.entry.mac, solicited: true });
      this.rearm();
    }
  }

  /** Forgets everyone, as when the interface goes down; what waited is lost. */
  clear(): void {
    for (const neighbour of this.neighbours.values()) {
      this.forWaiting(neighbour, bytes => {
        this.on.drop(this.simulator.frame(bytes), 'interface-down');
      });
    }
    this.neighbours.clear();
    this.timer.cancel();
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

  private sendTo(mac: MacAddress, bytes: Uint8Array): void {
    writeEthernetHeader(bytes, mac, this.on.mac, ETHERTYPE.ipv6);
    this.on.send(bytes);
  }

  private step(neighbour: Neighbour, input: NeighbourInput): void {
    const { entry, output } = stepNeighbour(neighbour.entry, input, this.simulator.now, this.reachableTime);
    neighbour.entry = entry;
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
        this.giveUp(neighbour);
        return;
    }
  }

  private giveUp(neighbour: Neighbour): void {
    this.forWaiting(neighbour, bytes => {
      this.on.drop(this.simulator.frame(bytes), 'neighbour-unresolved');
      this.owner.neighbourUnresolved(bytes, this.on);
    });
    if (neighbour.isRouter) {
      this.owner.routerLost(neighbour.address, true);
    }
  }

  private setRouter(neighbour: Neighbour, isRouter: boolean): void {
    const lost = neighbour.isRouter && !isRouter;
    neighbour.isRouter = isRouter;
    if (lost) {
      this.owner.routerLost(neighbour.address, false);
    }
  }

  /** Each packet that waited goes on for the cause that brought it, not for the answer that frees it. */
  private forWaiting(neighbour: Neighbour, each: (bytes: Uint8Array) => void): void {
    const { cause } = this.simulator;
    for (const packet of neighbour.waiting.splice(0)) {
      this.simulator.cause = packet.cause;
      each(packet.bytes);
    }
    this.simulator.cause = cause;
  }

  private add(address: Ipv6Address): Neighbour | undefined {
    if (this.neighbours.size >= LINUX.neighbours && !this.forgetOne()) {
      return undefined;
    }
    const neighbour: Neighbour = { address, entry: UNKNOWN_NEIGHBOUR, isRouter: false, waiting: [] };
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

  /** Half to one and a half of it (RFC 4861 6.3.2). */
  private randomized(time: number): number {
    return Math.round(time * (0.5 + this.random.fraction()));
  }
}
