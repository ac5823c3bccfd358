/** What a simulation does by itself: boot every device, then take the steps of the scenarios one after the other. */
import type { NetworkControl } from '../engine/network';
import type { ResolvedScenario, ResolvedStep } from '../topology/resolved';
import type { StepOutcome } from './protocol';
import { beginStep } from './scenario/begin-step';
import type { TraceReader } from './scenario/step-context';

/**
 * Virtual ns after which the scenarios begin although a DHCP client still waits: ISC dhclient gives up after 60 s (dhclient.conf(5),
 * `timeout`).
 */
export const BOOT_LIMIT = 60e9;

interface PlannedStep {
  readonly scenario: string;
  readonly index: number;
  readonly step: ResolvedStep;
}

type PlanState = 'unplugged' | 'booting' | 'ready' | 'waiting' | 'done';

/**
 * Looked at after every event while it is pending, so that each step begins at the very moment the one before it ended, however the
 * time is cut into slices.
 */
export class RunPlan {
  private readonly steps: readonly PlannedStep[];
  private readonly whenBooted: (() => void)[] = [];
  private state: PlanState = 'unplugged';
  private next = 0;
  /** The number that the next record had when the present scenario began. */
  private firstRecord = 0;

  constructor(
    private readonly network: NetworkControl,
    private readonly trace: TraceReader,
    scenarios: readonly ResolvedScenario[],
    private readonly told: (outcome: StepOutcome) => void,
  ) {
    this.steps = scenarios.flatMap(({ name, steps }) =>
      steps.map((step, index) => ({ scenario: name, index, step })),
    );
  }

  /** Whether anything is left to do. */
  get pending(): boolean {
    return this.state !== 'done';
  }

  /** Virtual ns at which the plan goes on even if nothing happens. */
  get deadline(): number {
    return this.state === 'booting' ? BOOT_LIMIT : Number.POSITIVE_INFINITY;
  }

  /** Runs `action` as soon as the devices are up: at once when they are. */
  afterBoot(action: () => void): void {
    if (this.state === 'unplugged' || this.state === 'booting') {
      this.whenBooted.push(action);
    } else {
      action();
    }
  }

  /** Begins what may begin now; returns whether anything is left to do. */
  proceed(): boolean {
    if (this.state === 'unplugged') {
      this.state = 'booting';
      this.network.boot();
    }
    if (this.state === 'booting' && this.bootEnded()) {
      this.state = 'ready';
      this.whenBooted.splice(0).forEach(action => action());
    }
    if (this.state === 'waiting' && this.network.nextEventTime === undefined) {
      this.end(false, 'the network came to rest without an answer');
    }
    while (this.state === 'ready') {
      this.begin();
    }
    return this.pending;
  }

  private bootEnded(): boolean {
    const { booted, now, nextEventTime } = this.network;
    return booted || now >= BOOT_LIMIT || nextEventTime === undefined;
  }

  private begin(): void {
    const planned = this.steps[this.next];
    if (planned === undefined) {
      this.state = 'done';
      return;
    }
    this.state = 'waiting';
    if (planned.index === 0) {
      this.firstRecord = this.trace.end;
    }
    const { network, trace, firstRecord } = this;
    beginStep(planned.step, { network, trace, firstRecord }, (passed, text) => {
      if (this.state === 'waiting' && this.steps[this.next] === planned) {
        this.end(passed, text);
      }
    });
  }

  /** Tells how the present step ended; the next one begins with `proceed`, outside the event that ended this one. */
  private end(passed: boolean, text: string): void {
    const planned = this.steps[this.next];
    this.next++;
    this.state = 'ready';
    if (planned !== undefined) {
      this.told({ scenario: planned.scenario, step: planned.index, passed, text });
    }
  }
}
