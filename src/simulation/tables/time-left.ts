/** A span of virtual time as a table shows it. */

/** `12s`, from ns; nothing for what never ends. */
export function secondsLeft(until: number, now: number): string {
  return Number.isFinite(until) ? `${Math.max(0, Math.ceil((until - now) / 1e9))}s` : '';
}
