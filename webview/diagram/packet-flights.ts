/**
 * Which packets are where at a moment, in virtual and in wall time. Real packets are on a cable for microseconds: each is shown for at
 * least a quarter of a second, and what it caused sets out when it has arrived, so that the eye can follow a packet from hop to hop.
 */
import type { ProtocolClass, RecordSummary } from '../../src/simulation/record-batch';

/** A packet on its way, or the end of one. */
export type Mark =
  | {
      readonly kind: 'packet';
      readonly port: number;
      /** 0 at the sending port, 1 at the other end. */
      readonly share: number;
      /** 1 for solid; a lost packet fades. */
      readonly strength: number;
      readonly lost: boolean;
      readonly protocol: ProtocolClass;
    }
  | {
      readonly kind: 'drop';
      readonly port: number;
      /** Code of the reason. */
      readonly reason: number;
      readonly strength: number;
    }
  /** More packets than are drawn one by one. */
  | { readonly kind: 'crowd'; readonly port: number; readonly count: number };

interface Flight {
  readonly record: RecordSummary;
  /** Wall time in ms at which it sets out. */
  readonly start: number;
}

/** Wall milliseconds for which a packet is seen at least. */
const SHORTEST_FLIGHT = 250;
/** Wall milliseconds for which a lost packet fades half-way. */
const FADING = 450;
/** Wall milliseconds for which a drop is seen. */
const DROP_SHOWN = 1500;
/** What is drawn may be this many wall milliseconds behind what happens; then it catches up. */
const LONGEST_LAG = 3000;
/** Drawn one by one at most. */
const MOST_FLIGHTS = 2000;
const MOST_DROPS = 100;
/** Records whose end is remembered for what they cause. */
const MOST_ENDS = 8192;
const NS_PER_MS = 1e6;

export class Flights {
  private flights: Flight[] = [];
  private drops: Flight[] = [];
  private readonly crowds = new Map<number, { count: number; until: number }>();
  private readonly ends = new Map<number, number>();
  private now = 0;
  private rate = 0;
  private setAt = 0;
  private nextNumber = 0;

  /** Virtual time in ns at wall time `wall`, running on at `rate`; 0 stands still, Infinity is as fast as records come. */
  setClock(now: number, rate: number, wall: number): void {
    this.now = now;
    this.rate = rate;
    this.setAt = wall;
  }

  /** @param number the record's number; one after the last if left out */
  add(record: RecordSummary, wall: number, number = this.nextNumber): void {
    this.nextNumber = number + 1;
    const start = this.startOf(record, wall);
    if (record.drop > 0) {
      this.drops.push({ record, start });
      this.drops.splice(0, this.drops.length - MOST_DROPS);
      return;
    }
    const lasting = Math.max(SHORTEST_FLIGHT, this.naturalDuration(record));
    this.rememberEnd(number, start + lasting);
    if (this.flights.length < MOST_FLIGHTS) {
      this.flights.push({ record, start });
      return;
    }
    const crowd = this.crowds.get(record.port);
    this.crowds.set(record.port, { count: (crowd?.count ?? 0) + 1, until: wall + 2 * SHORTEST_FLIGHT });
  }

  clear(): void {
    this.flights = [];
    this.drops = [];
    this.crowds.clear();
    this.ends.clear();
    this.nextNumber = 0;
  }

  /** What to draw now; forgets what is over. */
  marks(wall: number): Mark[] {
    const virtual = this.virtualTime(wall);
    this.flights = this.flights.filter(flight => !isOver(flight, virtual, wall));
    this.drops = this.drops.filter(drop => wall < drop.start + DROP_SHOWN);
    for (const [port, crowd] of this.crowds) {
      if (crowd.until < wall) {
        this.crowds.delete(port);
      }
    }
    return [
      ...[...this.crowds].map(([port, { count }]): Mark => ({ kind: 'crowd', port, count })),
      ...this.flights.flatMap(flight => (flight.start <= wall ? [packetMark(flight, virtual, wall)] : [])),
      ...this.drops.flatMap(drop => (drop.start <= wall ? [dropMark(drop, wall)] : [])),
    ];
  }

  /** Whether a later call of `marks` will give something else. */
  get moving(): boolean {
    return this.flights.length + this.drops.length + this.crowds.size > 0;
  }

  private virtualTime(wall: number): number {
    return this.rate === 0 || !Number.isFinite(this.rate)
      ? this.now
      : this.now + (wall - this.setAt) * NS_PER_MS * this.rate;
  }

  /** When its cause has arrived, and not before its own time. */
  private startOf(record: RecordSummary, wall: number): number {
    const early = record.departure - this.virtualTime(wall);
    const wait = early > 0 && this.rate > 0 ? early / (NS_PER_MS * this.rate) : 0;
    const due = wall + Math.min(wait, LONGEST_LAG);
    const caused = this.ends.get(record.cause) ?? due;
    return caused > wall + LONGEST_LAG ? due : Math.max(due, caused);
  }

  /** Wall milliseconds on the cable at the present speed. */
  private naturalDuration(record: RecordSummary): number {
    const duration = record.arrival - record.departure;
    return this.rate > 0 && duration > 0 ? duration / (NS_PER_MS * this.rate) : 0;
  }

  private rememberEnd(number: number, end: number): void {
    this.ends.set(number, end);
    if (this.ends.size > MOST_ENDS) {
      const oldest = this.ends.keys().next();
      if (oldest.done !== true) {
        this.ends.delete(oldest.value);
      }
    }
  }
}

/** The slower of virtual time and the shortest time to be seen. */
function shareOf({ record, start }: Flight, virtual: number, wall: number): number {
  const seen = (wall - start) / SHORTEST_FLIGHT;
  const duration = record.arrival - record.departure;
  const travelled = duration > 0 ? (virtual - record.departure) / duration : 1;
  return Math.max(0, Math.min(1, seen, travelled));
}

function isLost(record: RecordSummary): boolean {
  return Number.isNaN(record.arrival);
}

function isOver(flight: Flight, virtual: number, wall: number): boolean {
  return isLost(flight.record)
    ? wall > flight.start + SHORTEST_FLIGHT / 2 + FADING
    : shareOf(flight, virtual, wall) >= 1;
}

function packetMark(flight: Flight, virtual: number, wall: number): Mark {
  const { record, start } = flight;
  const base = { kind: 'packet', port: record.port, protocol: record.protocol } as const;
  if (!isLost(record)) {
    return { ...base, share: shareOf(flight, virtual, wall), strength: 1, lost: false };
  }
  const passed = wall - start;
  const share = Math.min(0.5, passed / SHORTEST_FLIGHT);
  const faded = Math.max(0, passed - SHORTEST_FLIGHT / 2) / FADING;
  return { ...base, share, strength: Math.max(0, 1 - faded), lost: share === 0.5 };
}

function dropMark({ record, start }: Flight, wall: number): Mark {
  const left = (start + DROP_SHOWN - wall) / DROP_SHOWN;
  return { kind: 'drop', port: record.port, reason: record.drop, strength: Math.min(1, left * 3) };
}
