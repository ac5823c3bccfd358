/** ICMPv6 of a stack (RFC 4443): answers echoes, hands answers and errors to whom they concern, and the rest to neighbour discovery. */
import { UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { echoIdentifier, echoSequence } from '../../../wire/icmp';
import {
  checkIcmpv6,
  finishIcmpv6,
  ICMPV6_MESSAGE_BYTES,
  ICMPV6_TYPE,
  icmpv6Code,
  icmpv6Rest,
  icmpv6Type,
  isIcmpv6Error,
  writeIcmpv6,
} from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import {
  hopLimit,
  IPV6_HEADER_BYTES,
  IPV6_MINIMUM_MTU,
  ipv6Destination,
  ipv6Source,
  writeIpv6Address,
} from '../../../wire/ipv6';
import { findUpperLayer } from '../../../wire/ipv6-extension';
import { parseMldQuery, type MldQuery } from '../../../wire/mld';
import { isNdp, NDP_HOP_LIMIT, parseNdp, type NdpMessage } from '../../../wire/ndp';
import type { DropReason } from '../../kernel/drop-reason';
import type { EchoClient } from '../icmp-layer';
import type { PacketOptions } from '../ipv4/ip-packet';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { Ipv6Packet, Ipv6ProtocolHandler } from './ipv6-layer';
import { IPV6_AT, IPV6_PACKET_HEADER_BYTES } from './ip-packet';
import type { Ipv6Sender } from './ipv6-sender';
import { writeUnsentIpv6Header } from './unsent-packet';

/** Hears of ICMPv6 errors about packets it sent. */
export interface Ipv6TransportErrorHandler {
  /**
   * @param quotedIpAt where the quoted IPv6 header begins in `bytes`
   * @param quotedAt its transport header, of which 8 bytes are there
   * @returns whether anybody here sent the quoted packet
   */
  failedIpv6(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    from: Ipv6Address,
    type: number,
    code: number,
  ): boolean;
}

/** Takes what is not ICMPv6's own; gives why a message is of no use, or undefined. */
export interface LinkMessageHandler {
  neighbourMessage(message: NdpMessage, packet: Ipv6Packet, on: NetworkInterface): DropReason | undefined;
  listenerQuery(query: MldQuery, on: NetworkInterface): DropReason | undefined;
}

const REPLY: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: false };

