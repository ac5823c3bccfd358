/** ICMPv6 with neighbour discovery and multicast listeners (print-icmp6.c). */
import { serviceName } from '../../net/service-names';
import type { IpPart } from './ip-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';

const TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  132: 'multicast listener done',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbor solicitation',
  136: 'neighbor advertisement',
  137: 'redirect',
  143: 'multicast listener report v2',
};

const UNREACHABLE: readonly string[] = [
  'unreachable route',
  'administratively prohibited',
  'beyond scope',
  'unreachable address',
];

export function icmp6Text(state: LineState, packet: PacketBytes, { at, end }: IpPart): void {
  state.protocol = 'icmp6';
  const type = packet.u8(at);
  state.text += `ICMP6, ${TYPES[type] ?? `unknown icmp6 type (${type})`}`;
  state.text += `${detailText(state, packet, at, end, type, packet.u8(at + 1))}, length ${end - at}`;
}

function detailText(
  state: LineState,
  packet: PacketBytes,
  at: number,
  end: number,
  type: number,
  code: number,
): string {
  const quotedDestination = (): string => packet.ipv6(at + 8 + 24);
  switch (type) {
    case 1:
      return code === 4
        ? `, unreachable port${portText(state, packet, at + 8)}`
        : `, ${UNREACHABLE[code] ?? `unknown unreach code (${code})`} ${quotedDestination()}`;
    case 2:
      return `, mtu ${packet.u32(at + 4)}`;
    case 3:
      return code === 0
        ? ` in-transit for ${quotedDestination()}`
        : code === 1
          ? ' in-reassembly'
          : `, unknown code (${code})`;
    case 4: {
      const pointer = packet.u32(at + 4);
      const kinds = ['errorneous', 'next header', 'option'];
      return `, ${kinds[code] ?? `code-#${code}`} - octet ${pointer}`;
    }
    case 128:
    case 129:
      return `, id ${packet.u16(at + 4)}, seq ${packet.u16(at + 6)}`;
    case 130:
      return end - at >= 28
        ? ' v2' + queryText(packet, at)
        : ` max resp delay: ${packet.u16(at + 4)} addr: ${packet.ipv6(at + 8)}`;
    case 131:
    case 132:
      return `max resp delay: ${packet.u16(at + 4)} addr: ${packet.ipv6(at + 8)}`;
    case 135:
      return `, who has ${packet.ipv6(at + 8)}`;
    case 136:
      return `, tgt is ${packet.ipv6(at + 8)}`;
    case 137:
      return `, ${packet.ipv6(at + 24)} to ${packet.ipv6(at + 8)}`;
    case 143:
      return `, ${packet.u16(at + 6)} group record(s)`;
    default:
      return '';
  }
}

function queryText(packet: PacketBytes, at: number): string {
  const delay = packet.u16(at + 4);
  const group = packet.ipv6(at + 8);
  return ` [max resp delay=${delay}]${group === '::' ? '' : ` [gaddr ${group}]`}`;
}

const IPV6_HEADER = 40;

function portText(state: LineState, packet: PacketBytes, quoted: number): string {
  const destination = packet.ipv6(quoted + 24);
  const protocol = packet.u8(quoted + 6);
  const port = packet.u16(quoted + IPV6_HEADER + 2);
  const name = protocol === 6 ? 'tcp' : protocol === 17 ? 'udp' : undefined;
  if (name === undefined) {
    return `, ${destination} protocol ${protocol} port ${port}`;
  }
  return `, ${destination} ${name} port ${(state.style.numeric ? undefined : serviceName(port, name)) ?? port}`;
}
