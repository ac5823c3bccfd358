/**
 * Plays a simulation in real time and answers requests about it: everything a simulation's thread does, but without the thread and
 * with the real time given from outside, so that tests run it as it is. Nothing thrown gets out: it becomes a `failed` event.
 */
import type { ResolvedTopology } from '../topology/resolved';
import { Colouring } from '../trace/colouring/colouring';
import { within } from './bounds';
import { pace } from './pacing';
import { FASTEST, type SimulationRequest, type SimulationState, type Speed } from './protocol';
import { ClockTeller } from './clock-teller';
import { answerTo } from './question';
import { RecordStream } from './record-stream';
import type { Moment, Replay } from './replay';
import { REST } from './run';
import { Search } from './search/search';
import { Simulation } from './simulation';
import type { PlayerSurroundings } from './surroundings';
import type { WorkerRequest } from './worker-messages';

/** One microsecond in ten milliseconds: a packet takes some tenths of a second over a local cable. */
export const DEFAULT_SPEED: Speed = 0.0001;

/** Real milliseconds that one slice may take, so that requests are answered soon. */
const SLICE = 12;

/** Real milliseconds of a slice in which the trace is looked through. */
const SEARCH_SLICE = 4;

/** Real milliseconds between slices at a paced speed, and between batches of records. */
const TICK = 16;

/** Real milliseconds that one slice makes up for at most: after a laptop's sleep the clock does not leap. */
const MOST_CATCH_UP = 100;

/** Events of a user's step to a moment that are done before anything else is. */
const ALL_EVENTS = Number.MAX_SAFE_INTEGER;

/** Events in one go, before the real time is looked at again. */
const EVENTS_AT_ONCE = 256;

/** The latest virtual ns that can be sought: the clock counts whole ns in a number. */
const LATEST = Number.MAX_SAFE_INTEGER;

/** Echo requests of one ping at most. */
const MOST_PINGS = 1000;

interface Seeking {
  readonly replay: Replay;
  /** What to do there. */
  readonly then: 'playing' | 'paused';
}

export class Player {
  private readonly stream = new RecordStream();
  private readonly search = new Search((event, transfer) => this.around.post(event, transfer));
  private colouring = new Colouring([]);
  /** There is more to look for in the trace. */
  private searches = false;
  private simulation: Simulation | undefined;
  private state: SimulationState = 'paused';
  private speed = DEFAULT_SPEED;
  /** Virtual ns of the last event that was played. */
  private previousEvent = 0;
  /** Virtual ns since when the plan and all pings have been done; undefined while they are not. */
  private idleSince: number | undefined;
  /** On the way to a moment that the user chose. */
  private seeking: Seeking | undefined;
  /** The user played on when everything was done. */
  private playsBeyond = false;
  private lastTick = 0;
  private lastBatch = Number.NEGATIVE_INFINITY;
  private readonly clock: ClockTeller;

  constructor(private readonly around: PlayerSurroundings) {
    this.clock = new ClockTeller(around);
  }

  /** Does what is asked. */
  handle(message: WorkerRequest): void {
    this.guard(() => {
      switch (message.type) {
        case 'topology':
          this.load(message.topology);
          break;
        case 'tell-again':
          this.search.forget();
          this.tellEverything();
          break;
        case 'simulation':
          this.answer(message.request);
          break;
      }
    });
  }

  /** Plays one slice and sends what is to be sent; returns after how many real milliseconds it wants to be called again, if at all. */
  tick(): number | undefined {
    this.guard(() => {
      const wall = this.around.wallTime();
      const elapsed = Math.min(Math.max(wall - this.lastTick, 0), MOST_CATCH_UP);
      this.lastTick = wall;
      if (this.simulation !== undefined && this.seeking !== undefined) {
        this.seek(this.simulation, this.seeking, wall + SLICE);
      } else if (this.simulation !== undefined && this.state === 'playing') {
        this.play(this.simulation, elapsed, wall + SLICE);
      }
      const sends = wall - this.lastBatch >= TICK;
      if (sends) {
        this.lastBatch = wall;
        this.sendRecords();
      }
      const until = this.around.wallTime() + SEARCH_SLICE;
      this.searches = this.search.work(this.stream.sent, () => this.around.wallTime() < until);
      if (sends) {
        this.search.send();
      }
      if ((this.state === 'playing' || this.seeking !== undefined) && this.clock.isDue(wall)) {
        this.sendClock();
      }
    });
    if (this.seeking !== undefined || this.searches) {
      return 0;
    }
    if (this.state === 'playing') {
      return this.speed >= FASTEST ? 0 : TICK;
    }
    return this.stream.ready || this.search.ready ? TICK : undefined;
  }

