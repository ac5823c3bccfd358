/** The command line of `nc`: OpenBSD netcat, as Debian 12 has it (1.219). */
import { servicePort } from '../../net/service-names';
import { readOptions } from './options';

export interface NcSettings {
  /** Undefined for one that listens on all addresses. */
  readonly host: string | undefined;
  /** In the order in which they are tried; one for one that listens. */
  readonly ports: readonly number[];
  readonly listens: boolean;
  /** `-k`: listens again after a connection. */
  readonly again: boolean;
  readonly protocol: 'tcp' | 'udp';
  readonly verbose: boolean;
  /** `-z`: only looks whether somebody listens. */
  readonly scans: boolean;
  /** `-n`: addresses and ports stay numbers. */
  readonly numeric: boolean;
  /** `-d`: does not read what is typed. */
  readonly detached: boolean;
  /** `-C`: lines end with CR and LF. */
  readonly carriageReturns: boolean;
  /** `-N`: tells the peer when what is typed ends. */
  readonly finishes: boolean;
  readonly version: 4 | 6 | undefined;
  readonly localPort: number | undefined;
  /** Seconds for connecting, and without anything coming or being typed. */
  readonly seconds: number | undefined;
  /** `-q`: seconds to stay when what is typed ends. */
  readonly quitSeconds: number | undefined;
}

const KNOWN = '46CDdFhI:i:klM:m:NnO:P:p:q:rSs:T:tUuV:vW:w:X:x:Zz';

/** Those that do something here. */
const SIMULATED = '46CDdhklNnpqtuvwz';

const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`;

/** Ports of one command line that are tried. */
const MOST_PORTS = 65_535;
const LAST_PORT = 0xffff;

/** @returns what to print instead where it is wrong */
export function readNcArguments(args: readonly string[]): NcSettings | string {
  const read = readOptions(args, KNOWN);
  if (typeof read === 'string') {
    return `nc: ${read}\n${USAGE}`;
  }
  const { options, operands } = read;
  const missing = [...options.keys()].find(letter => !SIMULATED.includes(letter));
  if (missing !== undefined) {
    return `nc: -${missing} is not simulated\n`;
  }
  if (options.has('h')) {
    return `OpenBSD netcat (Debian patchlevel 1.219-1)\n${USAGE}`;
  }
  const listens = options.has('l');
  if (operands.length === 0 && !listens) {
    return USAGE;
  }
  const timed = readTimes(options);
  if (typeof timed === 'string') {
    return timed;
  }
  const isOnlyPort = listens && operands.length === 1 && !options.has('p');
  const [host, ...words] = isOnlyPort ? ['', ...operands] : operands;
  if (listens && options.has('p') && words.length === 0) {
    words.push(String(options.get('p')));
  }
  if (words.length === 0) {
    return 'nc: missing port number\n';
  }
  if (listens && options.has('z')) {
    return 'nc: cannot use -z and -l\n';
  }
  if (!listens && options.has('k')) {
    return 'nc: must use -l with -k\n';
  }
  const protocol = options.has('u') ? 'udp' : 'tcp';
  const ports = readPorts(words, protocol, listens);
  const localPort = listens ? undefined : options.get('p');
  const isBadLocalPort =
    localPort !== undefined && typeof portNumber(String(localPort), protocol) === 'string';
  if (typeof ports === 'string' || isBadLocalPort) {
    return typeof ports === 'string' ? ports : BAD_SERVICE;
  }
  return {
    host: host === '' ? undefined : host,
    ports,
    listens,
    again: options.has('k'),
    protocol,
    verbose: options.has('v'),
    scans: options.has('z'),
    numeric: options.has('n'),
    detached: options.has('d'),
    carriageReturns: options.has('C'),
    finishes: options.has('N'),
    version: options.has('6') ? 6 : options.has('4') ? 4 : undefined,
    localPort: localPort === undefined ? undefined : Number(localPort),
    ...timed,
  };
}

/** What getaddrinfo(3) says of a port that is none. */
const BAD_SERVICE = 'nc: getaddrinfo: Servname not supported for ai_socktype\n';

function readTimes(
  options: ReadonlyMap<string, string | true>,
): Pick<NcSettings, 'seconds' | 'quitSeconds'> | string {
  const seconds = options.get('w');
  const quit = options.get('q');
  if (seconds !== undefined && !/^-?\d+$/.test(String(seconds))) {
    return `nc: timeout invalid: ${String(seconds)}\n`;
  }
  if (Number(seconds) < 0) {
    return `nc: timeout too small: ${String(seconds)}\n`;
  }
  if (quit !== undefined && !/^-?\d+$/.test(String(quit))) {
    return `nc: quit timer invalid: ${String(quit)}\n`;
  }
  return {
    seconds: seconds === undefined ? undefined : Number(seconds),
    quitSeconds: quit === undefined || Number(quit) < 0 ? undefined : Number(quit),
  };
}

/** Ports, names and ranges such as `20-25`, whichever end is given first. */
function readPorts(
  words: readonly string[],
  protocol: 'tcp' | 'udp',
  listens: boolean,
): readonly number[] | string {
  if (listens && words.length > 1) {
    return USAGE;
  }
  const ports: number[] = [];
  for (const word of words) {
    const named = servicePort(word, protocol);
    const [first = '', last = first] = named === undefined ? word.split(/-(?=.)/, 2) : [String(named)];
    const ends = [portNumber(first, protocol), portNumber(last, protocol)];
    const wrong = ends.find(end => typeof end === 'string');
    if (wrong !== undefined) {
      return listens ? BAD_SERVICE : `nc: port number ${wrong}\n`;
    }
    const [low = 0, high = 0] = ends.map(Number).sort((one, other) => one - other);
    for (let port = low; port <= high && ports.length < MOST_PORTS; port++) {
      ports.push(port);
    }
  }
  return ports;
}

/** Says what is wrong with it as strtonum(3) does. */
function portNumber(text: string, protocol: 'tcp' | 'udp'): number | string {
  const named = servicePort(text, protocol);
  const number = named ?? (/^-?\d+$/.test(text) ? Number(text) : Number.NaN);
  if (Number.isNaN(number)) {
    return `invalid: ${text}`;
  }
  return number < 1 ? `too small: ${text}` : number > LAST_PORT ? `too large: ${text}` : number;
}
