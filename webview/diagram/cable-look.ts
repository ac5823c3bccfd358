/** How a cable is drawn: one line, or in the look of each broadcast domain on it. */
import { cablePath } from './cable-path';
import type { DrawnCable } from './drawing';
import { svg, type SvgElement } from './svg-tree';

/** Looks of domains: colour and pattern change together, so that neighbours in the list differ in both. */
export const DOMAIN_COLOURS = 6;
export const DOMAIN_PATTERNS = 5;

/** Pixels of a trunk in the colour of one domain before the next one's turn. */
const STRIPE = 12;

/** @param domains indexes of the broadcast domains on it; undefined where cables are not told apart by them */
export function cableElements(
  cable: DrawnCable,
  touched: boolean,
  domains: readonly number[] | undefined,
): SvgElement[] {
  const classes = [
    `vnet-${cable.kind}`,
    ...(cable.up ? [] : ['vnet-down']),
    ...(touched ? ['vnet-touched'] : []),
    ...(domains !== undefined && domains.length > 1 ? ['vnet-trunk'] : []),
  ];
  const d = cablePath(cable.points);
  const line = svg('path', cable.id, { class: classes.join(' '), d, 'data-cable': cable.id });
  const [only, ...more] = domains ?? [];
  if (only === undefined) {
    return [line];
  }
  if (more.length === 0) {
    const look = `${domainColour(only)} vnet-pattern-${only % DOMAIN_PATTERNS}`;
    return [line, svg('path', `domain of ${cable.id}`, { class: `vnet-strand ${look}`, d })];
  }
  const all = [only, ...more];
  return [
    line,
    ...all.map((domain, index) =>
      svg('path', `domain ${domain} of ${cable.id}`, {
        class: `vnet-strand ${domainColour(domain)}`,
        d,
        'stroke-dasharray': `${STRIPE} ${STRIPE * more.length}`,
        'stroke-dashoffset': -STRIPE * index,
      }),
    ),
  ];
}

/** The class that gives a domain its colour. */
export function domainColour(domain: number): string {
  return `vnet-domain-${domain % DOMAIN_COLOURS}`;
}
