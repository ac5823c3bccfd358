/** Segments that a port sent again. */
import { segmentOf, wasIn } from '../../trace/streams/segment';
import type { TraceView } from '../trace-view';

/** Records before a segment among which the earlier one is looked for: some tens of microseconds of work. */
const LOOK_BACK = 8192;

/**
 * Whether the first of the sequence numbers that this record's segment takes up was sent by the same port and in the same connection
 * before, among the records just before it; also in a larger segment, as after a path MTU was learned. A segment that takes up none, such as a keep-alive of Linux, is none.
 */
export function isRetransmission(view: TraceView, record: number): boolean {
  const segment = segmentOf(view.bytes(record), view.linkType(record));
  if (segment === undefined || segment.taken === 0 || view.dropReason(record) !== undefined) {
    return false;
  }
  const port = view.port(record);
  const first = Math.max(view.oldest, record - LOOK_BACK);
  for (let earlier = record - 1; earlier >= first; earlier--) {
    if (view.port(earlier) === port && view.dropReason(earlier) === undefined) {
      const other = segmentOf(view.frame(earlier), view.linkType(earlier));
      if (other !== undefined && wasIn(segment, other)) {
        return true;
      }
    }
  }
  return false;
}
