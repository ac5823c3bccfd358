/** TCP (print-tcp.c): sequence numbers count from the beginning of a conversation where that was seen. */
import { serviceName } from '../../net/service-names';
import { dnsText } from './dns-text';
import type { IpPart } from './ip-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';

/** Conversations whose beginnings are remembered; the oldest is forgotten first. */
const MOST_CONVERSATIONS = 4096;

interface Beginning {
  readonly sequence: number;
  readonly acknowledgment: number;
}

/** Where the numbers of each conversation begin, by its ends in the order that both directions share. */
export class TcpConversations {
  private readonly beginnings = new Map<string, Beginning>();

  get(key: string): Beginning | undefined {
    return this.beginnings.get(key);
  }

  set(key: string, beginning: Beginning): void {
    this.beginnings.delete(key);
    this.beginnings.set(key, beginning);
    const [oldest] = this.beginnings.keys();
    if (this.beginnings.size > MOST_CONVERSATIONS && oldest !== undefined) {
      this.beginnings.delete(oldest);
    }
  }
}

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;
const URG = 0x20;

/** In the order in which they are printed. */
const FLAGS: readonly (readonly [number, string])[] = [
  [FIN, 'F'],
  [SYN, 'S'],
  [RST, 'R'],
  [0x08, 'P'],
  [ACK, '.'],
  [URG, 'U'],
  [0x40, 'E'],
  [0x80, 'W'],
];

const HEADER = 20;

/** Where this segment's numbers count from. */
interface Origin {
  /** What is taken from its sequence number and from its acknowledgment. */
  readonly sequence: number;
  readonly acknowledgment: number;
}

export function tcpText(state: LineState, packet: PacketBytes, part: IpPart): void {
  const { source, destination, at, end } = part;
  state.protocol = 'tcp';
  if (end < at + 4) {
    state.text += `${part.addressesShown ? '' : `${source} > ${destination}: `}[|tcp]`;
    return;
  }
  const sourcePort = packet.u16(at);
  const destinationPort = packet.u16(at + 2);
  const name = (port: number): string =>
    (state.style.numeric ? undefined : serviceName(port, 'tcp')) ?? String(port);
  state.text += part.addressesShown
    ? `${name(sourcePort)} > ${name(destinationPort)}: `
    : `${source}.${name(sourcePort)} > ${destination}.${name(destinationPort)}: `;
  const header = (packet.u8(at + 12) >>> 4) * 4;
  if (header < HEADER) {
    state.text += `tcp ${end - at} [bad hdr length ${header} - too short, < ${HEADER}]`;
    return;
  }
  const flags = packet.u8(at + 13);
  const window = packet.u16(at + 14);
  const urgent = packet.u16(at + 18);
  const length = end - at - header;
  if (length < 0) {
    state.text += `tcp ${end - at} [bad hdr length ${header} - too long, > ${end - at}]`;
    return;
  }
  const shown = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, letter]) => letter);
  state.text += `Flags [${shown.length === 0 ? 'none' : shown.join('')}]`;
  const origin = originOf(state, packet, part, flags);
  const sequence = (packet.u32(at + 4) - origin.sequence) >>> 0;
  const acknowledgment = (packet.u32(at + 8) - origin.acknowledgment) >>> 0;
  if (length > 0 || (flags & (SYN | FIN | RST)) !== 0) {
    state.text += `, seq ${sequence}${length > 0 ? `:${(sequence + length) >>> 0}` : ''}`;
  }
  state.text += (flags & ACK) === 0 ? '' : `, ack ${acknowledgment}`;
  state.text += `, win ${window}`;
  state.text += (flags & URG) === 0 ? '' : `, urg ${urgent}`;
  if (header > HEADER) {
    state.text += `, options [${optionsText(packet, at + HEADER, at + header, flags, origin)}]`;
  }
  state.text += `, length ${length}`;
  if (length > 0) {
    carriedText(state, packet, at + header, end, [sourcePort, destinationPort]);
  }
}

/** The numbers of a conversation that was not seen before, and of one that begins, are shown as they are, and remembered. */
function originOf(
  { conversations }: LineState,
  packet: PacketBytes,
  { at, addressesAt, version }: IpPart,
  flags: number,
): Origin {
  if ((flags & ACK) === 0) {
    return { sequence: 0, acknowledgment: 0 };
  }
  const bytes = version === 4 ? 4 : 16;
  const hex = (from: number, count: number): string =>
    Array.from(packet.slice(from, from + count), byte => byte.toString(16).padStart(2, '0')).join('');
  const one = hex(addressesAt, bytes) + hex(at, 2);
  const other = hex(addressesAt + bytes, bytes) + hex(at + 2, 2);
  const isReverse = one > other;
  const key = isReverse ? `${other} ${one}` : `${one} ${other}`;
  const known = conversations.get(key);
  if (known === undefined || (flags & SYN) !== 0) {
    const sequence = packet.u32(at + 4);
    const acknowledgment = packet.u32(at + 8);
    conversations.set(
      key,
      isReverse
        ? { sequence: acknowledgment - 1, acknowledgment: sequence }
        : { sequence, acknowledgment: acknowledgment - 1 },
    );
    return { sequence: 0, acknowledgment: 0 };
  }
  return isReverse
    ? { sequence: known.acknowledgment, acknowledgment: known.sequence }
    : { sequence: known.sequence, acknowledgment: known.acknowledgment };
}

