/** Follows the stream of a record: what its two ends told each other, put together from all the records of it, in slices of time. */
import { ByteStream } from '../../trace/streams/byte-stream';
import type { Flow } from '../../trace/streams/flow';
import {
  datagramData,
  endsOf,
  segmentData,
  type SegmentData,
  type StreamEnd,
} from '../../trace/streams/flow-data';
import type { NumberedFlow } from '../../trace/streams/stream-index';
import type { TraceView } from '../trace-view';
import { FirstHops } from './first-hop';
import type { StreamNumbers } from './stream-numbers';

export type { StreamEnd } from '../../trace/streams/flow-data';

/** What one packet added to a stream. */
export interface StreamPart {
  readonly from: 'client' | 'server';
  readonly record: number;
  /** Virtual ns. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Bytes before these that no record holds: sent where nobody looked, or lost. */
  readonly missing: number;
}

/** A stream as its ends saw it. */
export interface FollowedStream {
  readonly protocol: Flow['protocol'];
  readonly number: number;
  /** Who began. */
  readonly client: StreamEnd;
  readonly server: StreamEnd;
  /** In the order of time. */
  readonly parts: readonly StreamPart[];
  /** There is more than is told. */
  readonly more: boolean;
}

/** Told of one stream at most. */
const MOST_BYTES = 262_144;
const MOST_PARTS = 2000;

/** Records looked at between two looks at the clock. */
const AT_ONCE = 256;

/** A packet of the stream, until it is known who the client is. */
interface Sent {
  readonly from: string;
  readonly record: number;
  readonly bytes: Uint8Array;
  readonly missing: number;
}

export class Follow {
  private readonly end: number;
  private next: number;
  private wanted: NumberedFlow | undefined;
  /** The ends of the stream, the client first, each as `address port`. */
  private ends: readonly [StreamEnd, StreamEnd] | undefined;
  private readonly directions = new Map<string, ByteStream>();
  private readonly sent: Sent[] = [];
  private readonly firstHops: FirstHops;
  private bytes = 0;
  private more = false;

  constructor(
    private readonly view: TraceView,
    private readonly streams: StreamNumbers,
    private readonly record: number,
  ) {
    this.end = view.end;
    this.next = view.oldest;
    this.firstHops = new FirstHops(view);
  }

  /** Goes on as long as there is time; true when the stream is known as far as it is recorded. */
  work(hasTime: () => boolean): boolean {
    const { view } = this;
    if (!this.isKept() || !this.streams.work(this.end, hasTime)) {
      return !this.isKept();
    }
    this.wanted ??= this.flowOf(this.record);
    if (this.wanted === undefined) {
      return true;
    }
    while (this.next < this.end) {
      this.next = Math.max(this.next, view.oldest);
      const until = Math.min(this.end, this.next + AT_ONCE);
      for (; this.next < until; this.next++) {
        this.look(this.next, this.wanted);
      }
      if (this.more) {
        return true;
      }
      if (!hasTime()) {
        break;
      }
    }
    return this.next >= this.end;
  }

  /** Undefined where the record is not kept, or in no stream. */
  get result(): FollowedStream | undefined {
    const { wanted, ends } = this;
    if (wanted === undefined || ends === undefined) {
      return undefined;
    }
    this.takeRest();
    const [client, server] = ends;
    const parts = this.sent
      .toSorted((one, other) => one.record - other.record)
      .map(({ from, record, bytes, missing }): StreamPart => {
        const side = from === keyOf(client) ? 'client' : 'server';
        return { from: side, record, time: this.timeOf(record), bytes, missing };
      });
    return { protocol: wanted.flow.protocol, number: wanted.stream, client, server, parts, more: this.more };
  }

  private isKept(): boolean {
    return Number.isInteger(this.record) && this.record >= this.view.oldest && this.record < this.end;
  }

  private timeOf(record: number): number {
    return record >= this.view.oldest ? this.view.time(record) : Number.NaN;
  }

  /** The innermost flow that is not quoted, or else the quoted one. */
  private flowOf(record: number): NumberedFlow | undefined {
    const flows = this.streams.of(record, this.view.frame(record), this.view.linkType(record));
    return flows.findLast(({ flow }) => !flow.quoted) ?? flows.at(-1);
  }

  private look(record: number, wanted: NumberedFlow): void {
    const bytes = this.view.frame(record);
    const found = this.streams
      .of(record, bytes, this.view.linkType(record))
      .find(
        ({ flow, stream }) =>
          !flow.quoted && stream === wanted.stream && flow.protocol === wanted.flow.protocol,
      );
    if (found === undefined) {
      return;
    }
    const { flow } = found;
    const [source, destination] = endsOf(bytes, flow);
    if (flow.protocol === 'tcp') {
      const segment = segmentData(bytes, flow);
      this.ends ??= segment.isAnswer ? [destination, source] : [source, destination];
      this.takeSegment(record, segment, keyOf(source));
    } else {
      this.ends ??= [source, destination];
      this.takeDatagram(record, datagramData(bytes, flow), keyOf(source));
    }
  }

  /** A datagram crosses many cables; the first counts. */
  private takeDatagram(record: number, bytes: Uint8Array, from: string): void {
    if (bytes.length > 0 && this.firstHops.has(record)) {
      this.add({ from, record, bytes, missing: 0 });
    }
  }

  /** A segment seen again, on its next hop or sent again, adds nothing. */
  private takeSegment(record: number, { sequence, isSyn, data }: SegmentData, from: string): void {
    let direction = this.directions.get(from);
    if (direction === undefined) {
      direction = new ByteStream();
      this.directions.set(from, direction);
    }
    for (const piece of direction.take(record, sequence, isSyn, data)) {
      this.add({ from, ...piece });
    }
  }

  /** What lies behind a hole. */
  private takeRest(): void {
    for (const [from, direction] of this.directions) {
      for (const piece of direction.takeRest()) {
        this.add({ from, ...piece });
      }
    }
  }

  private add(sent: Sent): void {
    if (this.bytes + sent.bytes.length > MOST_BYTES || this.sent.length >= MOST_PARTS) {
      this.more = true;
      return;
    }
    this.bytes += sent.bytes.length;
    this.sent.push(sent);
  }
}

function keyOf({ address, port }: StreamEnd): string {
  return `${address} ${port}`;
}
