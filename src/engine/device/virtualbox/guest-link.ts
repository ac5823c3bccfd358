/** How VirtualBox's engines and services meet their guests: which addresses they answer for, who the guests are, and the frames that go to them. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC, UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp } from '../../../wire/arp';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { writeIpv4Header, type Ipv4HeaderFields } from '../../../wire/ipv4';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { fragmentIpv4 } from '../../stack/ipv4/fragmentation';
import { IP_AT } from '../../stack/ipv4/ip-packet';

/** Largest IP packet in bytes (slirp's if_mtu; lwIP's netif mtu). */
export const GUEST_MTU = 1500;

/** Guests remembered (libslirp arp_table.c: 16). */
const MAXIMUM_GUESTS = 16;

/** Packets that wait for one guest's hardware address. */
const MAXIMUM_WAITING = 64;

/** Who an engine or service is on its guests' network. */
export interface LinkIdentity {
  /** The address it asks from. */
  readonly address: Ipv4Address;
  /** Whether ARP requests for this address are answered. */
  answersFor(address: Ipv4Address): boolean;
  /** The hardware address that stands for an address of its own. */
  macOf(address: Ipv4Address): MacAddress;
  /** Bytes of an ARP reply's frame. */
  readonly arpReplyBytes: number;
  /** Whether every ARP packet says who a guest is, as on a link to one guest; otherwise only requests for an own address do. */
  readonly learnsFromAll: boolean;
  /** What its ICMP errors look like. */
  readonly errors: ErrorStyle;
}

export interface ErrorStyle {
  /** Bytes behind the IP header that an error quotes at most. */
  readonly quotedPayloadBytes: number;
  /** The type of service: internetwork control with bits of the packet in question (ip_icmp.c), or 0. */
  readonly precedence: boolean;
  /** Whether it has DF where the packet in question has: its header is made of that one's. */
  readonly keepsDontFragment: boolean;
}

export class GuestLink {
  port: Port | undefined;
  /** The guest heard of last, by ARP or DHCP. */
  latestGuest: Ipv4Address | undefined;
  private readonly guests = new Map<Ipv4Address, MacAddress>();
  private readonly waiting = new Map<Ipv4Address, { bytes: Uint8Array; cause: number }[]>();
  /** One counter for every packet the engine sends (ip_output.c). */
  private identification = 0;

  constructor(
    private readonly simulator: Simulator,
    readonly identity: LinkIdentity,
  ) {}

  /** Records a frame of the guest that goes no further. */
  drop(frame: Frame, reason: DropReason): void {
    this.simulator.drop(this.port?.number ?? -1, frame, reason);
  }

  /** Remembers whose hardware address this is, and sends what waited for it. */
  learn(address: Ipv4Address, mac: MacAddress): void {
    if (address === UNSPECIFIED_IPV4) {
      return;
    }
    if (!this.guests.has(address) && this.guests.size >= MAXIMUM_GUESTS) {
      const [oldest] = this.guests.keys();
      this.guests.delete(oldest ?? address);
    }
    this.guests.set(address, mac);
    this.latestGuest = address;
    const waited = this.waiting.get(address) ?? [];
    this.waiting.delete(address);
    const { cause } = this.simulator;
    for (const packet of waited) {
      this.simulator.cause = packet.cause;
      this.transmit(packet.bytes, mac);
    }
    this.simulator.cause = cause;
  }

