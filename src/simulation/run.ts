/**
 * One run of a topology from time 0 on: its network, its trace, the plan of what happens by itself and the journal of what the user
 * does. Where it stands is said by how many events it has done, so another run can stand exactly there.
 */
import { dropReasonCode, type DropReason } from '../engine/kernel/drop-reason';
import { createNetwork, type NetworkControl, type PingResult } from '../engine/network';
import { formatIpInterfaceAddress } from '../net/ip-address';
import type { ResolvedScenario, ResolvedTopology } from '../topology/resolved';
import { PacketStore } from '../trace/packet-store';
import type { Journal, JournalEntry, UserAction } from './journal';
import { pingLine } from './outcome-text';
import type { PacketComments } from './packet-comments';
import type { AddressesNow, StepOutcome } from './protocol';
import { RunPlan } from './run-plan';
import { StoreReader } from './scenario/store-reader';
import { parseTarget } from './targets';
import { Terminals, type TerminalOutput } from './terminal/terminals';
import { TraceView } from './trace-view';

/**
 * Virtual ns: with the plan done, a network whose next event is further away than this has come to rest. Longer than Linux takes to
 * confirm a neighbour again (net.ipv4.neigh.default.delay_first_probe_time, 5 s, and three probes), shorter than leases and ageing.
 */
export const REST = 10e9;

/** Virtual ns that a user's ping waits for each answer: what iputils ping waits for the last one (`-W`, 10 s by default). */
const PING_PATIENCE = 10e9;

/** Outcomes and addresses kept for a receiver that comes later. */
const MOST_OUTCOMES = 1000;

/** Events that one `step` may run without a record. */
const MOST_EVENTS_IN_STEP = 1_000_000;

/** Where a run stands; of one topology, seed and journal there is one run, so this says all. */
export interface RunPosition {
  /** Events done: those of the network, each action of the user, and the plugging in of the devices. */
  readonly events: number;
  /** What the clock shows, in virtual ns. */
  readonly time: number;
}

/** What a run tells while it runs. */
export interface RunListener {
  outcome(outcome: StepOutcome): void;
  addresses(addresses: AddressesNow): void;
  /** A terminal printed something, or its command ended. */
  printed(output: TerminalOutput): void;
  /** A ping of the user ended; comes before its outcome. */
  pinged(entry: JournalEntry, result: PingResult): void;
}

export class Run {
  readonly network: NetworkControl;
  readonly store: PacketStore;
  readonly view: TraceView;
  readonly outcomes: StepOutcome[] = [];
  /** What each interface that changed has now, by `device:port`. */
  readonly addresses = new Map<string, AddressesNow>();
  private readonly plan: RunPlan;
  /** Where users type commands. */
  readonly terminals: Terminals;
  private readonly openPings = new Set<JournalEntry>();
  private events = 0;
  private pluggedIn = false;
  /** The number of the next action in the journal. */
  private nextAction = 0;
  private pings = 0;

  constructor(
    private readonly topology: ResolvedTopology,
    readonly seed: number,
    scenarios: readonly ResolvedScenario[],
    private readonly journal: Journal,
    private readonly listener: RunListener,
    comments?: PacketComments,
  ) {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    const network = createNetwork(topology, {
      seed,
      observer: store,
      listener: {
        addressesChanged: (device, port, now) => {
          const change = { device, port, addresses: now.map(formatIpInterfaceAddress) };
          this.addresses.set(`${device}:${port}`, change);
          listener.addresses(change);
        },
      },
    });
    this.network = network;
    this.store = store;
    this.view = new TraceView(store, network.ports, comments);
    this.terminals = new Terminals(topology, network, output => {
      listener.printed(output);
    });
    this.plan = new RunPlan(network, new StoreReader(store, network), scenarios, outcome => {
      this.tell(outcome);
    });
  }

  get position(): RunPosition {
    return { events: this.events, time: this.network.now };
  }

  /** When something happens next, in ns: an event of the network, the plan's own or the user's; undefined when nothing ever will. */
  get nextEventTime(): number | undefined {
    const action = this.journal.at(this.nextAction);
    const next = Math.min(
      this.network.nextEventTime ?? Number.POSITIVE_INFINITY,
      this.plan.deadline,
      action === undefined || (action.events ?? this.events) > this.events
        ? Number.POSITIVE_INFINITY
        : Math.max(action.time, this.network.now),
    );
    return Number.isFinite(next) ? next : undefined;
  }

  /** Whether the plan, a ping or an action of the journal is not done yet. */
  get busy(): boolean {
    return (
      this.plan.pending ||
      this.openPings.size > 0 ||
      this.terminals.busy ||
      this.nextAction < this.journal.length
    );
  }

