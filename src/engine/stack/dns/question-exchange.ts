/**
 * Asks name servers about one name as glibc's res_send does (resolv/res_send.c; measured with glibc 2.36): the questions for A and AAAA
 * leave together from one socket, the servers are tried in order and all of them twice, and an answer that was cut is asked for again
 * over TCP.
 */
import type { IpAddress } from '../../../net/ip-address';
import { DNS_OPCODE, DNS_RCODE, emitDns, parseDns, type DnsMessage } from '../../../wire/dns';
import { sameDnsName } from '../../../wire/dns-name';
import { DNS_CLASS } from '../../../wire/dns-record';
import { UDP_PORT } from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { TcpLayer } from '../tcp/tcp-layer';
import type { TcpSocket } from '../tcp/socket';
import type { UdpLayer, UdpSocket } from '../udp-layer';
import { askOverTcp } from './tcp-client';

/** resolv.conf `timeout:` and `attempts:`, their defaults. */
const TIMEOUT = 5;
const ATTEMPTS = 2;

/** Codes with which a server says that another should be asked (res_send.c: send_dg, send_vc). */
const NEXT_SERVER: readonly number[] = [DNS_RCODE.serverFailure, DNS_RCODE.notImplemented, DNS_RCODE.refused];

export interface ExchangeTransport {
  readonly simulator: Simulator;
  readonly udp: UdpLayer;
  readonly tcp: TcpLayer;
  readonly random: RandomStream;
}

export type ExchangeResult =
  | { readonly kind: 'answers'; readonly answers: readonly DnsMessage[]; readonly server: IpAddress }
  | { readonly kind: 'failed'; readonly why: 'timeout' | 'server-failure' | 'not-sent' };

interface Question {
  readonly id: number;
  readonly type: number;
  readonly bytes: Uint8Array;
  /** What the present server says. */
  outcome: DnsMessage | 'failed' | undefined;
}

export class QuestionExchange implements TimerOwner {
  private readonly questions: readonly Question[];
  /** One a server, which is used again when its turn comes again. */
  private readonly sockets = new Map<IpAddress, UdpSocket<IpAddress>>();
  private readonly timer: Timer;
  private connection: TcpSocket | undefined;
  private turn = 0;
  /** One of two questions stayed without an answer and was asked again alone, for servers that take one at a time. */
  private askedAlone = false;
  private failure: 'timeout' | 'server-failure' = 'timeout';
  private finished = false;

  /** @param deadline virtual time in ns at which it ends in any case */
  constructor(
    private readonly by: ExchangeTransport,
    private readonly name: string,
    types: readonly number[],
    private readonly servers: readonly IpAddress[],
    private readonly deadline: number,
    private readonly done: (result: ExchangeResult) => void,
  ) {
    this.timer = new Timer(by.simulator, this);
    this.questions = types.map(type => {
      const id = by.random.integer(0, 0xffff);
      return { id, type, bytes: questionBytes(id, name, type), outcome: undefined };
    });
  }

  start(): void {
    this.askPresent();
  }

  timerExpired(): void {
    const answered = this.questions.some(({ outcome }) => typeof outcome === 'object');
    if (this.by.simulator.now >= this.deadline) {
      this.endWithWhatCame();
    } else if (answered && !this.askedAlone) {
      this.askedAlone = true;
      this.sendOpen();
    } else if (answered) {
      this.endWithWhatCame();
    } else {
      this.next();
    }
  }

  private get server(): IpAddress | undefined {
    return this.servers[this.turn % this.servers.length];
  }

  private next(): void {
    this.turn++;
    if (this.turn >= ATTEMPTS * this.servers.length || this.by.simulator.now >= this.deadline) {
      this.finish({ kind: 'failed', why: this.failure });
    } else {
      this.askPresent();
    }
  }

  private askPresent(): void {
    for (const question of this.questions) {
      question.outcome = undefined;
    }
    this.sendOpen();
  }

  /** Sends the questions that have no answer yet. */
  private sendOpen(): void {
    const { server } = this;
    const socket = server === undefined ? undefined : this.socketFor(server);
    if (server === undefined || socket === undefined) {
      this.finish({ kind: 'failed', why: 'not-sent' });
      return;
    }
    // Before sending: what is sent may come back as an error at once.
    this.timer.arm(Math.max(0, Math.min(this.patience(), this.deadline - this.by.simulator.now)));
    const { turn } = this;
    for (const { bytes, outcome } of this.questions) {
      if (outcome === undefined && turn === this.turn && !this.finished) {
        socket.send(bytes, server, UDP_PORT.dns);
      }
    }
  }

