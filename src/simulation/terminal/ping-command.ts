/** `ping` of iputils 20221126: its output, statistics and exit are the real one's (compared with it on the kernel). */
import type { EchoOutcome } from '../../engine/stack/ping';
import { formatIp, isIpv4, type IpAddress } from '../../net/ip-address';
import { errorText, milliseconds } from '../outcome-text';
import { parseTarget } from '../targets';
import type { Command, CommandContext, RunningCommand } from './command';
import { readOptions } from './options';

const USAGE = 'Usage: ping [-nq] [-c count] [-i interval] [-s size] [-t ttl] [-W timeout] destination\n';

/** ns. */
const SECOND = 1e9;
/** Bytes of an IP header and of ICMP's, which ping counts in brackets (IPv6 has no brackets). */
const HEADERS = 28;
const ECHO_HEADER = 8;
/** Without `-c`: on and on. */
const ENDLESS = Number.MAX_SAFE_INTEGER;
/** The most that ping counts: it reads a long. */
const LONG_MAX = '9223372036854775807';
/** The largest data of an IPv4 echo. */
const MOST_DATA = 65_507;
/** ns that a look-up may take. */
const LOOKUP = 15 * SECOND;

interface PingSettings {
  readonly count: number;
  /** ns */
  readonly interval: number;
  readonly size: number;
  readonly timeToLive: number;
  /** ns to wait for the last answers. */
  readonly within: number;
  readonly quiet: boolean;
  /** `-4` or `-6`. */
  readonly version: 4 | 6 | undefined;
}

export const ping: Command = (args, context) => {
  const settings = readSettings(args);
  if (typeof settings === 'string') {
    context.print(settings);
    context.ended();
    return undefined;
  }
  const [{ destination }, wanted] = settings;
  let running: PingRun | undefined;
  let interrupted = false;
  const found = (address: IpAddress | undefined): void => {
    if (interrupted) {
      return;
    }
    if (address === undefined) {
      context.print(`ping: ${destination}: Name or service not known\n`);
      context.ended();
      return;
    }
    running = new PingRun(context, destination, address, wanted);
    running.start();
  };
  findAddress(context, destination, wanted.version, found);
  return {
    interrupt: () => {
      interrupted = true;
      if (running === undefined) {
        context.ended();
      } else {
        running.interrupt();
      }
    },
  };
};

/** The address of a version that was asked for, or of any. */
function findAddress(
  { network, topology, device }: CommandContext,
  destination: string,
  version: 4 | 6 | undefined,
  found: (address: IpAddress | undefined) => void,
): void {
  const target = parseTarget(topology, destination);
  if (version === undefined || target.kind === 'address') {
    network.resolve(device, target, LOOKUP, found);
    return;
  }
  const fits = (address: IpAddress): boolean => isIpv4(address) === (version === 4);
  if (target.kind === 'device') {
    found(
      network
        .addressesOf(target.device)
        .map(({ address }) => address)
        .find(fits),
    );
    return;
  }
  network.lookup(device, target.name, LOOKUP, result => {
    found(result.kind === 'answer' ? result.addresses.find(fits) : undefined);
  });
}

function readSettings(args: readonly string[]): readonly [{ destination: string }, PingSettings] | string {
  const read = readOptions(args, 'c:i:s:t:W:nq46');
  if (typeof read === 'string') {
    return `ping: ${read}\n${USAGE}`;
  }
  const [destination] = read.operands;
  if (destination === undefined) {
    return 'ping: usage error: Destination address required\n';
  }
  const numbers = new Map<string, number>();
  for (const [letter, usual, least, most] of LIMITS) {
    const written = read.options.get(letter);
    const value = typeof written === 'string' ? Number(written) : usual;
    if (!Number.isFinite(value) || value < least || value > most) {
      return `ping: invalid argument: '${String(written)}'${Number.isFinite(value) ? `: out of range: ${least} <= value <= ${most === ENDLESS ? LONG_MAX : most}` : ''}\n`;
    }
    numbers.set(letter, value);
  }
  const number = (letter: string): number => numbers.get(letter) ?? 0;
  return [
    { destination },
    {
      count: Math.floor(number('c')),
      interval: number('i') * SECOND,
      size: Math.floor(number('s')),
      timeToLive: Math.floor(number('t')),
      within: number('W') * SECOND,
      quiet: read.options.has('q'),
      version: read.options.has('4') ? 4 : read.options.has('6') ? 6 : undefined,
    },
  ];
}

