/** What the application has sent and the peer has not acknowledged: the bytes, and the segments that carried them (RFC 6675 3, RFC 9293 3.8.1). */
import { TCP_FLAG } from '../../../wire/tcp';
import { ByteRing } from './byte-ring';
import { advance, after, before, distance } from './sequence';

/** A segment that is on its way, or was. */
export interface SentSegment {
  readonly sequence: number;
  /** The sequence number behind it. */
  readonly end: number;
  /** SYN and FIN, of TCP_FLAG. */
  readonly flags: number;
  /** When it was sent last, in ns. */
  sentAt: number;
  /** How often it was sent. */
  transmissions: number;
  /** The peer has it, out of order. */
  sacked: boolean;
  /** It is taken for lost. */
  lost: boolean;
  /** It was sent again since it was taken for lost. */
  retransmitted: boolean;
}

export class SendQueue {
  private readonly ring: ByteRing;
  private first = 0;
  private bytes = 0;
  /** Where writes of the application end, for PSH. */
  private readonly writeEnds: number[] = [];
  private readonly segments: SentSegment[] = [];
  private head = 0;
  /** Segments that the peer has out of order. */
  sacked = 0;
  lost = 0;
  retransmitted = 0;
  /** Where there is no SACK: duplicate acknowledgments, each of which means that a segment arrived out of order (tcp_add_reno_sack). */
  assumedSacked = 0;

  constructor(private readonly limit: number) {
    this.ring = new ByteRing(limit);
  }

  /** The first byte of data will have this sequence number. */
  start(sequence: number): void {
    this.first = sequence;
  }

  /** The sequence number behind the last byte the application gave. */
  get end(): number {
    return advance(this.first, this.bytes);
  }

  get room(): number {
    return this.limit - this.bytes;
  }

  /** Bytes that wait for their acknowledgment or to be sent. */
  get length(): number {
    return this.bytes;
  }

  /** Takes as much as there is room for, and returns how much that is. */
  write(data: Uint8Array): number {
    const taken = Math.min(data.length, this.room);
    if (taken > 0) {
      this.ring.write(this.bytes, taken === data.length ? data : data.subarray(0, taken));
      this.bytes += taken;
      this.writeEnds.push(this.end);
    }
    return taken;
  }

  /** A view of data, which holds until the next write. */
  data(sequence: number, length: number): Uint8Array {
    return this.ring.read(distance(this.first, sequence), length);
  }

  /** Whether a write of the application ends here. */
  isWriteEnd(sequence: number): boolean {
    for (const end of this.writeEnds) {
      if (!before(end, sequence)) {
        return end === sequence;
      }
    }
    return false;
  }

  /** Segments sent and not acknowledged. */
  get outstanding(): number {
    return this.segments.length - this.head;
  }

  /** Segments that are thought to be in the network (RFC 6675 4, SetPipe). */
  get inFlight(): number {
    return Math.max(0, this.outstanding - this.sacked - this.assumedSacked - this.lost + this.retransmitted);
  }

  /** The earliest segment that is not acknowledged. */
  get earliest(): SentSegment | undefined {
    return this.segments[this.head];
  }

  get latest(): SentSegment | undefined {
    return this.outstanding === 0 ? undefined : this.segments[this.segments.length - 1];
  }

  *sent(): IterableIterator<SentSegment> {
    for (let index = this.head; index < this.segments.length; index++) {
      const segment = this.segments[index];
      if (segment !== undefined) {
        yield segment;
      }
    }
  }

  /** Notes a segment that is sent for the first time. */
  add(sequence: number, end: number, flags: number, now: number): void {
    this.segments.push({
      sequence,
      end,
      flags,
      sentAt: now,
      transmissions: 1,
      sacked: false,
      lost: false,
      retransmitted: false,
    });
  }

