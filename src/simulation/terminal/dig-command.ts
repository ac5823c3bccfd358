/** `dig` of BIND 9.18: asks name servers and prints their answers; its messages and retries are the real one's (compared with it). */
import type { PendingQuestion } from '../../engine/stack/dns/server-question';
import type { NoServerAnswer, ServerAnswer, ServerReply } from '../../engine/stack/dns/server-question';
import { replyWords } from '../../engine/stack/dns/reply-words';
import { formatIp, isIpv4, parseIp, type IpAddress } from '../../net/ip-address';
import { parseTarget } from '../targets';
import type { Command, CommandContext, RunningCommand } from './command';
import { readDigArguments, type DigQuery, type DigSettings } from './dig-arguments';
import { answerText, shortText } from './dig-output';

/** ns. */
const SECOND = 1e9;
/** Seconds to wait for an answer (dig's UDP_TIMEOUT and TCP_TIMEOUT). */
const UDP_SECONDS = 5;
const TCP_SECONDS = 10;
/** ns that looking the server's own name up may take. */
const LOOKUP = 15 * SECOND;
/** Servers that are asked (resolv.conf MAXNS). */
const MOST_SERVERS = 3;
/** Questions of one command line that are asked. */
const MOST_QUERIES = 64;
/** IANA: everything that there is, which dig asks for over TCP. */
const ANY = 255;
const VERSION = 'DiG 9.18.49-1~deb12u1-Debian';

export const dig: Command = (args, context) => {
  const settings = readDigArguments(args);
  const wrong = typeof settings === 'string' ? settings : settings.queries.map(unlawfulName).find(Boolean);
  if (typeof settings === 'string' || wrong !== undefined) {
    context.print(wrong ?? '');
    context.ended();
    return undefined;
  }
  const run = new DigRun(context, settings, args);
  run.start();
  return run;
};

/** A server as it is asked, and as it was named. */
interface Server {
  readonly address: IpAddress;
  readonly named: string;
}

class DigRun implements RunningCommand {
  private servers: readonly Server[] = [];
  private pending: PendingQuestion | undefined;
  private greeted = false;
  private over = false;

  constructor(
    private readonly context: CommandContext,
    private readonly settings: DigSettings,
    private readonly args: readonly string[],
  ) {}

  start(): void {
    const { network, topology, device } = this.context;
    const { server } = this.settings;
    if (server === undefined) {
      this.askWith(this.ownServers());
      return;
    }
    network.resolve(device, parseTarget(topology, server), LOOKUP, (address, problem) => {
      if (address !== undefined) {
        this.askWith([{ address, named: server }]);
      } else if (!this.over) {
        const why = problem.includes('no such name') ? 'not found' : 'failure';
        this.context.print(`dig: couldn't get address for '${server}': ${why}\n`);
        this.end();
      }
    });
  }

  interrupt(): void {
    this.pending?.cancel();
    this.context.print('^C\n');
    this.end();
  }

  /** Those of the machine, or itself where it knows none (resolv.conf(5)). */
  private ownServers(): readonly Server[] {
    const { network, device } = this.context;
    const known = network.stackOf(device)?.resolver.servers.slice(0, MOST_SERVERS) ?? [];
    const itself = parseIp('127.0.0.1');
    const addresses = known.length > 0 || itself === undefined ? known : [itself];
    return addresses.map(address => ({ address, named: formatIp(address) }));
  }

  private askWith(servers: readonly Server[]): void {
    const { version } = this.settings;
    this.servers = servers.filter(
      ({ address }) => version === undefined || isIpv4(address) === (version === 4),
    );
    this.askNext(0);
  }

  private askNext(number: number): void {
    const query = this.settings.queries[number];
    if (this.over) {
      return;
    }
    if (query === undefined || number >= MOST_QUERIES) {
      this.end();
      return;
    }
    const over = (this.settings.tcp ?? query.type === ANY) ? 'tcp' : 'udp';
    this.ask({ query, over, server: 0, tries: this.settings.tries }, () => {
      this.askNext(number + 1);
    });
  }

