/** `capture: { at: NODE:INTERFACE, filter, count }`: how many frames passed a point since the scenario began. */
import type { ResolvedCaptureStep } from '../../topology/resolved';
import { compileFilter } from '../../trace/filter/filter';
import { StreamIndex } from '../../trace/streams/stream-index';
import type { StepContext, StepEnded } from './step-context';

const COMPARISONS: Record<
  ResolvedCaptureStep['count']['comparison'],
  { readonly holds: (found: number, value: number) => boolean; readonly words: string }
> = {
  exactly: { holds: (found, value) => found === value, words: '' },
  'at-least': { holds: (found, value) => found >= value, words: 'at least ' },
  'at-most': { holds: (found, value) => found <= value, words: 'at most ' },
};

export function runCapture(
  { device, port, filter = '', count }: ResolvedCaptureStep,
  { trace, firstRecord }: StepContext,
  ended: StepEnded,
): void {
  const compiled = compileFilter(filter);
  if ('problem' in compiled) {
    ended(false, `filter “${filter}”: ${compiled.problem.message}`);
    return;
  }
  let found = 0;
  // Streams are numbered as in a capture at this point.
  const streams = compiled.needsStreams ? new StreamIndex() : undefined;
  for (let record = Math.max(firstRecord, trace.oldest); record < trace.end; record++) {
    if (trace.passed(record, device, port)) {
      const { bytes, linkType, dissection } = trace.frame(record);
      const { layers } = dissection;
      streams?.add(record, bytes, linkType);
      const flows = streams?.streamsOf(record, bytes, linkType) ?? [];
      const packet = { bytes, layers, number: record, interfaceName: `${device}:${port}`, flows };
      found += compiled.matches(packet) ? 1 : 0;
    }
  }
  const { holds, words } = COMPARISONS[count.comparison];
  const line = `${found} frames at ${device}:${port}${filter === '' ? '' : ` with ${filter}`}`;
  const passed = holds(found, count.value);
  ended(passed, passed ? line : `${line} (expected ${words}${count.value})`);
}
