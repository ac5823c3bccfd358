/** The guest's side of a NAT engine: who the guest is, and the frames that go to it. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC, UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import { ARP_BYTES, ARP_OPERATION, emitArp, parseArp } from '../../../wire/arp';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { writeIpv4Header, type Ipv4HeaderFields } from '../../../wire/ipv4';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT } from '../../stack/ipv4-layer';
import type { NatAddresses, NatProfile } from './nat-profile';

/** Guests remembered (libslirp arp_table.c: 16). */
const MAXIMUM_GUESTS = 16;

/** Packets that wait for one guest's hardware address. */
const MAXIMUM_WAITING = 64;

export class NatLink {
  port: Port | undefined;
  private readonly guests = new Map<Ipv4Address, MacAddress>();
  private readonly waiting = new Map<Ipv4Address, { bytes: Uint8Array; cause: number }[]>();
  /** One counter for every packet the engine sends (ip_output.c). */
  private identification = 0;

  constructor(
    private readonly simulator: Simulator,
    readonly profile: NatProfile,
    private readonly addresses: NatAddresses,
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
    this.learn(packet.senderIp, packet.senderMac);
    if (packet.operation !== ARP_OPERATION.request) {
      return;
    }
    if (!this.answersFor(packet.targetIp)) {
      this.drop(frame, 'broadcast-ignored');
      return;
    }
    const reply = new Uint8Array(this.profile.arpReplyBytes);
    const senderMac = this.profile.macOf(packet.targetIp);
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
  ): void {
    writeIpv4Header(bytes, IP_AT, {
      ...header,
      totalLength: bytes.length - IP_AT,
      identification: this.identification,
    });
    this.identification = (this.identification + 1) & 0xffff;
    if (mac === undefined) {
      this.askAndWait(bytes, header.destination);
    } else {
      this.transmit(bytes, mac);
    }
  }

  private answersFor(address: Ipv4Address): boolean {
    const { gateway, nameServer, tftp } = this.addresses;
    return (
      address === gateway || address === nameServer || (address === tftp && this.profile.tftpAddressAnswers)
    );
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
    const senderMac = this.profile.macOf(this.addresses.gateway);
    writeEthernetHeader(request, BROADCAST_MAC, senderMac, ETHERTYPE.arp);
    emitArp(
      {
        operation: ARP_OPERATION.request,
        senderMac,
        senderIp: this.addresses.gateway,
        targetMac: UNKNOWN_MAC,
        targetIp: guest,
      },
      request,
      ETHERNET_HEADER_BYTES,
    );
    this.emit(request);
  }

  /** Every IP frame comes from the gateway's hardware address, whichever address it comes from (slirp.c, if_encap). */
  private transmit(bytes: Uint8Array, mac: MacAddress): void {
    writeEthernetHeader(bytes, mac, this.profile.macOf(this.addresses.gateway), ETHERTYPE.ipv4);
    this.emit(bytes);
  }

  private emit(bytes: Uint8Array): void {
    this.port?.send(this.simulator.frame(bytes));
  }
}