  private ask(attempt: Attempt, done: () => void): void {
    const { network, device, print } = this.context;
    const { query, over } = attempt;
    const { seconds, port, recursion, edns } = this.settings;
    const server = this.servers[attempt.server];
    const resolver = network.stackOf(device)?.resolver;
    if (server === undefined || resolver === undefined) {
      print(';; no servers could be reached\n');
      done();
      return;
    }
    const question = {
      server: server.address,
      port,
      name: query.name.replace(/\.$/, ''),
      type: query.type,
      over,
      recursionDesired: recursion,
      edns,
      within: (seconds ?? (over === 'udp' ? UDP_SECONDS : TCP_SECONDS)) * SECOND,
    };
    this.pending = resolver.ask(question, reply => {
      this.take(reply, server, attempt, done);
    });
  }

  private take(reply: ServerReply, server: Server, attempt: Attempt, done: () => void): void {
    if (reply.kind === 'none') {
      this.fail(reply.why, reply.unsent, server, attempt, done);
    } else if (reply.message.truncated && attempt.over === 'udp') {
      if (this.settings.parts.comments && !this.settings.short) {
        this.context.print(';; Truncated, retrying in TCP mode.\n');
      }
      this.ask({ ...attempt, over: 'tcp' }, done);
    } else {
      this.show(reply, server, attempt);
      done();
    }
  }

  private show(answer: ServerAnswer, server: Server, { over }: Attempt): void {
    const { short, parts } = this.settings;
    const { print, network } = this.context;
    const words = replyWords(answer);
    if (short) {
      print(shortText(words));
      return;
    }
    this.greet();
    const { time, length } = answer;
    print(answerText(words, parts, { server: this.place(server), over, time, length, now: network.now }));
  }

  private fail(
    why: NoServerAnswer,
    unsent: boolean,
    server: Server,
    attempt: Attempt,
    done: () => void,
  ): void {
    const { print } = this.context;
    const { query, over, tries } = attempt;
    const way = over === 'udp' ? 'UDP setup with' : 'Connection to';
    print(
      unsent
        ? `;; ${way} ${this.place(server)} for ${query.name} failed: ${REASONS[why]}.\n`
        : `;; communications error to ${formatIp(server.address)}#${this.settings.port}: ${REASONS[why]}\n`,
    );
    if (tries > 1) {
      print(unsent ? ';; no servers could be reached\n' : '');
      this.ask({ ...attempt, tries: tries - 1 }, done);
    } else if (attempt.server + 1 < this.servers.length) {
      this.ask({ ...attempt, server: attempt.server + 1 }, done);
    } else {
      if (!unsent) {
        this.greet();
      }
      print(';; no servers could be reached\n');
      done();
    }
  }

  /** `10.0.0.1#53(router)` */
  private place({ address, named }: Server): string {
    return `${formatIp(address)}#${this.settings.port}(${named})`;
  }

  /** Once, in front of the first thing that is not an error. */
  private greet(): void {
    const { parts, serverFirst } = this.settings;
    if (!this.greeted && parts.command) {
      const line = [VERSION, '<<>>', ...this.args].join(' ');
      const found = serverFirst ? '; (1 server found)\n' : '';
      this.context.print(`\n; <<>> ${line}\n${found};; global options: +cmd\n`);
    }
    this.greeted = true;
  }

  private end(): void {
    if (!this.over) {
      this.over = true;
      this.context.ended();
    }
  }
}

interface Attempt {
  readonly query: DigQuery;
  readonly over: 'udp' | 'tcp';
  /** Which of the servers. */
  readonly server: number;
  /** Left, with this one. */
  readonly tries: number;
}

/** As BIND's isc_result_totext says them. */
const REASONS: Readonly<Record<NoServerAnswer, string>> = {
  'timed-out': 'timed out',
  refused: 'connection refused',
  'host-unreachable': 'host unreachable',
  'network-unreachable': 'network unreachable',
  ended: 'end of file',
};

/** What is said of a name that no message can carry (RFC 1035 2.3.4). */
function unlawfulName({ name }: DigQuery): string | undefined {
  const labels = name === '.' ? [] : name.replace(/\.$/, '').split('.');
  const why = labels.some(label => label.length > 63)
    ? 'label too long'
    : labels.includes('')
      ? 'empty label'
      : name.length > 254
        ? 'ran out of space'
        : undefined;
  return why === undefined ? undefined : `dig: '${name}' is not a legal name (${why})\n`;
}
