/** The command line of `tcpdump` 4.99. */
import { readOptions } from './options';

export interface TcpdumpSettings {
  /** Undefined for the first that is up. */
  readonly interface: string | undefined;
  readonly numeric: boolean;
  readonly linkHeader: boolean;
  /** Packets after which it ends by itself. */
  readonly count: number | undefined;
  /** `-t`, so often: no time, seconds since 1970, since the packet before, with the date, since the first packet. */
  readonly timeStyle: number;
  /** `-#`: packets are numbered. */
  readonly numbered: boolean;
  /** `-q`: fewer words are not simulated, so it changes nothing. */
  readonly lists: boolean;
  readonly filter: string;
}

/** Letters of its getopt string. */
const KNOWN = 'aAbB:c:C:dDeE:fF:G:hHi:IjJ:KlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:Yz:Z:#';

/** Those that do something here, or change nothing where nothing is buffered or translated. */
const SIMULATED = 'cDeilnsKBtU#';

const USAGE = `tcpdump version 4.99.3
libpcap version 1.10.3 (with TPACKET_V3)
Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`;

/** The last number that atoi(3) reads as it is. */
const MOST_COUNT = 0x7fffffff;

/** @returns what to print instead where it is wrong */
export function readTcpdumpArguments(args: readonly string[]): TcpdumpSettings | string {
  const read = readOptions(args, KNOWN);
  if (typeof read === 'string') {
    return `tcpdump: ${read}\n${USAGE}`;
  }
  const { options, operands } = read;
  if (options.has('h')) {
    return USAGE;
  }
  const missing = [...options.keys()].find(letter => !SIMULATED.includes(letter));
  if (missing !== undefined) {
    return `tcpdump: -${missing} is not simulated\n`;
  }
  const count = options.get('c');
  const isCount = /^\d{1,10}$/.test(String(count)) && Number(count) > 0 && Number(count) <= MOST_COUNT;
  if (count !== undefined && !isCount) {
    return `tcpdump: invalid packet count ${String(count)}\n`;
  }
  const on = options.get('i');
  return {
    interface: on === undefined ? undefined : String(on),
    numeric: options.has('n'),
    linkHeader: options.has('e'),
    count: count === undefined ? undefined : Number(count),
    timeStyle: timesWritten(args, 't'),
    numbered: options.has('#'),
    lists: options.has('D'),
    filter: operands.join(' '),
  };
}

/** How often a letter stands among the options. */
function timesWritten(args: readonly string[], letter: string): number {
  return args
    .filter(arg => /^-[a-zA-Z#]+$/.test(arg))
    .reduce((sum, arg) => sum + arg.split(letter).length - 1, 0);
}
