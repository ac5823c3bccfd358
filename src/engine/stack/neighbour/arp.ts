/** The Address Resolution Protocol (RFC 826): finds the hardware addresses of IPv4 neighbours, and answers for its own. */
import { isLoopbackIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC, UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp, type ArpPacket } from '../../../wire/arp';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import type { EtherTypeHandler, NetworkInterface } from '../network-interface';
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
    simulator: Simulator,
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
    // 127.0.0.0/8 is on no link (RFC 1122 3.2.1.3 g).
    const forUs = this.isLocal(packet.targetIp) && !isLoopbackIpv4(packet.targetIp);
    this.learn(packet, forUs);
    if (forUs && packet.operation === ARP_OPERATION.request) {
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

  /** RFC 826 reception: known senders are updated always, new ones are kept only when they ask for us. */
  private learn(packet: ArpPacket, forUs: boolean): void {
    if (packet.senderIp === UNSPECIFIED_IPV4) {
      return;
    }
    const asksUs = forUs && packet.operation === ARP_OPERATION.request;
    const solicited = packet.operation === ARP_OPERATION.reply && forUs;
    this.table.learn(packet.senderIp, { kind: 'heard', mac: packet.senderMac, solicited }, asksUs);
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
