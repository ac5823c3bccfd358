/**
 * What a machine between two others sees of their TCP connection (net/netfilter/nf_conntrack_proto_tcp.c; states and transitions
 * measured on Linux 6.18). The state is the laggard of both ends' views, since either may miss what passes here. Sequence numbers matter
 * only where data is unacknowledged: as with nf_conntrack_tcp_be_liberal 1, a segment outside the window is not found invalid.
 */
import { TCP_FLAG } from '../../../../wire/tcp';

export type TcpState =
  | 'syn-sent'
  /** Both ends sent a SYN: a simultaneous open. */
  | 'syn-sent2'
  | 'syn-recv'
  | 'established'
  /** One FIN was seen. */
  | 'fin-wait'
  /** … and acknowledged. */
  | 'close-wait'
  /** Both FINs were seen. */
  | 'last-ack'
  | 'time-wait'
  /** A RST was seen. */
  | 'close';

/** What a segment is by its flags; a RST says no more, a SYN beats FIN and ACK. */
export type SegmentKind = 'syn' | 'syn-ack' | 'fin' | 'ack' | 'rst';

/** How a segment changes the state; what is missing is invalid, and `same` leaves the state as it is. */
type Transitions = Readonly<Partial<Record<TcpState, TcpState | 'same'>>>;

const TO_CLOSE: Transitions = {
  'syn-sent': 'close',
  'syn-sent2': 'close',
  'syn-recv': 'close',
  established: 'close',
  'fin-wait': 'close',
  'close-wait': 'close',
  'last-ack': 'close',
  'time-wait': 'close',
  close: 'close',
};

const TO_FIN: Transitions = {
  'syn-recv': 'fin-wait',
  established: 'fin-wait',
  'fin-wait': 'last-ack',
  'close-wait': 'last-ack',
  'last-ack': 'last-ack',
  'time-wait': 'time-wait',
  close: 'close',
};

const TO_ACK: Transitions = {
  established: 'established',
  'fin-wait': 'close-wait',
  'close-wait': 'close-wait',
  'last-ack': 'time-wait',
  'time-wait': 'time-wait',
  close: 'close',
};

/** A SYN or SYN-ACK that comes again or too late. */
const IGNORED: Transitions = {
  'syn-recv': 'same',
  established: 'same',
  'fin-wait': 'same',
  'close-wait': 'same',
  'last-ack': 'same',
};

/** From the end that began the connection. */
const ORIGINAL: Readonly<Record<SegmentKind, Transitions>> = {
  syn: { ...IGNORED, 'syn-sent': 'syn-sent', 'syn-sent2': 'syn-sent2' },
  'syn-ack': { 'syn-sent2': 'syn-recv', 'syn-recv': 'syn-recv' },
  fin: TO_FIN,
  ack: { ...TO_ACK, 'syn-recv': 'established' },
  rst: TO_CLOSE,
};

/** From the other end. */
const REPLY: Readonly<Record<SegmentKind, Transitions>> = {
  syn: { 'syn-sent': 'syn-sent2', 'syn-sent2': 'syn-sent2' },
  'syn-ack': {
    ...IGNORED,
    'syn-sent': 'syn-recv',
    'syn-sent2': 'syn-recv',
    'time-wait': 'same',
    close: 'same',
  },
  fin: TO_FIN,
  // An answer to a SYN that only acknowledges belongs to an older connection; its RST will tell (RFC 9293 3.5.1).
  ack: { ...TO_ACK, 'syn-sent': 'same', 'syn-sent2': 'same', 'syn-recv': 'syn-recv' },
  rst: TO_CLOSE,
};

/** Flags that may stand together, apart from PSH, ECE and CWR (tcp_valid_flags). */
const VALID_FLAGS: ReadonlySet<number> = new Set([
  TCP_FLAG.syn,
  TCP_FLAG.syn | TCP_FLAG.urg,
  TCP_FLAG.syn | TCP_FLAG.ack,
  TCP_FLAG.rst,
  TCP_FLAG.rst | TCP_FLAG.ack,
  TCP_FLAG.fin | TCP_FLAG.ack,
  TCP_FLAG.fin | TCP_FLAG.ack | TCP_FLAG.urg,
  TCP_FLAG.ack,
  TCP_FLAG.ack | TCP_FLAG.urg,
]);

const JUDGED_FLAGS = TCP_FLAG.fin | TCP_FLAG.syn | TCP_FLAG.rst | TCP_FLAG.ack | TCP_FLAG.urg;

/** Undefined for flags that make no sense together, or none. */
export function segmentKind(flags: number): SegmentKind | undefined {
  if (!VALID_FLAGS.has(flags & JUDGED_FLAGS)) {
    return undefined;
  }
  if ((flags & TCP_FLAG.rst) !== 0) {
    return 'rst';
  }
  if ((flags & TCP_FLAG.syn) !== 0) {
    return (flags & TCP_FLAG.ack) === 0 ? 'syn' : 'syn-ack';
  }
  return (flags & TCP_FLAG.fin) === 0 ? 'ack' : 'fin';
}

/** What connection tracking reads of a segment. */
export interface TrackedSegment {
  readonly kind: SegmentKind;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Sequence numbers it takes: data, SYN and FIN. */
  readonly length: number;
}

/** The state that a first segment begins with: a SYN, or with nf_conntrack_tcp_loose 1 an ACK of a connection older than this table. */
export function firstState(kind: SegmentKind): TcpState | undefined {
  return kind === 'syn' ? 'syn-sent' : kind === 'ack' ? 'established' : undefined;
}

/** @returns the next state, `same` when the segment is let through but changes nothing; undefined when it is invalid in this state */
export function nextState(
  state: TcpState,
  isReply: boolean,
  kind: SegmentKind,
): TcpState | 'same' | undefined {
  return (isReply ? REPLY : ORIGINAL)[kind][state];
}

/** Whether a SYN in this state begins another connection between the same ends (RFC 1122 4.2.2.13). */
export function mayBeginAgain(state: TcpState, isReply: boolean): boolean {
  return state === 'time-wait' || (state === 'close' && !isReply);
}

/** How far one end has sent. */
interface Sender {
  /** The sequence number behind the last; undefined before the first segment. */
  end: number | undefined;
  unacknowledged: boolean;
}

export class TcpTracking {
  private readonly originalSender: Sender = { end: undefined, unacknowledged: false };
  private readonly replySender: Sender = { end: undefined, unacknowledged: false };

  constructor(public state: TcpState) {}

  /** Whether an end waits for the other's acknowledgment of data. */
  get unacknowledged(): boolean {
    return this.originalSender.unacknowledged || this.replySender.unacknowledged;
  }

  /** Notes what a segment sends and acknowledges. */
  note(segment: TrackedSegment, isReply: boolean): void {
    const [sender, receiver] = isReply
      ? [this.replySender, this.originalSender]
      : [this.originalSender, this.replySender];
    const { kind, sequence, acknowledgment, length } = segment;
    const end = (sequence + length) >>> 0;
    if (kind === 'rst') {
      return;
    }
    if (sender.end === undefined || kind === 'syn' || kind === 'syn-ack') {
      sender.end = end;
    } else if (isAfter(end, sender.end)) {
      sender.end = end;
      sender.unacknowledged = true;
    }
    if (kind !== 'syn' && receiver.end === acknowledgment) {
      receiver.unacknowledged = false;
    }
  }
}

/** Whether sequence number `one` lies behind `other`, modulo 2^32 (RFC 9293 3.4). */
function isAfter(one: number, other: number): boolean {
  return ((one - other) | 0) > 0;
}
