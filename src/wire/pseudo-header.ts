/** The pseudo header that transport checksums cover, over IP of either version (RFC 768, RFC 9293 3.1, RFC 8200 8.1). */
import { isIpv4, type IpAddress } from '../net/ip-address';
import { pseudoHeaderSum } from './checksum';

/** Folded sum of the eight words of an IPv6 address. */
function sumOfIpv6(address: bigint): number {
  let rest = address;
  let sum = 0;
  for (let word = 0; word < 8; word++) {
    sum += Number(rest & 0xffffn);
    rest >>= 16n;
  }
  return sum;
}

/** Folded sum of the pseudo header; both addresses are of one version, `length` is of transport header and data. */
export function pseudoHeaderSumOf(
  source: IpAddress,
  destination: IpAddress,
  protocol: number,
  length: number,
): number {
  if (isIpv4(source) && isIpv4(destination)) {
    return pseudoHeaderSum(source, destination, protocol, length);
  }
  const sum =
    sumOfIpv6(BigInt(source)) +
    sumOfIpv6(BigInt(destination)) +
    (length >>> 16) +
    (length & 0xffff) +
    protocol;
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
