/**
 * The numbers of the streams in a trace, found out when somebody first asks, and from then on as records come. They count from the
 * oldest record that was kept then: all of them, unless the run had grown beyond what is kept.
 */
import { StreamIndex, type NumberedFlow } from '../../trace/streams/stream-index';
import type { TraceView } from '../trace-view';

/** Records taken between two looks at the clock. */
const AT_ONCE = 512;

export class StreamNumbers {
  private readonly index = new StreamIndex();
  private next: number;

  constructor(private readonly view: TraceView) {
    this.next = view.oldest;
  }

  /** Takes every record up to this one, which must be the next one to be taken or an earlier one to cost little. */
  takeTo(record: number): void {
    while (this.next <= record) {
      this.take();
    }
  }

  /** Takes records before `end` as long as there is time; true when all are taken. */
  work(end: number, hasTime: () => boolean): boolean {
    while (this.next < end) {
      for (let taken = 0; taken < AT_ONCE && this.next < end; taken++) {
        this.take();
      }
      if (!hasTime()) {
        return this.next >= end;
      }
    }
    return true;
  }

  /** The flows of a record that was taken, whose frame and link type these are. */
  of(record: number, bytes: Uint8Array, linkType: number): readonly NumberedFlow[] {
    return this.index.streamsOf(record, bytes, linkType);
  }

  private take(): void {
    const record = Math.max(this.next, this.view.oldest);
    this.index.add(record, this.view.frame(record), this.view.linkType(record));
    this.next = record + 1;
  }
}
