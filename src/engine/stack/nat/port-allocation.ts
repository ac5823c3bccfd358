/**
 * How a NAT picks the outside port: Linux's masquerade keeps the inside port where the answers stay unambiguous, and otherwise takes a
 * random one of the same class (nf_nat_core.c; measured on Linux 6.18). ICMP echo identifiers count as ports without classes.
 */
import type { RandomStream } from '../../kernel/random-stream';

/** Ports tried after the random start before the NAT gives up (nf_nat_l4proto_unique_tuple: 128). */
const ATTEMPTS = 128;

/** @returns the lowest and highest port that may stand in for this one */
export function portClass(port: number, isEchoIdentifier: boolean): readonly [number, number] {
  if (isEchoIdentifier) {
    return [0, 65535];
  }
  if (port < 512) {
    return [1, 511];
  }
  return port < 1024 ? [600, 1023] : [1024, 65535];
}

/**
 * @param wanted the inside port or identifier
 * @param isTaken whether answers to a port would be ambiguous
 * @returns the outside port; undefined when none was found
 */
export function allocatePort(
  wanted: number,
  isEchoIdentifier: boolean,
  isTaken: (port: number) => boolean,
  random: RandomStream,
): number | undefined {
  if (!isTaken(wanted)) {
    return wanted;
  }
  const [first, last] = portClass(wanted, isEchoIdentifier);
  const count = last - first + 1;
  const start = random.integer(0, count - 1);
  for (let tried = 0; tried < Math.min(ATTEMPTS, count); tried++) {
    const port = first + ((start + tried) % count);
    if (!isTaken(port)) {
      return port;
    }
  }
  return undefined;
}
