/**
 * One simulation of one topology: the run on show, and the way to any moment of it. Synchronous, and deterministic down to the byte
 * however its time is cut into slices; it knows nothing of real time, threads or VS Code.
 */
import type { PingResult } from '../engine/network';
import type { ResolvedScenario, ResolvedTopology } from '../topology/resolved';
import { captureOf } from './capture';
import { packetChoice, type CaptureSelection } from './search/packet-choice';
import { journeyOf, type Journey } from './journey';
import { Journal, type JournalEntry, type UserAction } from './journal';
import { PacketComments } from './packet-comments';
import type { AddressesNow, PacketDetails, PacketRow, StepOutcome, TerminalOutput } from './protocol';
import type { RecordSource } from './record-stream';
import type { DeviceTable } from './tables/device-table';
import { deviceTables } from './tables/device-tables';
import { Forward, replayTo, type Moment, type Replay } from './replay';
import { Run, type RunPosition } from './run';
import type { TraceView } from './trace-view';

/** The seed of a simulation that nobody gave one. */
export const DEFAULT_SEED = 1;

export interface SimulationOptions {
  readonly seed?: number;
  /** The scenarios to run; all of the topology by default. */
  readonly scenarios?: readonly ResolvedScenario[];
  /** What the user did in a simulation before this one, to be done again at the same times. */
  readonly journal?: Journal;
  /** What the user wrote in it. */
  readonly comments?: PacketComments;
  /** Called from inside whatever runs the simulation on; not for what a run does on its way to a moment that it already showed. */
  readonly onOutcome?: (outcome: StepOutcome) => void;
  readonly onAddresses?: (addresses: AddressesNow) => void;
  readonly onPrinted?: (output: TerminalOutput) => void;
}

export class Simulation {
  private readonly journal: Journal;
  private readonly pinged = new WeakMap<UserAction, (result: PingResult) => void>();
  /** What the user wrote about packets. */
  readonly comments: PacketComments;
  private run: Run;

  constructor(
    readonly topology: ResolvedTopology,
    private readonly options: SimulationOptions = {},
  ) {
    this.journal = options.journal ?? new Journal();
    this.comments = options.comments ?? new PacketComments();
    this.journal.forgetPlaces();
    this.run = this.begin(options.seed ?? DEFAULT_SEED);
  }

  get seed(): number {
    return this.run.seed;
  }

  /** Virtual time in ns. */
  get now(): number {
    return this.run.position.time;
  }

  get position(): RunPosition {
    return this.run.position;
  }

  /** When something happens next, in ns; undefined when nothing ever will. */
  get nextEventTime(): number | undefined {
    return this.run.nextEventTime;
  }

  /** Whether the plan, a ping or an action that is to come again is not done yet. */
  get busy(): boolean {
    return this.run.busy;
  }

  /** Whether the plan and every action are done and only long timers are left. */
  get finished(): boolean {
    return this.run.finished;
  }

  /** The trace as numbered records. */
  get records(): RecordSource {
    return this.run.view;
  }

  /** The trace as it is shown and looked through. */
  get trace(): TraceView {
    return this.run.view;
  }

  /** The outcomes so far, the oldest first; at most the newest thousand. */
  get outcomes(): readonly StepOutcome[] {
    return this.run.outcomes;
  }

  /** What each interface that changed has now. */
  get addresses(): readonly AddressesNow[] {
    return [...this.run.addresses.values()];
  }

  /** Begins again at time 0 as if the user had done nothing. */
  restart(seed = this.seed): void {
    const gone = this.journal.clear();
    this.abandon(gone);
    this.run = this.begin(seed);
  }

  /**
   * Runs every event due up to and including `time` in ns, then the clock shows `time`; or `maximumEvents`, and the clock shows the last
   * of them. Returns the events run.
   */
  advanceTo(time: number, maximumEvents?: number): number {
    return this.run.advanceTo(time, maximumEvents);
  }

  /** Runs to the next record; false when there was none to come. */
  step(): boolean {
    return this.run.step();
  }

