/**
 * What the editor itself asks of a simulation, beside the panel: the answers go to who asked and not to the panel. Its requests have
 * numbers below zero; the panel counts up from zero.
 */
import type {
  CaptureSelection,
  SimulationEvent,
  SimulationRequest,
  StepOutcome,
} from '../../simulation/protocol';

interface Waiting {
  readonly capture?: (data: Uint8Array) => void;
  readonly outcome?: (outcome: StepOutcome) => void;
  readonly failed: (error: Error) => void;
}

export class HostRequests {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly send: (request: SimulationRequest) => void) {}

  /** The trace as pcapng, or a part of it; rejects when the simulation fails or ends first. */
  capture(selection?: CaptureSelection): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const request = this.wait({ capture: resolve, failed: reject });
      this.send({ type: 'capture', request, ...(selection !== undefined && { selection }) });
    });
  }

  /** Pings; resolves with the outcome, rejects when the simulation fails, ends or begins again first. */
  ping(from: string, to: string, count: number): Promise<StepOutcome> {
    return new Promise((resolve, reject) => {
      const request = this.wait({ outcome: resolve, failed: reject });
      this.send({ type: 'ping', from, to, count, request });
    });
  }

  /** Takes an event that concerns the editor; true when it is for nobody else. */
  take(event: SimulationEvent): boolean {
    switch (event.type) {
      case 'capture': {
        const waiting = this.waiting.get(event.request);
        this.waiting.delete(event.request);
        waiting?.capture?.(event.data);
        return waiting !== undefined;
      }
      case 'outcome':
        this.answer(event.outcome);
        return false;
      case 'rewound':
        event.outcomes.forEach(outcome => this.answer(outcome));
        return false;
      case 'failed':
        this.cancel(event.message);
        return false;
      case 'terminal':
      case 'reset':
      case 'clock':
      case 'records':
      case 'rows':
      case 'matches':
      case 'conversation':
      case 'stream':
      case 'packet':
      case 'journey':
      case 'tables':
      case 'statistics':
      case 'comments':
      case 'addresses':
      case 'cables':
        return false;
    }
  }

  private answer(outcome: StepOutcome): void {
    const { request } = outcome;
    if (request !== undefined) {
      const waiting = this.waiting.get(request);
      this.waiting.delete(request);
      waiting?.outcome?.(outcome);
    }
  }

  /** Rejects what still waits. */
  cancel(reason: string): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    waiting.forEach(({ failed }) => failed(new Error(reason)));
  }

  private wait(waiting: Waiting): number {
    const request = --this.last;
    this.waiting.set(request, waiting);
    return request;
  }
}
