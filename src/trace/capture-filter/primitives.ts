/** The primitives of a capture filter: `src host 10.0.0.1`, `tcp port 80`, `ether host …`, `vlan 10`, `icmp` (pcap-filter(7)). */
import { servicePort } from '../../net/service-names';
import { ETHERTYPE } from '../../wire/ethernet';
import { IP_PROTOCOL } from '../../wire/ipv4';
import type { HostNames } from './capture-filter';
import { etherTest, hostTest, netTest } from './address-tests';
import type { Test } from './arithmetic';
import { inDirection, type Direction } from './direction';
import { filterNumber, FilterProblem, SYNTAX_ERROR } from './filter-words';
import { load } from './frame-view';
import type { WordReader } from './word-reader';

/** What stands in front of a value. */
export interface Qualifiers {
  readonly protocol: string | undefined;
  readonly direction: Direction;
  readonly type: 'host' | 'net' | 'port' | 'portrange' | 'proto';
}

export interface Primitive {
  /** Undefined where values in parentheses follow. */
  readonly test: Test | undefined;
  /** To be used again for a value alone. */
  readonly qualifiers: Qualifiers | undefined;
}

const PROTOCOLS = ['ether', 'ip', 'ip6', 'arp', 'rarp', 'tcp', 'udp', 'icmp', 'icmp6', 'igmp'] as const;
const TYPES: readonly string[] = ['host', 'net', 'port', 'portrange', 'proto'];

/** Words that are no values. */
const KEYWORDS: ReadonlySet<string> = new Set([
  ...PROTOCOLS,
  ...TYPES,
  ...['and', 'or', 'not', 'src', 'dst', 'vlan', 'stp', 'broadcast', 'multicast', 'less', 'greater', 'len'],
  ...['inbound', 'outbound', 'mask', 'link', 'sctp'],
]);

const IP_PROTOCOLS: ReadonlyMap<string, number> = new Map(Object.entries(IP_PROTOCOL));

