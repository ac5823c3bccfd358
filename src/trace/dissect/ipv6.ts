/** IPv6 (RFC 8200) and its extension headers that lead on to another header. */
import { readUint16, readUint32 } from '../../wire/bytes';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, numberLine, type FieldDeclaration } from './field';
import { DSCP_NAMES, ECN_NAMES, PROTOCOL_NAMES } from './ip-names';
import { formatIpv6 } from './ipv6-text';

export const IPV6_FIELDS = {
  version: { name: 'ipv6.version', label: 'Version', type: 'number', mask: 0xf0 },
  trafficClass: { name: 'ipv6.tclass', label: 'Traffic Class', type: 'hex', mask: 0x0ff00000 },
  dscp: {
    name: 'ipv6.tclass.dscp',
    label: 'Differentiated Services Codepoint',
    type: 'number',
    mask: 0x0fc00000,
    names: DSCP_NAMES,
  },
  ecn: {
    name: 'ipv6.tclass.ecn',
    label: 'Explicit Congestion Notification',
    type: 'number',
    mask: 0x00300000,
    names: ECN_NAMES,
  },
  flow: { name: 'ipv6.flow', label: 'Flow Label', type: 'hex', mask: 0x000fffff },
  payloadLength: { name: 'ipv6.plen', label: 'Payload Length', type: 'number' },
  nextHeader: { name: 'ipv6.nxt', label: 'Next Header', type: 'number', names: PROTOCOL_NAMES },
  hopLimit: { name: 'ipv6.hlim', label: 'Hop Limit', type: 'number' },
  source: { name: 'ipv6.src', label: 'Source Address', type: 'ipv6' },
  destination: { name: 'ipv6.dst', label: 'Destination Address', type: 'ipv6' },
} as const satisfies Record<string, FieldDeclaration>;

const HEADER_BYTES = 40;

/** Extension headers whose second byte is their length (RFC 8200 4.3, 4.4, 4.6). */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);
const FRAGMENT = 44;
const NO_NEXT_HEADER = 59;

/** Extension headers followed in one packet. */
const MOST_EXTENSIONS = 16;

export function dissectIpv6(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < HEADER_BYTES) {
    packet.addMalformed('IPv6', at, end, `an IPv6 header has ${HEADER_BYTES} bytes`);
    return end;
  }
  const word = readUint32(bytes, at);
  const payloadLength = readUint16(bytes, at + 4);
  const source = formatIpv6(bytes, at + 8);
  const destination = formatIpv6(bytes, at + 24);
  const short = at + HEADER_BYTES + payloadLength > end;
  const children = [
    numberLine(IPV6_FIELDS.version, at, 1, bytes[at] ?? 0, {
      problem: word >>> 28 === 6 ? undefined : `the version is ${word >>> 28}, not 6`,
    }),
    numberLine(IPV6_FIELDS.trafficClass, at, 4, word, {
      children: [numberLine(IPV6_FIELDS.dscp, at, 4, word), numberLine(IPV6_FIELDS.ecn, at, 4, word)],
    }),
    numberLine(IPV6_FIELDS.flow, at, 4, word),
    numberLine(IPV6_FIELDS.payloadLength, at + 4, 2, payloadLength, {
      problem: short && !packet.quoted ? `only ${end - at - HEADER_BYTES} bytes are there` : undefined,
    }),
    numberLine(IPV6_FIELDS.nextHeader, at + 6, 1, bytes[at + 6] ?? 0),
    numberLine(IPV6_FIELDS.hopLimit, at + 7, 1, bytes[at + 7] ?? 0),
    bytesLine(IPV6_FIELDS.source, bytes, at + 8, 16),
    bytesLine(IPV6_FIELDS.destination, bytes, at + 24, 16),
  ];
  const text = `Internet Protocol Version 6, Src: ${source}, Dst: ${destination}`;
  packet.add(groupLine('ipv6', at, HEADER_BYTES, text, { children }));
  packet.showAddresses(source, destination);
  packet.addresses = { at: at + 8, length: 32 };
  packet.timeToLive = bytes[at + 7] ?? 0;
  packet.fragmented = short;
  const used = Math.min(end, at + HEADER_BYTES + payloadLength);
  if (word >>> 28 !== 6) {
    packet.show('IPv6', 'Bogus IPv6 version');
    return used;
  }
  dissectNext(packet, at + HEADER_BYTES, used, bytes[at + 6] ?? 0);
  return used;
}

/** Layers that Wireshark makes of extension headers. */
const EXTENSION_NAMES: Readonly<Record<number, string>> = {
  0: 'ipv6.hopopts',
  43: 'ipv6.routing',
  60: 'ipv6.dstopts',
};

function dissectNext(packet: PacketInProgress, at: number, end: number, first: number): void {
  const { bytes } = packet;
  let next = first;
  let i = at;
  for (let n = 0; n < MOST_EXTENSIONS && i + 8 <= end; n += 1) {
    if (next === FRAGMENT) {
      const offset = readUint16(bytes, i + 2) & 0xfff8;
      packet.fragmented = true;
      next = bytes[i] ?? 0;
      i += 8;
      if (offset > 0) {
        packet.show('IPv6', 'IPv6 fragment');
        dissectData(packet, i, end);
        return;
      }
    } else if (EXTENSIONS.has(next)) {
      const length = ((bytes[i + 1] ?? 0) + 1) * 8;
      packet.add(
        groupLine(
          EXTENSION_NAMES[next] ?? 'ipv6.ext',
          i,
          Math.min(length, end - i),
          PROTOCOL_NAMES[next] ?? 'IPv6 Extension',
        ),
      );
      next = bytes[i] ?? 0;
      i += length;
    } else {
      break;
    }
  }
  const name = next === NO_NEXT_HEADER ? 'IPv6 no next header' : PROTOCOL_NAMES[next];
  packet.show('IPv6', name ?? `Unknown (${next})`);
  (packet.tables.ipProtocol.get(next) ?? dissectData)(packet, Math.min(i, end), end);
}
