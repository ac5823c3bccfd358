/**
 * One TCP connection as a state machine (RFC 9293 3.10): segments, user calls and time go in, segments and events come out. It knows nothing
 * of IP, devices or the simulator: the owner passes the time, transmits what it is given, asks for the next deadline and takes the events.
 */
import { TCP_FLAG } from '../../../wire/tcp';
import { fail, restartKeepAlive, stop } from './connection-end';
import { timerExpired } from './connection-timers';
import {
  ControlBlock,
  type ConnectionEvent,
  type ConnectionFailure,
  type ConnectionState,
  type PathLimits,
  type SegmentOutput,
} from './control-block';
import { arrivedInSynSent, openActive, openPassive } from './handshake';
import type { TcpPolicy } from './policy';
import { arrivedInTimeWait, mayReplace } from './time-wait';
import type { Segment } from './segment';
import { segmentArrived } from './segment-arrival';
import { advance, after, before } from './sequence';
import { retransmit, transmitAcknowledgment, transmitAllowed, transmitReset } from './transmission';
import { discarded, type Verdict } from './verdict';

/** The two ports, and where TSval counts from. */
export interface ConnectionIdentity {
  readonly localPort: number;
  readonly remotePort: number;
  readonly timestampOffset: number;
}

export class Connection {
  private readonly tcb: ControlBlock;

  constructor(policy: TcpPolicy, identity: ConnectionIdentity, path: PathLimits, output: SegmentOutput) {
    this.tcb = new ControlBlock(policy, identity.localPort, identity.remotePort, path, output);
    this.tcb.timestampOffset = identity.timestampOffset;
  }

  get state(): ConnectionState {
    return this.tcb.state;
  }

  /** When `timeout` wants to be called, ns; undefined for never. */
  get deadline(): number | undefined {
    return this.tcb.deadline;
  }

  /** Sends a SYN. */
  open(initialSequence: number, now: number): void {
    openActive(this.tcb, initialSequence, now);
  }

  /** Answers a peer's SYN. */
  answer(syn: Segment, initialSequence: number, now: number): void {
    openPassive(this.tcb, syn, initialSequence, now);
  }

  /** There is no way to the peer: fails before anything is sent. */
  failToOpen(): void {
    fail(this.tcb, 'unreachable');
  }

  /** Whether a SYN begins a new connection in the place of this one, which is in TIME-WAIT. */
  mayBeReplaced(segment: Segment): boolean {
    return mayReplace(this.tcb, segment);
  }

  receive(segment: Segment, now: number): Verdict {
    const { tcb } = this;
    switch (tcb.state) {
      case 'closed':
        return discarded('tcp-not-acceptable');
      case 'syn-sent':
        return arrivedInSynSent(tcb, segment, now);
      case 'time-wait':
        return arrivedInTimeWait(tcb, segment, now);
      case 'syn-received':
      case 'established':
      case 'fin-wait-1':
      case 'fin-wait-2':
      case 'close-wait':
      case 'closing':
      case 'last-ack':
        return segmentArrived(tcb, segment, now);
    }
  }

  /** Does what is due. */
  timeout(now: number): void {
    timerExpired(this.tcb, now);
  }

  /** Takes the events since the last call, in order. */
  takeEvents(): readonly ConnectionEvent[] {
    return this.tcb.events.splice(0);
  }

  /** Gives data to send; returns how many bytes there was room for. The event `writable` follows when it was not all. */
  write(data: Uint8Array, now: number): number {
    const { tcb } = this;
    if (tcb.finQueued || !maySend(tcb.state)) {
      return 0;
    }
    const taken = tcb.sendQueue.write(data);
    tcb.wantsRoom = taken < data.length;
    this.push(now);
    return taken;
  }

  /** Bytes that `write` would take. */
  get room(): number {
    return this.tcb.sendQueue.room;
  }

  /** Bytes that wait to be read. */
  get readable(): number {
    return this.tcb.receiveQueue.readable;
  }

  /** Takes up to this many bytes: a view that holds until the next call of anything here. */
  read(most: number, now: number): Uint8Array {
    const { tcb } = this;
    const { receiveQueue, receiveWindow, delayed } = tcb;
    const data = receiveQueue.read(most);
    if (data.length > 0 && mayAcknowledge(tcb.state)) {
      receiveWindow.adjust(advance(tcb.receiveNext, -receiveQueue.readable), now, tcb.roundTrip.smoothed);
      const drained = receiveQueue.readable === 0;
      const told =
        (drained && delayed.dueWhenRead) ||
        receiveWindow.worthTelling(tcb.receiveNext, receiveQueue.occupied, delayed.segmentSize);
      if (told) {
        transmitAcknowledgment(tcb, now);
      }
    }
    return data;
  }

