/** The file beside a topology that keeps where the user put devices in its diagram: `NAME.vnet.layout.json`. */

/** Places of devices in the diagram, by id, in px from the corner of the page or of the device that they are in. */
export type Pins = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** Further away than any screen shows; what lies beyond is no place. */
const FURTHEST = 1_000_000;
/** More pins than this are more than any diagram has devices. */
const MOST_PINS = 20_000;

/** The sidecar of `lab.vnet.yaml` is `lab.vnet.layout.json`; of any other name, that name with `.layout.json`. */
export function sidecarName(topology: string): string {
  return `${topology.replace(/\.(ya?ml|json)$/i, '')}.layout.json`;
}

/** What is not a place by a name is left out; text that is no JSON has none. */
export function parseSidecar(text: string): Pins {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  return pinsOf(typeof value === 'object' && value !== null && 'pinned' in value ? value.pinned : undefined);
}

/** Whatever was read, as pins. */
export function pinsOf(value: unknown): Pins {
  if (typeof value !== 'object' || value === null) {
    return {};
  }
  const entries = Object.entries(value)
    .slice(0, MOST_PINS)
    .flatMap(([id, place]: [string, unknown]) => {
      const { x, y } = typeof place === 'object' && place !== null ? (place as Record<string, unknown>) : {};
      return isPlace(x) && isPlace(y) ? [[id, { x, y }] as const] : [];
    });
  return Object.fromEntries(entries);
}

/** Sorted, a line for each device, so that versions compare well. */
export function sidecarText(pins: Pins): string {
  const lines = Object.entries(pins)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, { x, y }]) => `    ${JSON.stringify(id)}: { "x": ${x}, "y": ${y} }`);
  return `{\n  "version": 1,\n  "pinned": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function isPlace(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= FURTHEST;
}

/** The pins when a node has another name: its own, and those of what belongs to it (`vm1:1/nat`, `laptop/intnet`). */
export function renamedPins(pins: Pins, before: string, after: string): Pins {
  const renamed = (id: string): string =>
    id === before || id.startsWith(`${before}:`) || id.startsWith(`${before}/`)
      ? after + id.slice(before.length)
      : id;
  return Object.fromEntries(Object.entries(pins).map(([id, place]) => [renamed(id), place]));
}
