/** A stub resolver as glibc's: asks the configured servers in turn for an address (RFC 1034 5.3.1; resolv.conf(5)). */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import type { Ipv4Address } from '../../../net/ipv4-address';
import { DNS_OPCODE, DNS_RCODE, emitDns, parseDns, type DnsMessage } from '../../../wire/dns';
import { sameDnsName } from '../../../wire/dns-name';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { readIpv6Address } from '../../../wire/ipv6';
import { UDP_PORT } from '../../../wire/udp';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';
import { candidateNames } from './search-list';

/** resolv.conf `timeout:` and `attempts:`, their defaults. */
const TIMEOUT = 5 * SECOND;
const ATTEMPTS = 2;

/** resolv.conf: MAXNS. */
const MAXIMUM_SERVERS = 3;

export type ResolverResult =
  | { readonly kind: 'answer'; readonly addresses: readonly IpAddress[]; readonly server: IpAddress }
  | { readonly kind: 'nxdomain'; readonly server: IpAddress }
  /** `no-data`: the name exists but has no address. */
  | {
      readonly kind: 'failed';
      readonly why: 'no-server' | 'timeout' | 'server-failure' | 'no-data' | 'not-sent';
    };

export class DnsResolver {
  private readonly random: RandomStream;
  servers: readonly IpAddress[] = [];

  /** The domains that are appended to names, in their order. */
  searchDomains: readonly string[] = [];

  /** The types of addresses that are of use, in the order they are asked for: those this machine has itself (getaddrinfo's AI_ADDRCONFIG). */
  wantedTypes: () => readonly number[] = () => [DNS_TYPE.a];

  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
    name: string,
  ) {
    this.random = simulator.random(`resolver ${name}`);
  }

  /** Those that can be asked over IPv4. */
  get ipv4Servers(): readonly Ipv4Address[] {
    return this.servers.filter(isIpv4);
  }

  /**
   * Looks an address up, of the first type that is of use and that the name has. `done` is called once, at the latest `within` ns from
   * now.
   */
  lookup(name: string, within: number, done: (result: ResolverResult) => void): void {
    const servers = this.servers.slice(0, MAXIMUM_SERVERS);
    if (servers.length === 0) {
      done({ kind: 'failed', why: 'no-server' });
      return;
    }
    const deadline = this.simulator.now + within;
    this.search(candidateNames(name, this.searchDomains), servers, deadline, done);
  }

  /** Tries the next name while there is none such or it has no address; what ends the search otherwise ends it (glibc's res_search). */
  private search(
    [name = '', ...others]: readonly string[],
    servers: readonly IpAddress[],
    deadline: number,
    done: (result: ResolverResult) => void,
  ): void {
    this.askInTurn(name, this.wantedTypes(), servers, deadline, result => {
      const absent = result.kind === 'nxdomain' || (result.kind === 'failed' && result.why === 'no-data');
      if (absent && others.length > 0) {
        this.search(others, servers, deadline, done);
      } else {
        done(result);
      }
    });
  }

  private askInTurn(
    name: string,
    [type = DNS_TYPE.a, ...others]: readonly number[],
    servers: readonly IpAddress[],
    deadline: number,
    done: (result: ResolverResult) => void,
  ): void {
    this.ask(name, type, servers, deadline, result => {
      if (result.kind === 'failed' && result.why === 'no-data' && others.length > 0) {
        this.askInTurn(name, others, servers, deadline, done);
      } else {
        done(result);
      }
    });
  }

  private ask(
    name: string,
    type: number,
    servers: readonly IpAddress[],
    deadline: number,
    done: (result: ResolverResult) => void,
  ): void {
    new Query(this.simulator, this.udp, this.random, name, type, servers, deadline, done).send();
  }
}

class Query implements DatagramReceiver<IpAddress>, TimerOwner {
  private readonly socket: UdpSocket<IpAddress> | undefined;
  private readonly timer: Timer;
  private readonly id: number;
  private attempt = 0;
  private finished = false;

  constructor(
    private readonly simulator: Simulator,
    udp: UdpLayer,
    random: RandomStream,
    private readonly name: string,
    /** DNS_TYPE.a or DNS_TYPE.aaaa. */
    private readonly type: number,
    private readonly servers: readonly IpAddress[],
    private readonly deadline: number,
    private readonly done: (result: ResolverResult) => void,
  ) {
    this.id = random.integer(0, 0xffff);
    this.socket = udp.openDual(0, this);
    this.timer = new Timer(simulator, this);
  }

  send(): void {
    const server = this.servers[this.attempt % this.servers.length];
    const { now } = this.simulator;
    if (server === undefined || this.socket === undefined) {
      this.finish({ kind: 'failed', why: 'not-sent' });
      return;
    }
    const question = { name: this.name, type: this.type, class: DNS_CLASS.internet };
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

  datagram(data: Uint8Array, from: IpAddress): void {
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

  private resultOf(message: DnsMessage, server: IpAddress): ResolverResult {
    if (message.rcode === DNS_RCODE.nameError) {
      return { kind: 'nxdomain', server };
    }
    if (message.rcode !== DNS_RCODE.noError) {
      return { kind: 'failed', why: 'server-failure' };
    }
    const addresses = message.answers.flatMap(addressesIn);
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

function addressesIn({ data }: DnsRecord): IpAddress[] {
  switch (data.kind) {
    case 'ipv4':
      return [data.address];
    case 'ipv6':
      return [readIpv6Address(data.address, 0)];
    default:
      return [];
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
