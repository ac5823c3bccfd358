/** Tells what a simulation's clock shows, and which cables carry nothing at that moment. */
import type { SimulationState, Speed } from './protocol';
import type { Simulation } from './simulation';
import type { PlayerSurroundings } from './surroundings';

/** Real milliseconds between two clock events while playing. */
const CLOCK_TICK = 33;

export class ClockTeller {
  /** How far this run was seen to go. */
  private furthest = { time: 0, records: 0 };
  /** When the clock was told last, in real ms. */
  private last = Number.NEGATIVE_INFINITY;
  /** What was told of the cables last, as one text. */
  private cables: string | undefined;

  constructor(private readonly around: PlayerSurroundings) {}

  isDue(wall: number): boolean {
    return wall - this.last >= CLOCK_TICK;
  }

  /** Another run begins. */
  beginAnew(): void {
    this.furthest = { time: 0, records: 0 };
    this.forget();
  }

  /** Whoever listens knows nothing yet. */
  forget(): void {
    this.cables = undefined;
  }

  /** What was to come after this moment may be otherwise now. */
  endsHere({ now, records }: Simulation): void {
    this.furthest = { time: now, records: records.end };
  }

  tell(simulation: Simulation, state: SimulationState, speed: Speed): void {
    this.last = this.around.wallTime();
    const { now } = simulation;
    const { oldest, end } = simulation.records;
    const { time, records } = this.furthest;
    if (end > records || now > time) {
      this.furthest = { time: Math.max(now, time), records: Math.max(end, records) };
    }
    const furthest = this.furthest.time;
    const furthestRecords = this.furthest.records;
    const clock = { state, now, speed, records: end, oldest, furthest, furthestRecords };
    this.around.post({ type: 'clock', ...clock });
    this.tellCables(simulation);
  }

  private tellCables({ cablesDown: down }: Simulation): void {
    const told = down.join('\n');
    if (told !== this.cables) {
      this.cables = told;
      this.around.post({ type: 'cables', down });
    }
  }
}
