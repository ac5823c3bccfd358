/**
 * Source NAT as `iptables -t nat -A POSTROUTING -o OUTSIDE -j MASQUERADE` does it: packets that leave take the outside address, their
 * answers and the errors about them find the way back (RFC 3022, RFC 5508; netfilter, measured on Linux 6.18).
 */
import { writeUint16 } from '../../../wire/bytes';
import { internetChecksum } from '../../../wire/checksum';
import { checkIcmp, ICMP_HEADER_BYTES, ICMP_TYPE, icmpType, isIcmpError } from '../../../wire/icmp';
import {
  headerLength,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  isFragment,
  protocol,
  setDestinationAddress,
  setSourceAddress,
  sourceAddress,
  totalLength,
} from '../../../wire/ipv4';
import type { DropReason, Refusal } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT, payloadAt, payloadLength, type PacketHook } from '../ipv4-layer';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import { ConnectionTable, type Connection, type Tuple } from './connection-table';
import { reversed, rewriteDestination, rewriteSource, tupleOf } from './packet-tuple';
import { allocatePort } from './port-allocation';

/** How long a connection is remembered without traffic, in ns (net.netfilter.nf_conntrack_*_timeout). */
const TIMEOUT = {
  /** nf_conntrack_icmp_timeout */
  icmp: 30 * SECOND,
  /** nf_conntrack_udp_timeout */
  udp: 30 * SECOND,
  /** nf_conntrack_udp_timeout_stream, once it was answered and is older than two seconds (nf_conntrack_proto_udp.c). */
  udpStream: 120 * SECOND,
  udpStreamAge: 2 * SECOND,
} as const;

export class Masquerade implements PacketHook {
  readonly connections = new ConnectionTable();
  private readonly random: RandomStream;

  constructor(
    private readonly simulator: Simulator,
    private readonly outside: NetworkInterface,
    name: string,
  ) {
    this.random = simulator.random(`masquerade ${name}`);
  }

  prerouting(frame: Frame, on: NetworkInterface): Frame {
    if (on !== this.outside || isFragment(frame.bytes, IP_AT)) {
      return frame;
    }
    const { now } = this.simulator;
    const tuple = tupleOf(frame.bytes, IP_AT, endOf(frame.bytes));
    if (tuple === undefined) {
      return this.translateErrorInwards(frame);
    }
    // An echo request from outside has the numbers of an answer, but asks.
    const connection = isEchoRequest(frame.bytes) ? undefined : this.connections.findReply(tuple, now);
    if (connection === undefined) {
      // Not an answer: a packet for the NAT itself, which IP delivers or refuses.
      return frame;
    }
    connection.replied = true;
    connection.expires = now + lifetime(connection, now);
    const { original } = connection;
    const copy = this.simulator.pool.copy(frame.bytes);
    rewriteDestination(copy, IP_AT, original.source, original.sourcePort);
    return this.simulator.frame(copy);
  }

  /**
   * An error of the NAT's own about a packet that it had translated already, such as that the next hop does not answer: like one from
   * outside it goes to the inside, but from the outside address (nf_nat_icmp_reply_translation in the output hook; measured).
   */
  output(bytes: Uint8Array): undefined {
    const connection = this.connectionOfError(bytes);
    if (connection !== undefined) {
      turnErrorInwards(bytes, connection);
    }
  }

  input(): undefined {
    return undefined;
  }

  forward(): undefined {
    return undefined;
  }

  postrouting(bytes: Uint8Array, out: NetworkInterface): Refusal | undefined {
    const reason = this.leave(bytes, out);
    return reason && { reason };
  }

  private leave(bytes: Uint8Array, out: NetworkInterface): DropReason | undefined {
    if (out !== this.outside) {
      return undefined;
    }
    if (isFragment(bytes, IP_AT)) {
      return 'fragment-unsupported';
    }
    const tuple = tupleOf(bytes, IP_AT, endOf(bytes));
    if (tuple === undefined) {
      return this.translateErrorOutwards(bytes);
    }
    const { now } = this.simulator;
    if (this.isAnswer(bytes)) {
      return undefined;
    }
    const known = this.connections.findOriginal(tuple, now);
    const connection = known ?? this.connect(tuple);
    if (typeof connection === 'string') {
      return connection;
    }
    connection.expires = now + lifetime(connection, now);
    rewriteSource(bytes, IP_AT, connection.outsideAddress, connection.outsidePort);
    return undefined;
  }

  private connect(original: Tuple): Connection | DropReason {
    const { now } = this.simulator;
    const outsideAddress = this.outside.primaryAddress;
    if (outsideAddress === undefined) {
      return 'interface-has-no-address';
    }
    const outsidePort = allocatePort(
      original.sourcePort,
      original.protocol === IP_PROTOCOL.icmp,
      port => this.connections.isTaken(original, outsideAddress, port, now),
      this.random,
    );
    if (outsidePort === undefined) {
      return 'nat-ports-exhausted';
    }
    const connection: Connection = {
      original,
      outsideAddress,
      outsidePort,
      created: now,
      expires: now + lifetimeOf(original.protocol),
      replied: false,
    };
    return this.connections.add(connection, now) ? connection : 'table-full';
  }

