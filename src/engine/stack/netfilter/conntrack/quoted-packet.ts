/** The packet that an ICMP error speaks of: whose it is, and changing it where NAT must (RFC 5508 4). */
import { checkIcmp, ICMP_HEADER_BYTES, icmpType, isIcmpError, sealIcmp } from '../../../../wire/icmp';
import {
  headerLength,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  fragmentOffset,
  protocol,
  totalLength,
  version,
} from '../../../../wire/ipv4';
import { payloadAt, payloadLength, IP_AT } from '../../ipv4/ip-packet';
import { tupleOf, type Tuple } from './tuple';

/** Where the packet ends and padding begins. */
export function endOf(bytes: Uint8Array): number {
  return IP_AT + totalLength(bytes, IP_AT);
}

/** Whether the packet is an ICMP error, by its type. */
export function isError(bytes: Uint8Array): boolean {
  return (
    protocol(bytes, IP_AT) === IP_PROTOCOL.icmp &&
    payloadLength(bytes) > 0 &&
    isIcmpError(icmpType(bytes, payloadAt(bytes)))
  );
}

/** The tuple of the packet that an ICMP error quotes; undefined when too little of it is there or its checksum is wrong (RFC 5508 REQ-3). */
export function quotedTuple(bytes: Uint8Array): Tuple | undefined {
  const at = payloadAt(bytes);
  const inner = at + ICMP_HEADER_BYTES;
  const end = endOf(bytes);
  const hasHeader =
    inner + IPV4_HEADER_BYTES <= end &&
    version(bytes, inner) === 4 &&
    headerLength(bytes, inner) >= IPV4_HEADER_BYTES &&
    inner + headerLength(bytes, inner) <= end;
  return hasHeader &&
    fragmentOffset(bytes, inner) === 0 &&
    checkIcmp(bytes, at, payloadLength(bytes)) === undefined
    ? tupleOf(bytes, inner, end)
    : undefined;
}

/** Changes the quoted packet and makes the ICMP checksum right again. */
export function rewriteQuoted(bytes: Uint8Array, rewrite: (innerAt: number) => void): void {
  const at = payloadAt(bytes);
  rewrite(at + ICMP_HEADER_BYTES);
  sealIcmp(bytes, at, payloadLength(bytes));
}
