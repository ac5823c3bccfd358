/**
 * How a Linux host behaves in IPv6 where the RFCs leave a choice. Values are the defaults of Linux 6.18, read off its sysctls
 * (net.ipv6.…) or measured in a network namespace; times in ns. The neighbour cache has the values of LINUX, as in the kernel.
 */
import { MILLISECOND, SECOND } from '../linux-policy';

export const LINUX_IPV6 = {
  /** conf.default.hop_limit. */
  hopLimit: 64,
  /** IPV6_DEFAULT_MCASTHOPS. */
  multicastHopLimit: 1,

  /** conf.default.dad_transmits: solicitations before an address is taken as unique. */
  duplicateProbes: 1,
  /** conf.default.router_solicitation_delay: an address waits a random part of it before the first probe (addrconf_dad_kick). */
  duplicateDelay: SECOND,
  /** neigh.default.retrans_time_ms: how long an answer to a probe is waited for. */
  duplicateWait: SECOND,

  /** conf.default.router_solicitation_interval: from the first solicitation to the second, give or take a tenth. */
  solicitationInterval: 4 * SECOND,
  /** conf.default.router_solicitation_max_interval: the interval doubles up to this; router_solicitations -1 is without end. */
  solicitationMaximumInterval: 3600 * SECOND,

  /** conf.default.mldv2_unsolicited_report_interval: a report goes out within this time. */
  reportInterval: SECOND,
  /** Robustness variable: how often each report is sent (RFC 3810 9.1). */
  reportCopies: 2,

  /** icmp.ratelimit: one error to one host in this time on average, after LINUX.icmpErrorBurst at once (measured: 6, then one each 0.1 s). */
  errorInterval: 100 * MILLISECOND,
  /** An ICMPv6 error is no longer than the minimum MTU (RFC 4443 2.4 c; measured). */
  errorBytes: 1280,

  /** ip6frag_time (RFC 8200 4.5: 60 s). */
  reassemblyTime: 60 * SECOND,
  /** ip6frag_high_thresh: bytes of all packets in reassembly. */
  reassemblyBytes: 4 * 1024 * 1024,

  /** route.mtu_expires. */
  pathMtuLifetime: 600 * SECOND,
  /** Destinations whose path MTU or redirect is remembered: the routing cache's own bound is by age. */
  pathMtuEntries: 1024,

  /** conf.default.max_addresses: addresses that an interface makes of advertised prefixes. */
  autoconfiguredAddresses: 16,
  /** conf.default.ra_defrtr_metric, and that of a route that a user adds (IP6_RT_PRIO_USER). */
  routeMetric: 1024,
  /** IP6_RT_PRIO_ADDRCONF: routes that follow from addresses and prefixes. */
  connectedMetric: 256,
  /** conf.default.accept_ra_min_hop_limit. */
  minimumAdvertisedHopLimit: 1,

  /** Largest number of options in one hop-by-hop or destination options header (max_hbh_opts_number, max_dst_opts_number). */
  headerOptions: 8,
} as const;
