/** The settings of learning switches and bridges: the spanning tree and ageing. */
import type { SpanningTreeSource } from '../file-source';
import type { Report } from '../report';
import type { ResolvedSpanningTree, TopologyPath } from '../resolved';
import { parseDuration } from '../units';

/** IEEE 802.1D-2004 table 17-1 and 17-2, which Linux bridges start with too (net/bridge/br_device.c). */
const DEFAULTS: ResolvedSpanningTree = {
  protocol: 'stp',
  priority: 32_768,
  helloSeconds: 2,
  maximumAgeSeconds: 20,
  forwardDelaySeconds: 15,
};

/** Seconds that each timer may be (IEEE 802.1D-2004 table 17-1; Linux allows hello up to 10). */
const TIMERS = {
  hello: { least: 1, most: 10 },
  'max-age': { least: 6, most: 40 },
  'forward-delay': { least: 4, most: 30 },
} as const;

/** IEEE 802.1D-2004 table 7-5. */
export const DEFAULT_AGEING_SECONDS = 300;

/** IEEE 802.1D-2004 table 7-5 lets ageing be 10 s to 1 000 000 s. */
const AGEING_SECONDS = { least: 10, most: 1_000_000 };

/** Undefined where there is no spanning tree. */
export function readSpanningTree(
  source: SpanningTreeSource | undefined,
  path: TopologyPath,
  report: Report,
): ResolvedSpanningTree | undefined {
  if (source === undefined || source === false) {
    return undefined;
  }
  if (source === true) {
    return DEFAULTS;
  }
  if (typeof source === 'string') {
    return { ...DEFAULTS, protocol: source === 'rstp' ? 'rstp' : 'stp' };
  }
  const read = (key: keyof typeof TIMERS, otherwise: number): number => {
    const text = source[key];
    const seconds = text === undefined ? otherwise : (parseDuration(text) ?? 0) / 1e9;
    const { least, most } = TIMERS[key];
    if (seconds < least || seconds > most) {
      report.add('out-of-range', [...path, key], [key, `${least}s`, `${most}s`]);
      return otherwise;
    }
    return seconds;
  };
  const tree: ResolvedSpanningTree = {
    protocol: source.protocol ?? DEFAULTS.protocol,
    priority: source.priority ?? DEFAULTS.priority,
    helloSeconds: read('hello', DEFAULTS.helloSeconds),
    maximumAgeSeconds: read('max-age', DEFAULTS.maximumAgeSeconds),
    forwardDelaySeconds: read('forward-delay', DEFAULTS.forwardDelaySeconds),
  };
  // IEEE 802.1D-2004 17.14: 2 × (forward delay − 1 s) ≥ max age ≥ 2 × (hello + 1 s).
  const { helloSeconds: hello, maximumAgeSeconds: age, forwardDelaySeconds: delay } = tree;
  if (2 * (delay - 1) < age || age < 2 * (hello + 1)) {
    report.add('stp-timers', { key: path }, [hello, age, delay]);
  }
  return tree;
}

/** Seconds after which an address not heard of is forgotten. */
export function readAgeing(text: string | undefined, path: TopologyPath, report: Report): number {
  const { least, most } = AGEING_SECONDS;
  const written = text === undefined ? undefined : parseDuration(text);
  const seconds = Math.round((written ?? DEFAULT_AGEING_SECONDS * 1e9) / 1e9);
  if (seconds < least || seconds > most) {
    report.add('out-of-range', path, ['ageing', `${least}s`, `${most}s`]);
    return DEFAULT_AGEING_SECONDS;
  }
  return seconds;
}