  /** Lets go of everything before this sequence number; gives the segments that are whole now, earliest first. */
  acknowledge(sequence: number): readonly SentSegment[] {
    const gone: SentSegment[] = [];
    for (let segment = this.earliest; segment !== undefined && !after(segment.end, sequence);) {
      this.forget(segment);
      gone.push(segment);
      this.head++;
      segment = this.earliest;
    }
    this.trimEarliest(sequence);
    this.compact();
    const count = Math.min(Math.max(0, distance(this.first, sequence)), this.bytes);
    this.ring.discard(count);
    this.first = advance(this.first, count);
    this.bytes -= count;
    let passed = 0;
    while (passed < this.writeEnds.length && !after(this.writeEnds[passed] ?? 0, sequence)) {
      passed++;
    }
    if (passed > 0) {
      this.writeEnds.splice(0, passed);
    }
    return gone;
  }

  markSacked(segment: SentSegment): void {
    if (!segment.sacked) {
      this.forget(segment);
      segment.lost = false;
      segment.retransmitted = false;
      segment.sacked = true;
      this.sacked++;
    }
  }

  /** Takes a segment for lost that the peer is not known to have; one that was sent again is lost again. */
  markLost(segment: SentSegment): void {
    if (segment.retransmitted) {
      segment.retransmitted = false;
      this.retransmitted--;
    }
    if (!segment.sacked && !segment.lost) {
      segment.lost = true;
      this.lost++;
    }
  }

  markRetransmitted(segment: SentSegment, now: number): void {
    segment.sentAt = now;
    segment.transmissions++;
    if (!segment.retransmitted && !segment.sacked) {
      segment.retransmitted = true;
      this.retransmitted++;
    }
  }

  /** Takes back that anything is lost or came out of order. */
  clearMarks(): void {
    for (const segment of this.sent()) {
      segment.sacked = false;
      segment.lost = false;
      segment.retransmitted = false;
    }
    this.sacked = 0;
    this.lost = 0;
    this.retransmitted = 0;
    this.assumedSacked = 0;
  }

  /** Cuts segments that are larger than this many bytes of data, so that they can be sent again after the path became narrower. */
  split(segment: SentSegment, size: number): SentSegment {
    const dataEnd = advance(segment.end, (segment.flags & TCP_FLAG.fin) === 0 ? 0 : -1);
    const index = this.segments.indexOf(segment, this.head);
    if ((segment.flags & TCP_FLAG.syn) !== 0 || distance(segment.sequence, dataEnd) <= size || index < 0) {
      return segment;
    }
    const middle = advance(segment.sequence, size);
    const front: SentSegment = { ...segment, end: middle, flags: 0 };
    this.segments.splice(index, 1, front, { ...segment, sequence: middle });
    this.sacked += segment.sacked ? 1 : 0;
    this.lost += segment.lost ? 1 : 0;
    this.retransmitted += segment.retransmitted ? 1 : 0;
    return front;
  }

  /**
   * Makes one segment of this and those behind it that carry the rest of the same write, as far as the peer lacks them: Linux keeps what
   * one write gave in one buffer, and cuts that as a whole when it sends it again.
   */
  gather(segment: SentSegment): SentSegment {
    const first = this.segments.indexOf(segment, this.head);
    let last = first;
    for (;;) {
      const end = this.segments[last];
      const next = this.segments[last + 1];
      if (first < 0 || end === undefined || next === undefined || next.sacked || this.isWriteEnd(end.end)) {
        break;
      }
      last++;
    }
    const parts = this.segments.slice(first, last + 1);
    const behind = parts.at(-1);
    if (behind === undefined || parts.length === 1) {
      return segment;
    }
    parts.forEach(part => {
      this.forget(part);
    });
    const whole: SentSegment = {
      ...segment,
      end: behind.end,
      flags: parts.reduce((flags, part) => flags | part.flags, 0),
      lost: false,
      retransmitted: false,
    };
    this.segments.splice(first, parts.length, whole);
    return whole;
  }

  private forget(segment: SentSegment): void {
    this.sacked -= segment.sacked ? 1 : 0;
    this.lost -= segment.lost ? 1 : 0;
    this.retransmitted -= segment.retransmitted ? 1 : 0;
  }

  private trimEarliest(sequence: number): void {
    const { earliest } = this;
    if (earliest !== undefined && before(earliest.sequence, sequence)) {
      this.segments[this.head] = { ...earliest, sequence };
    }
  }

  private compact(): void {
    if (this.head === this.segments.length || this.head > 1024) {
      this.segments.splice(0, this.head);
      this.head = 0;
    }
  }
}
