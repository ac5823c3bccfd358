/** The state of one connection (RFC 9293 3.3.1, the transmission control block), and what it tells the outside. */
import { CongestionControl } from './congestion-control';
import { DelayedAcknowledgment } from './delayed-acknowledgment';
import type { TcpPolicy } from './policy';
import { ReceiveQueue } from './receive-queue';
import { ReceiveWindow } from './receive-window';
import { RoundTripTime } from './round-trip-time';
import type { Segment } from './segment';
import { SendQueue } from './send-queue';

/** RFC 9293 3.3.2. LISTEN belongs to listeners. */
export type ConnectionState =
  | 'closed'
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait';

/** Why a connection ended other than by closing. */
export type ConnectionFailure =
  /** A RST answered the SYN. */
  | 'refused'
  /** A RST ended it. */
  | 'reset'
  /** The peer did not answer for too long. */
  | 'timed-out'
  /** ICMP says that the destination cannot be reached. */
  | 'unreachable';

export type ConnectionEvent =
  | { readonly kind: 'connected' }
  /** Data can be read. */
  | { readonly kind: 'readable' }
  /** There is room for data again. */
  | { readonly kind: 'writable' }
  /** The peer sends no more. */
  | { readonly kind: 'peer-closed' }
  /** Both sides have closed. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly why: ConnectionFailure };

/** Where the segments of a connection go. */
export interface SegmentOutput {
  /** Sends now; the data of the segment is a view that must not be kept. */
  transmit(segment: Segment): void;
}

/** How far along loss recovery is (Linux tcp_ca_state). */
export type RecoveryPhase =
  | 'open'
  /** Something came out of order; perhaps lost. */
  | 'disorder'
  /** Fast recovery (RFC 5681 3.2, RFC 6582, RFC 6675). */
  | 'recovery'
  /** After a time-out. */
  | 'loss';

/** What a connection needs of its path. */
export interface PathLimits {
  /** Data bytes of a segment without options that fit the path. */
  readonly segmentSize: number;
  /** Data bytes of a segment without options that fit the interface, which the MSS option tells the peer. */
  readonly offeredSegmentSize: number;
}

/** RFC 9293 3.7.1: the MSS of a peer that names none, over IPv4. */
export const DEFAULT_SEGMENT_SIZE = 536;

export class ControlBlock {
  state: ConnectionState = 'closed';
  readonly events: ConnectionEvent[] = [];

  // Send sequence variables.
  initialSend = 0;
  /** SND.UNA */
  unacknowledged = 0;
  /** SND.NXT */
  sendNext = 0;
  /** SND.WND, bytes. */
  sendWindow = 0;
  /** SND.WL1 and SND.WL2 */
  windowSequence = 0;
  windowAcknowledgment = 0;
  largestSendWindow = 0;

  // Receive sequence variables. RCV.NXT is in `receiveQueue`.
  initialReceive = 0;

  // What was agreed in the handshake.
  sendShift = 0;
  scaling = false;
  selective: boolean;
  timestamps: boolean;
  /** The MSS that the peer told. */
  peerSegmentSize = DEFAULT_SEGMENT_SIZE;
  /** Added to the clock in milliseconds to make TSval. */
  timestampOffset = 0;
  /** TS.Recent, and when it was noted in ns. */
  recentTimestamp = 0;
  recentTimestampAt = 0;
  /** Last.ACK.sent (RFC 7323 4.3). */
  lastAcknowledgmentSent = 0;

  // Queues and estimators.
  readonly sendQueue: SendQueue;
  readonly receiveQueue: ReceiveQueue;
  readonly receiveWindow: ReceiveWindow;
  readonly roundTrip: RoundTripTime;
  readonly congestion: CongestionControl;
  readonly delayed = new DelayedAcknowledgment();

  // Loss recovery.
  phase: RecoveryPhase = 'open';
  /** Recovery is over when this is acknowledged: RecoveryPoint of RFC 6675. */
  recoveryPoint = 0;
  /** Duplicate acknowledgments where there is no SACK. */
  duplicates = 0;
  /** RACK (RFC 8985 5.2): when the segment that was sent last of all that arrived was sent, its end, and its round trip; ns. */
  rackSentAt = Number.NEGATIVE_INFINITY;
  rackEnd = 0;
  rackRoundTrip = 0;
  /** Segments have overtaken each other. */
  reorderingSeen = false;
  /** The end of the furthest segment that the peer has out of order. */
  furthestSacked: number | undefined;
  /** Segments that RACK gives a little more time are looked at again, ns. */
  reorderingAt: number | undefined;
  /** The window, not the application, limited what was sent last. */
  congestionLimited = false;
  /** Proportional rate reduction (RFC 9937): delivered and sent since recovery began, and the window then. */
  delivered = 0;
  sentInRecovery = 0;
  windowBefore = 0;
  /** When data was sent last, ns. */
  lastSent = 0;

