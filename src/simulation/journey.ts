/** The journey of one packet: every hop of it, from where it was made to where it ended, through NATs and tunnels. */
import { dissect } from '../trace/dissect/dissect';
import { continues, type SeenFrame } from '../trace/journey/continuation';
import { hopBetween, type Deed } from '../trace/journey/deed';
import type { FieldChange } from '../trace/journey/field-changes';
import type { PacketRow } from './protocol';
import type { TraceView } from './trace-view';

/** One hop: a frame on one cable, or its end. */
export interface JourneyHop {
  readonly row: PacketRow;
  /** ns; undefined when it never arrived. */
  readonly arrival?: number;
  /** Place in the list of the hop before it; undefined for the first. */
  readonly before?: number;
  /** What the device did that had it from the hop before; nothing for the first. */
  readonly deeds: readonly Deed[];
  readonly changes: readonly FieldChange[];
}

export interface Journey {
  /** In the order of time. */
  readonly hops: readonly JourneyHop[];
  /** The place of the hop that was asked for. */
  readonly selected: number;
  /** The record that caused the first hop, where that was another packet. */
  readonly cause?: number;
  /** There are more hops than are told. */
  readonly more: boolean;
}

/** Hops told at most: a flood over hundreds of ports. */
const MOST_HOPS = 300;

/** Records looked at after the newest hop found: a consequence comes soon after its cause. */
const MOST_LOOKED_AT = 200_000;

/** Undefined when the record is not kept. */
export function journeyOf(view: TraceView, record: number): Journey | undefined {
  if (!Number.isInteger(record) || record < view.oldest || record >= view.end) {
    return undefined;
  }
  const frames = new Map<number, SeenFrame>();
  const frame = (number: number): SeenFrame => {
    let seen = frames.get(number);
    if (seen === undefined) {
      const bytes = view.bytes(number);
      seen = { bytes, layers: dissect(bytes, view.linkType(number)).layers };
      frames.set(number, seen);
    }
    return seen;
  };
  const first = origin(view, record, frame);
  const { numbers, more } = hopsFrom(view, first, frame);
  const places = new Map(numbers.map((number, place) => [number, place]));
  const hops = numbers.flatMap((number, place): JourneyHop[] => {
    const [row] = view.rows(number, 1);
    const before = place === 0 ? undefined : places.get(view.cause(number));
    const { arrival } = view.summary(number);
    return row === undefined
      ? []
      : [
          {
            row,
            ...(Number.isNaN(arrival) ? {} : { arrival }),
            ...(before === undefined
              ? { deeds: [], changes: [] }
              : { before, ...hopBetween(frame(numbers[before] ?? number), frame(number)) }),
          },
        ];
  });
  const cause = view.cause(first);
  return {
    hops,
    selected: places.get(record) ?? 0,
    ...(cause < view.oldest ? {} : { cause }),
    more,
  };
}

/** Where the packet was made. */
function origin(view: TraceView, record: number, frame: (number: number) => SeenFrame): number {
  let first = record;
  for (let steps = 0; steps < MOST_HOPS; steps++) {
    const cause = view.cause(first);
    if (cause < view.oldest || !isSamePacket(view, cause, first, frame)) {
      break;
    }
    first = cause;
  }
  return first;
}

function hopsFrom(
  view: TraceView,
  first: number,
  frame: (number: number) => SeenFrame,
): { readonly numbers: readonly number[]; readonly more: boolean } {
  const numbers = [first];
  const found = new Set(numbers);
  let newest = first;
  for (let number = first + 1; number < view.end && number - newest <= MOST_LOOKED_AT; number++) {
    const cause = view.cause(number);
    if (found.has(cause) && isSamePacket(view, cause, number, frame)) {
      if (numbers.length === MOST_HOPS) {
        return { numbers, more: true };
      }
      numbers.push(number);
      found.add(number);
      newest = number;
    }
  }
  return { numbers, more: false };
}

/** A drop is recorded with the very frame that arrived. */
function isSamePacket(
  view: TraceView,
  cause: number,
  number: number,
  frame: (number: number) => SeenFrame,
): boolean {
  return continues(frame(cause), frame(number));
}