  /** An echo reply of the NAT's own, or of nothing it forwarded: it belongs to a connection made from outside, which is not translated. */
  private isAnswer(bytes: Uint8Array): boolean {
    return (
      protocol(bytes, IP_AT) === IP_PROTOCOL.icmp && icmpType(bytes, payloadAt(bytes)) === ICMP_TYPE.echoReply
    );
  }

  /** An error about a packet that left through here: it goes to who sent that packet, and quotes it as it was (RFC 5508 4.2). */
  private translateErrorInwards(frame: Frame): Frame {
    const connection = this.connectionOfError(frame.bytes);
    if (connection === undefined) {
      return frame;
    }
    const copy = this.simulator.pool.copy(frame.bytes);
    turnErrorInwards(copy, connection);
    return this.simulator.frame(copy);
  }

  /** The connection whose translated packet an ICMP error quotes. */
  private connectionOfError(bytes: Uint8Array): Connection | undefined {
    const quoted = quotedTuple(bytes);
    return quoted && this.connections.findReply(reversed(quoted), this.simulator.now);
  }

  /** An error that the inside sends about a packet that came in through here (RFC 5508 4.2). */
  private translateErrorOutwards(bytes: Uint8Array): DropReason | undefined {
    if (!isError(bytes)) {
      return 'nat-not-carried';
    }
    if (checkIcmp(bytes, payloadAt(bytes), payloadLength(bytes)) !== undefined) {
      return 'checksum-wrong';
    }
    const quoted = quotedTuple(bytes);
    const connection = quoted && this.connections.findOriginal(reversed(quoted), this.simulator.now);
    if (connection !== undefined) {
      const { outsideAddress, outsidePort } = connection;
      setSourceAddress(bytes, IP_AT, outsideAddress);
      rewriteQuoted(bytes, inner => {
        rewriteDestination(bytes, inner, outsideAddress, outsidePort);
      });
      return undefined;
    }
    // The NAT's own errors need no mapping; those of the inside would show its addresses (RFC 5508 REQ-5).
    const source = sourceAddress(bytes, IP_AT);
    return this.outside.addresses.some(({ address }) => address === source) ? undefined : 'nat-no-mapping';
  }
}

function lifetime(connection: Connection, now: number): number {
  const streams = connection.replied && now - connection.created >= TIMEOUT.udpStreamAge;
  return connection.original.protocol === IP_PROTOCOL.udp && streams
    ? TIMEOUT.udpStream
    : lifetimeOf(connection.original.protocol);
}

function lifetimeOf(number: number): number {
  return number === IP_PROTOCOL.icmp ? TIMEOUT.icmp : TIMEOUT.udp;
}

/** The tuple of the packet that an ICMP error quotes; undefined also when the error's checksum is wrong (RFC 5508 REQ-3). */
function quotedTuple(bytes: Uint8Array): Tuple | undefined {
  const at = payloadAt(bytes);
  const inner = at + ICMP_HEADER_BYTES;
  const whole = inner + IPV4_HEADER_BYTES <= endOf(bytes) && headerLength(bytes, inner) >= IPV4_HEADER_BYTES;
  return isError(bytes) && whole && checkIcmp(bytes, at, payloadLength(bytes)) === undefined
    ? tupleOf(bytes, inner, endOf(bytes))
    : undefined;
}

function isError(bytes: Uint8Array): boolean {
  return hasIcmpType(bytes) && isIcmpError(icmpType(bytes, payloadAt(bytes)));
}

function isEchoRequest(bytes: Uint8Array): boolean {
  return hasIcmpType(bytes) && icmpType(bytes, payloadAt(bytes)) === ICMP_TYPE.echoRequest;
}

function hasIcmpType(bytes: Uint8Array): boolean {
  return protocol(bytes, IP_AT) === IP_PROTOCOL.icmp && payloadLength(bytes) > 0;
}

/** Where the packet ends and padding begins. */
function endOf(bytes: Uint8Array): number {
  return IP_AT + totalLength(bytes, IP_AT);
}

/** Sends an error to the inside end of the connection it is about, with the quoted packet as that end sent it. */
function turnErrorInwards(bytes: Uint8Array, { original }: Connection): void {
  setDestinationAddress(bytes, IP_AT, original.source);
  rewriteQuoted(bytes, inner => {
    rewriteSource(bytes, inner, original.source, original.sourcePort);
  });
}

/** Changes the quoted packet and makes the ICMP checksum right again. */
function rewriteQuoted(bytes: Uint8Array, rewrite: (innerAt: number) => void): void {
  const at = payloadAt(bytes);
  rewrite(at + ICMP_HEADER_BYTES);
  writeUint16(bytes, at + 2, 0);
  writeUint16(bytes, at + 2, internetChecksum(bytes, at, payloadLength(bytes)));
}
