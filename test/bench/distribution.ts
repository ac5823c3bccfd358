/** Many measured numbers in a few. */
import { loadavg } from 'node:os';

export interface Distribution {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** NaN everywhere where nothing was measured. */
export function distribution(numbers: readonly number[]): Distribution {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}

export function median(numbers: readonly number[]): number {
  return distribution(numbers).median;
}

/** `median 16.7  p95 17.1  p99 33.4  most 50.0 ms (180)`. */
export function inMilliseconds({ count, median: middle, p95, p99, most }: Distribution): string {
  const [a, b, c, d] = [middle, p95, p99, most].map(value => value.toFixed(1).padStart(6));
  return `median ${a}  p95 ${b}  p99 ${c}  most ${d} ms (${count})`;
}

/** How busy the machine was in the last minute: programs that wanted to run at the same time, this one among them. */
export function busyness(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}
