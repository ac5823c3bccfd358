/**
 * One simulation of one topology: the network, its trace and the plan of what happens by itself. Synchronous, and deterministic down
 * to the byte however its time is cut into slices; it knows nothing of real time, threads or VS Code.
 */
import { dropReasonCode, type DropReason } from '../engine/kernel/drop-reason';
import { createNetwork } from '../engine/network';
import type { NetworkControl, PingResult } from '../engine/network';
import { formatIpInterfaceAddress } from '../net/ip-address';
import type { ResolvedScenario, ResolvedTopology } from '../topology/resolved';
import { PacketStore } from '../trace/packet-store';
import { captureOf } from './capture';
import { pingLine } from './outcome-text';
import type { PacketDetails, PacketRow, StepOutcome } from './protocol';
import type { RecordSource } from './record-stream';
import { RunPlan } from './run-plan';
import { StoreReader } from './scenario/store-reader';
import { TraceView } from './trace-view';
import { parseTarget } from './targets';

/** The seed of a simulation that nobody gave one. */
export const DEFAULT_SEED = 1;

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

/** The addresses of one interface, each as `10.0.2.15/24`. */
export interface InterfaceAddresses {
  readonly device: string;
  readonly port: string;
  readonly addresses: readonly string[];
}

export interface SimulationOptions {
  readonly seed?: number;
  /** The scenarios to run; all of the topology by default. */
  readonly scenarios?: readonly ResolvedScenario[];
  /** Called from inside `advanceTo`, `step` and `ping`. */
  readonly onOutcome?: (outcome: StepOutcome) => void;
  readonly onAddresses?: (addresses: InterfaceAddresses) => void;
}

interface OpenPing {
  readonly step: number;
  readonly request: number | undefined;
}

/** What a `restart` makes anew. */
interface Run {
  readonly seed: number;
  readonly network: NetworkControl;
  readonly store: PacketStore;
  readonly plan: RunPlan;
  readonly view: TraceView;
  readonly outcomes: StepOutcome[];
  readonly addresses: Map<string, InterfaceAddresses>;
  /** Pings by hand so far, and those that still wait for their outcome. */
  pings: number;
  readonly openPings: Set<OpenPing>;
}

export class Simulation {
  private run: Run;

  constructor(
    readonly topology: ResolvedTopology,
    private readonly options: SimulationOptions = {},
  ) {
    this.run = this.begin(options.seed ?? DEFAULT_SEED);
  }

  get seed(): number {
    return this.run.seed;
  }

  /** Virtual time in ns. */
  get now(): number {
    return this.run.network.now;
  }

  /** When something happens next, in ns: an event of the network or the plan's own; undefined when nothing ever will. */
  get nextEventTime(): number | undefined {
    const { network, plan } = this.run;
    const next = Math.min(network.nextEventTime ?? Number.POSITIVE_INFINITY, plan.deadline);
    return Number.isFinite(next) ? next : undefined;
  }

  /** Whether the plan or a ping is not done yet. */
  get busy(): boolean {
    return this.run.plan.pending || this.run.openPings.size > 0;
  }

  /** Whether the plan and every ping are done and only long timers are left. */
  get finished(): boolean {
    const { network } = this.run;
    const next = network.nextEventTime;
    return !this.busy && (next === undefined || next - network.now > REST);
  }

  /** The trace as numbered records. */
  get records(): RecordSource {
    return this.run.view;
  }

  /** The outcomes so far, the oldest first; at most the newest thousand. */
  get outcomes(): readonly StepOutcome[] {
    return this.run.outcomes;
  }

  /** What each interface that changed has now. */
  get addresses(): readonly InterfaceAddresses[] {
    return [...this.run.addresses.values()];
  }

  /** Begins again at time 0. */
  restart(seed = this.seed): void {
    this.abandonPings();
    this.run = this.begin(seed);
  }

