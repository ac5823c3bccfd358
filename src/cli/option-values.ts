/** Values of options, read strictly. */
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../topology/units';

/** Pings that one call sends at most. */
const MOST_PINGS = 100_000;

/** Virtual ns of `10s`, `500ms`. */
export function durationValue(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) {
    throw new InvalidArgumentError('A time has a unit: 10s, 500ms, 2m.');
  }
  return value;
}

/** A seed of the random streams. */
export function seedValue(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 0xffffffff) {
    throw new InvalidArgumentError('A seed is a whole number from 0 to 4294967295.');
  }
  return value;
}

export function countValue(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_PINGS) {
    throw new InvalidArgumentError(`A count is a whole number from 1 to ${MOST_PINGS}.`);
  }
  return value;
}
