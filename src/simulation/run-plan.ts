/** What a simulation does by itself: boot every device, then take the steps of the scenarios one after the other. */
import type { LookupResult, NetworkControl, PingResult } from '../engine/network';
import type { ResolvedDnsStep, ResolvedPingStep, ResolvedScenario, ResolvedStep } from '../topology/resolved';
import { lookupLine, pingLine } from './outcome-text';
import type { StepOutcome } from './protocol';
import { formatTarget } from './targets';

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

  constructor(
    private readonly network: NetworkControl,
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
    const { step } = planned;
    const isCurrent = (): boolean => this.state === 'waiting' && this.steps[this.next] === planned;
    const ended = (passed: boolean, text: string): void => {
      if (isCurrent()) {
        this.end(passed, text);
      }
    };
    switch (step.kind) {
      case 'ping': {
        const { count, within } = step;
        this.network.ping(step.from, step.to, { count, within }, result => {
          ended(...judgePing(step, result));
        });
        break;
      }
      case 'dns':
        this.network.lookup(step.from, step.name, step.within, result => {
          ended(...judgeLookup(step, result));
        });
        break;
      case 'traceroute':
      case 'tcp':
      case 'udp':
      case 'http':
      case 'dhcp':
      case 'wait':
      case 'set':
      case 'expect':
      case 'capture':
        ended(false, `${step.kind} steps are not simulated yet`);
        break;
    }
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

type Judgement = readonly [passed: boolean, text: string];

/** As `ping` itself: any answer is a success. */
function judgePing(step: ResolvedPingStep, result: PingResult): Judgement {
  const replies = result.replies.filter(reply => reply.result === 'reply').length;
  const line = pingLine(formatTarget(step.to), result);
  switch (step.expect) {
    case 'reply':
      return [replies > 0, line];
    case 'no-reply':
      return replies === 0 ? [true, line] : [false, `${line} (expected no reply)`];
  }
}

function judgeLookup(step: ResolvedDnsStep, result: LookupResult): Judgement {
  const line = lookupLine(step.name, result);
  if (step.expect.kind !== result.kind) {
    return [false, `${line} (expected ${EXPECTED[step.expect.kind]})`];
  }
  const wanted = step.expect.kind === 'answer' ? step.expect.address : undefined;
  if (wanted !== undefined && result.kind === 'answer' && !result.addresses.some(one => one === wanted)) {
    return [false, `${line} (expected ${formatTarget({ kind: 'address', address: wanted })})`];
  }
  return [true, line];
}

const EXPECTED = { answer: 'an answer', nxdomain: 'NXDOMAIN', 'no-answer': 'no answer' } as const;
