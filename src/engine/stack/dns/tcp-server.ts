/** A name server's side of TCP: connections with one question after the other (RFC 7766 6.2.1). */
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { TcpHandler, TcpSocket } from '../tcp/socket';
import type { TcpLayer } from '../tcp/tcp-layer';
import { DnsStream, onConnection } from './tcp-stream';

/** Connections at a time (dnsmasq MAX_PROCS: 20). */
const MAXIMUM_CONNECTIONS = 20;

/** How long one may stay (dnsmasq CHILD_LIFETIME: 150 s). */
const CONNECTION_LIFETIME = 150 * SECOND;

/**
 * Answers a question, now or later. `undefined` stands for a message that is none: the connection ends, as TCP has no other way to say so.
 */
export type TcpAnswerer = (question: Uint8Array, answer: (data: Uint8Array | undefined) => void) => void;

/** Listens on the port; nothing happens where the port is taken. */
export function listenForDns(simulator: Simulator, tcp: TcpLayer, port: number, answerer: TcpAnswerer): void {
  let connections = 0;
  tcp.listen({
    port,
    accept: socket => {
      connections++;
      return new Conversation(simulator, socket, answerer, () => {
        connections--;
      });
    },
    incoming: request => {
      // Those beyond wait for their SYN's next repetition, as for a program that does not call accept().
      if (connections >= MAXIMUM_CONNECTIONS) {
        request.ignore();
      } else {
        request.accept();
      }
    },
  });
}

class Conversation implements TcpHandler, TimerOwner {
  private readonly stream = new DnsStream();
  private readonly timer: Timer;
  /** Questions that wait for the answer to the one before. */
  private readonly questions: Uint8Array[] = [];
  private answering = false;
  private clientFinished = false;
  private over = false;

  constructor(
    simulator: Simulator,
    private readonly socket: TcpSocket,
    private readonly answerer: TcpAnswerer,
    private readonly ended: () => void,
  ) {
    this.timer = new Timer(simulator, this);
    this.timer.arm(CONNECTION_LIFETIME);
  }

  data(_socket: TcpSocket, data: Uint8Array): void {
    this.questions.push(...this.stream.take(data));
    this.next();
  }

  peerClosed(): void {
    this.clientFinished = true;
    this.next();
  }

  closed(): void {
    this.end();
  }

  failed(): void {
    this.end();
  }

  timerExpired(): void {
    this.end();
    this.socket.abort();
  }

  /** Takes the questions one after the other, as far as answers come at once; the loop goes on when a later one comes. */
  private next(): void {
    while (!this.answering && !this.over) {
      const question = this.questions.shift();
      if (question === undefined) {
        this.readOn();
        return;
      }
      this.ask(question);
    }
  }

  private ask(question: Uint8Array): void {
    this.answering = true;
    // The window closes meanwhile, so that what waits here is no more than a receive buffer holds.
    this.socket.pause();
    let isLater = false;
    this.answerer(question, data => {
      this.answering = false;
      this.answer(data);
      if (isLater) {
        this.next();
      }
    });
    isLater = true;
  }

  private answer(data: Uint8Array | undefined): void {
    if (this.over) {
      return;
    }
    // An answer that finds no room belongs to a client that does not read.
    if (data === undefined || this.socket.room < data.length + 2) {
      this.end();
      this.socket.close();
    } else {
      this.socket.send(onConnection([data]));
    }
  }

  /** Nothing is left to answer. */
  private readOn(): void {
    if (this.clientFinished) {
      this.end();
      this.socket.close();
    } else {
      this.socket.resume();
    }
  }

  private end(): void {
    if (!this.over) {
      this.over = true;
      this.timer.cancel();
      this.ended();
    }
  }
}
