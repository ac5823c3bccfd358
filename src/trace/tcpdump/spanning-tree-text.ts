/** Messages of spanning trees (print-stp.c). */
import type { LineState } from './packet-line';
import type { PacketBytes } from './packet-bytes';

const VERSIONS: Readonly<Record<number, string>> = {
  0: '802.1d',
  2: '802.1w',
  3: '802.1s',
  4: '802.1aq',
};

const KINDS: Readonly<Record<number, string>> = {
  0x00: 'Config',
  0x02: 'Rapid STP',
  0x80: 'Topology Change',
};

const TOPOLOGY_CHANGE = 0x80;

/** Flags of IEEE 802.1D and 802.1w; the role of the port between them is told with `-v` alone. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x01, 'Topology change'],
  [0x02, 'Proposal'],
  [0x10, 'Learn'],
  [0x20, 'Forward'],
  [0x40, 'Agreement'],
  [0x80, 'Topology change ACK'],
];

export function spanningTreeText(state: LineState, packet: PacketBytes, at: number, end: number): void {
  state.protocol = 'stp';
  const version = packet.u8(at + 2);
  const kind = packet.u8(at + 3);
  state.text += `STP ${VERSIONS[version] ?? `Unknown STP protocol (0x${version.toString(16).padStart(2, '0')})`}`;
  state.text += `, ${KINDS[kind] ?? `Unknown BPDU Type (0x${kind.toString(16).padStart(2, '0')})`}`;
  if (kind === TOPOLOGY_CHANGE) {
    return;
  }
  const flags = packet.u8(at + 4);
  const priority = packet
    .u16(at + 17)
    .toString(16)
    .padStart(4, '0');
  const port = packet
    .u16(at + 25)
    .toString(16)
    .padStart(4, '0');
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  state.text += `, Flags [${names.length === 0 ? 'none' : names.join(', ')}]`;
  state.text += `, bridge-id ${priority}.${packet.mac(at + 19)}.${port}, length ${end - at}`;
}
