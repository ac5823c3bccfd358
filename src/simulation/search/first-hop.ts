/** Which records are a packet's first hop: those that are not the packet of their cause, passed on. The rules are those of a journey. */
import { dissect } from '../../trace/dissect/dissect';
import { PlainFrame } from '../../trace/filter/plain-frame';
import { continues } from '../../trace/journey/continuation';
import { continuesPlainly } from '../../trace/journey/plain-continuation';
import type { TraceView } from '../trace-view';

export class FirstHops {
  constructor(private readonly view: TraceView) {}

  /** Whether the packet sets out with this record, which must be kept. Where its cause is forgotten nobody can say, and it counts. */
  has(record: number): boolean {
    const { view } = this;
    const cause = view.cause(record);
    if (cause < view.oldest) {
      return true;
    }
    if (view.sameFrame(cause, record)) {
      return false;
    }
    // Copies: a frame is in place only until the next one is looked at.
    const [before, after] = [view.bytes(cause), view.bytes(record)];
    const [from, to] = [view.linkType(cause), view.linkType(record)];
    const plainBefore = PlainFrame.read(before, from);
    const plainAfter = PlainFrame.read(after, to);
    if (plainBefore !== undefined && plainAfter !== undefined) {
      return !continuesPlainly(plainBefore, plainAfter);
    }
    return !continues(
      { bytes: before, layers: dissect(before, from).layers },
      { bytes: after, layers: dissect(after, to).layers },
    );
  }
}
