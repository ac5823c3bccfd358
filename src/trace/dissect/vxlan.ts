/** VXLAN (RFC 7348): a header, and the frame that it carries. */
import { readUint16 } from '../../wire/bytes';
import type { PacketInProgress } from './dissector';
import { dissectEthernet } from './ethernet';
import { groupLine, numberLine, type FieldDeclaration } from './field';

/** IANA's port of VXLAN (RFC 7348 section 5). */
export const VXLAN_PORT = 4789;

export const VXLAN_FIELDS = {
  flags: { name: 'vxlan.flags', label: 'Flags', type: 'hex' },
  hasIdentifier: { name: 'vxlan.flag_i', label: 'VXLAN Network ID (VNI)', type: 'boolean', mask: 0x0800 },
  groupPolicy: { name: 'vxlan.gbp', label: 'Group Policy ID', type: 'number' },
  identifier: { name: 'vxlan.vni', label: 'VXLAN Network Identifier (VNI)', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

const HEADER_BYTES = 8;

export function dissectVxlan(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < HEADER_BYTES) {
    packet.addMalformed('VXLAN', at, end, `a VXLAN header has ${HEADER_BYTES} bytes`);
    return end;
  }
  const flags = readUint16(bytes, at);
  const identifier = (readUint16(bytes, at + 4) << 8) | (bytes[at + 6] ?? 0);
  const children = [
    numberLine(VXLAN_FIELDS.flags, at, 2, flags, {
      children: [numberLine(VXLAN_FIELDS.hasIdentifier, at, 2, flags)],
    }),
    numberLine(VXLAN_FIELDS.groupPolicy, at + 2, 2, readUint16(bytes, at + 2)),
    numberLine(VXLAN_FIELDS.identifier, at + 4, 3, identifier),
  ];
  packet.add(groupLine('vxlan', at, HEADER_BYTES, 'Virtual eXtensible Local Area Network', { children }));
  dissectEthernet(packet, at + HEADER_BYTES, end);
  return end;
}
