/** The Address Resolution Protocol (RFC 826): finds the hardware addresses of IPv4 neighbours, and answers for its own. */
import { isLoopbackIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC, isGroupMac, UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp, type ArpPacket } from '../../../wire/arp';
import {
  destinationMac,
  ETHERNET_HEADER_BYTES,
  ETHERTYPE,
  writeEthernetHeader,
} from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { LINUX } from '../linux-policy';
import type { EtherTypeHandler, NetworkInterface } from '../network-interface';
import { isUsable } from './neighbour-entry';
import { NeighbourTable, type Neighbour, type NeighbourTableOwner } from './neighbour-table';

/** Hears of packets whose next hop nobody answered for. */
export interface UnresolvedHandler {
  /** @param bytes the frame that waited, its hardware addresses still unwritten */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
}

/** ARP of one interface. */
export class Arp implements EtherTypeHandler, NeighbourTableOwner<Ipv4Address> {
  private readonly table: NeighbourTable<Ipv4Address>;

  constructor(
    private readonly simulator: Simulator,
    private readonly on: NetworkInterface,
    private readonly isLocal: (address: Ipv4Address) => boolean,
    private readonly unresolved: UnresolvedHandler,
    random: RandomStream,
  ) {
    this.table = new NeighbourTable(simulator, on, ETHERTYPE.ipv4, this, random);
    on.register(ETHERTYPE.arp, this);
  }

  /** What is known of each neighbour, for tables. */
  entries(): IterableIterator<Neighbour<Ipv4Address>> {
    return this.table.entries();
  }

  /** Forgets everybody, with what waits for them. */
  clear(): void {
    this.table.clear();
  }

  /** Whether this neighbour's hardware address is known; if not, it is asked for. */
  knows(address: Ipv4Address): boolean {
    return this.table.knows(address);
  }

  /** Sends a frame with an IPv4 packet to this neighbour, as soon as its hardware address is known. */
  transmit(bytes: Uint8Array, nextHop: Ipv4Address): void {
    this.table.transmit(bytes, nextHop);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const packet = parseArp(bytes, ETHERNET_HEADER_BYTES, bytes.length - ETHERNET_HEADER_BYTES);
    if (typeof packet === 'string') {
      on.drop(frame, 'malformed');
      return;
    }
    if (this.isLocal(packet.senderIp)) {
      // This machine itself did not send it (Linux fib_validate_source; measured).
      on.drop(frame, 'source-invalid');
      return;
    }
    // 127.0.0.0/8 is on no link (RFC 1122 3.2.1.3 g).
    const forUs = this.isLocal(packet.targetIp) && !isLoopbackIpv4(packet.targetIp);
    const asksUs = forUs && packet.operation === ARP_OPERATION.request;
    if (packet.senderIp !== UNSPECIFIED_IPV4 && (asksUs || this.mayBelieve(packet))) {
      // A reply to this station alone confirms, whatever it is about (Linux arp_process; measured).
      const solicited = packet.operation === ARP_OPERATION.reply && !isGroupMac(destinationMac(bytes));
      // New senders are kept only when they ask for us (RFC 826; net.ipv4.conf.*.arp_accept is 0).
      this.table.learn(packet.senderIp, { kind: 'heard', mac: packet.senderMac, solicited }, asksUs);
    }
    if (asksUs) {
      this.answer(packet);
    }
  }

  solicit(target: Ipv4Address, mac: MacAddress | undefined): void {
    this.emit(mac ?? BROADCAST_MAC, {
      operation: ARP_OPERATION.request,
      senderMac: this.on.mac,
      senderIp: this.on.addressTowards(target) ?? this.on.primaryAddress ?? UNSPECIFIED_IPV4,
      // Also where the request goes to the neighbour alone (Linux arp_solicit; measured).
      targetMac: UNKNOWN_MAC,
      targetIp: target,
    });
  }

  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void {
    this.unresolved.neighbourUnresolved(bytes, on);
  }

  /**
   * Whether it may change what is known: of several answers to one question the first holds (net.ipv4.neigh.*.locktime), unless the
   * sender announces itself (Linux arp_is_garp).
   */
  private mayBelieve({ operation, senderIp, senderMac, targetIp, targetMac }: ArpPacket): boolean {
    const known = this.table.get(senderIp);
    if (known === undefined || !isUsable(known.entry) || known.entry.mac === senderMac) {
      return true;
    }
    const announces =
      senderIp === targetIp && (operation === ARP_OPERATION.request || senderMac === targetMac);
    return announces || this.simulator.now - known.changed > LINUX.neighbourLock;
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

  private emit(destination: MacAddress, packet: ArpPacket): void {
    const bytes = new Uint8Array(ETHERNET_HEADER_BYTES + ARP_BYTES);
    writeEthernetHeader(bytes, destination, this.on.mac, ETHERTYPE.arp);
    emitArp(packet, bytes, ETHERNET_HEADER_BYTES);
    this.on.send(bytes);
  }
}
