/** Owns the thread of one simulation. */
import { Worker } from 'node:worker_threads';
import type { ResolvedTopology } from '../topology/resolved';
import type { SimulationEvent, SimulationRequest } from './protocol';
import type { WorkerRequest } from './worker-messages';

/**
 * Megabytes of JavaScript heap that a simulation may use; the trace's columns lie outside it. New objects get half of what Node gives
 * them: as fast when measured, and 16 MB less of a network of 1,000 hosts.
 */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 24 };

export class SimulationSession {
  private worker: Worker | undefined;
  private topology: ResolvedTopology | undefined;

  /**
   * @param script path of the bundled worker
   * @param tell gets every event, also `failed` when the thread ends by itself
   */
  constructor(
    private readonly script: string,
    private readonly tell: (event: SimulationEvent) => void,
  ) {}

  /** Simulates this topology from time 0 on; starts the thread where there is none. */
  load(topology: ResolvedTopology): void {
    this.topology = topology;
    this.send({ type: 'topology', topology });
  }

  /** Passes a request on. After a failure of the thread, `restart` begins with a new one. */
  request(request: SimulationRequest): void {
    if (this.worker === undefined && request.type === 'restart' && this.topology !== undefined) {
      this.load(this.topology);
    }
    if (this.worker !== undefined) {
      this.send({ type: 'simulation', request });
    }
  }

  /** Has everything told again, for a receiver that knows nothing. */
  tellAgain(): void {
    if (this.worker !== undefined) {
      this.send({ type: 'tell-again' });
    }
  }

  /** Ends the thread; nothing is told any more. */
  dispose(): void {
    const { worker } = this;
    this.worker = undefined;
    this.topology = undefined;
    worker?.removeAllListeners();
    void worker?.terminate();
  }

  private send(message: WorkerRequest): void {
    this.worker ??= this.start();
    this.worker.postMessage(message);
  }

  private start(): Worker {
    const worker = new Worker(this.script, { resourceLimits: HEAP_LIMITS });
    const ended = (message: string): void => {
      if (this.worker === worker) {
        this.worker = undefined;
        worker.removeAllListeners();
        this.tell({ type: 'failed', message });
      }
    };
    worker.on('message', this.tell);
    worker.on('error', error => ended(error.message));
    worker.on('exit', code => ended(`The thread of the simulation ended with code ${code}.`));
    return worker;
  }
}
