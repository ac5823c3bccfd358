/** A journey as a ladder: a line for each device in the order the packet meets them, a rung for each hop. */
import type { Journey } from '../../src/simulation/protocol';

export interface Rung {
  /** Numbers of the devices' lines; the same for a drop, which goes nowhere. */
  readonly from: number;
  readonly to: number;
}

export interface Ladder {
  /** Ids of the devices. */
  readonly devices: readonly string[];
  readonly rungs: readonly Rung[];
}

/** `nat-1:1/nat:guest` is the port `guest` of the device `nat-1:1/nat`. */
export function deviceOf(place: string): string {
  const cut = place.lastIndexOf(':');
  return cut < 0 ? place : place.slice(0, cut);
}

export function ladderOf({ hops }: Journey): Ladder {
  const lines = new Map<string, number>();
  const lineOf = (place: string): number => {
    const device = deviceOf(place);
    const line = lines.get(device) ?? lines.size;
    lines.set(device, line);
    return line;
  };
  const rungs = hops.map(({ row }): Rung => {
    const from = lineOf(row.from);
    return { from, to: row.to === '' ? from : lineOf(row.to) };
  });
  return { devices: [...lines.keys()], rungs };
}
