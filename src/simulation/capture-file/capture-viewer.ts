/**
 * Reads a capture file and answers what the panel asks of it: all that its thread does, but without the thread, the file and real time,
 * which are given from outside. Nothing thrown gets out: it becomes a `failed` event.
 */
import { Colouring } from '../../trace/colouring/colouring';
import { CaptureReader } from '../../trace/capture-file/capture-reader';
import type { PlayerSurroundings } from '../surroundings';
import { FASTEST, type SimulationRequest } from '../protocol';
import { answerFrom } from '../question';
import { RecordStream } from '../record-stream';
import { Search } from '../search/search';
import type { CaptureEvent, CaptureFileProblem, CaptureFileState } from './capture-protocol';
import { CaptureView, momentOf, type CaptureBounds } from './capture-view';

/** Real milliseconds between two looks at what is to be sent, and of one slice of a search. */
const TICK = 16;
const SEARCH_SLICE = 8;

/** Real milliseconds between two reports of how far the file was read. */
const REPORT_TICK = 100;

export interface ViewerSurroundings extends Omit<PlayerSurroundings, 'post'> {
  readonly post: (event: CaptureEvent, transfer?: readonly ArrayBuffer[]) => void;
}

export class CaptureViewer {
  private readonly view: CaptureView;
  private readonly reader: CaptureReader;
  private readonly stream = new RecordStream();
  private readonly search: Search;
  private colouring = new Colouring([]);
  private searches = false;
  private read = 0;
  private size = 0;
  private done = false;
  private problem: CaptureFileProblem | undefined;
  /** Interfaces that were told. */
  private toldInterfaces = -1;
  private lastReport = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly around: ViewerSurroundings,
    bounds?: CaptureBounds,
  ) {
    this.view = new CaptureView(bounds);
    this.reader = new CaptureReader(packet => {
      this.view.addInterfaces(this.reader.interfaces);
      return this.view.add(packet);
    });
    this.search = new Search((event, transfer) => around.post(event, transfer));
    this.begin();
  }

  /** How many bytes the whole file has. */
  begins(size: number): void {
    this.size = size;
  }

  /** The next bytes of the file; false when no more are wanted. */
  take(piece: Uint8Array): boolean {
    return this.guard(() => {
      this.read += piece.length;
      this.size = Math.max(this.size, this.read);
      return this.reader.push(piece);
    });
  }

  /** There are no more bytes, or no more are wanted. @param unreadable why the system gave none */
  ends(unreadable?: string): void {
    this.guard(() => {
      this.reader.end();
      this.view.addInterfaces(this.reader.interfaces);
      this.problem =
        unreadable === undefined ? this.problemOfReader() : { kind: 'unreadable', message: unreadable };
      this.done = true;
      this.report();
      return true;
    });
  }

  /** Has everything told again, for a receiver that knows nothing. */
  tellAgain(): void {
    this.search.forget();
    this.begin();
    this.report();
  }

  /** Does what is asked. */
  handle(request: SimulationRequest): void {
    this.guard(() => {
      switch (request.type) {
        case 'acknowledge':
          this.stream.acknowledge(request.batch);
          break;
        case 'filter':
        case 'acknowledge-matches':
        case 'conversation':
        case 'follow':
        case 'statistics':
          this.search.handle(request, this.view);
          break;
        case 'colour-rules':
          this.colouring = new Colouring(request.rules);
          break;
        case 'rows':
        case 'rows-of':
        case 'packet':
          this.around.post(answerFrom(request, this.view, this.colouring));
          break;
        default:
          // What only a network can do: no part of a capture's page asks for it.
          break;
      }
      return true;
    });
  }

  /** Looks on and sends what is to be sent; returns after how many real milliseconds it wants to be called again, if at all. */
  tick(): number | undefined {
    this.guard(() => {
      const wall = this.around.wallTime();
      if (!this.done && wall - this.lastReport >= REPORT_TICK) {
        this.report();
      }
      for (let batch = this.stream.take(); batch !== undefined; batch = this.stream.take()) {
        this.around.post({ type: 'records', ...batch }, [batch.data]);
      }
      const until = wall + SEARCH_SLICE;
      this.searches = this.search.work(this.stream.sent, () => this.around.wallTime() < until);
      this.search.send();
      return true;
    });
    if (this.searches) {
      return 0;
    }
    return this.stream.ready || this.search.ready ? TICK : undefined;
  }

  private begin(): void {
    this.toldInterfaces = -1;
    this.stream.rewind(this.view);
    this.search.begin(this.view);
    this.around.post({ type: 'reset', seed: 0 });
  }

  private report(): void {
    this.lastReport = this.around.wallTime();
    const { view } = this;
    this.around.post(this.state());
    this.toldInterfaces = view.ports.length;
    const now = view.end === 0 ? 0 : view.time(view.end - 1);
    this.around.post({
      type: 'clock',
      state: this.done ? 'finished' : 'playing',
      now,
      speed: FASTEST,
      furthest: now,
      furthestRecords: view.end,
      records: view.end,
      oldest: view.oldest,
    });
  }

  private state(): CaptureFileState {
    const { view, read, size, done, problem } = this;
    return {
      type: 'capture-file',
      ...(view.ports.length === this.toldInterfaces
        ? {}
        : { interfaces: view.ports.map(({ device, name }) => ({ device, port: name })) }),
      ...(view.start === undefined ? {} : { start: momentOf(view.start) }),
      read,
      size,
      done,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  private problemOfReader(): CaptureFileProblem | undefined {
    const { problem, position } = this.reader;
    if (problem === undefined) {
      return undefined;
    }
    return { kind: problem === 'too-many-packets' ? 'too-large' : problem, at: position };
  }

  private guard(action: () => boolean): boolean {
    try {
      return action();
    } catch (error) {
      this.around.post({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }
}