/** @param last what stood in front of the value before */
export function readPrimitive(reader: WordReader, last: Qualifiers | undefined, hosts: HostNames): Primitive {
  const word = reader.peek() ?? '';
  const alone = readAlone(reader);
  if (alone !== undefined) {
    return { test: alone, qualifiers: undefined };
  }
  if (isValue(word)) {
    if (last === undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return { test: valueTest(reader.take(), last, reader, hosts), qualifiers: last };
  }
  const protocol = PROTOCOLS.find(name => name === word);
  reader.takeIf(...PROTOCOLS);
  if (protocol !== undefined && reader.takeIf('broadcast', 'multicast')) {
    return { test: manyTest(protocol, reader.peek(-1) ?? ''), qualifiers: undefined };
  }
  const direction = readDirection(reader);
  const next = reader.peek() ?? '';
  const isTyped = TYPES.includes(next);
  if (!isTyped && direction === undefined) {
    if (protocol === undefined || protocol === 'ether') {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return { test: protocolTest(protocol), qualifiers: undefined };
  }
  reader.takeIf(...TYPES);
  const type = isTyped ? (next as Qualifiers['type']) : 'host';
  const qualifiers = { protocol, direction: direction ?? 'src or dst', type };
  if (reader.peek() === '(') {
    return { test: undefined, qualifiers };
  }
  const value = reader.take();
  if (!isValue(value)) {
    throw new FilterProblem(SYNTAX_ERROR);
  }
  return { test: valueTest(value, qualifiers, reader, hosts), qualifiers };
}

function isValue(word: string): boolean {
  return /^\\?[\w:][\w.:/-]*$/.test(word) && !KEYWORDS.has(word);
}

/** Those that stand for themselves. */
function readAlone(reader: WordReader): Test | undefined {
  if (reader.takeIf('stp')) {
    return frame => frame.isLlc && frame.bytes[frame.networkAt] === 0x42;
  }
  if (reader.takeIf('broadcast', 'multicast')) {
    return manyTest('ether', reader.peek(-1) ?? '');
  }
  if (reader.takeIf('inbound', 'outbound')) {
    const asked = reader.peek(-1) === 'inbound' ? 'in' : 'out';
    return ({ direction }) => direction === asked;
  }
  if (reader.takeIf('less', 'greater')) {
    const isLess = reader.peek(-1) === 'less';
    const length = filterNumber(reader.take());
    if (length === undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return ({ bytes }) => (isLess ? bytes.length <= length : bytes.length >= length);
  }
  if (reader.takeIf('vlan')) {
    const id = filterNumber(reader.peek() ?? '');
    if (id === undefined) {
      return ({ vlan }) => vlan !== undefined;
    }
    reader.take();
    if (id > 4095) {
      throw new FilterProblem(`VLAN tag ${id} greater than maximum 4095`);
    }
    return ({ vlan }) => vlan === id;
  }
  return undefined;
}

function readDirection(reader: WordReader): Direction | undefined {
  if (!reader.takeIf('src', 'dst')) {
    return undefined;
  }
  const first = reader.peek(-1) === 'src' ? 'src' : 'dst';
  const other = first === 'src' ? 'dst' : 'src';
  if (reader.peek(1) === other && reader.takeIf('or', 'and')) {
    const how = reader.peek(-1) === 'or' ? 'src or dst' : 'src and dst';
    reader.take();
    return how;
  }
  return first;
}

export function protocolTest(protocol: string): Test {
  switch (protocol) {
    case 'ether':
      return ({ isEthernet }) => isEthernet;
    case 'ip':
      return ({ isIpv4 }) => isIpv4;
    case 'ip6':
      return ({ isIpv6 }) => isIpv6;
    case 'arp':
      return ({ type }) => type === ETHERTYPE.arp;
    case 'rarp':
      return ({ type }) => type === REVERSE_ARP;
    case 'icmp':
    case 'igmp': {
      const number = IP_PROTOCOLS.get(protocol);
      return frame => frame.isIpv4 && frame.protocol === number;
    }
    case 'icmp6':
      return frame => frame.isIpv6 && frame.protocol === IP_PROTOCOL.icmpv6;
    default: {
      const number = IP_PROTOCOLS.get(protocol);
      return frame => frame.protocol === number;
    }
  }
}

const REVERSE_ARP = 0x8035;

/** To everybody, or to a group. */
function manyTest(protocol: string, kind: string): Test {
  const isBroadcast = kind === 'broadcast';
  if (protocol === 'ether') {
    return ({ isEthernet, bytes }) =>
      isEthernet &&
      (isBroadcast ? bytes.subarray(0, 6).every(byte => byte === 0xff) : ((bytes[0] ?? 0) & 1) === 1);
  }
  if (protocol === 'ip' && !isBroadcast) {
    return frame => frame.isIpv4 && load(frame, frame.networkAt + 16, 1) >= 224;
  }
  if (protocol === 'ip6' && !isBroadcast) {
    return frame => frame.isIpv6 && load(frame, frame.networkAt + 24, 1) === 0xff;
  }
  throw new FilterProblem(SYNTAX_ERROR);
}

function valueTest(written: string, qualifiers: Qualifiers, reader: WordReader, hosts: HostNames): Test {
  const value = written.replace(/^\\/, '');
  const { protocol, direction, type } = qualifiers;
  switch (type) {
    case 'host':
      return protocol === 'ether'
        ? etherTest(value, direction)
        : value.includes('/')
          ? netTest(value, undefined, protocol, direction)
          : hostTest(value, protocol, direction, hosts);
    case 'net':
      return netTest(value, reader.takeIf('mask') ? reader.take() : undefined, protocol, direction);
    case 'port':
    case 'portrange':
      return portTest(value, qualifiers);
    case 'proto':
      return numberedProtocol(value, protocol);
  }
}

const LAST_PORT = 0xffff;

function portTest(value: string, { protocol, direction, type }: Qualifiers): Test {
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp') {
    throw new FilterProblem(`illegal qualifier of '${type}'`);
  }
  const isRange = type === 'portrange';
  const ends = isRange ? value.split('-', 2) : [value];
  const [low = 0, high = low] = ends.map(end => {
    const named = servicePort(end, protocol ?? 'tcp') ?? servicePort(end, protocol ?? 'udp');
    const port = named ?? filterNumber(end);
    if (port === undefined) {
      throw new FilterProblem(isRange ? `unknown port in range '${value}'` : `unknown port '${value}'`);
    }
    if (port > LAST_PORT) {
      throw new FilterProblem(`illegal port number ${port} > ${LAST_PORT}`);
    }
    return port;
  });
  const numbers = protocol === undefined ? [IP_PROTOCOL.tcp, IP_PROTOCOL.udp, SCTP] : [IP_PROTOCOL[protocol]];
  const [first, last] = [Math.min(low, high), Math.max(low, high)];
  return frame => {
    const { transportAt } = frame;
    if (transportAt < 0 || !numbers.includes(frame.protocol)) {
      return false;
    }
    const fits = (at: number): boolean => {
      const port = load(frame, at, 2);
      return port >= first && port <= last;
    };
    return inDirection(direction, fits(transportAt), fits(transportAt + 2));
  };
}

const SCTP = 132;

const ETHER_TYPES: ReadonlyMap<string, number> = new Map([
  ['ip', ETHERTYPE.ipv4],
  ['ip6', ETHERTYPE.ipv6],
  ['arp', ETHERTYPE.arp],
  ['rarp', REVERSE_ARP],
]);

function numberedProtocol(value: string, protocol: string | undefined): Test {
  if (protocol === 'ether') {
    const type = ETHER_TYPES.get(value) ?? filterNumber(value);
    if (type === undefined) {
      throw new FilterProblem(`unknown ether proto '${value}'`);
    }
    return frame => frame.isEthernet && frame.type === type;
  }
  if (protocol !== undefined && protocol !== 'ip' && protocol !== 'ip6') {
    throw new FilterProblem(`illegal qualifier of 'proto'`);
  }
  const number = IP_PROTOCOLS.get(value) ?? (value === 'icmp6' ? IP_PROTOCOL.icmpv6 : filterNumber(value));
  if (number === undefined) {
    throw new FilterProblem(`unknown ip proto '${value}'`);
  }
  return frame =>
    frame.protocol === number &&
    (protocol === undefined || (protocol === 'ip' ? frame.isIpv4 : frame.isIpv6));
}
