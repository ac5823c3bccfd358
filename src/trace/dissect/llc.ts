/** LLC frames (IEEE 802.2), which carry spanning tree messages (IEEE 802.1D-2004 clause 9). */
import { formatMac, macFromNumber } from '../../net/mac-address';
import { readUint16, readUint32, readUint48 } from '../../wire/bytes';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';

const SAP_NAMES = { 0x00: 'NULL LSAP', 0x42: 'Spanning Tree BPDU', 0xaa: 'SNAP', 0xe0: 'NetWare' };

export const LLC_FIELDS = {
  destination: { name: 'llc.dsap', label: 'DSAP', type: 'hex', names: SAP_NAMES },
  source: { name: 'llc.ssap', label: 'SSAP', type: 'hex', names: SAP_NAMES },
  control: { name: 'llc.control', label: 'Control field', type: 'hex' },
} as const satisfies Record<string, FieldDeclaration>;

export const STP_FIELDS = {
  protocol: {
    name: 'stp.protocol',
    label: 'Protocol Identifier',
    type: 'hex',
    names: { 0: 'Spanning Tree Protocol' },
  },
  version: {
    name: 'stp.version',
    label: 'Protocol Version Identifier',
    type: 'number',
    names: {
      0: 'Spanning Tree',
      2: 'Rapid Spanning Tree',
      3: 'Multiple Spanning Tree',
      4: 'Shortest Path Tree',
    },
  },
  type: {
    name: 'stp.type',
    label: 'BPDU Type',
    type: 'hex',
    names: {
      0x00: 'Configuration',
      0x02: 'Rapid/Multiple Spanning Tree',
      0x80: 'Topology Change Notification',
    },
  },
  flags: { name: 'stp.flags', label: 'BPDU flags', type: 'hex' },
  rootPriority: { name: 'stp.root.prio', label: 'Root Bridge Priority', type: 'number' },
  rootExtension: { name: 'stp.root.ext', label: 'Root Bridge System ID Extension', type: 'number' },
  rootAddress: { name: 'stp.root.hw', label: 'Root Bridge System ID', type: 'mac' },
  rootCost: { name: 'stp.root.cost', label: 'Root Path Cost', type: 'number' },
  bridgePriority: { name: 'stp.bridge.prio', label: 'Bridge Priority', type: 'number' },
  bridgeExtension: { name: 'stp.bridge.ext', label: 'Bridge System ID Extension', type: 'number' },
  bridgeAddress: { name: 'stp.bridge.hw', label: 'Bridge System ID', type: 'mac' },
  port: { name: 'stp.port', label: 'Port identifier', type: 'hex' },
  messageAge: { name: 'stp.msg_age', label: 'Message Age', type: 'number' },
  maximumAge: { name: 'stp.max_age', label: 'Max Age', type: 'number' },
  helloTime: { name: 'stp.hello', label: 'Hello Time', type: 'number' },
  forwardDelay: { name: 'stp.forward', label: 'Forward Delay', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

/** What Info calls a message, by its version. */
const KINDS: Readonly<Record<number, string>> = { 2: 'RST', 3: 'MST', 4: 'SPT' };

const LLC_BYTES = 3;
const SPANNING_TREE = 0x42;

/** Type of a topology change notification, which has four bytes only. */
const TOPOLOGY_CHANGE = 0x80;
const NOTIFICATION_BYTES = 4;
const CONFIGURATION_BYTES = 35;

/** The LLC layer, and a spanning tree message in it. */
export function dissectLlc(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < LLC_BYTES) {
    packet.addMalformed('LLC', at, end, `an LLC header has ${LLC_BYTES} bytes`);
    return end;
  }
  const destination = bytes[at] ?? 0;
  const children = [
    numberLine(LLC_FIELDS.destination, at, 1, destination),
    numberLine(LLC_FIELDS.source, at + 1, 1, bytes[at + 1] ?? 0),
    numberLine(LLC_FIELDS.control, at + 2, 1, bytes[at + 2] ?? 0),
  ];
  packet.add(groupLine('llc', at, LLC_BYTES, 'Logical-Link Control', { children }));
  packet.show('LLC', `DSAP ${hex(destination, 2)}, SSAP ${hex(bytes[at + 1] ?? 0, 2)}`);
  return destination === SPANNING_TREE
    ? dissectSpanningTree(packet, at + LLC_BYTES, end)
    : dissectData(packet, at + LLC_BYTES, end);
}

function dissectSpanningTree(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  const notification = bytes[at + 3] === TOPOLOGY_CHANGE;
  const length = notification ? NOTIFICATION_BYTES : CONFIGURATION_BYTES;
  if (end - at < length) {
    packet.addMalformed('STP', at, end, `the message needs ${length} bytes`);
    return end;
  }
  const children = [
    numberLine(STP_FIELDS.protocol, at, 2, readUint16(bytes, at)),
    numberLine(STP_FIELDS.version, at + 2, 1, bytes[at + 2] ?? 0),
    numberLine(STP_FIELDS.type, at + 3, 1, bytes[at + 3] ?? 0),
  ];
  if (notification) {
    packet.add(groupLine('stp', at, length, 'Spanning Tree Protocol', { children }));
    packet.show('STP', 'Topology Change Notification');
    return at + length;
  }
  const root = readUint16(bytes, at + 5);
  const bridge = readUint16(bytes, at + 17);
  const port = readUint16(bytes, at + 25);
  const cost = readUint32(bytes, at + 13);
  const rootText = identifierText(bytes, at + 5);
  children.push(
    numberLine(STP_FIELDS.flags, at + 4, 1, bytes[at + 4] ?? 0),
    groupLine('stp.root', at + 5, 8, `Root Identifier: ${rootText}`, {
      children: [
        numberLine(STP_FIELDS.rootPriority, at + 5, 2, root & 0xf000),
        numberLine(STP_FIELDS.rootExtension, at + 5, 2, root & 0x0fff),
        bytesLine(STP_FIELDS.rootAddress, bytes, at + 7, 6),
      ],
    }),
    numberLine(STP_FIELDS.rootCost, at + 13, 4, cost),
    groupLine('stp.bridge', at + 17, 8, `Bridge Identifier: ${identifierText(bytes, at + 17)}`, {
      children: [
        numberLine(STP_FIELDS.bridgePriority, at + 17, 2, bridge & 0xf000),
        numberLine(STP_FIELDS.bridgeExtension, at + 17, 2, bridge & 0x0fff),
        bytesLine(STP_FIELDS.bridgeAddress, bytes, at + 19, 6),
      ],
    }),
    numberLine(STP_FIELDS.port, at + 25, 2, port),
    // Times are in units of 1/256 s (IEEE 802.1D-2004 9.2.8).
    numberLine(STP_FIELDS.messageAge, at + 27, 2, readUint16(bytes, at + 27) / 256),
    numberLine(STP_FIELDS.maximumAge, at + 29, 2, readUint16(bytes, at + 29) / 256),
    numberLine(STP_FIELDS.helloTime, at + 31, 2, readUint16(bytes, at + 31) / 256),
    numberLine(STP_FIELDS.forwardDelay, at + 33, 2, readUint16(bytes, at + 33) / 256),
  );
  packet.add(groupLine('stp', at, length, 'Spanning Tree Protocol', { children }));
  const kind = KINDS[bytes[at + 2] ?? 0] ?? 'Conf';
  const change = ((bytes[at + 4] ?? 0) & 1) === 1 ? ' TC +' : '';
  const spaceless = rootText.replace(/ /g, '');
  packet.show('STP', `${kind}.${change} Root = ${spaceless}  Cost = ${cost}  Port = ${hex(port, 4)}`);
  return kind === 'Conf' ? at + length : end;
}

/** `32768 / 0 / 02:00:00:00:00:f0` */
function identifierText(bytes: Uint8Array, at: number): string {
  const head = readUint16(bytes, at);
  const mac = formatMac(macFromNumber(readUint48(bytes, at + 2)));
  return `${head & 0xf000} / ${head & 0x0fff} / ${mac}`;
}
