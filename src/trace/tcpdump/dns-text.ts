/** DNS messages (print-domain.c). */
import { readDnsName } from '../../wire/dns-name';
import { CutShort, type PacketBytes } from './packet-bytes';
import type { LineState } from './packet-line';

const OPERATIONS: readonly string[] = ['', ' inv_q', ' stat', ' op3', ' notify', ' update'];

const RESPONSES: readonly string[] = [
  ...['', ' FormErr', ' ServFail', ' NXDomain', ' NotImp', ' Refused'],
  ...[' YXDomain', ' YXRRSet', ' NXRRSet', ' NotAuth', ' NotZone'],
];

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  39: 'DNAME',
  41: 'OPT',
  43: 'DS',
  44: 'SSHFP',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  52: 'TLSA',
  64: 'SVCB',
  65: 'HTTPS',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
};

const HEADER = 12;

export function dnsText(
  state: LineState,
  packet: PacketBytes,
  from: number,
  end: number,
  overTcp: boolean,
): void {
  state.protocol = 'domain';
  let at = from;
  let length = end - from;
  if (overTcp && length < 2) {
    state.text += `[DNS over TCP: length ${length} < 2] (invalid)`;
    return;
  }
  if (overTcp) {
    const told = packet.u16(at);
    length -= 2;
    if (told !== length) {
      state.text += `[prefix length(${told}) != length(${length})] (invalid)`;
      return;
    }
    at += 2;
  }
  if (length < HEADER) {
    state.text += `${overTcp ? '' : 'domain '}[length ${length} < ${HEADER}] (invalid)`;
    return;
  }
  new DnsPrinter(state, packet, at, end).print();
  state.text += ` (${length})`;
}

class DnsPrinter {
  private at: number;

  constructor(
    private readonly state: LineState,
    private readonly packet: PacketBytes,
    private readonly begin: number,
    private readonly end: number,
  ) {
    this.at = begin + HEADER;
  }

  print(): void {
    const { packet, begin } = this;
    const [questions = 0, answers = 0, authorities = 0, additionals = 0] = [4, 6, 8, 10].map(offset =>
      packet.u16(begin + offset),
    );
    const flags = packet.u16(begin + 2);
    const id = packet.u16(begin);
    const operation = (flags >>> 11) & 15;
    const operationText = OPERATIONS[operation] ?? ` op${operation}`;
    if ((flags & 0x8000) !== 0) {
      const code = flags & 15;
      this.say(`${id}${operationText}${RESPONSES[code] ?? ` Resp${code}`}`);
      this.say(bit(flags, 0x0400, '*') + bit(flags, 0x0080, '', '-') + bit(flags, 0x0200, '|'));
      this.say(bit(flags, 0x0020, '$'));
      this.say(questions === 1 ? '' : ` [${questions}q]`);
      for (let left = questions; left > 0; left--) {
        this.name();
        this.at += 4;
      }
      this.say(` ${answers}/${authorities}/${additionals}`);
      for (let left = answers; left > 0; left--) {
        this.record();
        this.say(left > 1 ? ',' : '');
      }
      return;
    }
    this.say(`${id}${operationText}${bit(flags, 0x0100, '+')}${bit(flags, 0x0010, '%')}`);
    this.say((flags & 0x06cf) === 0 ? '' : ` [b2&3=0x${flags.toString(16)}]`);
    this.say(answers === 0 ? '' : ` [${answers}a]`);
    this.say(questions === 1 ? '' : ` [${questions}q]`);
    this.say(authorities === 0 ? '' : ` [${authorities}n]`);
    this.say(additionals === 0 ? '' : ` [${additionals}au]`);
    for (let left = questions; left > 0; left--) {
      const name = this.name();
      const type = packet.u16(this.at);
      const of = packet.u16(this.at + 2);
      this.at += 4;
      this.say(` ${typeText(type)}${of === 1 ? '' : ` ${classText(of)}`}? ${name}`);
    }
  }

  private record(): void {
    const { packet } = this;
    this.name();
    const type = packet.u16(this.at);
    const of = packet.u16(this.at + 2);
    const length = packet.u16(this.at + 8);
    const data = this.at + 10;
    this.say(of === 1 || type === 41 ? '' : ` ${classText(of)}`);
    this.say(` ${typeText(type)}`);
    this.at = data;
    switch (type) {
      case 1:
        this.say(` ${packet.ipv4(data)}`);
        break;
      case 28:
        this.say(` ${packet.ipv6(data)}`);
        break;
      case 2:
      case 5:
      case 12:
      case 39:
        this.say(` ${this.name()}`);
        break;
      case 15:
        this.at = data + 2;
        this.say(` ${this.name()} ${packet.u16(data)}`);
        break;
      case 33:
        this.at = data + 6;
        this.say(` ${this.name()}:${packet.u16(data + 4)} ${packet.u16(data)} ${packet.u16(data + 2)}`);
        break;
      case 16:
        for (let at = data; at < data + length;) {
          const end = at + 1 + packet.u8(at);
          this.say(` "${latin(packet.slice(at + 1, end))}"`);
          at = end;
        }
        break;
      default:
    }
    this.at = data + length;
  }

  private name(): string {
    const { packet, begin, end } = this;
    const whole = packet.upTo(0, end);
    const read = readDnsName(whole, begin, whole.length, this.at);
    if (typeof read === 'string') {
      throw new CutShort();
    }
    this.at = read.next;
    return `${read.name}.`;
  }

  private say(text: string): void {
    this.state.text += text;
  }
}

function bit(flags: number, mask: number, set: string, clear = ''): string {
  return (flags & mask) === 0 ? clear : set;
}

function typeText(type: number): string {
  return TYPES[type] ?? `Type${type}`;
}

function classText(value: number): string {
  return value === 255 ? 'ANY' : value === 3 ? 'CHAOS' : value === 4 ? 'HS' : `(Class ${value})`;
}

/** As tcpdump prints bytes that may be no text: those of control as `^A`, those with the highest bit as `M-a`. */
function latin(bytes: Uint8Array): string {
  return Array.from(bytes, byte => {
    const low = byte & 0x7f;
    const character =
      low < 0x20 || low === 0x7f ? `^${String.fromCharCode(low ^ 0x40)}` : String.fromCharCode(low);
    return byte > 0x7f ? `M-${character}` : character;
  }).join('');
}
