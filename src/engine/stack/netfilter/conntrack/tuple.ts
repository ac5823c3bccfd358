/** Both ends of a packet as connection tracking names them (netfilter's tuple). */
import type { IpAddress } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { echoIdentifier, ICMP_HEADER_BYTES, ICMP_TYPE, icmpCode, icmpType } from '../../../../wire/icmp';
import {
  destinationAddress,
  headerLength,
  IP_PROTOCOL,
  protocol,
  sourceAddress,
} from '../../../../wire/ipv4';
import { ICMPV6_TYPE } from '../../../../wire/icmpv6';
import { readUint16 } from '../../../../wire/bytes';

/** One direction of a connection. */
export interface Tuple<Address extends IpAddress = Ipv4Address> {
  readonly protocol: number;
  readonly source: Address;
  /** TCP, UDP: the port. ICMP: the query's identifier. Other protocols: 0. */
  readonly sourcePort: number;
  readonly destination: Address;
  /** TCP, UDP: the port. ICMP: type and code, `type * 256 + code`. Other protocols: 0. */
  readonly destinationPort: number;
}

/** Bytes of a transport header that hold the ports or the identifier: also what the shortest ICMP error quotes (RFC 792). */
export const TRACKED_BYTES = 8;

/** What answers an ICMP query (RFC 792, RFC 950); only these are connections (net/netfilter/nf_conntrack_proto_icmp.c). */
const ICMP_ANSWERS: Readonly<Partial<Record<number, number>>> = {
  [ICMP_TYPE.echoRequest]: ICMP_TYPE.echoReply,
  [ICMP_TYPE.timestampRequest]: ICMP_TYPE.timestampReply,
  // Information and address mask.
  15: 16,
  17: 18,
};

const ICMP_QUESTIONS = questionsOf(ICMP_ANSWERS);

/** The same of ICMPv6: echo, and node information (RFC 4620; net/netfilter/nf_conntrack_proto_icmpv6.c). */
const ICMPV6_ANSWERS: Readonly<Partial<Record<number, number>>> = {
  [ICMPV6_TYPE.echoRequest]: ICMPV6_TYPE.echoReply,
  139: 140,
};

const ICMPV6_QUESTIONS = questionsOf(ICMPV6_ANSWERS);

function questionsOf(
  answers: Readonly<Partial<Record<number, number>>>,
): ReadonlyMap<number | undefined, number> {
  return new Map(Object.entries(answers).map(([question, answer]) => [answer, Number(question)]));
}

/** Whether a message of ICMPv6 of this type asks and so begins a connection. */
export function isIcmpv6Query(type: number): boolean {
  return ICMPV6_ANSWERS[type] !== undefined;
}

/** Whether a message of ICMPv6 of this type asks, or answers such a question. */
export function isIcmpv6Exchange(type: number): boolean {
  return isIcmpv6Query(type) || ICMPV6_QUESTIONS.has(type);
}

/** Whether a message of this type asks and so begins a connection. */
export function isIcmpQuery(type: number): boolean {
  return ICMP_ANSWERS[type] !== undefined;
}

/**
 * The tuple of the packet whose IP header is at `at`, which must be no later fragment; undefined when the packet is too short or an ICMP
 * message that is neither query nor answer.
 * @param end where the bytes that belong to the packet end: padding is none of it
 */
export function tupleOf(bytes: Uint8Array, at: number, end: number): Tuple | undefined {
  const payload = at + headerLength(bytes, at);
  const number = protocol(bytes, at);
  const source = sourceAddress(bytes, at);
  const destination = destinationAddress(bytes, at);
  if (!hasPorts(number) && number !== IP_PROTOCOL.icmp) {
    return { protocol: number, source, sourcePort: 0, destination, destinationPort: 0 };
  }
  if (payload + TRACKED_BYTES > end) {
    return undefined;
  }
  if (number !== IP_PROTOCOL.icmp) {
    const [sourcePort, destinationPort] = [readUint16(bytes, payload), readUint16(bytes, payload + 2)];
    return { protocol: number, source, sourcePort, destination, destinationPort };
  }
  const type = icmpType(bytes, payload);
  if (!isIcmpQuery(type) && !ICMP_QUESTIONS.has(type)) {
    return undefined;
  }
  return {
    protocol: number,
    source,
    sourcePort: echoIdentifier(bytes, payload),
    destination,
    destinationPort: type * 256 + icmpCode(bytes, payload),
  };
}

/** Whether the transport has ports at its beginning. SCTP, DCCP and UDP-Lite count as protocols without. */
export function hasPorts(number: number): boolean {
  return number === IP_PROTOCOL.tcp || number === IP_PROTOCOL.udp;
}

/** What an answer to this packet looks like. */
export function reversed<Address extends IpAddress>(tuple: Tuple<Address>): Tuple<Address> {
  const { protocol: number, source, sourcePort, destination, destinationPort } = tuple;
  return number === IP_PROTOCOL.icmp || number === IP_PROTOCOL.icmpv6
    ? {
        protocol: number,
        source: destination,
        sourcePort,
        destination: source,
        destinationPort: reversedType(number, destinationPort),
      }
    : {
        protocol: number,
        source: destination,
        sourcePort: destinationPort,
        destination: source,
        destinationPort: sourcePort,
      };
}

function reversedType(number: number, typeAndCode: number): number {
  const type = typeAndCode >>> 8;
  const isIpv6 = number === IP_PROTOCOL.icmpv6;
  const answers = isIpv6 ? ICMPV6_ANSWERS : ICMP_ANSWERS;
  const questions = isIpv6 ? ICMPV6_QUESTIONS : ICMP_QUESTIONS;
  return (answers[type] ?? questions.get(type) ?? type) * 256 + (typeAndCode & 0xff);
}

export function sameTuple<Address extends IpAddress>(one: Tuple<Address>, other: Tuple<Address>): boolean {
  return (
    one.protocol === other.protocol &&
    one.source === other.source &&
    one.sourcePort === other.sourcePort &&
    one.destination === other.destination &&
    one.destinationPort === other.destinationPort
  );
}

/** The tuple with another source end, as source NAT makes it. */
export function withSource(tuple: Tuple, source: Ipv4Address, sourcePort: number): Tuple {
  const { protocol: number, destination, destinationPort } = tuple;
  return { protocol: number, source, sourcePort, destination, destinationPort };
}

/** The tuple with another destination end, as destination NAT makes it. */
export function withDestination(tuple: Tuple, destination: Ipv4Address, destinationPort: number): Tuple {
  const { protocol: number, source, sourcePort } = tuple;
  return { protocol: number, source, sourcePort, destination, destinationPort };
}

/** Bytes of an ICMP error in front of the packet that it quotes. */
export const QUOTED_AT = ICMP_HEADER_BYTES;