  /** The program has been given what a segment brought: acknowledges it, where the policy wants that now. */
  acknowledgeWhenRead(now: number): void {
    const { tcb } = this;
    if (tcb.policy.acknowledgment === 'when-read' && tcb.delayed.scheduled && mayAcknowledge(tcb.state)) {
      transmitAcknowledgment(tcb, now);
    }
  }

  /** No more data will be sent: a FIN follows the last byte (RFC 9293 3.10.4). Receiving goes on. */
  finish(now: number): void {
    const { tcb } = this;
    if (tcb.finQueued) {
      return;
    }
    switch (tcb.state) {
      case 'syn-sent':
        stop(tcb);
        return;
      case 'syn-received':
      case 'established':
        tcb.finQueued = true;
        tcb.state = tcb.state === 'established' ? 'fin-wait-1' : tcb.state;
        break;
      case 'close-wait':
        tcb.finQueued = true;
        tcb.state = 'last-ack';
        break;
      case 'closed':
      case 'fin-wait-1':
      case 'fin-wait-2':
      case 'closing':
      case 'last-ack':
      case 'time-wait':
        return;
    }
    this.push(now);
  }

  /** The application is done: sends a FIN, or a RST where it leaves data unread (RFC 2525 2.17; tcp_close). */
  close(now: number): void {
    const { tcb } = this;
    if (tcb.receiveQueue.readable > 0 && maySend(tcb.state)) {
      this.abort(now);
      return;
    }
    tcb.receiveClosed = true;
    this.finish(now);
    if (tcb.state === 'fin-wait-2') {
      tcb.expiresAt = now + tcb.policy.finWait2;
    }
  }

  /** Ends it at once with a RST (RFC 9293 3.10.5). */
  abort(now: number): void {
    const { tcb } = this;
    if (mayAcknowledge(tcb.state) && tcb.state !== 'time-wait') {
      transmitReset(tcb, now);
    }
    stop(tcb);
  }

  /** Turns Nagle's algorithm off or on (TCP_NODELAY). */
  setNoDelay(on: boolean, now: number): void {
    this.tcb.noDelay = on;
    this.push(now);
  }

  setKeepAlive(on: boolean, now: number): void {
    this.tcb.keepAlive = on;
    if (mayAcknowledge(this.tcb.state)) {
      restartKeepAlive(this.tcb, now);
    }
  }

  /** How long data may stay without acknowledgment, ns. */
  set userTimeout(time: number | undefined) {
    this.tcb.userTimeout = time;
  }

  /**
   * ICMP says that a segment of this connection did not arrive (RFC 5461; tcp_v4_err).
   * @param sequence of the segment that the error quotes
   */
  unreachable(sequence: number, why: ConnectionFailure): void {
    const { tcb } = this;
    if (before(sequence, tcb.unacknowledged) || after(sequence, tcb.sendNext)) {
      return;
    }
    if (tcb.state === 'syn-sent' || tcb.state === 'syn-received') {
      fail(tcb, why);
    } else {
      // An opened connection survives: the trouble may pass (RFC 1122 4.2.3.9).
      tcb.softError = why;
    }
  }

  /** The path carries less than was thought: what is on its way and too large is sent again at once (RFC 1191 6.4; tcp_simple_retransmit). */
  narrowed(path: PathLimits, now: number): void {
    const { tcb } = this;
    const sizeBefore = tcb.segmentSize;
    tcb.path = path;
    if (tcb.segmentSize >= sizeBefore || tcb.state === 'syn-sent' || tcb.state === 'syn-received') {
      return;
    }
    // What no longer fits is lost, and is cut anew with all that its write gave (tcp_simple_retransmit; measured).
    for (let past: number | undefined = tcb.unacknowledged; past !== undefined;) {
      const from: number = past;
      const tooLarge = [...tcb.sendQueue.sent()].find(({ sequence, end, sacked, flags }) => {
        const isLarge = (end - sequence) >>> 0 > tcb.segmentSize && (flags & TCP_FLAG.syn) === 0;
        return !sacked && isLarge && !before(sequence, from);
      });
      const whole = tooLarge && tcb.sendQueue.gather(tooLarge);
      past = whole?.end;
      for (let at = whole?.sequence; at !== undefined && at !== past;) {
        const piece = [...tcb.sendQueue.sent()].find(each => each.sequence === at);
        at = piece === undefined ? undefined : retransmit(tcb, piece, now);
      }
    }
    transmitAllowed(tcb, now);
  }

  private push(now: number): void {
    const { state } = this.tcb;
    if (state !== 'syn-sent' && state !== 'syn-received' && state !== 'closed' && state !== 'time-wait') {
      transmitAllowed(this.tcb, now);
    }
  }
}

/** Whether data may still be given. */
function maySend(state: ConnectionState): boolean {
  return (
    state === 'syn-sent' || state === 'syn-received' || state === 'established' || state === 'close-wait'
  );
}

/** Whether the peer knows of the connection. */
function mayAcknowledge(state: ConnectionState): boolean {
  return state !== 'closed' && state !== 'syn-sent';
}