  /**
   * Runs every event due up to and including `time` in ns, then the clock shows `time`; or `maximumEvents`, and the clock shows the last
   * of them. Returns the events run.
   */
  advanceTo(time: number, maximumEvents = Number.POSITIVE_INFINITY): number {
    const { network, plan } = this.run;
    let events = 0;
    while (plan.pending && events < maximumEvents) {
      const pending = plan.proceed();
      const next = this.nextEventTime;
      if (!pending || next === undefined || next > time) {
        break;
      }
      events += network.runUntil(next, 1);
    }
    return events < maximumEvents ? events + network.runUntil(time, maximumEvents - events) : events;
  }

  /** Runs to the next record; false when there was none to come. */
  step(): boolean {
    const { view } = this.run;
    const before = view.end;
    for (let events = 0; events < MOST_EVENTS_IN_STEP; events++) {
      this.run.plan.proceed();
      if (view.end > before) {
        return true;
      }
      const next = this.nextEventTime;
      if (next === undefined) {
        return false;
      }
      this.run.network.runUntil(next, 1);
      if (view.end > before) {
        return true;
      }
    }
    return false;
  }

  /**
   * Runs until finished, or until the clock would pass `limit` in ns, or for `maximumEvents`; the clock shows the last event. Returns
   * whether there is more to run.
   */
  runOn(limit: number, maximumEvents = Number.POSITIVE_INFINITY): boolean {
    this.run.plan.proceed();
    for (let events = 0; events < maximumEvents;) {
      const next = this.nextEventTime;
      if (this.finished || next === undefined || next > limit) {
        return false;
      }
      events += Math.max(1, this.advanceTo(next, 1));
      this.run.plan.proceed();
    }
    return true;
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
    const { run } = this;
    const open: OpenPing = { step: run.pings++, request };
    run.openPings.add(open);
    const finish = (result: PingResult): void => {
      if (run.openPings.delete(open)) {
        ended?.(result);
        const passed = result.replies.some(reply => reply.result === 'reply');
        this.tellPing(open, passed, pingLine(to, result));
      }
    };
    if (!this.topology.devices.some(device => device.id === from)) {
      finish({ address: undefined, problem: `there is no device ${from}`, replies: [] });
      return;
    }
    const target = parseTarget(this.topology, to);
    run.plan.afterBoot(() => {
      run.network.ping(from, target, { count, within: PING_PATIENCE }, finish);
    });
  }

  /** Tells of every ping that still waits that it won't be answered any more. */
  abandonPings(): void {
    const open = [...this.run.openPings];
    this.run.openPings.clear();
    open.forEach(ping => this.tellPing(ping, false, 'ping: the simulation began again before the answer'));
  }

  /** Lines of the packet list from number `first` on, as far as they are kept. */
  rows(first: number, count: number): readonly PacketRow[] {
    return this.run.view.rows(first, count);
  }

  /** All about one record; undefined when it is not kept. */
  packet(number: number): PacketDetails | undefined {
    return this.run.view.packet(number);
  }

  /** The trace as a pcapng file. */
  capture(): Uint8Array {
    return captureOf(this.run.store, this.run.network.ports);
  }

  private begin(seed: number): Run {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    const outcomes: StepOutcome[] = [];
    const addresses = new Map<string, InterfaceAddresses>();
    const network = createNetwork(this.topology, {
      seed,
      observer: store,
      listener: {
        addressesChanged: (device, port, now) => {
          const change = { device, port, addresses: now.map(formatIpInterfaceAddress) };
          addresses.set(`${device}:${port}`, change);
          this.options.onAddresses?.(change);
        },
      },
    });
    const view = new TraceView(store, network.ports);
    const scenarios = this.options.scenarios ?? this.topology.scenarios;
    const plan = new RunPlan(network, new StoreReader(store, network), scenarios, outcome => {
      this.tell(outcomes, outcome);
    });
    return { seed, network, store, plan, view, outcomes, addresses, pings: 0, openPings: new Set() };
  }

  private tellPing({ step, request }: OpenPing, passed: boolean, text: string): void {
    this.tell(this.run.outcomes, { step, passed, text, ...(request === undefined ? {} : { request }) });
  }

  private tell(outcomes: StepOutcome[], outcome: StepOutcome): void {
    outcomes.push(outcome);
    if (outcomes.length > MOST_OUTCOMES) {
      outcomes.shift();
    }
    this.options.onOutcome?.(outcome);
  }
}
