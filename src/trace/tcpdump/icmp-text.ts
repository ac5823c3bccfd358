/** ICMP and IGMP (print-icmp.c, print-igmp.c). */
import { serviceName } from '../../net/service-names';
import type { IpPart } from './ip-text';
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';

export function icmpText(state: LineState, packet: PacketBytes, { at, end }: IpPart): void {
  state.protocol = 'icmp';
  const type = packet.u8(at);
  const code = packet.u8(at + 1);
  state.text += `ICMP ${messageText(state, packet, at, type, code)}, length ${end - at}`;
}

function messageText(state: LineState, packet: PacketBytes, at: number, type: number, code: number): string {
  const idAndSequence = (): string => `id ${packet.u16(at + 4)}, seq ${packet.u16(at + 6)}`;
  switch (type) {
    case 0:
      return `echo reply, ${idAndSequence()}`;
    case 8:
      return `echo request, ${idAndSequence()}`;
    case 3:
      return unreachableText(state, packet, at, code);
    case 4:
      return 'source quench';
    case 5:
      return redirectText(packet, at, code);
    case 9:
      return 'router advertisement';
    case 10:
      return 'router solicitation';
    case 11:
      return code === 0
        ? 'time exceeded in-transit'
        : code === 1
          ? 'ip reassembly time exceeded'
          : `time exceeded-#${code}`;
    case 12:
      return code === 0
        ? `parameter problem - octet ${packet.u8(at + 4)}`
        : `parameter problem - code ${code}`;
    case 13:
      return `time stamp query id ${packet.u16(at + 4)} seq ${packet.u16(at + 6)}`;
    case 14: {
      const [original, received, transmitted] = [8, 12, 16].map(offset => clock(packet.u32(at + offset)));
      const times = `org ${original ?? ''}, recv ${received ?? ''}, xmit ${transmitted ?? ''}`;
      return `time stamp reply id ${packet.u16(at + 4)} seq ${packet.u16(at + 6)}: ${times}`;
    }
    case 17:
      return 'address mask request';
    case 18:
      return `address mask is 0x${packet
        .u32(at + 8)
        .toString(16)
        .padStart(8, '0')}`;
    default:
      return `type-#${type}`;
  }
}

/** ms since midnight. */
function clock(value: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const seconds = Math.floor(value / 1000);
  const time = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${time}.${String(value % 1000).padStart(3, '0')}`;
}

/** `%` stands for the destination of the packet that is quoted. */
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'net % unreachable',
  1: 'host % unreachable',
  5: '% unreachable - source route failed',
  6: 'net % unreachable - unknown',
  7: 'host % unreachable - unknown',
  8: '% unreachable - source host isolated',
  9: 'net % unreachable - admin prohibited',
  10: 'host % unreachable - admin prohibited',
  11: 'net % unreachable - tos prohibited',
  12: 'host % unreachable - tos prohibited',
  13: 'host % unreachable - admin prohibited filter',
  14: 'host % unreachable - host precedence violation',
  15: 'host % unreachable - precedence cutoff',
};

function unreachableText(state: LineState, packet: PacketBytes, at: number, code: number): string {
  const quoted = at + 8;
  const destination = packet.ipv4(quoted + 16);
  const protocol = packet.u8(quoted + 9);
  switch (code) {
    case 2:
      return `${destination} protocol ${protocol} unreachable`;
    case 3: {
      const port = packet.u16(quoted + (packet.u8(quoted) & 15) * 4 + 2);
      const name = protocol === 6 ? 'tcp' : protocol === 17 ? 'udp' : undefined;
      if (name === undefined) {
        return `${destination} protocol ${protocol} port ${port} unreachable`;
      }
      const shown = (state.style.numeric ? undefined : serviceName(port, name)) ?? String(port);
      return `${destination} ${name} port ${shown} unreachable`;
    }
    case 4: {
      const mtu = packet.u16(at + 6);
      return `${destination} unreachable - need to frag${mtu === 0 ? '' : ` (mtu ${mtu})`}`;
    }
    default:
      return (UNREACHABLE[code] ?? `% unreachable - #${code}`).replace('%', destination);
  }
}

const REDIRECTS: readonly string[] = [
  'redirect % to net ',
  'redirect % to host ',
  'redirect-tos % to net ',
  'redirect-tos % to host ',
];

function redirectText(packet: PacketBytes, at: number, code: number): string {
  const text = REDIRECTS[code] ?? `redirect-#${code} % to net `;
  return text.replace('%', packet.ipv4(at + 8 + 16)) + packet.ipv4(at + 4);
}

export function igmpText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'igmp';
  const type = packet.u8(at);
  const group = (): string => packet.ipv4(at + 4);
  state.text += 'igmp ';
  switch (type) {
    case 0x11: {
      const time = packet.u8(at + 1);
      const suffix = packet.u32(at + 4) === 0 ? '' : ` [gaddr ${group()}]`;
      if (end - at >= 12) {
        state.text += `query v3${queryTime(time)}${suffix}`;
      } else if (time === 0) {
        state.text += `query v1${suffix}`;
      } else {
        state.text += `query v2${time === 100 ? '' : ` [max resp time ${time}]`}${suffix}`;
      }
      return;
    }
    case 0x12:
      state.text += `v1 report ${group()}`;
      return;
    case 0x16:
      state.text += `v2 report ${group()}`;
      return;
    case 0x17:
      state.text += `leave ${group()}`;
      return;
    case 0x22:
      state.text += `v3 report, ${packet.u16(at + 6)} group record(s)`;
      return;
    default:
      state.text += `[type ${type}]`;
  }
}

/** Tenths of a second, which large numbers hold as mantissa and exponent (RFC 3376 4.1.1); 10 s is not told. */
function queryTime(code: number): string {
  if (code === 100) {
    return '';
  }
  const tenths = code < 128 ? code : ((code & 15) | 16) << (((code >>> 4) & 7) + 3);
  return ` [max resp time ${tenths < 10 ? `${(tenths / 10).toFixed(1)}s` : `${Math.floor(tenths / 10)}s`}]`;
}
