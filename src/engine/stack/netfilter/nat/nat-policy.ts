/** How a NAT behaves where RFC 4787, 5382 and 5508 leave a choice, or where it does not follow them: data, the source beside each field. */
import type { NatBehaviour, ResolvedSourceNat } from '../../../../topology/resolved';
import { LINUX_TIMEOUTS, RFC_TIMEOUTS, type ConnectionTimeouts } from '../conntrack/timeouts';

export interface NatPolicy {
  /**
   * To whom one outside port belongs: `per-connection` gives each connection any port that keeps its answers unambiguous, so that two
   * hosts share a port towards different servers; the others give an inside port one outside port of its own, for all or some
   * destinations (RFC 4787 4.1).
   */
  readonly mapping: 'per-connection' | NatBehaviour;
  /** Who may use an outside port from outside (RFC 4787 5). */
  readonly filtering: NatBehaviour;
  readonly portAllocation: 'preserving' | 'sequential' | 'random';
  /** An even port stays even and an odd one odd, where it can not be kept (RFC 4787 REQ-4). */
  readonly keepsParity: boolean;
  /** Which of several addresses of the outside interface is used; `paired`: each inside host keeps to one (RFC 4787 REQ-2). */
  readonly pooling: 'primary' | 'paired';
  /**
   * What becomes of packets from inside to a port of the outside address: `none`, as a rule of the outside interface alone has it;
   * `inside-address`: they come from the NAT's inside address; `outside-address`: from the sender's own outside port (RFC 4787 REQ-9).
   */
  readonly hairpin: 'none' | 'inside-address' | 'outside-address';
  /** Whether packets from outside prolong a connection too (RFC 4787 REQ-6). */
  readonly inboundRefreshes: boolean;
  /** Whether packets of no connection go on as they are, with their inside address (RFC 5508 REQ-5 and 11 forbid it). */
  readonly passesInvalid: boolean;
  /** Whether a sender is told by ICMP 3/13 that there is no port for it (RFC 5508 REQ-8). */
  readonly tellsExhaustion: boolean;
  /** ns that a SYN nobody asked for waits, in case the inside opens the same connection, before ICMP 3/3 answers it (RFC 5382 REQ-4). */
  readonly unsolicitedSynWait: number;
  readonly timeouts: ConnectionTimeouts;
}

/** nft `masquerade` of Linux 6.18, measured: nf_nat_masquerade.c, nf_nat_core.c. */
export const LINUX_NAT: NatPolicy = {
  mapping: 'per-connection',
  filtering: 'address-and-port-dependent',
  portAllocation: 'preserving',
  keepsParity: false,
  pooling: 'primary',
  hairpin: 'none',
  inboundRefreshes: true,
  passesInvalid: true,
  tellsExhaustion: false,
  unsolicitedSynWait: 0,
  timeouts: LINUX_TIMEOUTS,
};

/** A provider's NAT that follows the RFCs: RFC 6888 REQ-1 with RFC 4787, 5382, 5508 and their update RFC 7857. */
export const CARRIER_NAT: NatPolicy = {
  mapping: 'endpoint-independent',
  filtering: 'endpoint-independent',
  portAllocation: 'preserving',
  keepsParity: true,
  pooling: 'paired',
  hairpin: 'outside-address',
  /** RFC 6888 REQ-7 leaves RFC 4787 REQ-6 as it is: outbound must refresh; inbound may, and lets an attacker hold a mapping. */
  inboundRefreshes: false,
  passesInvalid: false,
  tellsExhaustion: true,
  /** RFC 5382 REQ-4: at least 6 seconds. */
  unsolicitedSynWait: 6_000_000_000,
  timeouts: RFC_TIMEOUTS,
};

/**
 * The policy that a topology asks for: Linux's where it chooses neither mapping nor filtering. Where it does, what it leaves open is
 * Linux's too as far as the file could have said it, and the RFCs' beyond.
 */
export function natPolicyOf(config: ResolvedSourceNat): NatPolicy {
  const { mapping, filtering, portAllocation = LINUX_NAT.portAllocation, hairpin = false } = config;
  if (mapping === undefined && filtering === undefined) {
    return { ...LINUX_NAT, portAllocation, hairpin: hairpin ? 'inside-address' : 'none' };
  }
  return {
    ...CARRIER_NAT,
    mapping: mapping ?? 'address-and-port-dependent',
    filtering: filtering ?? LINUX_NAT.filtering,
    portAllocation,
    hairpin: hairpin ? 'outside-address' : 'none',
  };
}
