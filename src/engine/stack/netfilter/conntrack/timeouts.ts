/** How long a connection is remembered without traffic: data, with the source beside each value. All in ns. */
import { SECOND } from '../../linux-policy';
import type { TcpState } from './tcp-tracking';

export interface ConnectionTimeouts {
  /** By state of the connection. */
  readonly tcp: Readonly<Record<TcpState, number>>;
  /** An established TCP connection with data that was not acknowledged, or picked up in the middle and not answered yet. */
  readonly tcpUnacknowledged: number;
  readonly udp: number;
  /** Of UDP that was answered and goes on for more than `udpStreamAge`. */
  readonly udpStream: number;
  /** From the first packet on. */
  readonly udpStreamAge: number;
  readonly icmp: number;
  readonly gre: number;
  /** GRE that was answered. */
  readonly greStream: number;
  /** Any other protocol. */
  readonly generic: number;
}

/** net.netfilter.nf_conntrack_*_timeout* of Linux 6.18, read off its sysctls. */
export const LINUX_TIMEOUTS: ConnectionTimeouts = {
  tcp: {
    'syn-sent': 120 * SECOND,
    'syn-sent2': 120 * SECOND,
    'syn-recv': 60 * SECOND,
    established: 432_000 * SECOND,
    'fin-wait': 120 * SECOND,
    'close-wait': 60 * SECOND,
    'last-ack': 30 * SECOND,
    'time-wait': 120 * SECOND,
    close: 10 * SECOND,
  },
  tcpUnacknowledged: 300 * SECOND,
  udp: 30 * SECOND,
  udpStream: 120 * SECOND,
  /** nf_conntrack_proto_udp.c. */
  udpStreamAge: 2 * SECOND,
  icmp: 30 * SECOND,
  gre: 30 * SECOND,
  greStream: 180 * SECOND,
  generic: 600 * SECOND,
};

/** RFC 5382 REQ-5: at least 4 minutes for connections that are not established, or no longer. */
const TRANSITORY = 240 * SECOND;

/** The least that the RFCs ask of a NAT. */
export const RFC_TIMEOUTS: ConnectionTimeouts = {
  tcp: {
    'syn-sent': TRANSITORY,
    'syn-sent2': TRANSITORY,
    'syn-recv': TRANSITORY,
    /** RFC 5382 REQ-5: 2 hours 4 minutes, so that a keepalive of 2 hours holds it. */
    established: 7440 * SECOND,
    'fin-wait': TRANSITORY,
    'close-wait': TRANSITORY,
    'last-ack': TRANSITORY,
    'time-wait': TRANSITORY,
    /** After RST as well (RFC 7857 2.2). */
    close: TRANSITORY,
  },
  tcpUnacknowledged: 7440 * SECOND,
  /** RFC 4787 REQ-5 c: five minutes are recommended, two the least. */
  udp: 300 * SECOND,
  udpStream: 300 * SECOND,
  udpStreamAge: 0,
  /** RFC 5508 REQ-2: at least 60 s. */
  icmp: 60 * SECOND,
  gre: 300 * SECOND,
  greStream: 300 * SECOND,
  generic: 300 * SECOND,
};
