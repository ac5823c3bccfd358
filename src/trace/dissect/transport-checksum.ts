/** Checksums that cover the IP addresses: those of UDP, TCP and ICMPv6. */
import { internetChecksum, onesComplementSum, updateChecksum16 } from '../../wire/checksum';
import type { PacketInProgress } from './dissector';
import { hex, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';
import { readUint16 } from '../../wire/bytes';

/** The line of a checksum field at `fieldAt` that covers `length` bytes at `at` and the pseudo header; unverified when some are missing. */
export function transportChecksumLine(
  packet: PacketInProgress,
  field: FieldDeclaration,
  fieldAt: number,
  at: number,
  length: number,
  protocol: number,
): PacketField {
  const { bytes, addresses } = packet;
  const checksum = readUint16(bytes, fieldAt);
  if (packet.fragmented || packet.quoted || at + length > bytes.length) {
    return numberLine(field, fieldAt, 2, checksum, { suffix: ' [unverified]' });
  }
  const numbers = onesComplementSum(Uint8Array.of(length >>> 8, length, 0, protocol), 0, 4);
  const pseudo = onesComplementSum(bytes, addresses.at, addresses.length, numbers);
  const right = onesComplementSum(bytes, at, length, pseudo) === 0xffff;
  const expected = updateChecksum16(internetChecksum(bytes, at, length, pseudo), checksum, 0);
  return numberLine(field, fieldAt, 2, checksum, {
    suffix: right ? ' [correct]' : ` [incorrect, should be ${hex(expected, 4)}]`,
    problem: right ? undefined : `should be ${hex(expected, 4)}`,
  });
}
