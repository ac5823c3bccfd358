/** Cuts a packet of this node's own into fragments (RFC 8200 4.5): only the source does so in IPv6. */
import { writeUint16 } from '../../../wire/bytes';
import { IPV6_HEADER_BYTES, nextHeader } from '../../../wire/ipv6';
import { FRAGMENT_HEADER_BYTES, IPV6_EXTENSION, writeFragmentHeader } from '../../../wire/ipv6-extension';

/**
 * The frames of a packet without extension headers, whose IPv6 header is at `at` of a frame.
 * @param mtu bytes that each fragment may have, at least the minimum MTU
 */
export function fragmentsOf(
  bytes: Uint8Array,
  at: number,
  mtu: number,
  identification: number,
  allocate: (length: number) => Uint8Array,
): Uint8Array[] {
  const payloadAt = at + IPV6_HEADER_BYTES;
  const room = Math.floor((mtu - IPV6_HEADER_BYTES - FRAGMENT_HEADER_BYTES) / 8) * 8;
  const fragments: Uint8Array[] = [];
  for (let offset = 0; payloadAt + offset < bytes.length; offset += room) {
    const part = bytes.subarray(payloadAt + offset, payloadAt + offset + room);
    const more = payloadAt + offset + part.length < bytes.length;
    const fragment = allocate(payloadAt + FRAGMENT_HEADER_BYTES + part.length);
    fragment.set(bytes.subarray(0, payloadAt));
    writeUint16(fragment, at + 4, FRAGMENT_HEADER_BYTES + part.length);
    fragment[at + 6] = IPV6_EXTENSION.fragment;
    writeFragmentHeader(fragment, payloadAt, nextHeader(bytes, at), offset, more, identification);
    fragment.set(part, payloadAt + FRAGMENT_HEADER_BYTES);
    fragments.push(fragment);
  }
  return fragments;
}
