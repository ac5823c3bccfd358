/** IPv6 frames for engine tests: builders, one-line summaries, and a checker of its own for what is on the wire. */
import { formatIpv6, type Ipv6Address } from '../../../src/net/ipv6-address';
import type { MacAddress } from '../../../src/net/mac-address';
import { writeEthernetHeader } from '../../../src/wire/ethernet';
import { finishIcmpv6, writeIcmpv6 } from '../../../src/wire/icmpv6';
import { checkIpv6, readIpv6Address, writeIpv6Header, type Ipv6HeaderFields } from '../../../src/wire/ipv6';
import { findUpperLayer, ipv6FragmentOffset, ipv6MoreFragments } from '../../../src/wire/ipv6-extension';
import { parseMldReport } from '../../../src/wire/mld';
import { ndpBytes, parseNdp, type NdpMessage } from '../../../src/wire/ndp';
import { writeUdp } from '../../../src/wire/udp';

/** Where the IPv6 header of a frame begins, and its payload when there are no extension headers. */
export const IPV6 = 14;
export const IPV6_PAYLOAD = 54;

/** Who a frame is from and for. */
export interface Ipv6Ends {
  readonly fromMac: MacAddress;
  readonly toMac: MacAddress;
  readonly from: Ipv6Address;
  readonly to: Ipv6Address;
}

export type Ipv6More = Partial<Omit<Ipv6HeaderFields, 'source' | 'destination'>>;

/** An IPv6 frame around this payload. */
export function ipv6Frame(ends: Ipv6Ends, payload: Uint8Array, more: Ipv6More = {}): Uint8Array {
  const bytes = new Uint8Array(IPV6_PAYLOAD + payload.length);
  bytes.set(payload, IPV6_PAYLOAD);
  writeEthernetHeader(bytes, ends.toMac, ends.fromMac, 0x86dd);
  writeIpv6Header(bytes, IPV6, {
    trafficClass: 0,
    flowLabel: 0,
    nextHeader: 58,
    hopLimit: 64,
    ...more,
    payloadLength: more.payloadLength ?? payload.length,
    source: ends.from,
    destination: ends.to,
  });
  return bytes;
}

/** An ICMPv6 frame, its checksum made; `headers` are extension headers in front of the message, named by `first`. */
export function icmpv6Frame(
  ends: Ipv6Ends,
  message: Uint8Array,
  more: Ipv6More & { readonly headers?: Uint8Array; readonly first?: number } = {},
): Uint8Array {
  const { headers = new Uint8Array(0), first = 58, ...header } = more;
  const bytes = ipv6Frame(ends, Uint8Array.of(...headers, ...message), { nextHeader: first, ...header });
  finishIcmpv6(bytes, IPV6_PAYLOAD + headers.length, message.length, IPV6);
  return bytes;
}

export function ndpFrame(ends: Ipv6Ends, message: NdpMessage, hopLimit = 255): Uint8Array {
  return icmpv6Frame(ends, ndpBytes(message), { hopLimit });
}

/** An echo request or reply with so many bytes of data. */
export function echoV6(type: 128 | 129, identifier: number, sequence: number, size = 8): Uint8Array {
  const message = new Uint8Array(8 + size).map((_, index) => (index * 7 + 3) & 255);
  writeIcmpv6(message, 0, type, 0, ((identifier << 16) | sequence) >>> 0);
  return message;
}

