/** ICMP of a stack (RFC 792, RFC 1122 3.2.2): answers echoes, tells senders of trouble, hands answers and errors to whom they concern. */
import type { IpAddress } from '../../net/ip-address';
import { BROADCAST_IPV4, isMulticastIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { isGroupMac } from '../../net/mac-address';
import { destinationMac } from '../../wire/ethernet';
import {
  checkIcmp,
  echoIdentifier,
  echoSequence,
  ICMP_HEADER_BYTES,
  ICMP_TYPE,
  icmpCode,
  icmpRest,
  icmpType,
  isIcmpError,
  REDIRECT_CODE,
  setIcmpType,
  TIMESTAMP_BYTES,
  writeTimestampReply,
  TIME_EXCEEDED_CODE,
  UNREACHABLE_CODE,
  writeEcho,
  writeIcmpError,
} from '../../wire/icmp';
import {
  destinationAddress,
  fragmentOffset,
  headerLength,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  protocol,
  sourceAddress,
  timeToLive,
  totalLength,
} from '../../wire/ipv4';
import type { Frame } from '../kernel/frame';
import { IcmpErrorRate } from './icmp-error-rate';
import {
  IP_AT,
  mayBeAnswered,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type PacketOptions,
} from './ipv4/ip-packet';
import type { ErrorReporter } from './ipv4/error-reporter';
import type { Ipv4Layer } from './ipv4-layer';
import type { ProtocolHandler } from './ipv4/packet-hook';
import { writeUnsentHeader } from './ipv4/unsent-packet';
import { Redirects } from './ipv4/redirects';
import { LINUX } from './linux-policy';
import type { NetworkInterface } from './network-interface';
import type { PacketIdentification } from './packet-identification';

/** Sends echo requests under one identifier: a ping program, or a NAT engine's ping socket. */
export interface EchoClient<Address extends IpAddress = Ipv4Address> {
  /** @param data where in `frame` the echoed data lies */
  echoReply(sequence: number, from: Address, timeToLive: number, frame: Frame): void;
  /** A router or the target says that a request of this client went no further. */
  echoFailed(sequence: number, from: Address, type: number, code: number): void;
}

/** Hears of ICMP errors about datagrams it sent. */
export interface TransportErrorHandler {
  /**
   * @param quotedIpAt where the quoted IP header begins in `bytes`
   * @param quotedAt its transport header
   * @returns whether anybody here sent the quoted packet
   */
  failed(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    from: Ipv4Address,
    type: number,
    code: number,
  ): boolean;
}

const REPLY: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: false };
const ERROR: PacketOptions = { ...REPLY, typeOfService: LINUX.icmpErrorTypeOfService };

