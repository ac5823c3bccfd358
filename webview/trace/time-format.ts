/** Virtual time as people read it: integer nanoseconds in, grouped decimals out. */

/** U+202F NARROW NO-BREAK SPACE, the digit separator of ISO 80000-1 7.3.1: a time never breaks over two lines. */
const GAP = '\u202f';

const NANOSECONDS = 1_000_000_000;

/** Groups of three digits from the left, as behind a decimal point: `1234567` gives `123 456 7`. */
function groupedFraction(digits: string): string {
  return digits.replace(/(\d{3})(?=\d)/g, `$1${GAP}`);
}

/** Groups of three digits from the right: `12345` gives `12 345`. */
export function groupedInteger(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, GAP);
}

/** Seconds with all nine decimals, for the packet list: columns of it line up. Times that are no time give a dash. */
export function formatTime(nanoseconds: number): string {
  return formatSeconds(nanoseconds, 9);
}

/** Hours, minutes and seconds with nine decimals, of a simulation that begins at midnight. */
export function formatTimeOfDay(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) {
    return '–';
  }
  const minutes = Math.floor(nanoseconds / (60 * NANOSECONDS));
  const seconds = formatTime(nanoseconds - minutes * 60 * NANOSECONDS);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:${seconds[1] === '.' ? '0' : ''}${seconds}`;
}

/** ns since midnight, where the user is, of a moment in seconds since 1970 and ns of that second. */
export function sinceMidnight(seconds: number, nanoseconds: number): number {
  const date = new Date(seconds * 1000);
  const whole = Number.isNaN(date.getTime())
    ? 0
    : (date.getHours() * 60 + date.getMinutes()) * 60 + date.getSeconds();
  return whole * NANOSECONDS + nanoseconds;
}

/** Day and time where the user is, with nine decimals. Moments that no calendar has give a dash. */
export function formatDate(seconds: number, nanoseconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) {
    return '–';
  }
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${formatTimeOfDay(sinceMidnight(seconds, nanoseconds))}`;
}

/** Seconds with six decimals, for the clock: what changes faster than a microsecond is cut off, never rounded up. */
export function formatClock(nanoseconds: number): string {
  return formatSeconds(nanoseconds, 6);
}

function formatSeconds(nanoseconds: number, decimals: number): string {
  if (!Number.isFinite(nanoseconds)) {
    return '–';
  }
  const whole = Math.round(Math.abs(nanoseconds));
  const seconds = Math.floor(whole / NANOSECONDS);
  const fraction = String(whole % NANOSECONDS)
    .padStart(9, '0')
    .slice(0, decimals);
  const sign = nanoseconds < 0 ? '−' : '';
  return `${sign}${groupedInteger(seconds)}.${groupedFraction(fraction)}`;
}

/** Units from small to large, with their nanoseconds (SI prefixes). */
const UNITS = [
  ['ns', 1],
  ['µs', 1_000],
  ['ms', 1_000_000],
  ['s', NANOSECONDS],
] as const;

/** A span of time in the largest unit that keeps a digit before the point, exact to the nanosecond: `12.34 µs`. */
export function formatDuration(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) {
    return '–';
  }
  const whole = Math.round(Math.abs(nanoseconds));
  const [unit, size] = UNITS.findLast(([, nanosecondsOfUnit]) => whole >= nanosecondsOfUnit) ?? UNITS[0];
  const decimals = String(size).length - 1;
  const fraction = String(whole % size)
    .padStart(decimals, '0')
    .replace(/0+$/, '');
  const sign = nanoseconds < 0 ? '−' : '';
  const digits = groupedInteger(Math.floor(whole / size));
  const point = decimals === 0 || fraction === '' ? '' : `.${groupedFraction(fraction)}`;
  return `${sign}${digits}${point} ${unit}`;
}