  private play(simulation: Simulation, elapsed: number, until: number): void {
    const { speed } = this;
    let left = elapsed;
    do {
      if (simulation.finished) {
        this.enter('finished');
        return;
      }
      if (speed >= FASTEST && this.isDone(simulation)) {
        this.enter('paused');
        return;
      }
      const nextEvent = simulation.nextEventTime;
      const { now } = simulation;
      const step = pace({ now, previousEvent: this.previousEvent, nextEvent }, speed, left);
      simulation.advanceTo(step.time, EVENTS_AT_ONCE);
      if (nextEvent !== undefined && nextEvent <= step.time) {
        this.previousEvent = simulation.now;
      }
      left = step.left;
    } while ((left > 0 || speed >= FASTEST) && this.around.wallTime() < until);
  }

  private seek(simulation: Simulation, { replay, then }: Seeking, until: number): void {
    do {
      if (replay.work(EVENTS_AT_ONCE)) {
        this.arrive(simulation, replay, then);
        return;
      }
    } while (this.around.wallTime() < until);
  }

  /** Shows the moment that was sought. Going ahead has told everything on its way; going back takes back what comes later. */
  private arrive(simulation: Simulation, replay: Replay, then: Seeking['then']): void {
    this.seeking = undefined;
    this.previousEvent = replay.run.position.time;
    this.idleSince = undefined;
    if (simulation.shows(replay)) {
      this.enter(then === 'playing' || !simulation.finished ? then : 'finished');
      return;
    }
    const forgotten = simulation.records.oldest;
    simulation.show(replay);
    const { records, outcomes, addresses } = simulation;
    if (records.oldest < forgotten) {
      this.tellEverything();
    } else {
      this.around.post({ type: 'rewound', records: records.end, outcomes, addresses });
      this.stream.goBack(records);
      this.search.goBack(simulation.trace);
    }
    this.enter(then);
  }

  /** Begins to go to a moment. */
  private goTo(simulation: Simulation, moment: Moment, then: Seeking['then']): void {
    this.seeking = { replay: simulation.goTo(moment), then };
    this.enter('seeking');
  }

  /** Nobody may act while the moment to act at is not reached. */
  private arriveAtOnce(simulation: Simulation): void {
    if (this.seeking !== undefined) {
      const { replay, then } = this.seeking;
      while (!replay.work(ALL_EVENTS)) {
        // The work is done by the condition.
      }
      this.arrive(simulation, replay, then);
    }
  }

  /**
   * Whether all that was to happen has happened, in a network that never comes to rest: spanning trees and advertisements go on for ever,
   * and at full speed would soon have pushed what matters out of the trace.
   */
  private isDone(simulation: Simulation): boolean {
    if (simulation.busy) {
      this.idleSince = undefined;
      return false;
    }
    this.idleSince ??= simulation.now;
    return !this.playsBeyond && simulation.now - this.idleSince >= REST;
  }

  private answer(request: SimulationRequest): void {
    const { simulation } = this;
    if (simulation === undefined) {
      return;
    }
    switch (request.type) {
      case 'play':
        if (this.state === 'finished') {
          this.restart(simulation, simulation.seed, 'playing');
        } else if (this.state === 'paused') {
          this.playsBeyond = !simulation.busy;
          this.enter('playing');
        } else if (this.seeking !== undefined) {
          this.seeking = { ...this.seeking, then: 'playing' };
        }
        break;
      case 'pause':
        if (this.state === 'playing' || this.state === 'seeking') {
          this.seeking = undefined;
          this.enter('paused');
        }
        break;
      case 'step':
        if (this.state !== 'failed') {
          this.arriveAtOnce(simulation);
          simulation.step();
          this.previousEvent = simulation.now;
          this.enter(simulation.finished ? 'finished' : 'paused');
        }
        break;
      case 'step-back':
        this.arriveAtOnce(simulation);
        if (this.state !== 'failed' && simulation.position.events > 0) {
          this.goTo(simulation, { kind: 'before', records: simulation.records.end }, 'paused');
        }
        break;
      case 'step-hop':
        this.arriveAtOnce(simulation);
        if (this.state !== 'failed') {
          this.goTo(simulation, { kind: 'consequence', record: request.record }, 'paused');
        }
        break;
      case 'seek':
        if (this.state !== 'failed') {
          const time = within(request.time, 0, LATEST);
          this.goTo(simulation, { kind: 'time', time }, this.state === 'playing' ? 'playing' : 'paused');
        }
        break;
      case 'seek-record':
        if (this.state !== 'failed' && request.record < simulation.records.end) {
          this.goTo(simulation, { kind: 'record', record: request.record }, 'paused');
        }
        break;
      case 'restart':
        this.restart(
          simulation,
          request.seed ?? simulation.seed,
          this.playsOn() || this.state === 'failed' ? 'playing' : 'paused',
        );
        break;
      case 'speed':
        this.speed = request.speed > 0 ? Math.min(request.speed, FASTEST) : DEFAULT_SPEED;
        this.sendClock();
        break;
      case 'cable':
        this.arriveAtOnce(simulation);
        simulation.setCable(request.cable, request.up);
        this.acted(simulation);
        break;
      case 'ping':
        this.arriveAtOnce(simulation);
        simulation.ping(request.from, request.to, within(request.count, 1, MOST_PINGS), request.request);
        this.acted(simulation);
        break;
      case 'terminal':
        this.arriveAtOnce(simulation);
        simulation.type(request.terminal, request.device, request.line);
        this.acted(simulation);
        this.letTimeRun(simulation);
        break;
      case 'terminal-input':
        this.arriveAtOnce(simulation);
        simulation.input(request.terminal, request.line);
        this.acted(simulation);
        break;
      case 'terminal-interrupt':
        this.arriveAtOnce(simulation);
        simulation.interrupt(request.terminal);
        this.acted(simulation);
        break;
      case 'colour-rules':
        this.colouring = new Colouring(request.rules);
        break;
      case 'comment':
        simulation.comment(request.record, request.text);
        this.tellComments(simulation);
        break;
      case 'restore-comments':
        simulation.comments.restore(request.comments);
        this.tellComments(simulation);
        break;
      case 'acknowledge':
        this.stream.acknowledge(request.batch);
        break;
      case 'filter':
      case 'acknowledge-matches':
      case 'conversation':
      case 'follow':
      case 'statistics':
        this.search.handle(request, simulation.trace);
        break;
      case 'rows':
      case 'rows-of':
      case 'packet':
      case 'journey':
      case 'tables':
      case 'capture':
        this.around.post(answerTo(request, simulation, this.colouring));
        break;
    }
  }

