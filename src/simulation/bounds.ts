/** Bounds on the numbers that others ask with. */

/** The whole number nearest to `value` between the two; the lower one for what is not a number. */
export function within(value: number, least: number, most: number): number {
  return Number.isFinite(value) ? Math.min(Math.max(Math.trunc(value), least), most) : least;
}
