/** IPv6 addresses as text. */
import ipaddr from 'ipaddr.js';

/** The 16 bytes at `at` in the form of RFC 5952; bytes past the end count as zeros. */
export function formatIpv6(b: Uint8Array, at: number): string {
  const bytes = Array.from({ length: 16 }, (_, index) => b[at + index] ?? 0);
  return new ipaddr.IPv6(bytes).toRFC5952String();
}
