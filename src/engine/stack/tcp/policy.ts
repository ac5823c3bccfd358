/**
 * How a TCP behaves where the RFCs leave a choice, as data. Times in ns, sizes in bytes. Linux values are the defaults of Linux 6.18,
 * read off its sysctls (net.ipv4.tcp_*) or measured in a network namespace; VirtualBox's are of its NAT engines' sources.
 */
import { MILLISECOND, SECOND } from '../linux-policy';

export interface TcpPolicy {
  readonly timeToLive: number;
  readonly dontFragment: boolean;
  /** The IP identification counts from a random number for each connection; otherwise IP chooses it. */
  readonly ownIdentification: boolean;

  /** The shift of the window scale option, which is offered only where this is set (RFC 7323 2). */
  readonly windowScale: number | undefined;
  /** RFC 2018. */
  readonly selectiveAcknowledgment: boolean;
  /** RFC 7323 3. */
  readonly timestamps: boolean;
  /** Data bytes of one segment at most, whatever the peer's MSS is. */
  readonly largestSegment: number;
  /** The MSS option that is sent, where it does not follow from the MTU. */
  readonly offeredSegmentSize: number | undefined;

  /** Window that the receive buffer has room for when a connection opens. */
  readonly receiveWindow: number;
  /** Window that it turns out to have room for when full segments come. */
  readonly fullSegmentWindow: number;
  /** Window that the receive buffer can grow to (dynamic right-sizing). */
  readonly receiveWindowMaximum: number;
  /** Whether the first window is cut to whole segments (tcp_select_initial_window). */
  readonly firstWindowOfWholeSegments: boolean;
  /** What a window field says: whole pieces of the free buffer (__tcp_select_window), or all that is free (BSD's tcp_output). */
  readonly windowSelection: 'whole-pieces' | 'free-space';
  /** The window field of a RST that no connection sent. */
  readonly resetWindow: number;
  readonly sendBuffer: number;

  readonly initialSequence: 'random' | 'counter';
  /** Later, where an answer may carry it, or at once: as soon as the program has been given the data. */
  readonly acknowledgment: 'delayed' | 'when-read';
  readonly congestionControl: 'cubic' | 'reno';
  /** Segments that may be sent before the first acknowledgment (RFC 6928). */
  readonly initialCongestionWindow: number;
  /** Duplicate acknowledgments that mean loss (RFC 5681 3.2). */
  readonly duplicateThreshold: number;

  /** Sends the last segment again before the time-out when nothing was heard for two round trips (RFC 8985 7). Needs SACK. */
  readonly tailLossProbe: boolean;

  readonly initialTimeout: number;
  /** Least variance part of the retransmission time-out: RTO is at least the round trip plus this. */
  readonly minimumTimeout: number;
  readonly maximumTimeout: number;
  /** SYNs at one interval before the interval doubles, and all SYNs sent again. */
  readonly synLinearTimeouts: number;
  readonly synRetries: number;
  readonly synAckRetries: number;
  /** Retransmissions of data, as many as make up the time after which the connection is given up. */
  readonly dataRetries: number;
  /** Window probes without an answer before the connection is given up. */
  readonly probeRetries: number;

  readonly timeWait: number;
  /** How long a closed connection waits for the peer's FIN. */
  readonly finWait2: number;
  readonly keepAliveIdle: number;
  readonly keepAliveInterval: number;
  readonly keepAliveProbes: number;
  /** Acknowledgments of segments that are not acceptable, of one connection, are this far apart. */
  readonly invalidSegmentInterval: number;

  /** Entries at most. */
  readonly connections: number;
  readonly timeWaits: number;
  /** Half-open connections of one listener. */
  readonly synBacklog: number;
}

