/** A web server with one page (RFC 9110, RFC 9112). It has no clock, so its answers have no Date (RFC 9110 6.6.1). */
import type { TcpHandler, TcpSocket } from '../tcp/socket';
import {
  contentLength,
  endOfHead,
  HEAD_BYTES,
  parseRequestHead,
  persists,
  type RequestHead,
} from './http-head';
import { bytesOf, textOf } from './stream-text';

const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  431: 'Request Header Fields Too Large',
} as const;

type Status = keyof typeof REASONS;

/** Request bodies are read and thrown away up to this size; the connection ends after a larger one. */
const BODY_BYTES = 65_536;

/** What handles a new connection to a server whose page at `/` is this text. */
export function httpServer(page: string): TcpHandler {
  return new HttpConversation(new TextEncoder().encode(page));
}

class HttpConversation implements TcpHandler {
  private text = '';
  /** Bytes of a request's body that are still to come. */
  private skip = 0;
  private ending = false;
  /** The client may still send what nobody reads. */
  private lingering = false;
  /** What did not fit the send buffer. */
  private unsent = new Uint8Array(0);

  constructor(private readonly page: Uint8Array) {}

  data(socket: TcpSocket, data: Uint8Array): void {
    if (this.ending) {
      return;
    }
    const passed = Math.min(this.skip, data.length);
    this.skip -= passed;
    this.text += textOf(data.subarray(passed));
    while (this.answerNext(socket)) {
      // One request after the other: clients may send them together (RFC 9112 9.3.2).
    }
  }

  writable(socket: TcpSocket): void {
    const { unsent } = this;
    this.unsent = unsent.subarray(socket.send(unsent));
    if (this.ending) {
      this.closeWhenSent(socket);
    }
  }

  peerClosed(socket: TcpSocket): void {
    this.ending = true;
    this.lingering = false;
    this.closeWhenSent(socket);
  }

  /** Answers the first request of the text; false when there is none, or no more is answered. */
  private answerNext(socket: TcpSocket): boolean {
    const end = endOfHead(this.text);
    if (end === undefined) {
      if (this.text.length > HEAD_BYTES) {
        this.respond(socket, 431, true, 'GET', false);
      }
      return false;
    }
    const head = this.text.slice(0, end);
    this.text = this.text.slice(end);
    this.answer(socket, parseRequestHead(head));
    return !this.ending;
  }

  private answer(socket: TcpSocket, request: RequestHead | undefined): void {
    const length = request === undefined ? 'invalid' : contentLength(request.fields);
    const hostMissing = request?.minorVersion === 1 && !request.fields.has('host');
    if (request === undefined || length === 'invalid' || hostMissing || (length ?? 0) > BODY_BYTES) {
      // RFC 9112 3.2: a request without Host is bad.
      this.respond(socket, 400, true, request?.method ?? 'GET', false);
      return;
    }
    const inText = Math.min(length ?? 0, this.text.length);
    this.text = this.text.slice(inText);
    this.skip = (length ?? 0) - inText;
    const close = !persists(request) || request.fields.has('transfer-encoding');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.respond(socket, 405, close, request.method, false);
    } else {
      const path = pathOf(request.target);
      const found = path === '/' || path === '/index.html';
      this.respond(socket, found ? 200 : 404, close, request.method, found);
    }
  }

  private respond(socket: TcpSocket, status: Status, close: boolean, method: string, page: boolean): void {
    const body = page ? this.page : bytesOf(`${status} ${REASONS[status]}\n`);
    const head = [
      `HTTP/1.1 ${status} ${REASONS[status]}`,
      ...(status === 405 ? ['Allow: GET, HEAD'] : []),
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${body.length}`,
      `Connection: ${close ? 'close' : 'keep-alive'}`,
    ];
    const first = bytesOf(`${head.join('\r\n')}\r\n\r\n`);
    const message = new Uint8Array(first.length + (method === 'HEAD' ? 0 : body.length));
    message.set(first);
    message.set(body.subarray(0, message.length - first.length), first.length);
    this.write(socket, message);
    if (close) {
      this.ending = true;
      this.lingering = status === 400 || status === 431;
      this.closeWhenSent(socket);
    }
  }

  private write(socket: TcpSocket, message: Uint8Array): void {
    const waiting = new Uint8Array(this.unsent.length + message.length);
    waiting.set(this.unsent);
    waiting.set(message, this.unsent.length);
    this.unsent = waiting.subarray(socket.send(waiting));
  }

  private closeWhenSent(socket: TcpSocket): void {
    if (this.unsent.length > 0) {
      return;
    }
    if (this.lingering) {
      // The rest of a bad request is still coming: to close now would reset what we said about it (RFC 9112 9.6).
      socket.finish();
    } else {
      socket.close();
    }
  }
}

/** The path of a request's target, without its query; of an absolute one as well (RFC 9112 3.2.2). */
function pathOf(target: string): string {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? '';
  const [path = ''] = target.slice(absolute.length).split(/[?#]/);
  return path === '' ? '/' : path;
}
