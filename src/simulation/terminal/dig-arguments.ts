/** The command line of `dig` (BIND 9.18): servers, names, types and `+options` in any order; several names are several questions. */
import { recordTypeNumber } from '../../engine/stack/dns/record-words';
import { reverseName } from '../../engine/stack/dns/zone';
import { parseIp } from '../../net/ip-address';

/** One question of a command line. */
export interface DigQuery {
  /** As it was typed, or made of an address. */
  readonly name: string;
  readonly type: number;
}

/** What is printed. */
export interface DigParts {
  readonly command: boolean;
  readonly comments: boolean;
  readonly question: boolean;
  readonly answer: boolean;
  readonly authority: boolean;
  readonly additional: boolean;
  readonly statistics: boolean;
}

export interface DigSettings {
  /** As it was typed behind the `@`. */
  readonly server: string | undefined;
  /** Whether it stood in front of the first name: then its addresses are counted in the greeting. */
  readonly serverFirst: boolean;
  readonly queries: readonly DigQuery[];
  readonly port: number;
  readonly version: 4 | 6 | undefined;
  /** Undefined where the type decides. */
  readonly tcp: boolean | undefined;
  readonly recursion: boolean;
  readonly edns: boolean;
  readonly short: boolean;
  /** Seconds; undefined for 5 over UDP and 10 over TCP. */
  readonly seconds: number | undefined;
  readonly tries: number;
  readonly parts: DigParts;
}

const DNS_PORT = 53;

/** Tries of a question in all (dig's +tries, its default). */
const TRIES = 3;

const NS = recordTypeNumber('NS') ?? 2;
const A = recordTypeNumber('A') ?? 1;
const PTR = recordTypeNumber('PTR') ?? 12;

const USAGE = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

/** @returns what to print instead where it is wrong */
export function readDigArguments(args: readonly string[]): DigSettings | string {
  return new Reader().read(args);
}

const PARTS: ReadonlyMap<string, keyof DigParts> = new Map([
  ['cmd', 'command'],
  ['comments', 'comments'],
  ['question', 'question'],
  ['answer', 'answer'],
  ['authority', 'authority'],
  ['additional', 'additional'],
  ['stats', 'statistics'],
]);

function allParts(shown: boolean): Record<keyof DigParts, boolean> {
  return {
    command: shown,
    comments: shown,
    question: shown,
    answer: shown,
    authority: shown,
    additional: shown,
    statistics: shown,
  };
}

class Reader {
  private server: string | undefined;
  private serverFirst = false;
  private readonly queries: { name: string; type: number }[] = [];
  private port = DNS_PORT;
  private version: 4 | 6 | undefined;
  private tcp: boolean | undefined;
  private recursion = true;
  private edns = true;
  private short = false;
  private seconds: number | undefined;
  private tries = TRIES;
  private parts = allParts(true);
  /** A type that was given before any name. */
  private firstType: number | undefined;

  read(args: readonly string[]): DigSettings | string {
    for (let at = 0; at < args.length; at++) {
      const arg = args[at] ?? '';
      if (arg.startsWith('@')) {
        this.server = arg.slice(1);
        this.serverFirst ||= this.queries.length === 0;
      } else if (arg.startsWith('+')) {
        if (!this.plus(arg.slice(1))) {
          return `Invalid option: ${arg}\n${USAGE}`;
        }
      } else if (arg === '-4' || arg === '-6') {
        this.version = arg === '-4' ? 4 : 6;
      } else if (arg.startsWith('-') && arg.length > 1) {
        const attached = arg.slice(2);
        const value = attached === '' ? args[++at] : attached;
        if (value === undefined || !this.dash(arg[1] ?? '', value)) {
          return `Invalid option: ${arg}\n${USAGE}`;
        }
      } else {
        this.word(arg);
      }
    }
    const { server, serverFirst, port, version, tcp, recursion, edns, short, seconds, tries, parts } = this;
    const root = { name: '.', type: this.firstType ?? NS };
    const queries = this.queries.length === 0 ? [root] : this.queries;
    return {
      ...{ server, serverFirst, queries, port, version, tcp, recursion, edns, short, seconds, tries },
      parts,
    };
  }

  /** A type or a class goes with the name before it; all else is a name. */
  private word(word: string): void {
    const type = recordTypeNumber(word);
    if (type !== undefined) {
      this.setType(type);
    } else if (word.toUpperCase() !== 'IN') {
      this.queries.push({ name: word, type: this.firstType ?? A });
    }
  }

  private setType(type: number): void {
    const last = this.queries.at(-1);
    if (last === undefined) {
      this.firstType = type;
    } else {
      last.type = type;
    }
  }

  private dash(letter: string, value: string): boolean {
    switch (letter) {
      case 'x':
        this.queries.push({ name: reverseText(value), type: this.firstType ?? PTR });
        return true;
      case 'q':
        this.queries.push({ name: value, type: this.firstType ?? A });
        return true;
      case 't': {
        const type = recordTypeNumber(value);
        if (type !== undefined) {
          this.setType(type);
        }
        return type !== undefined;
      }
      case 'c':
        return value.toUpperCase() === 'IN';
      case 'p': {
        const port = Number(value);
        this.port = port;
        return Number.isInteger(port) && port > 0 && port <= 0xffff;
      }
      default:
        return false;
    }
  }

  private plus(option: string): boolean {
    const [written = '', value] = option.split('=', 2);
    const on = !written.startsWith('no');
    const name = on ? written : written.slice(2);
    const part = PARTS.get(name);
    if (part !== undefined) {
      this.parts[part] = on;
      return true;
    }
    switch (name) {
      case 'short':
        this.short = on;
        return true;
      case 'tcp':
      case 'vc':
        this.tcp = on;
        return true;
      case 'recurse':
      case 'rec':
        this.recursion = on;
        return true;
      case 'edns':
        this.edns = on;
        return true;
      case 'all':
        this.parts = { ...allParts(on), command: this.parts.command && on };
        return true;
      case 'time':
      case 'timeout':
        this.seconds = atLeastOne(value);
        return this.seconds !== undefined;
      case 'tries':
      case 'retry': {
        const count = atLeastOne(value);
        this.tries = (count ?? 1) + (name === 'retry' ? 1 : 0);
        return count !== undefined;
      }
      default:
        return false;
    }
  }
}

/** Less than one is one (dig). */
function atLeastOne(text: string | undefined): number | undefined {
  const number = /^\d{1,4}$/.test(text ?? '') ? Number(text) : undefined;
  return number === undefined ? undefined : Math.max(1, number);
}

/** What is no address is turned round all the same, as dig does. */
function reverseText(text: string): string {
  const address = parseIp(text);
  return address === undefined ? `${text.split('.').reverse().join('.')}.in-addr.arpa` : reverseName(address);
}