export class IcmpLayer implements ProtocolHandler, ErrorReporter {
  private readonly echoClients = new Map<number, EchoClient>();
  private readonly transports = new Map<number, TransportErrorHandler>();
  private readonly rate = new IcmpErrorRate();
  private readonly redirects: Redirects;
  private lastPingSocket = 0;

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly identification: PacketIdentification,
  ) {
    ip.register(IP_PROTOCOL.icmp, this);
    ip.errors = this;
    this.redirects = new Redirects(ip);
  }

  /** Tells `handler` of errors about packets of this protocol. */
  register(number: number, handler: TransportErrorHandler): void {
    this.transports.set(number, handler);
  }

  /** Opens an echo client under this identifier; false when it is taken. */
  openEcho(identifier: number, client: EchoClient): boolean {
    if (this.echoClients.has(identifier)) {
      return false;
    }
    this.echoClients.set(identifier, client);
    return true;
  }

  /** Opens an echo client as Linux opens a ping socket: under the next free identifier (net/ipv4/ping.c, ping_get_port). */
  openPingSocket(client: EchoClient): number | undefined {
    for (let tried = 0; tried < 0xffff; tried++) {
      this.lastPingSocket = this.lastPingSocket === 0xffff ? 1 : this.lastPingSocket + 1;
      if (this.openEcho(this.lastPingSocket, client)) {
        return this.lastPingSocket;
      }
    }
    return undefined;
  }

  closeEcho(identifier: number): void {
    this.echoClients.delete(identifier);
  }

  /** Sends an echo request; false, with the reason recorded, when there is no way to send it. */
  sendEcho(
    identifier: number,
    sequence: number,
    destination: Ipv4Address,
    data: Uint8Array,
    options: PacketOptions,
  ): boolean {
    const { ip } = this;
    const bytes = ip.simulator.pool.allocate(PACKET_HEADER_BYTES + ICMP_HEADER_BYTES + data.length);
    writeEcho(bytes, PACKET_HEADER_BYTES, ICMP_TYPE.echoRequest, identifier, sequence, data);
    const route = ip.routes.lookup(destination);
    const source = ip.isLocal(destination) ? destination : route && ip.sender.sourceFor(route);
    if (source === undefined) {
      writeUnsentHeader(bytes, destination, IP_PROTOCOL.icmp, options);
      ip.sender.dropUnsent(bytes, route === undefined ? 'no-route' : 'interface-has-no-address');
      return false;
    }
    const id = this.identification.next(destination, IP_PROTOCOL.icmp);
    return ip.sender.send(bytes, source, destination, IP_PROTOCOL.icmp, options, id, route);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const problem = checkIcmp(bytes, at, payloadLength(bytes));
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    const type = icmpType(bytes, at);
    if (type === ICMP_TYPE.echoRequest) {
      this.answerEcho(frame, on, at);
    } else if (type === ICMP_TYPE.timestampRequest) {
      this.answerTimestamp(frame, on, at);
    } else if (type === ICMP_TYPE.echoReply) {
      this.takeReply(frame, on, at);
    } else if (isIcmpError(type)) {
      this.takeError(frame, on, at);
    } else {
      on.drop(frame, 'protocol-unreachable');
    }
  }

  protocolUnreachable(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.protocol, 0);
  }

  portUnreachable(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.port, 0);
  }

  noRoute(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.network, 0);
  }

  /** What a route of this type answers (RFC 1812 5.2.7.1; measured). */
  refused(frame: Frame, on: NetworkInterface, by: 'unreachable' | 'prohibit'): void {
    const { host, communicationProhibited } = UNREACHABLE_CODE;
    const code = by === 'prohibit' ? communicationProhibited : host;
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, code, 0);
  }

  betterGateway(bytes: Uint8Array, on: NetworkInterface, gateway: Ipv4Address): void {
    if (this.redirects.mayTell(sourceAddress(bytes, IP_AT), this.ip.simulator.now)) {
      this.sendError(bytes, on, ICMP_TYPE.redirect, REDIRECT_CODE.host, gateway);
    }
  }

  /** RFC 1122 3.3.2. */
  reassemblyTimedOut(first: Frame, on: NetworkInterface): void {
    this.sendError(first.bytes, on, ICMP_TYPE.timeExceeded, TIME_EXCEEDED_CODE.reassembly, 0);
  }

  timeExceeded(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.timeExceeded, TIME_EXCEEDED_CODE.inTransit, 0);
  }

  tooBig(frame: Frame, on: NetworkInterface, mtu: number): void {
    this.sendError(
      frame.bytes,
      on,
      ICMP_TYPE.destinationUnreachable,
      UNREACHABLE_CODE.fragmentationNeeded,
      mtu,
    );
  }

  /** RFC 1122 3.2.2.1: the next hop did not answer ARP. */
  hostUnreachable(bytes: Uint8Array, on: NetworkInterface): void {
    this.sendError(bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.host, 0);
  }

  /** Destination unreachable with a code that somebody else chose: a firewall, a NAT. */
  unreachable(bytes: Uint8Array, on: NetworkInterface, code: number): void {
    this.sendError(bytes, on, ICMP_TYPE.destinationUnreachable, code, 0);
  }

  private answerEcho(request: Frame, on: NetworkInterface, at: number): void {
    const length = payloadLength(request.bytes);
    const reply = this.replyTo(request, on, length);
    if (reply !== undefined) {
      reply.set(request.bytes.subarray(at, at + length), PACKET_HEADER_BYTES);
      setIcmpType(reply, PACKET_HEADER_BYTES, ICMP_TYPE.echoReply, 0);
      this.sendReply(reply, request);
    }
  }

  private answerTimestamp(request: Frame, on: NetworkInterface, at: number): void {
    // Linux asks for the time of the sender and for nothing behind it (icmp_timestamp).
    if (payloadLength(request.bytes) < ICMP_HEADER_BYTES + TIMESTAMP_BYTES) {
      on.drop(request, 'malformed');
      return;
    }
    const reply = this.replyTo(request, on, ICMP_HEADER_BYTES + 3 * TIMESTAMP_BYTES);
    if (reply !== undefined) {
      reply.set(request.bytes.subarray(at, at + ICMP_HEADER_BYTES + TIMESTAMP_BYTES), PACKET_HEADER_BYTES);
      writeTimestampReply(reply, PACKET_HEADER_BYTES, millisecondsOfDay(this.ip.simulator.now));
      this.sendReply(reply, request);
    }
  }

  /** Room for the answer to whoever asked this machine, and not everybody; undefined, with the reason recorded, where there is none. */
  private replyTo(request: Frame, on: NetworkInterface, length: number): Uint8Array | undefined {
    const { ip } = this;
    if (!ip.isLocal(destinationAddress(request.bytes, IP_AT))) {
      // net.ipv4.icmp_echo_ignore_broadcasts is 1.
      on.drop(request, 'broadcast-ignored');
      return undefined;
    }
    if (!mayBeAnswered(sourceAddress(request.bytes, IP_AT))) {
      on.drop(request, 'source-invalid');
      return undefined;
    }
    return ip.simulator.pool.allocate(PACKET_HEADER_BYTES + length);
  }

  private sendReply(reply: Uint8Array, request: Frame): void {
    const { ip } = this;
    const to = sourceAddress(request.bytes, IP_AT);
    const from = destinationAddress(request.bytes, IP_AT);
    const id = this.identification.next(to, IP_PROTOCOL.icmp);
    ip.sender.send(reply, from, to, IP_PROTOCOL.icmp, REPLY, id, ip.routes.lookup(to));
  }

  private takeReply(frame: Frame, on: NetworkInterface, at: number): void {
    const { bytes } = frame;
    const client = this.echoClients.get(echoIdentifier(bytes, at));
    if (client === undefined) {
      on.drop(frame, 'no-such-request');
      return;
    }
    client.echoReply(echoSequence(bytes, at), sourceAddress(bytes, IP_AT), timeToLive(bytes, IP_AT), frame);
  }

  /** RFC 1191 3; before the sender hears of it, so that it finds the new MTU. Only about what this machine itself may have sent. */
  private learnPathMtu(bytes: Uint8Array, at: number, inner: number): void {
    if (this.ip.isLocal(sourceAddress(bytes, inner))) {
      this.ip.sender.learnPathMtu(destinationAddress(bytes, inner), icmpRest(bytes, at) & 0xffff);
    }
  }

  private takeError(frame: Frame, on: NetworkInterface, at: number): void {
    const { bytes } = frame;
    const inner = at + ICMP_HEADER_BYTES;
    const available = IP_AT + totalLength(bytes, IP_AT) - inner;
    const innerHeader = headerLength(bytes, inner);
    if (available < IPV4_HEADER_BYTES + 8 || innerHeader < IPV4_HEADER_BYTES || available < innerHeader + 8) {
      on.drop(frame, 'malformed');
      return;
    }
    const from = sourceAddress(bytes, IP_AT);
    const type = icmpType(bytes, at);
    if (type === ICMP_TYPE.redirect && this.redirects.take(bytes, at, on)) {
      return;
    }
    if (type === ICMP_TYPE.redirect || type === ICMP_TYPE.sourceQuench) {
      // Advice that is not taken, no failure: the quoted packet went on (RFC 1122 3.2.2.2, RFC 6633).
      on.drop(frame, 'protocol-unreachable');
      return;
    }
    const code = icmpCode(bytes, at);
    if (type === ICMP_TYPE.destinationUnreachable && code === UNREACHABLE_CODE.fragmentationNeeded) {
      this.learnPathMtu(bytes, at, inner);
    }
    const quotedAt = inner + innerHeader;
    const innerProtocol = protocol(bytes, inner);
    if (innerProtocol === IP_PROTOCOL.icmp) {
      const client = this.echoClients.get(echoIdentifier(bytes, quotedAt));
      if (client === undefined) {
        on.drop(frame, 'no-such-request');
      } else {
        client.echoFailed(echoSequence(bytes, quotedAt), from, type, code);
      }
      return;
    }
    const transport = this.transports.get(innerProtocol);
    if (transport?.failed(bytes, inner, quotedAt, from, type, code) !== true) {
      on.drop(frame, 'no-such-request');
    }
  }

  /** Sends an error about a packet unless RFC 1122 3.2.2 or RFC 1812 4.3.2.7 forbids it, or too many went that way just now. */
  private sendError(bytes: Uint8Array, on: NetworkInterface, type: number, code: number, rest: number): void {
    const { ip } = this;
    const source = sourceAddress(bytes, IP_AT);
    const destination = destinationAddress(bytes, IP_AT);
    if (
      !mayBeAnswered(source) ||
      destination === BROADCAST_IPV4 ||
      isMulticastIpv4(destination) ||
      on.isDirectedBroadcast(destination) ||
      isGroupMac(destinationMac(bytes)) ||
      fragmentOffset(bytes, IP_AT) !== 0 ||
      this.isError(bytes) ||
      // Linux counts no errors to itself (icmpv4_xrlim_allow: no limit on the loopback device).
      (this.isRateLimited(type, code) && !ip.isLocal(source) && !this.rate.allows(source, ip.simulator.now))
    ) {
      return;
    }
    const route = ip.routes.lookup(source);
    const own = ip.isLocal(destination) ? destination : route && ip.sender.sourceFor(route);
    const from = ip.isLocal(source) ? source : own;
    if (from === undefined) {
      return;
    }
    const room = LINUX.icmpErrorBytes - IPV4_HEADER_BYTES - ICMP_HEADER_BYTES;
    const length = Math.min(totalLength(bytes, IP_AT), room);
    const quoted = bytes.subarray(IP_AT, IP_AT + length);
    const error = new Uint8Array(PACKET_HEADER_BYTES + ICMP_HEADER_BYTES + quoted.length);
    writeIcmpError(error, PACKET_HEADER_BYTES, type, code, rest, quoted);
    const id = this.identification.next(source, IP_PROTOCOL.icmp);
    ip.sender.send(error, from, source, IP_PROTOCOL.icmp, ERROR, id, route);
  }

  /** net.ipv4.icmp_ratemask is 6168; path MTU discovery is never held back (Linux `icmpv4_mask_allow`). */
  private isRateLimited(type: number, code: number): boolean {
    return (
      type !== ICMP_TYPE.redirect &&
      !(type === ICMP_TYPE.destinationUnreachable && code === UNREACHABLE_CODE.fragmentationNeeded)
    );
  }

  private isError(bytes: Uint8Array): boolean {
    return (
      protocol(bytes, IP_AT) === IP_PROTOCOL.icmp &&
      payloadLength(bytes) > 0 &&
      isIcmpError(icmpType(bytes, payloadAt(bytes)))
    );
  }
}

/** Time of day in ms, of a simulation that begins at midnight (RFC 792, timestamp). */
function millisecondsOfDay(now: number): number {
  return Math.floor(now / 1_000_000) % 86_400_000;
}
