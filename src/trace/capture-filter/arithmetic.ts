/** Relations of numbers in a capture filter: `tcp[tcpflags] & tcp-syn != 0`, `len > 100`. */
import { ETHERTYPE } from '../../wire/ethernet';
import { IP_PROTOCOL } from '../../wire/ipv4';
import { CONSTANTS, filterNumber, FilterProblem, SYNTAX_ERROR } from './filter-words';
import { load, type FrameView } from './frame-view';
import type { WordReader } from './word-reader';

/** NaN for a packet that has no such header. */
type Value = (frame: FrameView) => number;

export type Test = (frame: FrameView) => boolean;

const RELATIONS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '=': (one, other) => one === other,
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
  '>': (one, other) => one > other,
  '<': (one, other) => one < other,
  '>=': (one, other) => one >= other,
  '<=': (one, other) => one <= other,
};

/** Signs that bind alike, from the loosest on. Numbers have 32 bits. */
const OPERATORS: readonly Readonly<Record<string, (one: number, other: number) => number>>[] = [
  {
    '|': (one, other) => (one | other) >>> 0,
    '&': (one, other) => (one & other) >>> 0,
    '^': (one, other) => (one ^ other) >>> 0,
  },
  {
    '<<': (one, other) => (other > 31 ? 0 : (one << other) >>> 0),
    '>>': (one, other) => (other > 31 ? 0 : one >>> other),
  },
  {
    '+': (one, other) => (one + other) >>> 0,
    '-': (one, other) => (one - other) >>> 0,
  },
  {
    '*': (one, other) => Math.imul(one, other) >>> 0,
    '/': (one, other) => Math.floor(one / other),
    '%': (one, other) => one % other,
  },
];

/** A relation, where one begins here; the reader stays where it was otherwise. */
export function readRelation(reader: WordReader): Test | undefined {
  const start = reader.at;
  const one = readValue(reader, 0);
  const relation = one === undefined ? undefined : RELATIONS[reader.peek() ?? ''];
  if (one === undefined || relation === undefined) {
    reader.at = start;
    return undefined;
  }
  reader.take();
  const other = readValue(reader, 0);
  if (other === undefined) {
    throw new FilterProblem(SYNTAX_ERROR);
  }
  return frame => {
    const [left, right] = [one(frame), other(frame)];
    // A header that is not there is equal to nothing, and not unequal either.
    return !Number.isNaN(left) && !Number.isNaN(right) && relation(left, right);
  };
}

function readValue(reader: WordReader, level: number): Value | undefined {
  const operators = OPERATORS[level];
  if (operators === undefined) {
    return readOperand(reader);
  }
  let value = readValue(reader, level + 1);
  for (;;) {
    const operator = operators[reader.peek() ?? ''];
    const one = value;
    if (operator === undefined || one === undefined) {
      return value;
    }
    reader.take();
    const other = readValue(reader, level + 1);
    if (other === undefined) {
      return undefined;
    }
    value = frame => {
      const [left, right] = [one(frame), other(frame)];
      return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : operator(left, right);
    };
  }
}

function readOperand(reader: WordReader): Value | undefined {
  const word = reader.peek() ?? '';
  const number = filterNumber(word) ?? CONSTANTS.get(word);
  if (number !== undefined) {
    reader.take();
    return () => number;
  }
  if (word === 'len') {
    reader.take();
    return ({ bytes }) => bytes.length;
  }
  if (word === '(') {
    return reader.inParentheses(() => readValue(reader, 0));
  }
  const header = HEADERS[word];
  if (header === undefined || reader.peek(1) !== '[') {
    return undefined;
  }
  reader.take();
  reader.take();
  const offset = readValue(reader, 0);
  const size = reader.takeIf(':') ? filterNumber(reader.take()) : 1;
  if (offset === undefined || !reader.takeIf(']')) {
    throw new FilterProblem(SYNTAX_ERROR);
  }
  if (size !== 1 && size !== 2 && size !== 4) {
    throw new FilterProblem('data size must be 1, 2, or 4');
  }
  return frame => {
    const at = header(frame);
    return at < 0 ? Number.NaN : load(frame, at + offset(frame), size);
  };
}

/** Where each header begins; -1 where a packet has none. Transports are those of IPv4, but for ICMPv6. */
const HEADERS: Readonly<Record<string, (frame: FrameView) => number>> = {
  ether: ({ isEthernet }) => (isEthernet ? 0 : -1),
  link: ({ isEthernet }) => (isEthernet ? 0 : -1),
  ip: ({ isIpv4, networkAt }) => (isIpv4 ? networkAt : -1),
  ip6: ({ isIpv6, networkAt }) => (isIpv6 ? networkAt : -1),
  arp: ({ type, networkAt }) => (type === ETHERTYPE.arp ? networkAt : -1),
  tcp: frame => transport(frame, IP_PROTOCOL.tcp),
  udp: frame => transport(frame, IP_PROTOCOL.udp),
  icmp: frame => transport(frame, IP_PROTOCOL.icmp),
  igmp: frame => transport(frame, IP_PROTOCOL.igmp),
  icmp6: frame => (frame.isIpv6 && frame.protocol === IP_PROTOCOL.icmpv6 ? frame.transportAt : -1),
};

function transport(frame: FrameView, protocol: number): number {
  return frame.isIpv4 && frame.protocol === protocol ? frame.transportAt : -1;
}