  /**
   * A changed file goes on playing; one that waits goes on waiting. Time goes on too: what happened until now happens again in the changed
   * network, with all that the user did.
   */
  private load(topology: ResolvedTopology): void {
    const before = this.simulation;
    const then = this.playsOn() ? 'playing' : 'paused';
    this.simulation = new Simulation(topology, {
      ...(before === undefined
        ? {}
        : { seed: before.seed, journal: before.handOver(), comments: before.comments }),
      onOutcome: outcome => this.around.post({ type: 'outcome', outcome }),
      onPrinted: output => this.around.post({ type: 'terminal', ...output }),
      onAddresses: addresses => this.around.post({ type: 'addresses', ...addresses }),
    });
    const until = before?.now ?? 0;
    this.standAtZero(this.simulation, then, until > 0 ? until : undefined);
    if (until > 0) {
      this.goTo(this.simulation, { kind: 'time', time: until }, then);
    }
  }

  private restart(simulation: Simulation, seed: number, state: SimulationState): void {
    simulation.restart(seed);
    this.standAtZero(simulation, state);
  }

  private standAtZero(simulation: Simulation, state: SimulationState, until?: number): void {
    this.seeking = undefined;
    this.clock.beginAnew();
    this.previousEvent = 0;
    this.idleSince = undefined;
    this.playsBeyond = false;
    this.stream.rewind(simulation.records);
    this.search.begin(simulation.trace);
    this.around.post({ type: 'reset', seed: simulation.seed, ...(until === undefined ? {} : { until }) });
    this.enter(state);
  }

  /** What was to come may be otherwise now, and what was done is seen at once where the simulation had come to its end. */
  private acted(simulation: Simulation): void {
    this.clock.endsHere(simulation);
    if (this.state === 'finished' && !simulation.finished) {
      this.enter('playing');
    } else {
      this.sendClock();
    }
  }

  /** A command that waits for packets is no use while time stands still. */
  private letTimeRun(simulation: Simulation): void {
    if (simulation.typing && this.state === 'paused') {
      this.enter('playing');
    }
  }

  private playsOn(): boolean {
    return this.state === 'playing' || this.state === 'finished' || this.seeking?.then === 'playing';
  }

  private tellEverything(): void {
    const { simulation } = this;
    if (simulation === undefined) {
      return;
    }
    this.stream.rewind(simulation.records);
    this.search.begin(simulation.trace);
    this.around.post({ type: 'reset', seed: simulation.seed });
    this.clock.forget();
    this.sendClock();
    this.tellComments(simulation);
    simulation.addresses.forEach(addresses => this.around.post({ type: 'addresses', ...addresses }));
    simulation.outcomes.forEach(outcome => this.around.post({ type: 'outcome', outcome }));
  }

  private tellComments({ comments }: Simulation): void {
    this.around.post({ type: 'comments', comments: comments.all });
  }

  private enter(state: SimulationState): void {
    if (state === 'playing' && this.state !== 'playing') {
      this.lastTick = this.around.wallTime();
    }
    this.state = state;
    this.sendClock();
  }

  private sendRecords(): void {
    for (let batch = this.stream.take(); batch !== undefined; batch = this.stream.take()) {
      this.around.post({ type: 'records', ...batch }, [batch.data]);
    }
  }

  private sendClock(): void {
    if (this.simulation !== undefined) {
      this.clock.tell(this.simulation, this.state, this.speed);
    }
  }

  /** A mistake in the engine must not end the thread: the trace so far can still be read. */
  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.seeking = undefined;
      this.state = 'failed';
      const message = error instanceof Error ? error.message : String(error);
      this.around.post({ type: 'failed', message });
      this.sendClock();
    }
  }
}