function optionsText(packet: PacketBytes, from: number, end: number, flags: number, origin: Origin): string {
  const texts: string[] = [];
  for (let at = from; at < end;) {
    const kind = packet.u8(at);
    if (kind === 0) {
      texts.push('eol');
      break;
    }
    if (kind === 1) {
      texts.push('nop');
      at++;
      continue;
    }
    const length = at + 1 < end ? packet.u8(at + 1) : 0;
    if (length < 2 || at + length > end) {
      texts.push('bad opt');
      break;
    }
    texts.push(optionText(packet, kind, at + 2, length - 2, flags, origin));
    at += length;
  }
  return texts.join(',');
}

function optionText(
  packet: PacketBytes,
  kind: number,
  at: number,
  length: number,
  flags: number,
  origin: Origin,
): string {
  switch (kind) {
    case 2:
      return length === 2 ? `mss ${packet.u16(at)}` : 'mss [len]';
    case 3:
      return length === 1 ? `wscale ${packet.u8(at)}` : 'wscale [len]';
    case 4:
      return 'sackOK';
    case 5: {
      if (length % 8 !== 0 || (flags & ACK) === 0) {
        return 'sack malformed';
      }
      const blocks = Array.from({ length: length / 8 }, (_, index) => {
        const edges = [packet.u32(at + index * 8), packet.u32(at + index * 8 + 4)];
        return `{${edges.map(edge => (edge - origin.acknowledgment) >>> 0).join(':')}}`;
      });
      return `sack ${blocks.length} ${blocks.join('')}`;
    }
    case 8:
      return length === 8 ? `TS val ${packet.u32(at)} ecr ${packet.u32(at + 4)}` : 'TS [len]';
    default:
      return `unknown-${kind}`;
  }
}

const DNS = 53;

/** How a protocol of text shows its first line: any, or only a request that it knows and an answer with its number (print-http.c, print-ssh.c, …). */
interface TextProtocol {
  readonly name: string;
  readonly shows: 'any' | RegExp;
  /** Not even named where its line is not known. */
  readonly isSilent?: boolean;
}

const HTTP: TextProtocol = {
  name: 'HTTP',
  shows:
    /^(GET|PUT|COPY|HEAD|LOCK|MOVE|POLL|POST|BCOPY|BMOVE|MKCOL|TRACE|LABEL|MERGE|DELETE|SEARCH|UNLOCK|REPORT|UPDATE|NOTIFY|OPTIONS|CHECKIN|CHECKOUT|PROPFIND|PROPPATCH|CONNECT|SUBSCRIBE|UNSUBSCRIBE)(\s|$)|^\S+ \d{3}(\s|$)/,
};
const RTSP: TextProtocol = {
  name: 'RTSP',
  shows:
    /^(DESCRIBE|ANNOUNCE|GET_PARAMETER|OPTIONS|PAUSE|PLAY|RECORD|REDIRECT|SETUP|SET_PARAMETER|TEARDOWN)(\s|$)|^\S+ \d{3}(\s|$)/,
};

const TEXT_PORTS: ReadonlyMap<number, TextProtocol> = new Map([
  [21, { name: 'FTP', shows: 'any' }],
  [22, { name: 'SSH', shows: /^SSH-/, isSilent: true }],
  [25, { name: 'SMTP', shows: 'any' }],
  [43, { name: 'WHOIS', shows: 'any' }],
  [80, HTTP],
  [554, RTSP],
  [8080, HTTP],
  [8554, RTSP],
]);

function carriedText(
  state: LineState,
  packet: PacketBytes,
  at: number,
  end: number,
  ports: readonly number[],
): void {
  if (ports.includes(DNS)) {
    state.text += ' ';
    dnsText(state, packet, at, end, true);
    return;
  }
  const [protocol] = ports.flatMap(port => TEXT_PORTS.get(port) ?? []);
  if (protocol === undefined) {
    return;
  }
  const { name, shows, isSilent } = protocol;
  const line = firstLine(packet.upTo(at, end));
  const isShown = line !== undefined && (shows === 'any' || shows.test(line.text));
  if (isShown) {
    state.text += `: ${name}: ${line.text}${line.isWhole ? '' : ` [|${name.toLowerCase()}]`}`;
  } else if (isSilent !== true) {
    state.text += `: ${name}`;
  }
}

/** Undefined where it is no text. */
function firstLine(bytes: Uint8Array): { readonly text: string; readonly isWhole: boolean } | undefined {
  const end = bytes.findIndex(byte => byte === 0x0a || byte === 0x0d);
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  return line.length === 0 || line.some(byte => (byte < 0x20 && byte !== 0x09) || byte >= 0x7f)
    ? undefined
    : { text: String.fromCharCode(...line.subarray(0, LONGEST_LINE)), isWhole: end >= 0 };
}

/** Characters of a line that are shown: a packet has no more. */
const LONGEST_LINE = 9000;
