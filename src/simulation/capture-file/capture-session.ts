/** Owns the thread of one capture file. */
import { Worker } from 'node:worker_threads';
import type { SimulationRequest } from '../protocol';
import type { CaptureEvent, CaptureWorkerRequest } from './capture-protocol';

/** Megabytes of JavaScript heap that the thread may use; packets lie outside it. */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 1024 };

export class CaptureSession {
  private worker: Worker | undefined;

  /**
   * @param script path of the bundled worker
   * @param tell gets every event, also `failed` when the thread ends by itself
   */
  constructor(
    private readonly script: string,
    private readonly tell: (event: CaptureEvent) => void,
  ) {}

  /** Reads a file, from the beginning where one was read before. */
  open(file: Extract<CaptureWorkerRequest, { type: 'open-path' | 'open-bytes' | 'unreadable' }>): void {
    this.dispose();
    this.worker = this.start();
    this.worker.postMessage(file);
  }

  request(request: SimulationRequest): void {
    this.worker?.postMessage({ type: 'simulation', request } satisfies CaptureWorkerRequest);
  }

  /** Has everything told again, for a receiver that knows nothing. */
  tellAgain(): void {
    this.worker?.postMessage({ type: 'tell-again' } satisfies CaptureWorkerRequest);
  }

  /** Ends the thread; nothing is told any more. */
  dispose(): void {
    const { worker } = this;
    this.worker = undefined;
    worker?.removeAllListeners();
    void worker?.terminate();
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
    worker.on('exit', code => ended(`The thread of the capture file ended with code ${code}.`));
    return worker;
  }
}
