/** IPv4 and IPv6 (print-ip.c, print-ip6.c), and who prints what they carry (print-ip-demux.c). */
import { IP_PROTOCOL } from '../../wire/ipv4';
import { igmpText, icmpText } from './icmp-text';
import { icmp6Text } from './icmp6-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';
import { tcpText } from './tcp-text';
import { udpText } from './udp-text';

const IPV6_HEADER = 40;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const NO_NEXT_HEADER = 59;
const DESTINATION_OPTIONS = 60;

/** What a transport's printer is told of the packet around it. */
export interface IpPart {
  readonly source: string;
  readonly destination: string;
  readonly version: 4 | 6;
  /** Where the transport's header begins, and where the packet ends as its length says. */
  readonly at: number;
  readonly end: number;
  /** Where the addresses lie, for conversations. */
  readonly addressesAt: number;
  /** Behind other headers, the addresses are printed already. */
  readonly addressesShown: boolean;
}

/** A packet without a header of a link; its first bits say what it is. */
export function ipPacketText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  if (packet.u8(at) >>> 4 === 6) {
    ip6Text(state, packet, at, end);
  } else {
    ipText(state, packet, at, end);
  }
}

export function ipText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'ip';
  state.text += state.style.linkHeader ? '' : 'IP ';
  const first = packet.u8(at);
  const header = (first & 15) * 4;
  if (first >>> 4 !== 4) {
    state.text += `wrong version ${first >>> 4}`;
    return;
  }
  if (header < 20) {
    state.text += `bad-hlen ${header}`;
    return;
  }
  const length = packet.u16(at + 2);
  if (length < header) {
    state.text += `bad-len ${length}`;
    return;
  }
  state.text += missingText('ip', at + length - end);
  const fragment = packet.u16(at + 6);
  const protocol = packet.u8(at + 9);
  const source = packet.ipv4(at + 12);
  const destination = packet.ipv4(at + 16);
  const offset = fragment & 0x1fff;
  if (offset !== 0) {
    // Without the transport's header.
    state.text += `${source} > ${destination}: ${state.style.numeric ? `ip-proto-${protocol}` : protocolName(protocol)}`;
    return;
  }
  carriedText(state, packet, protocol, {
    ...{ source, destination, version: 4 },
    ...{ at: at + header, end: at + Math.min(length, end - at), addressesAt: at + 12 },
    addressesShown: false,
  });
}

export function ip6Text(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'ip6';
  packet.slice(at, at + IPV6_HEADER);
  state.text += state.style.linkHeader ? '' : 'IP6 ';
  if (packet.u8(at) >>> 4 !== 6) {
    state.text += `version error: ${packet.u8(at) >>> 4} != 6`;
    return;
  }
  const source = packet.ipv6(at + 8);
  const destination = packet.ipv6(at + 24);
  const stop = Math.min(end, at + IPV6_HEADER + packet.u16(at + 4));
  state.text += missingText('ip6', at + IPV6_HEADER + packet.u16(at + 4) - end);
  let next = packet.u8(at + 6);
  let part = at + IPV6_HEADER;
  let isShown = false;
  // Where more than the transport's header follows, the addresses stand in front of it.
  const show = (): void => {
    state.text += isShown ? '' : `${source} > ${destination}: `;
    isShown = true;
  };
  for (;;) {
    switch (next) {
      case HOP_BY_HOP:
      case DESTINATION_OPTIONS:
      case ROUTING: {
        show();
        state.text += next === HOP_BY_HOP ? 'HBH ' : next === ROUTING ? 'srcrt ' : 'DSTOPT ';
        next = packet.u8(part);
        part += (packet.u8(part + 1) + 1) * 8;
        continue;
      }
      case FRAGMENT: {
        show();
        const field = packet.u16(part + 2);
        const offset = field & 0xfff8;
        state.text += `frag (${offset}|${stop - part - 8})${offset === 0 ? ' ' : ''}`;
        if (offset !== 0) {
          return;
        }
        next = packet.u8(part);
        part += 8;
        continue;
      }
      case NO_NEXT_HEADER:
        show();
        state.text += 'no next header';
        return;
      default:
        carriedText(state, packet, next, {
          ...{ source, destination, version: 6 as const },
          ...{ at: part, end: stop, addressesAt: at + 8, addressesShown: isShown },
        });
        return;
    }
  }
}

/** Of a packet that says that it is longer than it is. */
function missingText(protocol: string, bytes: number): string {
  return bytes > 0 ? `truncated-${protocol} - ${bytes} bytes missing!${protocol === 'ip' ? ' ' : ''}` : '';
}

/** Names of /etc/protocols. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  41: 'ipv6',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  89: 'ospf',
  132: 'sctp',
};

export function protocolName(protocol: number): string {
  return NAMES[protocol] ?? `ip-proto-${protocol}`;
}

function carriedText(state: LineState, packet: PacketBytes, protocol: number, part: IpPart): void {
  const { source, destination, at, end } = part;
  switch (protocol) {
    case IP_PROTOCOL.tcp:
      tcpText(state, packet, part);
      return;
    case IP_PROTOCOL.udp:
      udpText(state, packet, part);
      return;
    case IP_PROTOCOL.icmp:
      state.text += `${source} > ${destination}: `;
      icmpText(state, packet, part);
      return;
    case IP_PROTOCOL.igmp:
      state.text += `${source} > ${destination}: `;
      igmpText(state, packet, at, end);
      return;
    case IP_PROTOCOL.icmpv6:
      state.text += part.addressesShown ? '' : `${source} > ${destination}: `;
      icmp6Text(state, packet, part);
      return;
    default: {
      const name = state.style.numeric ? `ip-proto-${protocol}` : protocolName(protocol);
      state.text += `${source} > ${destination}:  ${name} ${end - at}`;
    }
  }
}