export class Icmpv6Layer implements Ipv6ProtocolHandler {
  private readonly echoClients = new Map<number, EchoClient<Ipv6Address>>();
  private readonly transports = new Map<number, Ipv6TransportErrorHandler>();

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly link: LinkMessageHandler,
  ) {}

  /** Tells `handler` of errors about packets of this protocol. */
  register(protocol: number, handler: Ipv6TransportErrorHandler): void {
    this.transports.set(protocol, handler);
  }

  /** Opens an echo client under this identifier; false when it is taken. */
  openEcho(identifier: number, client: EchoClient<Ipv6Address>): boolean {
    if (this.echoClients.has(identifier)) {
      return false;
    }
    this.echoClients.set(identifier, client);
    return true;
  }

  closeEcho(identifier: number): void {
    this.echoClients.delete(identifier);
  }

  /** Sends an echo request; false, with the reason recorded, when there is no way to send it. */
  sendEcho(
    identifier: number,
    sequence: number,
    destination: Ipv6Address,
    data: Uint8Array,
    options: PacketOptions,
    on?: NetworkInterface,
  ): boolean {
    const { sender } = this;
    const bytes = sender.allocate(ICMPV6_MESSAGE_BYTES + data.length);
    const rest = ((identifier & 0xffff) << 16) | (sequence & 0xffff);
    writeIcmpv6(bytes, IPV6_PACKET_HEADER_BYTES, ICMPV6_TYPE.echoRequest, 0, rest);
    bytes.set(data, IPV6_PACKET_HEADER_BYTES + ICMPV6_MESSAGE_BYTES);
    const source = sender.sourceFor(destination, on);
    if (source === undefined) {
      const hop = sender.hopTo(destination, on);
      writeUnsentIpv6Header(bytes, destination, IP_PROTOCOL.icmpv6, options);
      finishIcmpv6(bytes, IPV6_PACKET_HEADER_BYTES, bytes.length - IPV6_PACKET_HEADER_BYTES, IPV6_AT);
      sender.dropUnsent(bytes, typeof hop === 'string' ? hop : 'interface-has-no-address');
      return false;
    }
    return this.finishAndSend(bytes, source, destination, options, on);
  }

  receive(packet: Ipv6Packet, on: NetworkInterface): void {
    const { frame, at, length } = packet;
    const problem = checkIcmpv6(frame.bytes, at, length, IPV6_AT);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    const reason = this.use(packet, on, icmpv6Type(frame.bytes, at));
    if (reason !== undefined) {
      on.drop(frame, reason);
    }
  }

  private use(packet: Ipv6Packet, on: NetworkInterface, type: number): DropReason | undefined {
    if (isNdp(type)) {
      return this.useNeighbourMessage(packet, on);
    }
    if (isIcmpv6Error(type)) {
      return this.takeError(packet, type);
    }
    switch (type) {
      case ICMPV6_TYPE.echoRequest:
        return this.answerEcho(packet, on);
      case ICMPV6_TYPE.echoReply:
        return this.takeReply(packet);
      case ICMPV6_TYPE.multicastListenerQuery: {
        const query = parseMldQuery(packet.frame.bytes, packet.at, packet.length);
        return typeof query === 'string' ? 'malformed' : this.link.listenerQuery(query, on);
      }
      default:
        // Unknown informational messages are dropped without a word (RFC 4443 2.4 b).
        return 'protocol-unreachable';
    }
  }

  private useNeighbourMessage(packet: Ipv6Packet, on: NetworkInterface): DropReason | undefined {
    const { frame, at, length } = packet;
    if (hopLimit(frame.bytes, IPV6_AT) !== NDP_HOP_LIMIT) {
      // It came through a router: RFC 4861 6.1, 7.1, 8.1.
      return 'neighbour-discovery-invalid';
    }
    const message = parseNdp(frame.bytes, at, length);
    return typeof message === 'string'
      ? 'neighbour-discovery-invalid'
      : this.link.neighbourMessage(message, packet, on);
  }

  private answerEcho(
    { frame, source, destination, at, length }: Ipv6Packet,
    on: NetworkInterface,
  ): DropReason | undefined {
    const { sender } = this;
    if (source === UNSPECIFIED_IPV6) {
      return 'source-invalid';
    }
    if (length < ICMPV6_MESSAGE_BYTES) {
      return 'malformed';
    }
    // From the address that was asked, or a suitable one for a group or an anycast address (RFC 4443 4.2).
    const own = sender.interfaces.isOwnUnicast(destination) ? destination : sender.sourceFor(source, on);
    if (own === undefined) {
      return 'interface-has-no-address';
    }
    const bytes = sender.allocate(length);
    bytes.set(frame.bytes.subarray(at, at + length), IPV6_PACKET_HEADER_BYTES);
    bytes[IPV6_PACKET_HEADER_BYTES] = ICMPV6_TYPE.echoReply;
    this.finishAndSend(bytes, own, source, REPLY, on);
    return undefined;
  }

  private finishAndSend(
    bytes: Uint8Array,
    source: Ipv6Address,
    destination: Ipv6Address,
    options: PacketOptions,
    on: NetworkInterface | undefined,
  ): boolean {
    writeIpv6Address(bytes, IPV6_AT + 8, source);
    writeIpv6Address(bytes, IPV6_AT + 24, destination);
    finishIcmpv6(bytes, IPV6_PACKET_HEADER_BYTES, bytes.length - IPV6_PACKET_HEADER_BYTES, IPV6_AT);
    return this.sender.send(bytes, source, destination, IP_PROTOCOL.icmpv6, options, on);
  }

  private takeReply({ frame, source, at, length }: Ipv6Packet): DropReason | undefined {
    const { bytes } = frame;
    const client = this.echoClients.get(echoIdentifier(bytes, at));
    if (client === undefined || length < ICMPV6_MESSAGE_BYTES) {
      return 'no-such-request';
    }
    client.echoReply(echoSequence(bytes, at), source, hopLimit(bytes, IPV6_AT), frame);
    return undefined;
  }

  private takeError({ frame, source, at, length }: Ipv6Packet, type: number): DropReason | undefined {
    const { bytes } = frame;
    const inner = at + ICMPV6_MESSAGE_BYTES;
    const end = at + length;
    if (inner + IPV6_HEADER_BYTES > end) {
      return 'malformed';
    }
    if (!this.sender.isLocal(ipv6Source(bytes, inner))) {
      return 'no-such-request';
    }
    if (type === ICMPV6_TYPE.packetTooBig) {
      this.learnPathMtu(ipv6Destination(bytes, inner), icmpv6Rest(bytes, at));
    }
    const upper = findUpperLayer(bytes, inner, end);
    if (upper === undefined || upper.inLaterFragment || upper.at + 8 > end) {
      return 'no-such-request';
    }
    const code = icmpv6Code(bytes, at);
    if (upper.protocol === IP_PROTOCOL.icmpv6) {
      const client = this.echoClients.get(echoIdentifier(bytes, upper.at));
      client?.echoFailed(echoSequence(bytes, upper.at), source, type, code);
      return client === undefined ? 'no-such-request' : undefined;
    }
    const transport = this.transports.get(upper.protocol);
    const known = transport?.failedIpv6(bytes, inner, upper.at, source, type, code) === true;
    return known ? undefined : 'no-such-request';
  }

  /** RFC 8201 4: never below the minimum MTU, never above what was known. */
  private learnPathMtu(destination: Ipv6Address, told: number): void {
    const { sender } = this;
    const mtu = Math.max(told, IPV6_MINIMUM_MTU);
    if (mtu < sender.pathMtu(destination)) {
      sender.destinations.learnMtu(destination, mtu, sender.simulator.now);
    }
  }
}