/** Option, what it is when left out, smallest and largest. */
const LIMITS: readonly (readonly [string, number, number, number])[] = [
  ['c', ENDLESS, 1, ENDLESS],
  ['i', 1, 0.002, 86_400],
  ['s', 56, 0, MOST_DATA],
  ['t', 64, 1, 255],
  ['W', 10, 0.001, 86_400],
];

/** One ping from its first line to its statistics. */
class PingRun implements RunningCommand {
  private received = 0;
  private errors = 0;
  private least = Number.POSITIVE_INFINITY;
  private most = 0;
  private sum = 0;
  private squares = 0;
  private readonly began: number;
  private ping: { readonly transmitted: number; stop(): void } | undefined;
  private done = false;

  constructor(
    private readonly context: CommandContext,
    private readonly name: string,
    private readonly address: IpAddress,
    private readonly settings: PingSettings,
  ) {
    this.began = context.network.now;
  }

  start(): void {
    const { context, address, settings, name } = this;
    const stack = context.network.stackOf(context.device);
    if (stack?.tcp.sourceFor(address) === undefined) {
      context.print('ping: connect: Network is unreachable\n');
      this.end();
      return;
    }
    const text = formatIp(address);
    const sizes = isIpv4(address) ? `${settings.size}(${settings.size + HEADERS})` : String(settings.size);
    const shown = isIpv4(address) ? `${name} (${text})` : name === text ? text : `${name}(${text})`;
    context.print(
      `PING ${shown} ${sizes} ${isIpv4(address) ? 'bytes of data' : 'data bytes'}${isIpv4(address) ? '.' : ''}\n`,
    );
    const { count, interval, within, size, timeToLive } = settings;
    this.ping = stack.ping(
      {
        destination: address,
        count,
        interval,
        within,
        size,
        timeToLive,
        progress: outcome => {
          this.tell(outcome);
        },
      },
      () => {
        this.finish(count);
      },
    );
  }

  interrupt(): void {
    const sent = this.ping?.transmitted ?? 0;
    this.ping?.stop();
    this.context.print('^C\n');
    this.finish(sent);
  }

  private tell(outcome: EchoOutcome): void {
    const { settings, context } = this;
    const { sequence, result, time, from, ttl } = outcome;
    const source = from === undefined ? '' : formatIp(from);
    switch (result) {
      case 'reply':
        this.note(time);
        if (!settings.quiet) {
          context.print(
            `${settings.size + ECHO_HEADER} bytes from ${source}: icmp_seq=${sequence} ttl=${ttl ?? 0} time=${milliseconds(time)} ms\n`,
          );
        }
        return;
      case 'unreachable':
      case 'expired':
        this.errors++;
        if (!settings.quiet) {
          context.print(`From ${source} icmp_seq=${sequence} ${errorText(outcome)}\n`);
        }
        return;
      case 'not-sent':
        if (!settings.quiet) {
          context.print('ping: sendmsg: Network is unreachable\n');
        }
        return;
      case 'timeout':
        return;
    }
  }

  private note(time: number): void {
    this.received++;
    this.least = Math.min(this.least, time);
    this.most = Math.max(this.most, time);
    this.sum += time;
    this.squares += time * time;
  }

  private finish(sent: number): void {
    const { received, errors, context } = this;
    const lost = sent === 0 ? 0 : Math.floor(((sent - received) * 100) / sent);
    const took = Math.floor((context.network.now - this.began) / 1e6);
    const error = errors > 0 ? `, +${errors} errors` : '';
    context.print(`\n--- ${this.name} ping statistics ---\n`);
    context.print(
      `${sent} packets transmitted, ${received} received${error}, ${lost}% packet loss, time ${took}ms\n`,
    );
    if (received > 0) {
      const mean = this.sum / received;
      const deviation = Math.sqrt(Math.max(0, this.squares / received - mean * mean));
      const numbers = [this.least, mean, this.most, deviation].map(time => (time / 1e6).toFixed(3));
      context.print(`rtt min/avg/max/mdev = ${numbers.join('/')} ms\n`);
    } else {
      context.print('\n');
    }
    this.end();
  }

  private end(): void {
    if (!this.done) {
      this.done = true;
      this.context.ended();
    }
  }
}