  // Retransmission timer.
  /** Time-outs in a row. */
  timeouts = 0;
  /** Doublings of the time-out. */
  backoff = 0;
  /** When what is being sent again was first sent again, ns. */
  retransmittingSince: number | undefined;
  /** A tail loss probe is due, ns. */
  lossProbeAt: number | undefined;
  /** The end of what the tail loss probe was for; one is on its way while this is not acknowledged. */
  lossProbeEnd: number | undefined;
  /** The probe was data sent again, not new data. */
  lossProbeRepeats = false;
  /** Window probes without an answer. */
  probes = 0;
  keepAlivesSent = 0;
  /** When it began, ns. */
  openedAt = 0;
  /** When something last came, ns. */
  lastHeard = 0;
  /** When a segment that was not acceptable was last answered, ns. */
  lastInvalidAnswer = Number.NEGATIVE_INFINITY;

  // Deadlines in ns; undefined while off.
  retransmitAt: number | undefined;
  probeAt: number | undefined;
  acknowledgeAt: number | undefined;
  keepAliveAt: number | undefined;
  /** FIN-WAIT-2 or TIME-WAIT ends. */
  expiresAt: number | undefined;

  // What the user asked for.
  noDelay = false;
  keepAlive = false;
  /** How long data may stay without acknowledgment, ns (RFC 5482, TCP_USER_TIMEOUT); as `dataRetries` says where absent. */
  userTimeout: number | undefined;
  /** This side sent the first SYN. */
  activeOpen = false;
  /** No more data will be given: a FIN follows the last. */
  finQueued = false;
  /** SND.NXT is behind our FIN. */
  finSent = false;
  /** The application will read nothing any more: data that comes is answered with RST. */
  receiveClosed = false;
  /** The application was told of the peer's FIN. */
  peerClosed = false;
  /** The end of the last segment that was smaller than it could have been (Minshall's variation of Nagle's algorithm). */
  lastSmall: number | undefined;
  /** What ICMP said last of a connection that is trying (RFC 1122 4.2.3.9: a soft error). */
  softError: ConnectionFailure | undefined;
  /** A duplicate to report (RFC 2883). */
  duplicateBlock: { readonly left: number; readonly right: number } | undefined;
  /** A send was cut short, so the application waits for room. */
  wantsRoom = false;

  constructor(
    readonly policy: TcpPolicy,
    readonly localPort: number,
    readonly remotePort: number,
    public path: PathLimits,
    readonly output: SegmentOutput,
  ) {
    this.selective = policy.selectiveAcknowledgment;
    this.timestamps = policy.timestamps;
    this.sendQueue = new SendQueue(policy.sendBuffer);
    this.receiveQueue = new ReceiveQueue(policy.receiveWindowMaximum + WINDOW_ROUNDING);
    this.receiveWindow = new ReceiveWindow(policy);
    this.roundTrip = new RoundTripTime(policy);
    this.congestion = new CongestionControl(policy.congestionControl, policy.initialCongestionWindow);
  }

  /** RCV.NXT */
  get receiveNext(): number {
    return this.receiveQueue.receiveNext;
  }

  /** The MSS option that this side sends. */
  get offeredSegmentSize(): number {
    return this.policy.offeredSegmentSize ?? this.path.offeredSegmentSize;
  }

  /** Bytes of data in one full segment. */
  get segmentSize(): number {
    const size = Math.min(this.peerSegmentSize, this.path.segmentSize, this.policy.largestSegment);
    return Math.max(1, this.timestamps ? size - TIMESTAMP_OPTION_BYTES : size);
  }

  /** When the next timer is due, ns. */
  get deadline(): number | undefined {
    let earliest = Number.POSITIVE_INFINITY;
    earliest = Math.min(earliest, this.retransmitAt ?? earliest);
    earliest = Math.min(earliest, this.reorderingAt ?? earliest);
    earliest = Math.min(earliest, this.lossProbeAt ?? earliest);
    earliest = Math.min(earliest, this.probeAt ?? earliest);
    earliest = Math.min(earliest, this.acknowledgeAt ?? earliest);
    earliest = Math.min(earliest, this.keepAliveAt ?? earliest);
    earliest = Math.min(earliest, this.expiresAt ?? earliest);
    return earliest === Number.POSITIVE_INFINITY ? undefined : earliest;
  }

  tell(event: ConnectionEvent): void {
    this.events.push(event);
  }
}

/** A scaled window may be this much larger than what it stands for. */
const WINDOW_ROUNDING = 1 << 14;

/** Timestamps take 12 bytes of every segment. */
const TIMESTAMP_OPTION_BYTES = 12;
