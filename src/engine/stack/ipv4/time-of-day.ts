/** The time as IP and ICMP write it (RFC 791 3.1, RFC 792): ms since midnight UT. */
import { MILLISECOND } from '../linux-policy';

const DAY_MS = 86_400_000;

/** Of a simulation that begins at midnight. @param now ns */
export function millisecondsOfDay(now: number): number {
  return Math.floor(now / MILLISECOND) % DAY_MS;
}
