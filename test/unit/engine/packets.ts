/** Frames for engine tests: builders of right and wrong ones, one-line summaries, and a checker of its own for what is on the wire. */
import { formatIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { BROADCAST_MAC, formatMac, UNKNOWN_MAC, type MacAddress } from '../../../src/net/mac-address';
import { emitArp, parseArp } from '../../../src/wire/arp';
import { DHCP_HEADER_BYTES, parseDhcp } from '../../../src/wire/dhcp';
import { readMessageType } from '../../../src/wire/dhcp-option';
import { etherType, writeEthernetHeader } from '../../../src/wire/ethernet';
import { ICMP_TYPE, writeEcho, writeIcmpError } from '../../../src/wire/icmp';
import { writeIpv4Header, type Ipv4HeaderFields } from '../../../src/wire/ipv4';
import { writeTcp } from '../../../src/wire/tcp';
import { writeUdp } from '../../../src/wire/udp';
import { ipv6Line, ipv6Problems } from './ipv6-packets';

/** Where the IP header of a frame begins, and its payload when there are no options. */
export const IP = 14;
export const PAYLOAD = 34;

export const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
export const long = (bytes: Uint8Array, at: number): number => word(bytes, at) * 65536 + word(bytes, at + 2);
const macAt = (bytes: Uint8Array, at: number): MacAddress =>
  (word(bytes, at) * 2 ** 32 + long(bytes, at + 2)) as MacAddress;

export const toMac = (bytes: Uint8Array): string => formatMac(macAt(bytes, 0));
export const fromMac = (bytes: Uint8Array): string => formatMac(macAt(bytes, 6));
export const sourceOf = (bytes: Uint8Array): string => formatIpv4(long(bytes, IP + 12) as Ipv4Address);
export const destinationOf = (bytes: Uint8Array): string => formatIpv4(long(bytes, IP + 16) as Ipv4Address);
export const ttlOf = (bytes: Uint8Array): number => bytes[IP + 8]!;
export const tosOf = (bytes: Uint8Array): number => bytes[IP + 1]!;
export const idOf = (bytes: Uint8Array): number => word(bytes, IP + 4);
export const dontFragmentOf = (bytes: Uint8Array): boolean => (bytes[IP + 6]! & 0x40) !== 0;

/** Who a frame is from and for. */
export interface Ends {
  readonly fromMac: MacAddress;
  readonly toMac: MacAddress;
  readonly from: Ipv4Address;
  readonly to: Ipv4Address;
}

export type IpMore = Partial<Omit<Ipv4HeaderFields, 'source' | 'destination' | 'totalLength'>>;

/** An IPv4 frame around this payload. */
export function ipv4Frame(ends: Ends, payload: Uint8Array, more: IpMore = {}): Uint8Array {
  const bytes = new Uint8Array(PAYLOAD + payload.length);
  bytes.set(payload, PAYLOAD);
  writeEthernetHeader(bytes, ends.toMac, ends.fromMac, 0x0800);
  writeIpv4Header(bytes, IP, {
    identification: 0x1234,
    dontFragment: false,
    timeToLive: 64,
    typeOfService: 0,
    protocol: 1,
    ...more,
    totalLength: 20 + payload.length,
    source: ends.from,
    destination: ends.to,
  });
  return bytes;
}

/** A pattern that shows when bytes are moved or cut. */
export const pattern = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + 3) & 255);

export function echoMessage(
  type: 0 | 8,
  identifier: number,
  sequence: number,
  data = pattern(8),
): Uint8Array {
  const message = new Uint8Array(8 + data.length);
  writeEcho(message, 0, type, identifier, sequence, data);
  return message;
}

export function echoFrame(
  ends: Ends,
  identifier = 7,
  sequence = 1,
  more: IpMore & { readonly type?: 0 | 8; readonly data?: Uint8Array } = {},
): Uint8Array {
  const { type = ICMP_TYPE.echoRequest, data, ...header } = more;
  return ipv4Frame(ends, echoMessage(type, identifier, sequence, data), header);
}

export function udpFrame(
  ends: Ends,
  sourcePort: number,
  destinationPort: number,
  data = pattern(4),
  more: IpMore = {},
): Uint8Array {
  const datagram = new Uint8Array(8 + data.length);
  datagram.set(data, 8);
  writeUdp(datagram, 0, ends.from, ends.to, sourcePort, destinationPort, data.length);
  return ipv4Frame(ends, datagram, { protocol: 17, ...more });
}

