/** A stub resolver as glibc's getaddrinfo: names to addresses by the configured servers (RFC 1034 5.3.1; resolv.conf(5)). It keeps nothing. */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import type { Ipv4Address } from '../../../net/ipv4-address';
import { DNS_RCODE } from '../../../wire/dns';
import { DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { readIpv6Address } from '../../../wire/ipv6';
import type { Simulator } from '../../kernel/simulator';
import type { TcpLayer } from '../tcp/tcp-layer';
import type { UdpLayer } from '../udp-layer';
import { orderDestinations } from './destination-order';
import { QuestionExchange, type ExchangeResult, type ExchangeTransport } from './question-exchange';
import { candidateNames } from './search-list';
import { askServer, type PendingQuestion, type ServerQuestion, type ServerReply } from './server-question';

/** resolv.conf: MAXNS. */
const MAXIMUM_SERVERS = 3;

/**
 * The types of AF_UNSPEC and AF_INET. Programs as ping and curl ask for both also where there is no IPv6 address: they do not set
 * AI_ADDRCONFIG (measured with iputils 20221126 and curl 7.88).
 */
const TYPES = { any: [DNS_TYPE.a, DNS_TYPE.aaaa], ipv4: [DNS_TYPE.a] } as const;

export type AddressFamily = keyof typeof TYPES;

export type ResolverResult =
  | { readonly kind: 'answer'; readonly addresses: readonly IpAddress[]; readonly server: IpAddress }
  | { readonly kind: 'nxdomain'; readonly server: IpAddress }
  /** `no-data`: the name exists but has no address. */
  | {
      readonly kind: 'failed';
      readonly why: 'no-server' | 'timeout' | 'server-failure' | 'no-data' | 'not-sent';
    };

export class DnsResolver {
  private readonly transport: ExchangeTransport;
  servers: readonly IpAddress[] = [];

  /** The domains that are appended to names, in their order. */
  searchDomains: readonly string[] = [];

  constructor(
    private readonly simulator: Simulator,
    udp: UdpLayer,
    private readonly tcp: TcpLayer,
    name: string,
  ) {
    this.transport = { simulator, udp, tcp, random: simulator.random(`resolver ${name}`) };
  }

  /** Those that can be asked over IPv4. */
  get ipv4Servers(): readonly Ipv4Address[] {
    return this.servers.filter(isIpv4);
  }

  /** Looks the addresses of a name up, the one to try first first. `done` is called once, at the latest `within` ns from now. */
  lookup(
    name: string,
    within: number,
    done: (result: ResolverResult) => void,
    family: AddressFamily = 'any',
  ): void {
    const servers = this.servers.slice(0, MAXIMUM_SERVERS);
    if (servers.length === 0) {
      done({ kind: 'failed', why: 'no-server' });
      return;
    }
    const ask = (asked: string, heard: (result: ResolverResult) => void): void => {
      new QuestionExchange(this.transport, asked, TYPES[family], servers, deadline, result => {
        heard(this.resultOf(result));
      }).start();
    };
    const deadline = this.simulator.now + within;
    search(candidateNames(name, this.searchDomains), ask, done);
  }

  /** Sends one question to one server and gives its whole answer, as `dig` does. */
  ask(question: ServerQuestion, done: (reply: ServerReply) => void): PendingQuestion {
    return askServer(this.transport, question, done);
  }

  private resultOf(exchange: ExchangeResult): ResolverResult {
    if (exchange.kind === 'failed') {
      return exchange;
    }
    const { answers, server } = exchange;
    const addresses = answers.flatMap(answer => answer.answers.flatMap(addressesIn));
    if (addresses.length > 0) {
      const sourceFor = (address: IpAddress): IpAddress | undefined => this.tcp.sourceFor(address);
      return { kind: 'answer', addresses: orderDestinations(addresses, sourceFor), server };
    }
    if (answers.every(({ rcode }) => rcode === DNS_RCODE.nameError)) {
      return { kind: 'nxdomain', server };
    }
    const isWhole = answers.every(
      ({ rcode }) => rcode === DNS_RCODE.noError || rcode === DNS_RCODE.nameError,
    );
    return { kind: 'failed', why: isWhole ? 'no-data' : 'server-failure' };
  }
}

/** Tries the next name while there is none such or it has no address; what ends the search otherwise ends it (glibc's res_search). */
function search(
  [name = '', ...others]: readonly string[],
  ask: (name: string, heard: (result: ResolverResult) => void) => void,
  done: (result: ResolverResult) => void,
): void {
  ask(name, result => {
    const absent = result.kind === 'nxdomain' || (result.kind === 'failed' && result.why === 'no-data');
    if (absent && others.length > 0) {
      search(others, ask, done);
    } else {
      done(result);
    }
  });
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
