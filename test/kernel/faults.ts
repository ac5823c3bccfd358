/** Proves of a comparison that found nothing that it would have found something: what the simulation did is changed, bit by bit. */
import type { Capture, CapturedFrame } from './capture';
import type { Comparison } from './comparison';
import { fieldsOf, withoutPlace } from './frame-fields';
import { FREE_FIELDS } from './freedom';

/**
 * Changes one bit in each field of the last frame at each point, one at a time, and takes the frame away.
 * @returns what the comparison did not notice
 */
export function unnoticedFaults(
  kernel: Capture,
  engine: Capture,
  compare: (kernel: Capture, engine: Capture) => Comparison,
): string[] {
  return [...engine.points].flatMap(([point, frames]) => {
    const last = frames.at(-1);
    if (last === undefined) {
      return [];
    }
    const others = frames.slice(0, -1);
    const isUnnoticed = (changed: readonly CapturedFrame[]): boolean =>
      compare(only(kernel, point, kernel.points.get(point) ?? []), only(engine, point, changed)).differences
        .length === 0;
    const fields = fieldsOf(last.bytes).filter(({ name }) => !isFree(name));
    return [
      ...(isUnnoticed(others) ? [`${point}: the last frame is missing`] : []),
      ...fields
        .filter(({ start, length }) => isUnnoticed([...others, withBitFlipped(last, start + length - 1)]))
        .map(({ name }) => `${point}: ${name}`),
    ];
  });
}

function only({ actions }: Capture, point: string, frames: readonly CapturedFrame[]): Capture {
  return { points: new Map([[point, frames]]), actions };
}

function withBitFlipped(frame: CapturedFrame, at: number): CapturedFrame {
  const bytes = frame.bytes.slice();
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { ...frame, bytes };
}

/** Whether a field's value by itself says nothing. */
function isFree(name: string): boolean {
  const free = FREE_FIELDS.find(({ field }) => field === withoutPlace(name));
  return free !== undefined && (free.counts === undefined || free.counts.byClock);
}
