/** Capture filters on addresses: of hosts, networks and stations. */
import { isIpv4, parseIp, type IpAddress } from '../../net/ip-address';
import { formatIpv4, ipv4FromNumber, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { parseMac } from '../../net/mac-address';
import { readUint48 } from '../../wire/bytes';
import { ETHERTYPE } from '../../wire/ethernet';
import { readIpv6Address } from '../../wire/ipv6';
import type { Test } from './arithmetic';
import type { HostNames } from './capture-filter';
import { FilterProblem, SYNTAX_ERROR } from './filter-words';
import { load, OutOfPacket, type FrameView } from './frame-view';
import { inDirection, type Direction } from './direction';

export function etherTest(value: string, direction: Direction): Test {
  const mac = parseMac(value);
  if (mac === undefined) {
    throw new FilterProblem(
      value.includes('.') ? 'illegal link layer address' : `unknown ether host '${value}'`,
    );
  }
  return ({ isEthernet, bytes }) =>
    isEthernet &&
    bytes.length >= 12 &&
    inDirection(direction, readUint48(bytes, 6) === mac, readUint48(bytes, 0) === mac);
}

export function hostTest(
  value: string,
  protocol: string | undefined,
  direction: Direction,
  hosts: HostNames,
): Test {
  if (protocol !== undefined && !['ip', 'ip6', 'arp', 'rarp'].includes(protocol)) {
    throw new FilterProblem(`'${protocol}' modifier applied to host`);
  }
  // Three numbers are an address, too, as inet_aton(3) reads them.
  const written = parseIp(value);
  const addresses = written === undefined ? hosts(value) : [written];
  if (addresses.length === 0) {
    throw new FilterProblem(`unknown host '${value}'`);
  }
  if (written !== undefined && !isIpv4(written) && protocol !== undefined && protocol !== 'ip6') {
    throw new FilterProblem(`'${protocol}' modifier applied to ip6 host`);
  }
  const tests = addresses.map(address => networkTest(address, wholeMask(address), protocol, direction));
  return frame => tests.some(test => test(frame));
}

export function netTest(
  value: string,
  mask: string | undefined,
  protocol: string | undefined,
  direction: Direction,
): Test {
  const [text = '', lengthText] = value.split('/', 2);
  const whole = parseIp(text);
  const short = whole === undefined ? shortNetwork(text) : undefined;
  const address = whole ?? short?.address;
  if (address === undefined) {
    throw new FilterProblem(`unknown network '${value}'`);
  }
  const bits = isIpv4(address) ? 32 : 128;
  const length = lengthText === undefined ? (short?.length ?? bits) : Number(lengthText);
  if (!Number.isInteger(length) || length < 0) {
    throw new FilterProblem(SYNTAX_ERROR);
  }
  if (length > bits) {
    throw new FilterProblem(`mask length must be <= ${bits}`);
  }
  const given = mask === undefined ? undefined : parseIpv4(mask);
  if (mask !== undefined && (given === undefined || whole === undefined || bits !== 32)) {
    throw new FilterProblem(SYNTAX_ERROR);
  }
  const wanted = given === undefined ? maskOf(length, bits) : BigInt(given);
  if ((BigInt(address) & ~wanted) !== 0n) {
    const shown = given === undefined ? value : `${text} mask ${formatIpv4(given)}`;
    throw new FilterProblem(`non-network bits set in "${shown}"`);
  }
  return networkTest(address, wanted, protocol, direction);
}

/** `10` and `192.168`: networks by their first numbers. */
function shortNetwork(text: string): { readonly address: Ipv4Address; readonly length: number } | undefined {
  const numbers = text.split('.').map(Number);
  if (!/^\d{1,3}(\.\d{1,3}){0,2}$/.test(text) || numbers.some(number => number > 255)) {
    return undefined;
  }
  const [one = 0, two = 0, three = 0] = numbers;
  const address = ipv4FromNumber(((one << 24) | (two << 16) | (three << 8)) >>> 0);
  return { address, length: numbers.length * 8 };
}

function maskOf(length: number, bits: number): bigint {
  return ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
}

function wholeMask(address: IpAddress): bigint {
  return isIpv4(address) ? maskOf(32, 32) : maskOf(128, 128);
}

/** IPv4 addresses are those of IP and of ARP. */
function networkTest(
  address: IpAddress,
  mask: bigint,
  protocol: string | undefined,
  direction: Direction,
): Test {
  if (!isIpv4(address)) {
    if (protocol !== undefined && protocol !== 'ip6') {
      return () => false;
    }
    return frame => {
      const fits = (at: number): boolean => (ipv6At(frame, at) & mask) === BigInt(address);
      return frame.isIpv6 && inDirection(direction, fits(frame.networkAt + 8), fits(frame.networkAt + 24));
    };
  }
  const narrow = Number(mask);
  const network = Number(address);
  return frame => {
    const fits = (at: number): boolean => (load(frame, at, 4) & narrow) >>> 0 === network;
    const { networkAt, type } = frame;
    if (frame.isIpv4 && (protocol === undefined || protocol === 'ip')) {
      return inDirection(direction, fits(networkAt + 12), fits(networkAt + 16));
    }
    const isArp =
      (type === ETHERTYPE.arp && (protocol === undefined || protocol === 'arp')) ||
      (type === REVERSE_ARP && (protocol === undefined || protocol === 'rarp'));
    return isArp && inDirection(direction, fits(networkAt + 14), fits(networkAt + 24));
  };
}

const REVERSE_ARP = 0x8035;

function ipv6At({ bytes }: FrameView, at: number): bigint {
  if (at + 16 > bytes.length) {
    throw new OutOfPacket();
  }
  return readIpv6Address(bytes, at);
}
