/** What the ECN fields of fragments say of their packet (RFC 3168 5.3; Linux `ip_frag_ecn_table`). */
import { typeOfService } from '../../../wire/ipv4';

/** The values of the field (RFC 3168 5), each the number of its bit in a set of them. */
const NOT_CAPABLE = 1 << 0;
const CAPABLE = (1 << 1) | (1 << 2);
const EXPERIENCED = 1 << 3;

/** The fragment's ECN field as a set with one member. */
export function congestionOf(bytes: Uint8Array, at: number): number {
  return 1 << (typeOfService(bytes, at) & 3);
}

/**
 * What the packet's ECN field takes on besides its first fragment's: congestion that any fragment met. Undefined when the fields
 * contradict each other: fragments of a sender that does not know ECN meet no congestion.
 */
export function wholeCongestion(fields: number): number | undefined {
  if ((fields & EXPERIENCED) === 0) {
    return 0;
  }
  if ((fields & NOT_CAPABLE) !== 0) {
    return undefined;
  }
  return (fields & CAPABLE) === 0 ? 0 : 3;
}