const FLAG_LETTERS = { F: 0x01, S: 0x02, R: 0x04, P: 0x08, A: 0x10, U: 0x20 } as const;

/** A segment with these flags: `SA` for a SYN-ACK. */
export function tcpFrame(
  ends: Ends,
  sourcePort: number,
  destinationPort: number,
  letters: string,
  more: IpMore & {
    readonly sequence?: number;
    readonly acknowledgment?: number;
    readonly data?: Uint8Array;
    readonly window?: number;
  } = {},
): Uint8Array {
  const { sequence = 1000, acknowledgment = 0, data = new Uint8Array(0), window = 8192, ...header } = more;
  const flags = [...letters].reduce((sum, each) => sum | FLAG_LETTERS[each as keyof typeof FLAG_LETTERS], 0);
  const segment = new Uint8Array(20 + data.length);
  segment.set(data, 20);
  writeTcp(
    segment,
    0,
    ends.from,
    ends.to,
    { sourcePort, destinationPort, sequence, acknowledgment, flags, window },
    data.length,
  );
  return ipv4Frame(ends, segment, { protocol: 6, ...header });
}

/** An ICMP error about `quoted`, a whole frame whose IP packet is quoted up to `length` bytes. */
export function errorFrame(
  ends: Ends,
  type: number,
  code: number,
  quoted: Uint8Array,
  more: IpMore & { readonly rest?: number; readonly length?: number } = {},
): Uint8Array {
  const { rest = 0, length = 548, ...header } = more;
  const packet = quoted.subarray(IP, IP + Math.min(length, quoted.length - IP));
  const message = new Uint8Array(8 + packet.length);
  writeIcmpError(message, 0, type, code, rest, packet);
  return ipv4Frame(ends, message, header);
}

export function arpFrame(
  operation: number,
  sender: { readonly mac: MacAddress; readonly ip: Ipv4Address },
  target: { readonly mac?: MacAddress; readonly ip: Ipv4Address },
  destination: MacAddress = target.mac ?? BROADCAST_MAC,
): Uint8Array {
  const bytes = new Uint8Array(42);
  writeEthernetHeader(bytes, destination, sender.mac, 0x0806);
  emitArp(
    {
      operation,
      senderMac: sender.mac,
      senderIp: sender.ip,
      targetMac: target.mac ?? UNKNOWN_MAC,
      targetIp: target.ip,
    },
    bytes,
    14,
  );
  return bytes;
}

/** The frame with zeros behind it, up to this many bytes. */
export function padded(bytes: Uint8Array, length: number): Uint8Array {
  const longer = new Uint8Array(Math.max(length, bytes.length));
  longer.set(bytes);
  return longer;
}

/** The frame with one byte changed. */
export function damaged(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at]! ^= 0x55;
  return copy;
}

/** The frame with a header checksum that fits again after a change. */
export function withHeaderChecksum(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[IP + 10] = 0;
  copy[IP + 11] = 0;
  const sum = 0xffff - sumOf(copy.subarray(IP, IP + (copy[IP]! & 15) * 4));
  copy[IP + 10] = sum >>> 8;
  copy[IP + 11] = sum & 255;
  return copy;
}

/** One's complement sum by the book: one word after the other, the carry added at once (RFC 1071). */
export function sumOf(bytes: Uint8Array, start = 0): number {
  let sum = start;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
    sum = sum > 0xffff ? sum - 0xffff : sum;
  }
  return sum;
}

/** What is wrong with a frame: lengths, header, UDP and ICMP checksums, and the same of a packet quoted in an ICMP error. */
export function frameProblems(bytes: Uint8Array): string[] {
  if (bytes.length < 14) {
    return ['shorter than an Ethernet header'];
  }
  switch (etherType(bytes)) {
    case 0x0806:
      return typeof parseArp(bytes, 14, bytes.length - 14) === 'string' ? ['bad ARP'] : [];
    case 0x0800:
      return packetProblems(bytes.subarray(14), 'IP');
    case 0x86dd:
      return ipv6Problems(bytes);
    default:
      return [`EtherType ${etherType(bytes).toString(16)}`];
  }
}