  /** ns: the first server gets the whole timeout, the later ones a share that doubles (res_send.c: send_dg; measured: 5, 3 and 6 s of three). */
  private patience(): number {
    const place = this.turn % this.servers.length;
    const seconds = place === 0 ? TIMEOUT : Math.floor((TIMEOUT << place) / this.servers.length);
    return Math.max(1, seconds) * SECOND;
  }

  private socketFor(server: IpAddress): UdpSocket<IpAddress> | undefined {
    const open = this.sockets.get(server);
    if (open !== undefined) {
      return open;
    }
    const socket = this.by.udp.openDual(0, {
      datagram: (data, _from, _fromPort, _to, on, frame) => {
        this.answered(data, server, on, frame);
      },
      unreachable: () => {
        if (server === this.server) {
          this.next();
        }
      },
    });
    if (socket !== undefined) {
      // A connected socket.
      socket.accepts = (from, fromPort) => from === server && fromPort === UDP_PORT.dns;
      this.sockets.set(server, socket);
    }
    return socket;
  }

  private answered(data: Uint8Array, server: IpAddress, on: NetworkInterface, frame: Frame): void {
    const message = parseDns(data, 0, data.length);
    const question = typeof message === 'string' ? undefined : this.questionOf(message);
    if (typeof message === 'string') {
      on.drop(frame, 'malformed');
    } else if (question === undefined || server !== this.server) {
      on.drop(frame, 'dns-ignored');
    } else if (message.truncated) {
      this.askOverTcp(server);
    } else {
      this.take(question, message);
    }
  }

  /** All questions again, on a connection; what else comes over UDP finds no socket (measured). */
  private askOverTcp(server: IpAddress): void {
    this.closeSockets();
    for (const question of this.questions) {
      question.outcome = undefined;
    }
    // There is no other limit than the connection's own.
    this.timer.arm(Math.max(0, this.deadline - this.by.simulator.now));
    const { turn } = this;
    const isPresent = (): boolean => turn === this.turn && !this.finished;
    const messages = this.questions.map(({ bytes }) => bytes);
    this.connection = askOverTcp(this.by.tcp, server, messages, {
      message: data => {
        const message = parseDns(data, 0, data.length);
        const question = typeof message === 'string' ? undefined : this.questionOf(message);
        if (isPresent() && typeof message !== 'string' && question !== undefined) {
          this.take(question, message);
        }
      },
      ended: () => {
        if (isPresent()) {
          this.connection = undefined;
          this.next();
        }
      },
    });
    if (this.connection === undefined && isPresent()) {
      this.next();
    }
  }

  private take(question: Question, message: DnsMessage): void {
    question.outcome = NEXT_SERVER.includes(message.rcode) ? 'failed' : message;
    if (this.questions.some(({ outcome }) => outcome === undefined)) {
      return;
    }
    if (this.questions.every(({ outcome }) => outcome === 'failed')) {
      this.failure = 'server-failure';
      this.closeConnection();
      this.next();
    } else {
      this.endWithWhatCame();
    }
  }

  private endWithWhatCame(): void {
    const answers = this.questions.flatMap(({ outcome }) => (typeof outcome === 'object' ? [outcome] : []));
    const { server } = this;
    this.finish(
      answers.length === 0 || server === undefined
        ? { kind: 'failed', why: this.failure }
        : { kind: 'answers', answers, server },
    );
  }

  private questionOf(message: DnsMessage): Question | undefined {
    const [asked] = message.questions;
    return message.response && asked !== undefined && sameDnsName(asked.name, this.name)
      ? this.questions.find(
          ({ id, type, outcome }) => id === message.id && type === asked.type && outcome === undefined,
        )
      : undefined;
  }

  private finish(result: ExchangeResult): void {
    if (!this.finished) {
      this.finished = true;
      this.timer.cancel();
      this.closeSockets();
      this.closeConnection();
      this.done(result);
    }
  }

  private closeSockets(): void {
    for (const socket of this.sockets.values()) {
      socket.close();
    }
    this.sockets.clear();
  }

  private closeConnection(): void {
    this.connection?.close();
    this.connection = undefined;
  }
}

function questionBytes(id: number, name: string, type: number): Uint8Array {
  return emitDns({
    id,
    response: false,
    opcode: DNS_OPCODE.query,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: DNS_RCODE.noError,
    questions: [{ name, type, class: DNS_CLASS.internet }],
    answers: [],
    authorities: [],
    additionals: [],
  });
}
