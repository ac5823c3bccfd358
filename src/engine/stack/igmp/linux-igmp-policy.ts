/** How a Linux host speaks IGMP (net/ipv4/igmp.c); times in ns. */
import { MILLISECOND, SECOND } from '../linux-policy';

export const LINUX_IGMP = {
  /** net.ipv4.igmp_qrv: a change is told this often, since a message may get lost (RFC 3376 8.1). */
  robustness: 2,
  /** net.ipv4.conf.*.igmpv3_unsolicited_report_interval: the second time comes within it (RFC 3376 8.11). */
  reportInterval: SECOND,
  /** net.ipv4.conf.*.igmpv2_unsolicited_report_interval (RFC 2236 8.10). */
  oldReportInterval: 10 * SECOND,
  /** The first report: two ticks of a clock of 250 Hz (igmp_ifc_start_timer; measured). */
  firstReport: 8 * MILLISECOND,
  /** Between two questions of a querier that does not say how often it asks (IGMP_QUERY_INTERVAL, RFC 3376 8.2). */
  queryInterval: 125 * SECOND,
  /** The answer time of a querier that has not said any (IGMP_QUERY_RESPONSE_INTERVAL, RFC 3376 8.3). */
  responseInterval: 10 * SECOND,
  /** net.ipv4.igmp_max_memberships: groups of one socket. Here it bounds those of an interface, which Linux does not. */
  memberships: 1024,
  /** Reports leave the link by nobody's doing (RFC 3376 4). */
  timeToLive: 1,
  /** Internetwork control (RFC 3376 4). */
  typeOfService: 0xc0,
} as const;
