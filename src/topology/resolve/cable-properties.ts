/** What a cable is like, written or by default. */
import type { CableSource } from '../file-source';
import type { Report } from '../report';
import type { ResolvedCable, ResolvedCableEnd, TopologyPath } from '../resolved';
import { parseDuration, parsePercentage, parseRate } from '../units';

/** What a cable does to frames. */
export type CableProperties = Omit<ResolvedCable, 'id' | 'ends' | 'source'>;

/**
 * A cable nobody described: gigabit Ethernet, which is also what VirtualBox's e1000 reports; 5 µs, about what a short cable and two
 * network cards take; 100 frames may wait, since simulated senders are slower than the 1000 of Linux's default `txqueuelen`.
 */
export const DEFAULT_CABLE: CableProperties = {
  rate: 1e9,
  delay: 5000,
  jitter: 0,
  loss: 0,
  queue: 100,
  up: true,
};

/** Reads the amounts of a cable; those out of bounds are reported and fall back to the default. */
export function readCable(source: CableSource, path: TopologyPath, report: Report): CableProperties {
  const read = (
    key: 'rate' | 'delay' | 'jitter' | 'loss',
    parse: (text: string) => number | undefined,
  ): number => {
    const text = source[key];
    const value = typeof text === 'string' ? parse(text) : text;
    if (text !== undefined && value === undefined) {
      report.add('bad-value', [...path, key], [text, key]);
    }
    return value ?? DEFAULT_CABLE[key];
  };
  return {
    rate: read('rate', parseRate),
    delay: read('delay', parseDuration),
    jitter: read('jitter', parseDuration),
    loss: read('loss', parsePercentage),
    queue: source.queue ?? DEFAULT_CABLE.queue,
    up: source.up ?? DEFAULT_CABLE.up,
  };
}

/** A cable between two ends. */
export function cableBetween(
  ends: readonly [ResolvedCableEnd, ResolvedCableEnd],
  properties: CableProperties,
  source: TopologyPath,
): ResolvedCable {
  const [one, other] = ends.map(end => `${end.device}:${end.port}`);
  return { id: `${one ?? ''} -- ${other ?? ''}`, ends, ...properties, source };
}