  /** Whether the plan and every action are done and only long timers are left. */
  get finished(): boolean {
    const next = this.network.nextEventTime;
    return !this.busy && (next === undefined || next - this.network.now > REST);
  }

  /**
   * Runs every event due up to and including `time` in ns, then the clock shows `time`; or `maximumEvents`, and the clock shows the last
   * of them. Returns the events run.
   */
  advanceTo(time: number, maximumEvents = Number.POSITIVE_INFINITY): number {
    const before = this.events;
    const end = before + maximumEvents;
    while (this.events < end && this.lookAtEach()) {
      if (!this.advanceOne(time)) {
        break;
      }
    }
    // The clock goes on too when no event is left to run.
    this.events += this.network.runUntil(time, Math.max(0, this.lookAtEach() ? 0 : end - this.events));
    return this.events - before;
  }

  /** Runs until the next record exists; false when there was none to come. */
  step(): boolean {
    const before = this.view.end;
    for (let events = 0; events < MOST_EVENTS_IN_STEP; events++) {
      if (!this.advanceOne(Number.POSITIVE_INFINITY)) {
        return false;
      }
      if (this.view.end > before) {
        return true;
      }
    }
    return false;
  }

  /** Does the next thing that is due up to `time`; false when there is none. */
  advanceOne(time: number): boolean {
    const action = this.journal.at(this.nextAction);
    if (action !== undefined && this.isDue(action, time)) {
      this.network.runUntil(Math.max(action.time, this.network.now), 0);
      this.perform(action);
      return true;
    }
    if (!this.pluggedIn) {
      this.pluggedIn = true;
      this.events++;
      this.plan.proceed();
      return true;
    }
    const next = this.nextEventTime;
    if (next === undefined || next > time) {
      return false;
    }
    this.events += this.network.runUntil(next, 1);
    this.plan.proceed();
    return true;
  }

  /** Sets the clock to a time before the next event. */
  standAt(time: number): void {
    this.network.runUntil(time, 0);
  }

  /** Does what the user asks for, now; returns the actions that were to come, which are gone with it. */
  act(action: UserAction): readonly JournalEntry[] {
    const entry = { action, time: this.network.now, events: this.events, answered: false };
    const gone = this.journal.write(this.nextAction, entry);
    this.perform(entry);
    return gone;
  }

  /** Whether every event must be looked at, because the plan or the journal may have something to do after it. */
  private lookAtEach(): boolean {
    return this.plan.pending || this.nextAction < this.journal.length;
  }

  private isDue({ time, events }: JournalEntry, until: number): boolean {
    if (time > until) {
      return false;
    }
    if (events !== undefined) {
      return events === this.events;
    }
    const next = this.network.nextEventTime;
    return this.pluggedIn && (next === undefined || next > time);
  }

  private perform(entry: JournalEntry): void {
    entry.events = this.events++;
    this.nextAction++;
    switch (entry.action.type) {
      case 'ping':
        this.ping(entry, entry.action);
        break;
      case 'cable':
        this.network.setCable(entry.action.cable, { up: entry.action.up });
        break;
      case 'terminal': {
        const { terminal, device, line } = entry.action;
        this.terminals.expect(terminal);
        this.plan.afterBoot(() => {
          this.terminals.run(terminal, device, line);
        });
        break;
      }
      case 'terminal-input': {
        const { terminal, line } = entry.action;
        this.plan.afterBoot(() => {
          this.terminals.input(terminal, line);
        });
        break;
      }
      case 'terminal-interrupt':
        this.terminals.interrupt(entry.action.terminal);
        break;
    }
  }

  private ping(entry: JournalEntry, { from, to, count, request }: UserAction & { type: 'ping' }): void {
    const step = this.pings++;
    this.openPings.add(entry);
    const finish = (result: PingResult): void => {
      if (this.openPings.delete(entry)) {
        this.listener.pinged(entry, result);
        const passed = result.replies.some(reply => reply.result === 'reply');
        const text = pingLine(to, result);
        this.tell({ step, passed, text, ...(request === undefined ? {} : { request }) });
      }
    };
    if (!this.topology.devices.some(device => device.id === from)) {
      finish({ address: undefined, problem: `there is no device ${from}`, replies: [] });
      return;
    }
    const target = parseTarget(this.topology, to);
    this.plan.afterBoot(() => {
      this.network.ping(from, target, { count, within: PING_PATIENCE }, finish);
    });
  }

  private tell(outcome: StepOutcome): void {
    this.outcomes.push(outcome);
    if (this.outcomes.length > MOST_OUTCOMES) {
      this.outcomes.shift();
    }
    this.listener.outcome(outcome);
  }
}
