/** Bytes that no dissector knows. */
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, numberLine, type FieldDeclaration } from './field';

export const DATA_FIELDS = {
  data: { name: 'data.data', label: 'Data', type: 'bytes' },
  length: { name: 'data.len', label: 'Length', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

/** Adds the bytes as a layer of their own, if there are any; returns `end`. */
export function dissectData(packet: PacketInProgress, at: number, end: number): number {
  const length = end - at;
  if (length > 0) {
    const children = [
      bytesLine(DATA_FIELDS.data, packet.bytes, at, length),
      numberLine(DATA_FIELDS.length, at, 0, length),
    ];
    packet.add(
      groupLine('data', at, length, `Data (${length} ${length === 1 ? 'byte' : 'bytes'})`, { children }),
    );
  }
  return end;
}
