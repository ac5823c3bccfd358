/** ICMP of a stack (RFC 792, RFC 1122 3.2.2) as messages come in: questions are answered, answers and errors handed to whom they concern. */
import type { IpAddress } from '../../net/ip-address';
import type { Ipv4Address } from '../../net/ipv4-address';
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
  UNREACHABLE_CODE,
  writeEcho,
} from '../../wire/icmp';
import {
  destinationAddress,
  headerLength,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  protocol,
  sourceAddress,
  timeToLive,
  totalLength,
} from '../../wire/ipv4';
import type { Frame } from '../kernel/frame';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength, type PacketOptions } from './ipv4/ip-packet';
import { IcmpErrors } from './ipv4/icmp-errors';
import { IcmpReplies } from './ipv4/icmp-replies';
import type { Ipv4Layer } from './ipv4-layer';
import type { ProtocolHandler } from './ipv4/packet-hook';
import { writeUnsentHeader } from './ipv4/unsent-packet';
import { Redirects } from './ipv4/redirects';
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

export class IcmpLayer implements ProtocolHandler {
  private readonly echoClients = new Map<number, EchoClient>();
  private readonly transports = new Map<number, TransportErrorHandler>();
  private readonly redirects: Redirects;
  private readonly replies: IcmpReplies;
  /** What it tells of packets that went no further. */
  readonly errors: IcmpErrors;
  private lastPingSocket = 0;

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly identification: PacketIdentification,
  ) {
    ip.register(IP_PROTOCOL.icmp, this);
    this.redirects = new Redirects(ip);
    this.replies = new IcmpReplies(ip, identification);
    this.errors = new IcmpErrors(ip, identification, this.redirects);
    ip.errors = this.errors;
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
      this.replies.echo(frame, on, at);
    } else if (type === ICMP_TYPE.timestampRequest) {
      this.replies.timestamp(frame, on, at);
    } else if (type === ICMP_TYPE.echoReply) {
      this.takeReply(frame, on, at);
    } else if (isIcmpError(type)) {
      this.takeError(frame, on, at);
    } else {
      on.drop(frame, 'protocol-unreachable');
    }
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
}
