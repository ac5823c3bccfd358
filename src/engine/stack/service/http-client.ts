/** A web client that asks one thing of one server, as `curl` does (RFC 9112). */
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import type { ConnectionFailure } from '../tcp/control-block';
import type { Endpoint, TcpHandler, TcpSocket } from '../tcp/socket';
import type { TcpLayer } from '../tcp/tcp-layer';
import { contentLength, endOfHead, HEAD_BYTES, parseResponseHead, type ResponseHead } from './http-head';
import { bytesOf, textOf } from './stream-text';

/** Bytes of body that are kept; what comes behind them is counted and thrown away. */
export const BODY_BYTES = 1 << 20;

export interface HttpRequest {
  readonly server: Endpoint;
  /** For the field Host. */
  readonly host: string;
  /** With its query, from the slash on. */
  readonly path: string;
  /** ns until it gives up. */
  readonly within: number;
}

export type HttpOutcome =
  | { readonly kind: 'response'; readonly status: number; readonly body: Uint8Array; readonly time: number }
  /** The server did not speak HTTP, or stopped in the middle. */
  | { readonly kind: 'bad-response'; readonly time: number }
  /** Nothing listens there. */
  | { readonly kind: 'refused'; readonly time: number }
  | { readonly kind: 'unreachable'; readonly time: number }
  | { readonly kind: 'reset'; readonly time: number }
  | { readonly kind: 'timeout'; readonly time: number };

/** Asks; `done` is called once, in virtual time. Times in ns since the call. */
export function requestHttp(tcp: TcpLayer, request: HttpRequest, done: (outcome: HttpOutcome) => void): void {
  new HttpExchange(tcp.simulator, request, done).start(tcp);
}

class HttpExchange implements TcpHandler, TimerOwner {
  private readonly timer: Timer;
  private readonly started: number;
  private socket: TcpSocket | undefined;
  private text = '';
  private head: ResponseHead | undefined;
  private readonly body: Uint8Array[] = [];
  private received = 0;
  private over = false;

  constructor(
    simulator: Simulator,
    private readonly request: HttpRequest,
    private readonly done: (outcome: HttpOutcome) => void,
  ) {
    this.timer = new Timer(simulator, this);
    this.started = simulator.now;
  }

  start(tcp: TcpLayer): void {
    this.timer.arm(this.request.within);
    this.socket = tcp.connect({ remote: this.request.server, handler: this });
    if (this.socket === undefined) {
      this.finish(tcp.simulator.now, time => ({ kind: 'unreachable', time }));
    }
  }

  connected(socket: TcpSocket): void {
    const { host, path } = this.request;
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: ${host}`,
      'User-Agent: vnet',
      'Accept: */*',
      'Connection: close',
    ];
    socket.send(bytesOf(`${head.join('\r\n')}\r\n\r\n`));
  }

  data(socket: TcpSocket, data: Uint8Array): void {
    if (this.head === undefined) {
      this.text += textOf(data);
      const end = endOfHead(this.text);
      if (end === undefined) {
        if (this.text.length > HEAD_BYTES) {
          this.bad(socket);
        }
        return;
      }
      this.head = parseResponseHead(this.text.slice(0, end));
      if (this.head === undefined || contentLength(this.head.fields) === 'invalid') {
        this.bad(socket);
        return;
      }
      this.keep(bytesOf(this.text.slice(end)));
    } else {
      this.keep(data.slice());
    }
    const length = contentLength(this.head.fields);
    if (typeof length === 'number' && this.received >= length) {
      this.answered(socket);
    }
  }

  peerClosed(socket: TcpSocket): void {
    // Without a length the end of the connection is the end of the body (RFC 9112 6.3).
    if (this.head !== undefined && contentLength(this.head.fields) === undefined) {
      this.answered(socket);
    } else {
      this.bad(socket);
    }
  }

  failed(socket: TcpSocket, why: ConnectionFailure): void {
    const kind = why === 'timed-out' ? 'timeout' : why;
    this.finish(socket.now, time => ({ kind, time }));
  }

  timerExpired(): void {
    const { socket } = this;
    if (socket !== undefined) {
      this.finish(socket.now, time => ({ kind: 'timeout', time }));
      socket.abort();
    }
  }

  private keep(data: Uint8Array): void {
    if (this.received < BODY_BYTES) {
      this.body.push(data.subarray(0, BODY_BYTES - this.received));
    }
    this.received += data.length;
  }

  private answered(socket: TcpSocket): void {
    const { status } = this.head ?? { status: 0 };
    const body = new Uint8Array(this.body.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.body) {
      body.set(part, at);
      at += part.length;
    }
    socket.close();
    this.finish(socket.now, time => ({ kind: 'response', status, body, time }));
  }

  private bad(socket: TcpSocket): void {
    socket.close();
    this.finish(socket.now, time => ({ kind: 'bad-response', time }));
  }

  private finish(now: number, outcome: (time: number) => HttpOutcome): void {
    if (!this.over) {
      this.over = true;
      this.timer.cancel();
      this.done(outcome(now - this.started));
    }
  }
}
