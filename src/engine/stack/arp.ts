/** The Address Resolution Protocol (RFC 826) with Linux's neighbour cache: finds hardware addresses, answers for its own. */
import { isLoopbackIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../net/ipv4-address';
import { BROADCAST_MAC, UNKNOWN_MAC, type MacAddress } from '../../net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp, type ArpPacket } from '../../wire/arp';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../wire/ethernet';
import type { Frame } from '../kernel/frame';
import type { RandomStream } from '../kernel/random-stream';
import type { Simulator } from '../kernel/simulator';
import { Timer, type TimerOwner } from '../kernel/timer';
import { LINUX } from './linux-policy';
import {
  isUsable,
  stepNeighbour,
  UNKNOWN_NEIGHBOUR,
  type NeighbourEntry,
  type NeighbourInput,
} from './neighbour-entry';
import type { EtherTypeHandler, NetworkInterface } from './network-interface';

/** Hears of packets whose next hop nobody answered for. */
export interface UnresolvedHandler {
  /** @param bytes the frame that waited, its hardware addresses still unwritten */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
}

interface Neighbour {
  readonly address: Ipv4Address;
  entry: NeighbourEntry;
  readonly waiting: { readonly bytes: Uint8Array; readonly cause: number }[];
}

/** The cache of one interface. */
export class Arp implements EtherTypeHandler, TimerOwner {
  private readonly neighbours = new Map<Ipv4Address, Neighbour>();
  /** One timer for the whole table, for its earliest deadline. */
  private readonly timer: Timer;
  private readonly reachableTime: number;

  constructor(
    private readonly simulator: Simulator,
    private readonly on: NetworkInterface,
    private readonly isLocal: (address: Ipv4Address) => boolean,
    private readonly unresolved: UnresolvedHandler,
    random: RandomStream,
  ) {
    this.timer = new Timer(simulator, this);
    this.reachableTime = Math.round(LINUX.neighbourReachable * (0.5 + random.fraction()));
    on.register(ETHERTYPE.arp, this);
  }

  /** What is known of each neighbour, for tables. */
  *entries(): IterableIterator<readonly [Ipv4Address, NeighbourEntry]> {
    for (const [address, neighbour] of this.neighbours) {
      yield [address, neighbour.entry];
    }
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
  knows(address: Ipv4Address): boolean {
    const neighbour = this.neighbours.get(address) ?? this.add(address);
    if (neighbour === undefined || isUsable(neighbour.entry)) {
      return neighbour !== undefined;
    }
    this.step(neighbour, { kind: 'used' });
    this.rearm();
    return false;
  }

  /** Sends a frame with an IPv4 packet to this neighbour, as soon as its hardware address is known. */
  transmit(bytes: Uint8Array, nextHop: Ipv4Address): void {
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

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const packet = parseArp(bytes, ETHERNET_HEADER_BYTES, bytes.length - ETHERNET_HEADER_BYTES);
    if (typeof packet === 'string') {
      on.drop(frame, 'malformed');
      return;
    }
    // 127.0.0.0/8 is on no link (RFC 1122 3.2.1.3 g).
    const forUs = this.isLocal(packet.targetIp) && !isLoopbackIpv4(packet.targetIp);
    this.learn(packet, forUs);
    if (forUs && packet.operation === ARP_OPERATION.request) {
      this.answer(packet);
    }
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

  private transmitUnconfirmed(neighbour: Neighbour, bytes: Uint8Array): void {
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
    writeEthernetHeader(bytes, mac, this.on.mac, ETHERTYPE.ipv4);
    this.on.send(bytes);
  }

  /** RFC 826 reception: known senders are updated always, new ones are kept only when they ask for us. */
  private learn(packet: ArpPacket, forUs: boolean): void {
    if (packet.senderIp === UNSPECIFIED_IPV4) {
      return;
    }
    const asksUs = forUs && packet.operation === ARP_OPERATION.request;
    const neighbour =
      this.neighbours.get(packet.senderIp) ?? (asksUs ? this.add(packet.senderIp) : undefined);
    if (neighbour === undefined) {
      return;
    }
    const solicited = packet.operation === ARP_OPERATION.reply && forUs;
    this.step(neighbour, { kind: 'heard', mac: packet.senderMac, solicited });
    this.rearm();
  }

  private answer(request: ArpPacket): void {
    this.emit(request.senderMac, {
      operation: ARP_OPERATION.reply,
      senderMac: this.on.mac,
      senderIp: request.targetIp,
      targetMac: request.senderMac,
      targetIp: request.senderIp,
    });
  }

  private ask(neighbour: Neighbour, destination: MacAddress): void {
    this.emit(destination, {
      operation: ARP_OPERATION.request,
      senderMac: this.on.mac,
      senderIp: this.on.addressTowards(neighbour.address) ?? this.on.primaryAddress ?? UNSPECIFIED_IPV4,
      // Also where the request goes to the neighbour alone (Linux arp_solicit; measured).
      targetMac: UNKNOWN_MAC,
      targetIp: neighbour.address,
    });
  }

  private emit(destination: MacAddress, packet: ArpPacket): void {
    const bytes = new Uint8Array(ETHERNET_HEADER_BYTES + ARP_BYTES);
    writeEthernetHeader(bytes, destination, this.on.mac, ETHERTYPE.arp);
    emitArp(packet, bytes, ETHERNET_HEADER_BYTES);
    this.on.send(bytes);
  }

  private step(neighbour: Neighbour, input: NeighbourInput): void {
    const before = neighbour.entry;
    const { entry, output } = stepNeighbour(before, input, this.simulator.now, this.reachableTime);
    neighbour.entry = entry;
    switch (output) {
      case undefined:
        return;
      case 'ask-everyone':
        this.ask(neighbour, BROADCAST_MAC);
        return;
      case 'ask-neighbour':
        this.ask(neighbour, entry.mac);
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
          this.unresolved.neighbourUnresolved(bytes, this.on);
        });
        return;
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

  private add(address: Ipv4Address): Neighbour | undefined {
    if (this.neighbours.size >= LINUX.neighbours && !this.forgetOne()) {
      return undefined;
    }
    const neighbour: Neighbour = { address, entry: UNKNOWN_NEIGHBOUR, waiting: [] };
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