  receiveArp(frame: Frame): void {
    const { bytes } = frame;
    const packet = parseArp(bytes, ETHERNET_HEADER_BYTES, bytes.length - ETHERNET_HEADER_BYTES);
    if (typeof packet === 'string') {
      this.drop(frame, 'malformed');
      return;
    }
    const { identity } = this;
    const forUs = identity.answersFor(packet.targetIp);
    if (identity.learnsFromAll || forUs || this.guests.has(packet.senderIp)) {
      this.learn(packet.senderIp, packet.senderMac);
    }
    if (packet.operation !== ARP_OPERATION.request) {
      return;
    }
    if (!forUs) {
      this.ignore(frame);
      return;
    }
    const reply = new Uint8Array(identity.arpReplyBytes);
    const senderMac = identity.macOf(packet.targetIp);
    writeEthernetHeader(reply, packet.senderMac, senderMac, ETHERTYPE.arp);
    emitArp(
      {
        operation: ARP_OPERATION.reply,
        senderMac,
        senderIp: packet.targetIp,
        targetMac: packet.senderMac,
        targetIp: packet.senderIp,
      },
      reply,
      ETHERNET_HEADER_BYTES,
    );
    this.emit(reply);
  }

  /** Completes the IP header of a packet whose payload is in place, and sends it to the guest. */
  sendPacket(
    bytes: Uint8Array,
    header: Omit<Ipv4HeaderFields, 'totalLength' | 'identification'>,
    mac: MacAddress | undefined = this.guests.get(header.destination),
    identification: number = this.nextIdentification(),
  ): void {
    writeIpv4Header(bytes, IP_AT, { ...header, totalLength: bytes.length - IP_AT, identification });
    if (bytes.length - IP_AT <= GUEST_MTU) {
      this.deliver(bytes, header.destination, mac);
    } else if (header.dontFragment) {
      this.drop(this.simulator.frame(bytes), 'packet-too-big');
    } else {
      for (const fragment of fragmentIpv4(bytes, IP_AT, GUEST_MTU, this.simulator.pool)) {
        this.deliver(fragment, header.destination, mac);
      }
    }
  }

  private deliver(bytes: Uint8Array, destination: Ipv4Address, mac: MacAddress | undefined): void {
    if (mac === undefined) {
      this.askAndWait(bytes, destination);
    } else {
      this.transmit(bytes, mac);
    }
  }

  /** A request for somebody else: on a link to one guest nobody else is there to answer, on a shared one that is not our affair. */
  private ignore(frame: Frame): void {
    if (this.identity.learnsFromAll) {
      this.drop(frame, 'broadcast-ignored');
    }
  }

  private nextIdentification(): number {
    const value = this.identification;
    this.identification = (value + 1) & 0xffff;
    return value;
  }

  private askAndWait(bytes: Uint8Array, guest: Ipv4Address): void {
    const waiting = this.waiting.get(guest) ?? [];
    if (waiting.length >= MAXIMUM_WAITING || (waiting.length === 0 && this.waiting.size >= MAXIMUM_GUESTS)) {
      this.drop(this.simulator.frame(bytes), 'neighbour-queue-full');
      return;
    }
    waiting.push({ bytes, cause: this.simulator.cause });
    this.waiting.set(guest, waiting);
    this.ask(guest);
  }

  /** Asks who has a guest's address. */
  ask(guest: Ipv4Address): void {
    const request = new Uint8Array(ETHERNET_HEADER_BYTES + ARP_BYTES);
    const { address } = this.identity;
    const senderMac = this.identity.macOf(address);
    writeEthernetHeader(request, BROADCAST_MAC, senderMac, ETHERTYPE.arp);
    emitArp(
      {
        operation: ARP_OPERATION.request,
        senderMac,
        senderIp: address,
        targetMac: UNKNOWN_MAC,
        targetIp: guest,
      },
      request,
      ETHERNET_HEADER_BYTES,
    );
    this.emit(request);
  }

  /** Every IP frame comes from one hardware address, whichever address it comes from (slirp.c, if_encap). */
  private transmit(bytes: Uint8Array, mac: MacAddress): void {
    writeEthernetHeader(bytes, mac, this.identity.macOf(this.identity.address), ETHERTYPE.ipv4);
    this.emit(bytes);
  }

  private emit(bytes: Uint8Array): void {
    this.port?.send(this.simulator.frame(bytes));
  }
}
