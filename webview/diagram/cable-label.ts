/** What is unusual about a cable, in a few words beside it. */
import type { ResolvedCable } from '../../src/topology/resolved';
import { fill, type DiagramStrings } from './strings';

/** Cables of this rate or more, in bits per second, and below this delay, in ns, say nothing about themselves: an ordinary Ethernet. */
const ORDINARY_RATE = 1e9;
const ORDINARY_DELAY = 1e6;

/** Empty for an ordinary cable. */
export function cableLabel(cable: ResolvedCable, strings: DiagramStrings): string {
  const parts: string[] = [];
  if (!cable.up) {
    parts.push(strings.unplugged);
  }
  if (cable.rate < ORDINARY_RATE) {
    parts.push(formatRate(cable.rate));
  }
  if (cable.delay >= ORDINARY_DELAY) {
    parts.push(`${trim(cable.delay / 1e6)} ms`);
  }
  if (cable.loss > 0) {
    parts.push(fill(strings.lossRate, trim(cable.loss * 100)));
  }
  return parts.join(' · ');
}

function formatRate(rate: number): string {
  if (rate >= 1e6) {
    return `${trim(rate / 1e6)} Mbit/s`;
  }
  return rate >= 1e3 ? `${trim(rate / 1e3)} kbit/s` : `${trim(rate)} bit/s`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}
