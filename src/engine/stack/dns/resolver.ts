/** A stub resolver as glibc's: asks the configured servers in turn for an address (RFC 1034 5.3.1; resolv.conf(5)). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { DNS_OPCODE, DNS_RCODE, emitDns, parseDns, type DnsMessage } from '../../../wire/dns';
import { sameDnsName } from '../../../wire/dns-name';
import { DNS_CLASS, DNS_TYPE } from '../../../wire/dns-record';
import { UDP_PORT } from '../../../wire/udp';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';

/** resolv.conf `timeout:` and `attempts:`, their defaults. */
const TIMEOUT = 5 * SECOND;
const ATTEMPTS = 2;

/** resolv.conf: MAXNS. */
const MAXIMUM_SERVERS = 3;

export type ResolverResult =
  | { readonly kind: 'answer'; readonly addresses: readonly Ipv4Address[]; readonly server: Ipv4Address }
  | { readonly kind: 'nxdomain'; readonly server: Ipv4Address }
  /** `no-data`: the name exists but has no address. */
  | {
      readonly kind: 'failed';
      readonly why: 'no-server' | 'timeout' | 'server-failure' | 'no-data' | 'not-sent';
    };

export class DnsResolver {
  private readonly random: RandomStream;
  servers: readonly Ipv4Address[] = [];

  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
    name: string,
  ) {
    this.random = simulator.random(`resolver ${name}`);
  }

  /** Looks an IPv4 address up; `done` is called once, at the latest `within` ns from now. */
  lookup(name: string, within: number, done: (result: ResolverResult) => void): void {
    const servers = this.servers.slice(0, MAXIMUM_SERVERS);
    if (servers.length === 0) {
      done({ kind: 'failed', why: 'no-server' });
      return;
    }
    // Answers name the question without the final dot of a fully qualified name.
    const asked = name.replace(/(^|[^\\])\.$/, '$1');
    const query = new Query(this.simulator, this.udp, this.random, asked, servers, within, done);
    query.send();
  }
}

class Query implements DatagramReceiver, TimerOwner {
  private readonly socket: UdpSocket | undefined;
  private readonly timer: Timer;
  private readonly id: number;
  private readonly deadline: number;
  private attempt = 0;
  private finished = false;

  constructor(
    private readonly simulator: Simulator,
    udp: UdpLayer,
    random: RandomStream,
    private readonly name: string,
    private readonly servers: readonly Ipv4Address[],
    within: number,
    private readonly done: (result: ResolverResult) => void,
  ) {
    this.id = random.integer(0, 0xffff);
    this.socket = udp.open(0, this);
    this.timer = new Timer(simulator, this);
    this.deadline = simulator.now + within;
  }

  send(): void {
    const server = this.servers[this.attempt % this.servers.length];
    const { now } = this.simulator;
    if (server === undefined || this.socket === undefined) {
      this.finish({ kind: 'failed', why: 'not-sent' });
      return;
    }
    const question = { name: this.name, type: DNS_TYPE.a, class: DNS_CLASS.internet };
    const bytes = emitDns(queryOf(this.id, question));
    this.attempt++;
    this.socket.send(bytes, server, UDP_PORT.dns);
    this.timer.arm(Math.max(0, Math.min(TIMEOUT, this.deadline - now)));
  }

  timerExpired(): void {
    const more = this.attempt < ATTEMPTS * this.servers.length && this.simulator.now < this.deadline;
    if (more) {
      this.send();
    } else {
      this.finish({ kind: 'failed', why: 'timeout' });
    }
  }

  datagram(data: Uint8Array, from: Ipv4Address): void {
    const message = parseDns(data, 0, data.length);
    if (typeof message === 'string' || !message.response || message.id !== this.id || !this.asked(message)) {
      return;
    }
    this.finish(this.resultOf(message, from));
  }

  unreachable(): void {
    this.timerExpired();
  }

  private asked(message: DnsMessage): boolean {
    const question = message.questions[0];
    return question !== undefined && sameDnsName(question.name, this.name);
  }

  private resultOf(message: DnsMessage, server: Ipv4Address): ResolverResult {
    if (message.rcode === DNS_RCODE.nameError) {
      return { kind: 'nxdomain', server };
    }
    if (message.rcode !== DNS_RCODE.noError) {
      return { kind: 'failed', why: 'server-failure' };
    }
    const addresses = message.answers.flatMap(({ data }) => (data.kind === 'ipv4' ? [data.address] : []));
    return addresses.length === 0
      ? { kind: 'failed', why: 'no-data' }
      : { kind: 'answer', addresses, server };
  }

  private finish(result: ResolverResult): void {
    if (!this.finished) {
      this.finished = true;
      this.timer.cancel();
      this.socket?.close();
      this.done(result);
    }
  }
}

function queryOf(id: number, question: DnsMessage['questions'][number]): DnsMessage {
  return {
    id,
    response: false,
    opcode: DNS_OPCODE.query,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: DNS_RCODE.noError,
    questions: [question],
    answers: [],
    authorities: [],
    additionals: [],
  };
}
