/**
 * Which of its addresses a node puts as the source of a packet: RFC 6724 section 5 with rules 1 (the same address), 2 (scope), 3
 * (deprecated), 5 (the outgoing interface), 6 (label) and 8 (longest common prefix). Rules 4 and 7, of mobile and temporary addresses,
 * have nothing to decide here (net.ipv6.conf.*.use_tempaddr is 0).
 */
import {
  isLinkLocalIpv6,
  isMulticastIpv6,
  LOOPBACK_IPV6,
  parseIpv6,
  UNSPECIFIED_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import { ipv6PrefixContains, type Ipv6Prefix } from '../../../net/ipv6-prefix';

export interface SourceCandidate {
  readonly address: Ipv6Address;
  readonly prefixLength: number;
  readonly deprecated: boolean;
  /** Whether it is of the interface that the packet leaves by. */
  readonly outgoing: boolean;
}

/** Scopes as multicast addresses number them (RFC 4291 2.7). */
const LINK_LOCAL_SCOPE = 2;
const SITE_LOCAL_SCOPE = 5;
const GLOBAL_SCOPE = 14;

/** The default policy table's labels (RFC 6724 2.1), longest prefix first. */
const LABELS: readonly { readonly prefix: Ipv6Prefix; readonly label: number }[] = [
  labelled('::1', 128, 0),
  labelled('::ffff:0:0', 96, 4),
  labelled('::', 96, 3),
  labelled('2001::', 32, 5),
  labelled('2002::', 16, 2),
  labelled('3ffe::', 16, 12),
  labelled('fec0::', 10, 11),
  labelled('fc00::', 7, 13),
  labelled('::', 0, 1),
];

function labelled(
  network: string,
  length: number,
  label: number,
): { readonly prefix: Ipv6Prefix; readonly label: number } {
  return { prefix: { network: parseIpv6(network) ?? UNSPECIFIED_IPV6, length }, label };
}

/** The best of the candidates; undefined when there is none. */
export function selectSource(
  candidates: readonly SourceCandidate[],
  destination: Ipv6Address,
): Ipv6Address | undefined {
  // Packets to a link or a group carry an address of the interface they leave by (RFC 6724 4).
  const local = isMulticastIpv6(destination) || isLinkLocalIpv6(destination);
  let best: SourceCandidate | undefined;
  for (const candidate of candidates) {
    if ((!local || candidate.outgoing) && (best === undefined || isBetter(candidate, best, destination))) {
      best = candidate;
    }
  }
  return best?.address;
}

/** Whether `one` is strictly better than `other`, which came first. */
function isBetter(one: SourceCandidate, other: SourceCandidate, destination: Ipv6Address): boolean {
  if (one.address === destination || other.address === destination) {
    return one.address === destination && other.address !== destination;
  }
  const wanted = scopeOf(destination);
  const [ours, theirs] = [scopeOf(one.address), scopeOf(other.address)];
  if (ours !== theirs) {
    return ours < theirs ? ours >= wanted : theirs < wanted;
  }
  if (one.deprecated !== other.deprecated) {
    return other.deprecated;
  }
  if (one.outgoing !== other.outgoing) {
    return one.outgoing;
  }
  const label = labelOf(destination);
  const [fits, fitted] = [labelOf(one.address) === label, labelOf(other.address) === label];
  if (fits !== fitted) {
    return fits;
  }
  return commonPrefix(one, destination) > commonPrefix(other, destination);
}

/** RFC 6724 3.1 and 3.2: unicast scopes are those of multicast. */
export function scopeOf(address: Ipv6Address): number {
  if (isMulticastIpv6(address)) {
    return Number((address >> 112n) & 0xfn);
  }
  if (isLinkLocalIpv6(address) || address === LOOPBACK_IPV6) {
    return LINK_LOCAL_SCOPE;
  }
  return address >> 118n === 0x3fbn ? SITE_LOCAL_SCOPE : GLOBAL_SCOPE;
}

function labelOf(address: Ipv6Address): number {
  return LABELS.find(({ prefix }) => ipv6PrefixContains(prefix, address))?.label ?? 1;
}

/** Equal leading bits, at most the length of the source's prefix (RFC 6724 2.2). */
function commonPrefix(candidate: SourceCandidate, destination: Ipv6Address): number {
  const different = (candidate.address ^ destination).toString(2);
  const common = candidate.address === destination ? 128 : 128 - different.length;
  return Math.min(common, candidate.prefixLength);
}
