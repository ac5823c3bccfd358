/**
 * `tcpdump` 4.99: prints the packets of an interface while it runs, whoever causes them, at virtual time. Its lines and filters are the
 * real one's (compared packet by packet). It looks no names of addresses up, with or without `-n`: that would make packets of its own.
 */
import type { FrameTap, NetworkInterface } from '../../engine/stack/network-interface';
import type { Stack } from '../../engine/stack/stack';
import { parseCaptureFilter, type CaptureFilter } from '../../trace/capture-filter/capture-filter';
import { LINK_TYPE } from '../../trace/link-type';
import { PacketLines } from '../../trace/tcpdump/packet-line';
import type { Command, CommandContext, RunningCommand } from './command';
import { PacketClock } from './packet-clock';
import { readTcpdumpArguments, type TcpdumpSettings } from './tcpdump-arguments';

/** Packets of one run that are printed; nobody reads more, and a terminal keeps far less. Those beyond count as dropped. */
const MOST_PRINTED = 20_000;

export const tcpdump: Command = (args, context) => {
  const settings = readTcpdumpArguments(args);
  const stack = context.network.stackOf(context.device);
  const begun =
    typeof settings === 'string'
      ? settings
      : stack === undefined
        ? 'tcpdump: no suitable device found\n'
        : begin(context, stack, settings);
  if (typeof begun === 'string') {
    context.print(begun);
    context.ended();
    return undefined;
  }
  return begun;
};

/** @returns what to print where it cannot begin */
function begin(context: CommandContext, stack: Stack, settings: TcpdumpSettings): RunningCommand | string {
  const { interfaces } = stack;
  if (settings.lists) {
    return listText(interfaces);
  }
  const name = settings.interface ?? interfaces.find(on => on.up && on.name !== 'lo')?.name;
  if (name === undefined) {
    return 'tcpdump: no suitable device found\n';
  }
  const chosen = interfaces.filter(on => name === 'any' || on.name === name);
  if (chosen.length === 0 && name !== 'any' && name !== 'lo') {
    return `tcpdump: ${name}: No such device exists\n(No such device exists)\n`;
  }
  if (name !== 'any' && chosen.some(on => !on.up)) {
    return `tcpdump: ${name}: That device is not up\n`;
  }
  const { network, topology } = context;
  const filter = parseCaptureFilter(settings.filter, host =>
    topology.devices.some(({ id }) => id === host)
      ? network.addressesOf(host).map(({ address }) => address)
      : [],
  );
  return typeof filter === 'string'
    ? `tcpdump: ${filter}\n`
    : new Capture(context, settings, filter, name, chosen, interfaces);
}

/** LINKTYPE number of what an interface's frames are. */
function linkTypeOf(on: NetworkInterface): number {
  return on.resolvesNeighbours || on.link?.asRecorded === undefined ? LINK_TYPE.ethernet : LINK_TYPE.raw;
}

/** As `tcpdump -D` lists them. */
function listText(interfaces: readonly NetworkInterface[]): string {
  const lines = [
    ...interfaces
      .filter(({ name }) => name !== 'lo')
      .map(
        on =>
          `${on.name} [${on.up ? `Up${on.running ? ', Running, Connected' : ', Disconnected'}` : 'none'}]`,
      ),
    'any (Pseudo-device that captures on all interfaces) [Up, Running]',
    'lo [Up, Running, Loopback]',
  ];
  return lines.map((line, index) => `${index + 1}.${line}\n`).join('');
}

class Capture implements RunningCommand {
  readonly waits = true;
  private readonly lines: PacketLines;
  private readonly clock: PacketClock;
  private readonly stops: readonly (() => void)[];
  private captured = 0;
  private dropped = 0;
  private over = false;

  constructor(
    private readonly context: CommandContext,
    private readonly settings: TcpdumpSettings,
    private readonly matches: CaptureFilter,
    name: string,
    chosen: readonly NetworkInterface[],
    all: readonly NetworkInterface[],
  ) {
    this.lines = new PacketLines(settings);
    this.clock = new PacketClock(settings.timeStyle);
    const isAny = name === 'any';
    const [first] = chosen;
    const isRaw = !isAny && first !== undefined && linkTypeOf(first) === LINK_TYPE.raw;
    const kind = isAny ? 'LINUX_SLL2 (Linux cooked v2)' : isRaw ? 'RAW (Raw IP)' : 'EN10MB (Ethernet)';
    context.print(
      (isAny ? 'tcpdump: data link type LINUX_SLL2\n' : '') +
        'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n' +
        `listening on ${name}, link-type ${kind}, snapshot length 262144 bytes\n`,
    );
    this.stops = chosen.map(on => on.capture(this.tapOf(on, isAny ? numberOf(on, all) : undefined)));
  }

  interrupt(): void {
    this.context.print('^C\n');
    this.end();
  }

  /** @param index of the interface where all of them are captured */
  private tapOf(on: NetworkInterface, index: number | undefined): FrameTap {
    const linkType = linkTypeOf(on);
    return (bytes, direction) => {
      if (!this.over && this.matches(bytes, linkType, direction)) {
        const from =
          index === undefined ? '' : `${on.name.padEnd(5)} ${wayOf(on, bytes, linkType, direction)} `;
        this.take(from, bytes, linkType, index);
      }
    };
  }

  private take(from: string, bytes: Uint8Array, linkType: number, index: number | undefined): void {
    const { settings, context } = this;
    this.captured++;
    if (this.captured > MOST_PRINTED) {
      this.dropped++;
    } else {
      const number = settings.numbered ? `${String(this.captured).padStart(5)}  ` : '';
      const line = this.lines.line(bytes, linkType, index);
      context.print(`${number}${this.clock.stamp(context.network.now)}${from}${line}\n`);
    }
    if (settings.count === this.captured) {
      this.end();
    }
  }

  private end(): void {
    if (this.over) {
      return;
    }
    this.over = true;
    this.stops.forEach(stop => {
      stop();
    });
    const { captured, dropped } = this;
    this.context.print(
      `${packets(captured - dropped)} captured\n${packets(captured)} received by filter\n` +
        `${packets(dropped)} dropped by kernel\n`,
    );
    this.context.ended();
  }
}

function packets(count: number): string {
  return `${count} packet${count === 1 ? '' : 's'}`;
}

/** As `ip link` numbers them: the loopback interface is the first. */
function numberOf(on: NetworkInterface, all: readonly NetworkInterface[]): number {
  return on.name === 'lo' ? 1 : all.filter(({ name }) => name !== 'lo').indexOf(on) + 2;
}

/** To whom a packet is, as the header of "any" says it: in three columns. */
function wayOf(on: NetworkInterface, bytes: Uint8Array, linkType: number, direction: 'in' | 'out'): string {
  if (direction === 'out') {
    return 'Out';
  }
  if (linkType !== LINK_TYPE.ethernet) {
    return 'In ';
  }
  const destination = bytes.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  const isGroup = ((bytes[0] ?? 0) & 1) === 1;
  const way = destination === EVERYBODY ? 'B' : isGroup ? 'M' : destination === Number(on.mac) ? 'In' : 'P';
  return way.padEnd(3);
}

const EVERYBODY = 0xffffffffffff;
