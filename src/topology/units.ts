/** Amounts with their units, as people write them. */

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  min: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** The longest time the language knows: a year, well inside what a double counts exactly in nanoseconds. */
const LONGEST = 365 * 86_400e9;

/** Decimal prefixes, as `tc` reads rates (tc(8): k, m, g, t stand for powers of 1000). */
const BITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Whole nanoseconds of `5ms`, `1.5 s`, `12h`; at most a year; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([a-zµ]+)$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : NANOSECONDS[match[2]];
  return unit === undefined ? undefined : Math.min(LONGEST, Math.round(Number(match?.[1]) * unit));
}

/** Whole bits per second of `100Mbit`, `1 Gbit/s`; from 1 to 10^15; undefined for anything else. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([kmgt]?)bit(?:\/s)?$/i.exec(text);
  const unit = match === null ? undefined : BITS[(match[2] ?? '').toLowerCase()];
  return unit === undefined ? undefined : Math.max(1, Math.min(1e15, Math.round(Number(match?.[1]) * unit)));
}

/** The share, 0 to 1, of `1%`; undefined above 100% and for anything else. */
export function parsePercentage(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?%$/.exec(text);
  const share = Number(match?.[1]) / 100;
  return share <= 1 ? share : undefined;
}