  /**
   * Runs until finished, or until the clock would pass `limit` in ns, or for `maximumEvents`; the clock shows the last event. Returns
   * whether there is more to run.
   */
  runOn(limit: number, maximumEvents = Number.POSITIVE_INFINITY): boolean {
    for (let events = 0; events < maximumEvents; events++) {
      if (this.finished || !this.run.advanceOne(limit)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Begins to go to a moment, before or after the present one. What is shown stays until the replay, worked on by the caller, has arrived
   * and is shown.
   */
  goTo(moment: Moment): Replay {
    return this.liesAhead(moment)
      ? new Forward(this.run, moment)
      : replayTo(moment, () => this.begin(this.seed));
  }

  /** Whether this is the run on show, on its way ahead. */
  shows({ run }: Replay): boolean {
    return run === this.run;
  }

  /** Shows where a replay has arrived. */
  show({ run }: Replay): void {
    this.run = run;
  }

  /**
   * Pings as a user of `from` would, once the devices are up; `to` is an address, a device, `device:interface` or a name. The outcome is
   * told as every other one, with the number `request`; `ended` gets the whole result before.
   */
  ping(
    from: string,
    to: string,
    count: number,
    request?: number,
    ended?: (result: PingResult) => void,
  ): void {
    const action = {
      type: 'ping',
      from,
      to,
      count,
      ...(request === undefined ? {} : { request }),
    } as const;
    if (ended !== undefined) {
      this.pinged.set(action, ended);
    }
    this.act(action);
  }

  /** Pulls a cable, or plugs it in again. */
  setCable(cable: string, up: boolean): void {
    this.act({ type: 'cable', cable, up });
  }

  /** Ids of the cables over which nothing goes at this moment. */
  get cablesDown(): readonly string[] {
    return this.run.network.cablesDown;
  }

  /** Runs a line that was typed in the terminal of a device. */
  type(terminal: number, device: string, line: string): void {
    this.act({ type: 'terminal', terminal, device, line });
  }

  /** A line typed for the command at work in a terminal; without one its input ends. */
  input(terminal: number, line?: string): void {
    this.act({ type: 'terminal-input', terminal, ...(line === undefined ? {} : { line }) });
  }

  /** Ctrl+C in a terminal. */
  interrupt(terminal: number): void {
    this.act({ type: 'terminal-interrupt', terminal });
  }

  /** Whether a command is at work in any terminal. */
  get typing(): boolean {
    return this.run.terminals.atWork;
  }

  /** What the user did, for a simulation that takes the place of this one. */
  handOver(): Journal {
    return this.journal;
  }

  /** Lines of the packet list from number `first` on, as far as they are kept. */
  rows(first: number, count: number): readonly PacketRow[] {
    return this.run.view.rows(first, count);
  }

  /** All about one record; undefined when it is not kept. */
  packet(number: number): PacketDetails | undefined {
    return this.run.view.packet(number);
  }

  /** Every hop of the packet of a record; undefined when the record is not kept. */
  journey(record: number): Journey | undefined {
    return journeyOf(this.run.view, record);
  }

  /** The tables of a device at this moment. */
  tables(device: string): readonly DeviceTable[] {
    return deviceTables(this.run.network, this.run.store, device);
  }

  /** Writes about the packet of a record; an empty text takes away what was written. */
  comment(record: number, text: string): void {
    this.comments.set(this.run.view, record, text);
  }

  /** The trace as a pcapng file, or a part of it. */
  capture(selection?: CaptureSelection): Uint8Array {
    const { store, network, view } = this.run;
    const choice = selection && packetChoice(selection, view);
    return captureOf(store, network.ports, record => view.comment(record), choice);
  }

  private liesAhead(moment: Moment): moment is Exclude<Moment, { kind: 'before' }> {
    const { position, view } = this.run;
    switch (moment.kind) {
      case 'time':
        return moment.time >= position.time;
      case 'record':
        return moment.record >= view.end;
      case 'consequence':
        return true;
      case 'position':
        return moment.position.events >= position.events && moment.position.time >= position.time;
      case 'before':
        return false;
    }
  }

  private act(action: UserAction): void {
    if (this.journal.full) {
      this.options.onOutcome?.(refusal(action));
      return;
    }
    this.abandon(this.run.act(action));
  }

  /** Tells of every ping that waits for its answer that it won't get one. */
  private abandon(entries: readonly JournalEntry[]): void {
    for (const { action, answered } of entries) {
      if (action.type === 'ping' && !answered) {
        this.options.onOutcome?.(unanswered(action, 'ping: the simulation began again before the answer'));
      }
    }
  }

  private begin(seed: number): Run {
    const scenarios = this.options.scenarios ?? this.topology.scenarios;
    const run: Run = new Run(
      this.topology,
      seed,
      scenarios,
      this.journal,
      {
        outcome: outcome => {
          if (run === this.run) {
            this.options.onOutcome?.(outcome);
          }
        },
        addresses: addresses => {
          if (run === this.run) {
            this.options.onAddresses?.(addresses);
          }
        },
        printed: output => {
          if (run === this.run) {
            this.options.onPrinted?.(output);
          }
        },
        pinged: (entry, result) => {
          entry.answered = true;
          this.pinged.get(entry.action)?.(result);
        },
      },
      this.comments,
    );
    return run;
  }
}

function refusal(action: UserAction): StepOutcome {
  return unanswered(action, 'no more actions in this run: restart the simulation');
}

function unanswered(action: UserAction, text: string): StepOutcome {
  const request = action.type === 'ping' ? action.request : undefined;
  return { step: 0, passed: false, text, ...(request === undefined ? {} : { request }) };
}
