/** Which address of a name is tried first: the order of getaddrinfo (RFC 6724 6), with glibc's tables (gai.conf(5)). */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import type { Ipv6Address } from '../../../net/ipv6-address';

interface Policy {
  readonly prefix: bigint;
  readonly length: number;
  readonly precedence: number;
  readonly label: number;
}

/** glibc's precedences and labels for IPv6, the longest prefix first; where it names no precedence, that of ::/0 holds. */
const POLICIES: readonly Policy[] = [
  { prefix: 1n, length: 128, precedence: 50, label: 0 },
  { prefix: 0n, length: 96, precedence: 20, label: 3 },
  { prefix: 0x2001_0000n << 96n, length: 32, precedence: 40, label: 7 },
  { prefix: 0x2002n << 112n, length: 16, precedence: 30, label: 2 },
  { prefix: 0xfec0n << 112n, length: 10, precedence: 40, label: 5 },
  { prefix: 0xfc00n << 112n, length: 7, precedence: 40, label: 6 },
];

const ANY_IPV6 = { precedence: 40, label: 1 };

/** IPv4 is ::ffff:0:0/96 here. */
const IPV4 = { precedence: 10, label: 4 };

/** RFC 4007 5, RFC 6724 3.1 and 3.2. */
const SCOPE = { link: 2, site: 5, global: 14 } as const;

interface Candidate {
  readonly address: IpAddress;
  /** What a packet there would have as its source; undefined where there is no way there. */
  readonly source: IpAddress | undefined;
}

/** The addresses, best first; of equals the order stays. */
export function orderDestinations(
  addresses: readonly IpAddress[],
  sourceFor: (address: IpAddress) => IpAddress | undefined,
): readonly IpAddress[] {
  return addresses
    .map(address => ({ address, source: sourceFor(address) }))
    .sort((a, b) => {
      for (const rule of RULES) {
        const difference = rule(b) - rule(a);
        if (difference !== 0) {
          return difference;
        }
      }
      return commonBits(b, a) - commonBits(a, b);
    })
    .map(({ address }) => address);
}

/** Rules 1, 2, 5, 6 and 8: more is better. Rules 3, 4 and 7 ask for what there is nothing of here. */
const RULES: readonly ((candidate: Candidate) => number)[] = [
  ({ source }) => Number(source !== undefined),
  ({ address, source }) => Number(source !== undefined && scopeOf(address) === scopeOf(source)),
  ({ address, source }) => Number(source !== undefined && policyOf(address).label === policyOf(source).label),
  ({ address }) => policyOf(address).precedence,
  ({ address }) => -scopeOf(address),
];

/** Rule 9, of two IPv6 addresses: how many of the first bits of the one are its source's. */
function commonBits({ address, source }: Candidate, other: Candidate): number {
  if (isIpv4(address) || isIpv4(other.address) || source === undefined || isIpv4(source)) {
    return 0;
  }
  const differing = address ^ source;
  return differing === 0n ? 128 : 128 - differing.toString(2).length;
}

function policyOf(address: IpAddress): Pick<Policy, 'precedence' | 'label'> {
  return isIpv4(address) ? IPV4 : (POLICIES.find(policy => matches(policy, address)) ?? ANY_IPV6);
}

function matches({ prefix, length }: Policy, address: Ipv6Address): boolean {
  return (address ^ prefix) >> BigInt(128 - length) === 0n;
}

function scopeOf(address: IpAddress): number {
  if (isIpv4(address)) {
    const first = address >>> 24;
    // 127/8 and 169.254/16 are of the link; private addresses are global.
    return first === 127 || address >>> 16 === 0xa9fe ? SCOPE.link : SCOPE.global;
  }
  const first = address >> 118n;
  if (address === 1n || first === 0x3fan) {
    return SCOPE.link;
  }
  return first === 0x3fbn ? SCOPE.site : SCOPE.global;
}