export const LINUX_TCP: TcpPolicy = {
  /** net.ipv4.ip_default_ttl. */
  timeToLive: 64,
  /** net.ipv4.ip_no_pmtu_disc is 0: path MTU discovery for every segment. */
  dontFragment: true,
  /** inet_id of the socket; segments without a socket, and SYN-ACKs, have 0 (measured). */
  ownIdentification: true,
  /** tcp_rmem[2] is 6 MiB: ilog2(6291456) - 15 (tcp_select_initial_window; measured). */
  windowScale: 7,
  selectiveAcknowledgment: true,
  timestamps: true,
  largestSegment: 0xffff,
  offeredSegmentSize: undefined,
  /** Half of tcp_rmem[1], 131072: TCP_DEFAULT_SCALING_RATIO. */
  receiveWindow: 65_536,
  /** 149/256 of it: what a segment of 1348 or 1448 bytes is of the memory it takes (tcp_measure_rcv_mss; measured by its windows). */
  fullSegmentWindow: 76_288,
  /** Half of tcp_rmem[2]. */
  receiveWindowMaximum: 3_145_728,
  /** 64240 is 44 times 1460, 65160 is 45 times 1448 (measured). */
  firstWindowOfWholeSegments: true,
  windowSelection: 'whole-pieces',
  resetWindow: 0,
  /** tcp_wmem[2]. */
  sendBuffer: 4_194_304,
  initialSequence: 'random',
  acknowledgment: 'delayed',
  /** tcp_congestion_control of every distribution's kernel. */
  congestionControl: 'cubic',
  /** TCP_INIT_CWND. */
  initialCongestionWindow: 10,
  /** tcp_reordering. */
  duplicateThreshold: 3,
  /** tcp_early_retrans is 3. */
  tailLossProbe: true,
  /** TCP_TIMEOUT_INIT. */
  initialTimeout: SECOND,
  /** tcp_rto_min_us. */
  minimumTimeout: 200 * MILLISECOND,
  /** tcp_rto_max_ms. */
  maximumTimeout: 120 * SECOND,
  /** tcp_syn_linear_timeouts. */
  synLinearTimeouts: 4,
  /** tcp_syn_retries, to which the linear ones are added (tcp_write_timeout). */
  synRetries: 6 + 4,
  /** tcp_synack_retries. */
  synAckRetries: 5,
  /** tcp_retries2: 924.6 s. */
  dataRetries: 15,
  probeRetries: 15,
  /** TCP_TIMEWAIT_LEN. */
  timeWait: 60 * SECOND,
  /** tcp_fin_timeout. */
  finWait2: 60 * SECOND,
  /** tcp_keepalive_time, tcp_keepalive_intvl, tcp_keepalive_probes. */
  keepAliveIdle: 7200 * SECOND,
  keepAliveInterval: 75 * SECOND,
  keepAliveProbes: 9,
  /** tcp_invalid_ratelimit. */
  invalidSegmentInterval: 500 * MILLISECOND,
  /** Of a small machine: Linux is bounded by memory. */
  connections: 8192,
  /** tcp_max_tw_buckets of a machine with little memory. */
  timeWaits: 8192,
  /** tcp_max_syn_backlog of a machine with little memory. */
  synBacklog: 128,
};

/** The slirp of VirtualBox 6.1 and 7.0: slirp/tcp_timer.h, tcp_subr.c, tcp_input.c. */
export const VIRTUALBOX_SLIRP_TCP: TcpPolicy = {
  ...LINUX_TCP,
  /** MAXTTL, which ip_output of this slirp gives every TCP segment. */
  timeToLive: 255,
  dontFragment: false,
  /** One counter of the whole engine. */
  ownIdentification: false,
  windowScale: undefined,
  selectiveAcknowledgment: false,
  timestamps: false,
  /** The MTU less 40. */
  largestSegment: 1460,
  offeredSegmentSize: 1460,
  /** 64 KiB of buffer, of which a window field can say 65535. */
  receiveWindow: 0xffff,
  fullSegmentWindow: 0xffff,
  receiveWindowMaximum: 0xffff,
  firstWindowOfWholeSegments: false,
  /** tcp_output.c, as in 4.4BSD. */
  windowSelection: 'free-space',
  sendBuffer: 65_536,
  /** tcp_iss: 1, then 64000 more for each connection and each slow tick of 500 ms. */
  initialSequence: 'counter',
  /** Every segment in order is acknowledged at once, behind sbappend, which gives it to the host's socket. */
  acknowledgment: 'when-read',
  congestionControl: 'reno',
  tailLossProbe: false,
  /** BSD's tcp_newtcpcb and tcp_mss: one segment. */
  initialCongestionWindow: 1,
  /** TCPTV_SRTTDFLT and TCPTV_SRTTBASE: 6 s. */
  initialTimeout: 6 * SECOND,
  /** TCPTV_MIN. */
  minimumTimeout: SECOND,
  /** TCPTV_REXMTMAX. */
  maximumTimeout: 12 * SECOND,
  synLinearTimeouts: 0,
  /** TCP_MAXRXTSHIFT. */
  synRetries: 12,
  synAckRetries: 12,
  dataRetries: 12,
  probeRetries: 12,
  /** Twice TCPTV_MSL of 5 s. */
  timeWait: 10 * SECOND,
  finWait2: 60 * SECOND,
  keepAliveProbes: 8,
};

/** libslirp, in VirtualBox 7.1 and later, and QEMU (libslirp 4.7, measured). */
export const LIBSLIRP_TCP: TcpPolicy = {
  ...VIRTUALBOX_SLIRP_TCP,
  timeToLive: 64,
  /** TCP_MSS of its tcp_output (measured: segments of 1440 bytes). */
  largestSegment: 1440,
  /** A RST carries the window of the socket that was to be (measured: 65535). */
  resetWindow: 0xffff,
};

/** The lwIP in VirtualBox's NAT network service: NetworkServices/NAT/lwipopts.h. */
export const VIRTUALBOX_LWIP_TCP: TcpPolicy = {
  ...VIRTUALBOX_SLIRP_TCP,
  receiveWindow: 32_768,
  fullSegmentWindow: 32_768,
  receiveWindowMaximum: 32_768,
  /** tcp_update_rcv_ann_wnd: the edge moves by a segment or more. */
  windowSelection: 'whole-pieces',
};