function packetProblems(packet: Uint8Array, what: string): string[] {
  const header = (packet[0]! & 15) * 4;
  const total = word(packet, 2);
  if (packet[0]! >>> 4 !== 4 || header < 20 || total < header || total > packet.length) {
    return [`${what}: bad lengths`];
  }
  const problems = sumOf(packet.subarray(0, header)) === 0xffff ? [] : [`${what}: bad header checksum`];
  const payload = packet.subarray(header, total);
  if ((word(packet, 6) & 0x3fff) !== 0) {
    return problems;
  }
  if (packet[9] === 17) {
    const length = word(payload, 4);
    const pseudo = sumOf(Uint8Array.of(...packet.subarray(12, 20), 0, 17, length >>> 8, length & 255));
    if (length > payload.length || length < 8) {
      problems.push(`${what}: bad UDP length`);
    } else if (word(payload, 6) !== 0 && sumOf(payload.subarray(0, length), pseudo) !== 0xffff) {
      problems.push(`${what}: bad UDP checksum`);
    }
  } else if (packet[9] === 6) {
    const pseudo = sumOf(
      Uint8Array.of(...packet.subarray(12, 20), 0, 6, payload.length >>> 8, payload.length & 255),
    );
    if (payload.length < 20 || sumOf(payload, pseudo) !== 0xffff) {
      problems.push(`${what}: bad TCP segment`);
    }
  } else if (packet[9] === 1) {
    if (sumOf(payload) !== 0xffff) {
      problems.push(`${what}: bad ICMP checksum`);
    }
    const inner = payload.subarray(8);
    const isError = [3, 4, 5, 11, 12].includes(payload[0]!);
    if (isError && inner.length >= 20 && word(inner, 2) <= inner.length) {
      problems.push(...packetProblems(inner, `${what} quoted`));
    } else if (isError && sumOf(inner.subarray(0, (inner[0]! & 15) * 4)) !== 0xffff) {
      problems.push(`${what} quoted: bad header checksum`);
    }
  }
  return problems;
}

const DHCP_NAMES = ['?', 'discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'];

/** A frame in one line, as tcpdump would put it. */
export function frameLine(bytes: Uint8Array): string {
  if (bytes.length < 14) {
    return `${bytes.length} bytes`;
  }
  if (etherType(bytes) === 0x0806) {
    const packet = parseArp(bytes, 14, bytes.length - 14);
    if (typeof packet === 'string') {
      return `arp ${packet}`;
    }
    return packet.operation === 1
      ? `arp who-has ${formatIpv4(packet.targetIp)} tell ${formatIpv4(packet.senderIp)}`
      : `arp ${formatIpv4(packet.senderIp)} is-at ${formatMac(packet.senderMac)}`;
  }
  if (etherType(bytes) === 0x86dd) {
    return ipv6Line(bytes);
  }
  if (etherType(bytes) !== 0x0800 || bytes.length < PAYLOAD) {
    return `ethertype ${etherType(bytes).toString(16)}`;
  }
  return `${sourceOf(bytes)} > ${destinationOf(bytes)} ${payloadLine(bytes)}`;
}

function payloadLine(bytes: Uint8Array): string {
  const at = IP + (bytes[IP]! & 15) * 4;
  switch (bytes[IP + 9]) {
    case 1: {
      const [type, code] = [bytes[at]!, bytes[at + 1]!];
      if (type === 8 || type === 0) {
        return `echo ${type === 8 ? 'request' : 'reply'} ${word(bytes, at + 6)}`;
      }
      return `icmp ${type}/${code}`;
    }
    case 17: {
      const [from, to] = [word(bytes, at), word(bytes, at + 2)];
      const length = word(bytes, at + 4) - 8;
      if ((from === 67 || to === 67) && length >= DHCP_HEADER_BYTES) {
        const message = parseDhcp(bytes, at + 8, length);
        const type = typeof message === 'string' ? 0 : (readMessageType(message) ?? 0);
        return `dhcp ${DHCP_NAMES[type] ?? type}`;
      }
      return `udp ${from} > ${to} ${length}`;
    }
    case 6: {
      const flags = Object.entries(FLAG_LETTERS).filter(([, bit]) => (bytes[at + 13]! & bit) !== 0);
      const letters = flags.map(([letter]) => letter).join('');
      return `tcp ${word(bytes, at)} > ${word(bytes, at + 2)} ${letters}`;
    }
    default:
      return `protocol ${bytes[IP + 9]!}`;
  }
}
