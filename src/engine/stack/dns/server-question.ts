/** One question to one server, and its whole answer: what `dig` of BIND sends (9.18; measured), once. */
import type { IpAddress } from '../../../net/ip-address';
import { writeUint16 } from '../../../wire/bytes';
import {
  DNS_FLAG,
  DNS_OPCODE,
  DNS_RCODE,
  dnsFlags,
  emitDns,
  parseDns,
  type DnsMessage,
} from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { datagramFailure, type DatagramFailure } from '../datagram-failure';
import type { TcpHandler, TcpSocket } from '../tcp/socket';
import type { UdpSocket } from '../udp-layer';
import type { ExchangeTransport } from './question-exchange';
import { DnsStream, onConnection } from './tcp-stream';

export interface ServerQuestion {
  readonly server: IpAddress;
  readonly port: number;
  readonly name: string;
  /** DNS_TYPE or another number. */
  readonly type: number;
  readonly over: 'udp' | 'tcp';
  /** RD. */
  readonly recursionDesired: boolean;
  /** Whether it says by EDNS what answers it can take. */
  readonly edns: boolean;
  /** ns to wait for the answer. */
  readonly within: number;
}

export interface ServerAnswer {
  readonly kind: 'answer';
  readonly message: DnsMessage;
  /** The flags word, with those bits that the message does not spell out. */
  readonly flags: number;
  /** Bytes of the message. */
  readonly length: number;
  /** ns since the question was sent. */
  readonly time: number;
}

/** Why there is no answer; `unsent` where not even the way to the server could be opened. */
export type NoServerAnswer = DatagramFailure | 'timed-out' | 'ended';

export type ServerReply =
  ServerAnswer | { readonly kind: 'none'; readonly why: NoServerAnswer; readonly unsent: boolean };

/** Bytes of answers over UDP that it offers to take (BIND 9.18, the DNS flag day of 2020). */
const UDP_SIZE = 1232;

/** EDNS option of RFC 7873, and bytes of a client's cookie. */
const COOKIE = 10;
const COOKIE_BYTES = 8;

/** A question on its way. */
export interface PendingQuestion {
  /** Waits no longer; nothing is told. */
  cancel(): void;
}

/** Asks; `done` is called once, in virtual time, unless it is cancelled. */
export function askServer(
  by: ExchangeTransport,
  question: ServerQuestion,
  done: (reply: ServerReply) => void,
): PendingQuestion {
  const asked = new AskedServer(by, question, done);
  asked.start();
  return asked;
}

class AskedServer implements TimerOwner, TcpHandler, PendingQuestion {
  private readonly timer: Timer;
  private readonly stream = new DnsStream();
  private readonly id: number;
  private readonly bytes: Uint8Array;
  private socket: UdpSocket<IpAddress> | undefined;
  private connection: TcpSocket | undefined;
  private sentAt: number;
  private opening = true;
  private over = false;

  constructor(
    private readonly by: ExchangeTransport,
    private readonly question: ServerQuestion,
    private readonly done: (reply: ServerReply) => void,
  ) {
    this.timer = new Timer(by.simulator, this);
    this.id = by.random.integer(0, 0xffff);
    this.bytes = questionBytes(this.id, question, by.random);
    this.sentAt = by.simulator.now;
  }

  start(): void {
    const { by, question } = this;
    this.timer.arm(question.within);
    if (by.tcp.sourceFor(question.server) === undefined) {
      this.fail('network-unreachable');
    } else if (question.over === 'udp') {
      this.askByDatagram();
    } else {
      const remote = { address: question.server, port: question.port };
      this.connection = by.tcp.connect({ remote, handler: this });
      if (this.connection === undefined) {
        this.fail('ended');
      }
    }
  }

  cancel(): void {
    this.end();
  }

  timerExpired(): void {
    this.fail('timed-out');
  }

  connected(socket: TcpSocket): void {
    this.opening = false;
    this.sentAt = socket.now;
    socket.send(onConnection([this.bytes]));
  }

  data(_socket: TcpSocket, data: Uint8Array): void {
    for (const message of this.stream.take(data)) {
      this.take(message);
    }
  }

  peerClosed(): void {
    this.fail('ended');
  }

  failed(_socket: TcpSocket, why: 'refused' | 'reset' | 'timed-out' | 'unreachable'): void {
    this.fail(why === 'reset' ? 'ended' : why === 'unreachable' ? 'host-unreachable' : why);
  }

  private askByDatagram(): void {
    const { server, port } = this.question;
    const socket = this.by.udp.openDual(0, {
      datagram: (data, _from, _fromPort, _to, on, frame) => {
        if (!this.take(data)) {
          on.drop(frame, 'dns-ignored');
        }
      },
      unreachable: error => {
        const why = datagramFailure(error);
        if (why !== undefined) {
          this.fail(why);
        }
      },
    });
    if (socket === undefined) {
      this.fail('ended');
      return;
    }
    // A connected socket.
    socket.accepts = (from, fromPort) => from === server && fromPort === port;
    this.socket = socket;
    this.opening = false;
    socket.send(this.bytes, server, port);
  }

  /** False for what is no answer to the question. */
  private take(data: Uint8Array): boolean {
    const message = parseDns(data, 0, data.length);
    if (typeof message === 'string' || !message.response || message.id !== this.id) {
      return false;
    }
    const time = this.by.simulator.now - this.sentAt;
    this.finish({ kind: 'answer', message, flags: dnsFlags(data, 0), length: data.length, time });
    return true;
  }

  private fail(why: NoServerAnswer): void {
    this.finish({ kind: 'none', why, unsent: this.opening });
  }

  private finish(reply: ServerReply): void {
    if (!this.over) {
      this.end();
      this.done(reply);
    }
  }

  private end(): void {
    this.over = true;
    this.timer.cancel();
    this.socket?.close();
    this.connection?.close();
  }
}

function questionBytes(
  id: number,
  { name, type, recursionDesired, edns }: ServerQuestion,
  random: RandomStream,
): Uint8Array {
  const bytes = emitDns({
    id,
    response: false,
    opcode: DNS_OPCODE.query,
    authoritative: false,
    truncated: false,
    recursionDesired,
    recursionAvailable: false,
    rcode: DNS_RCODE.noError,
    questions: [{ name, type, class: DNS_CLASS.internet }],
    answers: [],
    authorities: [],
    additionals: edns ? [cookieOption(random)] : [],
  });
  // It wants to hear whether the answer was verified (dig's +adflag; RFC 6840 5.7).
  writeUint16(bytes, 2, dnsFlags(bytes, 0) | DNS_FLAG.authenticData);
  return bytes;
}

/** EDNS with a client's cookie (RFC 6891, RFC 7873), as dig's +cookie, its default. */
function cookieOption(random: RandomStream): DnsRecord {
  const bytes = new Uint8Array(4 + COOKIE_BYTES);
  writeUint16(bytes, 0, COOKIE);
  writeUint16(bytes, 2, COOKIE_BYTES);
  for (let at = 4; at < bytes.length; at++) {
    bytes[at] = random.integer(0, 0xff);
  }
  return { name: '', type: DNS_TYPE.opt, class: UDP_SIZE, ttl: 0, data: { kind: 'raw', bytes } };
}
