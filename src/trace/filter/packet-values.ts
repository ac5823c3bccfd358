/** What a packet holds for a filter: every field by its name, the layers' bytes, and what is known of the frame as a whole. */
import type { PacketField } from '../dissect/packet-field';
import { protocolsOf } from '../dissect/packet-json';
import { ALIASES } from './field-names';

/** A packet as a filter looks at it. */
export interface FilteredPacket {
  readonly bytes: Uint8Array;
  readonly layers: readonly PacketField[];
  /** From 1; 0 where packets have no numbers. */
  readonly number?: number;
  /** `device:port` */
  readonly interfaceName?: string;
}

export class PacketValues {
  private fields: Map<string, PacketField[]> | undefined;

  constructor(private readonly packet: FilteredPacket) {}

  /** The fields of this name, or of the names it stands for. */
  named(name: string): readonly PacketField[] {
    this.fields ??= collect(this.packet.layers, new Map());
    const fields = this.fields;
    const aliases = ALIASES.get(name);
    return aliases === undefined ? (fields.get(name) ?? []) : aliases.flatMap(each => fields.get(each) ?? []);
  }

  /** The bytes of each layer of this protocol; `frame` is all of them. */
  layer(protocol: string): readonly Uint8Array[] {
    const { bytes } = this.packet;
    return protocol === 'frame'
      ? [bytes]
      : this.named(protocol).map(({ start, length }) => bytes.subarray(start, start + length));
  }

  /** A field of the frame as a whole; undefined where nothing is known of it. */
  frame(name: string): string | undefined {
    const { bytes, layers, number, interfaceName } = this.packet;
    switch (name) {
      case 'frame.len':
      case 'frame.cap_len':
        return String(bytes.length);
      case 'frame.number':
        return number === undefined ? undefined : String(number);
      case 'frame.interface_name':
        return interfaceName;
      case 'frame.protocols':
        return protocolsOf(layers);
      default:
        return undefined;
    }
  }
}

function collect(
  fields: readonly PacketField[],
  into: Map<string, PacketField[]>,
): Map<string, PacketField[]> {
  for (const field of fields) {
    const there = into.get(field.name);
    if (there === undefined) {
      into.set(field.name, [field]);
    } else {
      there.push(field);
    }
    collect(field.children ?? [], into);
  }
  return into;
}