export function udpV6Frame(
  ends: Ipv6Ends,
  sourcePort: number,
  destinationPort: number,
  data = new Uint8Array(4),
): Uint8Array {
  const datagram = new Uint8Array(8 + data.length);
  datagram.set(data, 8);
  writeUdp(datagram, 0, ends.from, ends.to, sourcePort, destinationPort, data.length);
  return ipv6Frame(ends, datagram, { nextHeader: 17 });
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
const at16 = (bytes: Uint8Array, at: number): string => formatIpv6(readIpv6Address(bytes, at));

export const sourceOfV6 = (bytes: Uint8Array): string => at16(bytes, IPV6 + 8);
export const destinationOfV6 = (bytes: Uint8Array): string => at16(bytes, IPV6 + 24);
export const hopLimitOf = (bytes: Uint8Array): number => bytes[IPV6 + 7]!;

/** The ICMPv6 message of a frame; empty for any other. */
export function icmpv6Of(bytes: Uint8Array): Uint8Array {
  const upper = findUpperLayer(bytes, IPV6, bytes.length);
  return upper?.protocol === 58 ? bytes.subarray(upper.at) : new Uint8Array(0);
}

/** The message of neighbour discovery in a frame. */
export function ndpOf(bytes: Uint8Array): NdpMessage {
  const message = icmpv6Of(bytes);
  const parsed = parseNdp(message, 0, message.length);
  if (typeof parsed === 'string') {
    throw new Error(`${parsed}: ${ipv6Line(bytes)}`);
  }
  return parsed;
}

/** A frame in one line, as tcpdump would put it. */
export function ipv6Line(bytes: Uint8Array): string {
  if (checkIpv6(bytes, IPV6, bytes.length - IPV6) !== undefined) {
    return `ipv6 ${bytes.length} bytes`;
  }
  return `${sourceOfV6(bytes)} > ${destinationOfV6(bytes)} ${payloadLine(bytes)}`;
}

function payloadLine(bytes: Uint8Array): string {
  if (bytes[IPV6 + 6] === 44) {
    const more = ipv6MoreFragments(bytes, IPV6_PAYLOAD) ? '+' : '';
    return `fragment ${ipv6FragmentOffset(bytes, IPV6_PAYLOAD)}:${bytes.length - IPV6_PAYLOAD - 8}${more}`;
  }
  const upper = findUpperLayer(bytes, IPV6, bytes.length);
  if (upper?.protocol === 17) {
    return `udp ${word(bytes, upper.at)} > ${word(bytes, upper.at + 2)} ${word(bytes, upper.at + 4) - 8}`;
  }
  return upper?.protocol === 58 ? icmpv6Line(bytes.subarray(upper.at)) : `next header ${bytes[IPV6 + 6]!}`;
}

function icmpv6Line(message: Uint8Array): string {
  const type = message[0]!;
  switch (type) {
    case 128:
    case 129:
      return `echo ${type === 128 ? 'request' : 'reply'} ${word(message, 6)}`;
    case 133:
      return 'rs';
    case 134:
      return 'ra';
    case 135:
      return `ns ${at16(message, 8)}`;
    case 136: {
      const flags = message[4]!;
      const set = [
        [0x80, 'router'],
        [0x40, 'solicited'],
        [0x20, 'override'],
      ] as const;
      return [
        `na ${at16(message, 8)}`,
        ...set.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])),
      ].join(' ');
    }
    case 137:
      return `redirect ${at16(message, 24)} to ${at16(message, 8)}`;
    case 143: {
      const records = parseMldReport(message, 0, message.length);
      return typeof records === 'string'
        ? `mld ${records}`
        : `mld ${records.map(each => `${each.type === 4 ? 'join' : each.type === 3 ? 'leave' : each.type} ${formatIpv6(each.group)}`).join(', ')}`;
    }
    default:
      return `icmpv6 ${type}/${message[1]!}`;
  }
}

/** One's complement sum by the book (RFC 1071). */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
    sum = sum > 0xffff ? sum - 0xffff : sum;
  }
  return sum;
}

/** What is wrong with a frame: version, length, ICMPv6 and UDP checksums. */
export function ipv6Problems(bytes: Uint8Array): string[] {
  const packet = bytes.subarray(IPV6);
  const payload = word(packet, 4);
  if (packet.length < 40 || packet[0]! >>> 4 !== 6 || payload !== packet.length - 40) {
    return ['IPv6: bad lengths'];
  }
  const upper = findUpperLayer(packet, 0, packet.length);
  if (packet[6] === 44 || (upper?.protocol !== 58 && upper?.protocol !== 17)) {
    return [];
  }
  const message = packet.subarray(upper.at);
  const pseudo = Uint8Array.of(
    ...packet.subarray(8, 40),
    0,
    0,
    message.length >>> 8,
    message.length & 255,
    0,
    0,
    0,
    upper.protocol,
  );
  return sumOf(Uint8Array.of(...pseudo, ...message)) === 0xffff ? [] : ['IPv6: bad checksum'];
}
