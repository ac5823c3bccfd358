/**
 * How a Linux host behaves where the RFCs leave a choice. Values are the defaults of Linux 6.18, read off its sysctls or measured in a
 * network namespace; times in ns.
 */
export const SECOND = 1_000_000_000;
export const MILLISECOND = 1_000_000;

export const LINUX = {
  /** net.ipv4.ip_default_ttl. */
  timeToLive: 64,
  /** net.ipv4.neigh.default.retrans_time_ms: between two ARP requests. */
  neighbourRetransmit: SECOND,
  /** net.ipv4.neigh.default.mcast_solicit: broadcast requests before giving up. */
  neighbourBroadcasts: 3,
  /** net.ipv4.neigh.default.ucast_solicit: unicast requests to confirm a known neighbour. */
  neighbourUnicasts: 3,
  /** net.ipv4.neigh.default.base_reachable_time_ms; an entry stays confirmed for half to one and a half of it (RFC 4861 6.3.2). */
  neighbourReachable: 30 * SECOND,
  /** net.ipv4.neigh.default.delay_first_probe_time: from using a stale entry to asking whether it still holds. */
  neighbourDelay: 5 * SECOND,
  /** net.ipv4.neigh.default.locktime: for which no other hardware address is taken from who does not announce itself. */
  neighbourLock: SECOND,
  /** net.ipv4.neigh.default.unres_qlen: packets that wait for one neighbour. */
  neighbourQueue: 101,
  /** net.ipv4.neigh.default.gc_thresh3: neighbours in all. */
  neighbours: 1024,
  /** net.ipv4.icmp_ratelimit: one error of a kind to one destination in this time on average… */
  icmpErrorInterval: SECOND,
  /** …with this many at once (XRLIM_BURST_FACTOR of net/ipv4/icmp.c; 6 measured). */
  icmpErrorBurst: 6,
  /** Type of service of ICMP errors: internetwork control (RFC 1812 4.3.2.5; measured 0xc0). */
  icmpErrorTypeOfService: 0xc0,
  /** An ICMP error holds at most this many bytes of IP packet (RFC 1812 4.3.2.3; measured). */
  icmpErrorBytes: 576,
  /** net.ipv4.ipfrag_time: for all fragments of a packet to arrive. */
  reassemblyTime: 30 * SECOND,
  /** net.ipv4.ipfrag_high_thresh in bytes. */
  reassemblyMemory: 4 * 1024 * 1024,
  /** net.ipv4.ipfrag_max_dist: fragments of one source between two of the same packet. */
  reassemblyDistance: 64,
  /** net.ipv4.route.min_pmtu in bytes. */
  minimumPathMtu: 552,
  /** net.ipv4.route.mtu_expires. */
  pathMtuLifetime: 600 * SECOND,
  /** net.ipv4.route.gc_timeout: how long a redirect holds. */
  redirectLifetime: 300 * SECOND,
  /** Destinations with an MTU or a next hop of their own: 2048 chains of 5 for a next hop (FNHE_HASH_SIZE, FNHE_RECLAIM_DEPTH). */
  routeExceptions: 10_240,
  /** net.ipv4.ip_local_port_range. */
  firstLocalPort: 32768,
  lastLocalPort: 60999,
  /** From hearing a station of a VXLAN network to forgetting where it is (`ip link … ageing`, FDB_AGE_DEFAULT of drivers/net/vxlan). */
  vxlanAgeing: 300 * SECOND,
  /** Stations that a VXLAN interface remembers. The kernel has no limit of its own (`maxaddress 0`); this is that of a bridge's table here. */
  vxlanStations: 8192,
} as const;
