/** Cuts a packet into fragments (RFC 8200 4.5): only its source does so in IPv6, and who put it together to look at it. */
import { writeUint16 } from '../../../wire/bytes';
import { IPV6_HEADER_BYTES } from '../../../wire/ipv6';
import { FRAGMENT_HEADER_BYTES, IPV6_EXTENSION, writeFragmentHeader } from '../../../wire/ipv6-extension';

/** Where the part of a packet that is cut begins, and the field that names what is there. */
export interface CutPlace {
  readonly partAt: number;
  readonly namedAt: number;
}

/**
 * The frames of a packet whose IPv6 header is at `at` of a frame.
 * @param mtu bytes that each fragment may have, at least the minimum MTU
 * @param place behind the headers that every fragment has: right behind the IPv6 header where absent
 */
export function fragmentsOf(
  bytes: Uint8Array,
  at: number,
  mtu: number,
  identification: number,
  allocate: (length: number) => Uint8Array,
  { partAt: payloadAt, namedAt }: CutPlace = { partAt: at + IPV6_HEADER_BYTES, namedAt: at + 6 },
): Uint8Array[] {
  const headers = payloadAt - at;
  const room = Math.floor((mtu - headers - FRAGMENT_HEADER_BYTES) / 8) * 8;
  const fragments: Uint8Array[] = [];
  for (let offset = 0; payloadAt + offset < bytes.length; offset += room) {
    const part = bytes.subarray(payloadAt + offset, payloadAt + offset + room);
    const more = payloadAt + offset + part.length < bytes.length;
    const fragment = allocate(payloadAt + FRAGMENT_HEADER_BYTES + part.length);
    fragment.set(bytes.subarray(0, payloadAt));
    writeUint16(fragment, at + 4, headers - IPV6_HEADER_BYTES + FRAGMENT_HEADER_BYTES + part.length);
    fragment[namedAt] = IPV6_EXTENSION.fragment;
    writeFragmentHeader(fragment, payloadAt, bytes[namedAt] ?? 0, offset, more, identification);
    fragment.set(part, payloadAt + FRAGMENT_HEADER_BYTES);
    fragments.push(fragment);
  }
  return fragments;
}
