/** Frames with every free choice replaced by what is not free about it. */
import { fieldsOf, withoutPlace, type Field, type PacketIdentity } from './frame-fields';
import { FREE_FIELDS, type FreeField } from './freedom';
import type { CapturedFrame } from './capture';

export interface NormalFrame {
  readonly captured: CapturedFrame;
  readonly fields: readonly Field[];
  /** What each field holds, by name, in a form that is equal only for equal values. */
  readonly values: ReadonlyMap<string, string>;
}

/** A frame while its free values are replaced. */
interface Draft {
  readonly captured: CapturedFrame;
  readonly bytes: Uint8Array;
  readonly fields: readonly Field[];
  /** Names of the fields that hold an ordinal in place of a free value. */
  readonly freed: Set<string>;
}

/** Normalises the frames of one capture, points in a fixed order, so that both captures number their free values alike. */
export class NormalForm {
  /** The values seen so far of each free field and family, in order. */
  private readonly families = new Map<string, bigint[]>();

  /** Where counters were seen to start, in order. */
  private readonly starts = new Map<string, number[]>();
  /** Values of counters seen so far, with their field. */
  private readonly counted = new Set<string>();

  /** @param fixed identifiers and ports that the test chose in both worlds */
  constructor(private readonly fixed: ReadonlySet<number>) {}

  normalise(captured: CapturedFrame): NormalFrame {
    const bytes = Uint8Array.from(captured.bytes);
    const fields = fieldsOf(captured.bytes);
    const draft = { captured, bytes, fields, freed: new Set<string>() };
    for (const field of fields) {
      const free = FREE_FIELDS.find(({ field: name }) => name === withoutPlace(field.name));
      if (free !== undefined) {
        this.replace(draft, field, free);
      }
    }
    return { captured, fields, values: valuesOf(draft) };
  }

  private replace(draft: Draft, field: Field, free: FreeField): void {
    const value = valueOf(draft.captured.bytes, field);
    if (free.bound(value, this.fixed)) {
      return;
    }
    const standIn =
      free.counts === undefined
        ? this.choice(free, field.packet, value)
        : this.distance(Number(value), field.packet, free.field, free.counts);
    if (standIn === undefined) {
      return;
    }
    draft.freed.add(field.name);
    for (let at = field.start + field.length - 2, rest = standIn; at >= field.start; at -= 2) {
      setWord(draft, at, rest & 0xffff, field.checksums);
      rest >>>= 16;
    }
  }

  /** What a free choice stands for, beside the bits of its field that are not free. */
  private choice({ field, family, mask }: FreeField, packet: PacketIdentity, value: bigint): number {
    const name = `${ENDS[field] ?? field} ${family(packet)}`;
    const bits = BigInt(mask ?? -1);
    return mask === undefined
      ? this.ordinal(name, value)
      : Number(value & ~bits) + this.ordinal(name, value & bits);
  }

  private ordinal(family: string, value: bigint): number {
    const seen = this.families.get(family) ?? [];
    this.families.set(family, seen);
    if (!seen.includes(value)) {
      seen.push(value);
    }
    return seen.indexOf(value) + 1;
  }

  /** The number of the start that a value counts from and how far it is from there; undefined for one that counts from none. */
  private distance(
    value: number,
    packet: PacketIdentity,
    field: string,
    { span, byClock, starts, repeats }: NonNullable<FreeField['counts']>,
  ): number | undefined {
    const family = byClock ? 'timestamps' : 'sequence numbers';
    const known = this.starts.get(family) ?? [];
    this.starts.set(family, known);
    if (starts(packet) && !known.includes(value)) {
      known.push(value);
    }
    const seen = `${repeats ?? field} ${value}`;
    const isNew = repeats !== undefined && !this.counted.has(seen);
    this.counted.add(seen);
    const above = (start: number): number => (value - start) >>> 0;
    // A repeated SYN has a later time than the first, and none of its own.
    const nearest = Math.min(...known.map(above));
    if (nearest >= span) {
      return undefined;
    }
    const number = known.findIndex(start => above(start) === nearest);
    const far = byClock ? (isNew ? span - 1 : 0) : nearest;
    return (number + 1) * span + far;
  }
}

/** Fields that are two ends of the same. */
const ENDS: Readonly<Record<string, string>> = {
  'udp.srcport': 'udp.port',
  'udp.dstport': 'udp.port',
  'tcp.srcport': 'tcp.port',
  'tcp.dstport': 'tcp.port',
};

/** An ordinal is never equal to a value that happens to be the same number. */
function valuesOf({ bytes, fields, freed }: Draft): ReadonlyMap<string, string> {
  return new Map(
    fields.map(({ name, start, length }) => {
      const value = bytes.subarray(start, start + length).join(' ');
      return [name, freed.has(name) ? `free ${value}` : value];
    }),
  );
}

/** The bytes of a field as one number. */
function valueOf(bytes: Uint8Array, { start, length }: Field): bigint {
  return bytes.subarray(start, start + length).reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

/** Changes a 16-bit word and corrects the checksums that cover it by as much (RFC 1624), and those that cover these in turn. */
function setWord(draft: Draft, at: number, value: number, checksums: readonly number[]): void {
  const view = new DataView(draft.bytes.buffer);
  const old = view.getUint16(at);
  view.setUint16(at, value);
  for (const checksum of checksums) {
    const covers = draft.fields.find(({ start }) => start === checksum)?.checksums ?? [];
    setWord(draft, checksum, corrected(view.getUint16(checksum), old, value), covers);
  }
}

/** RFC 1624 equation 3. */
function corrected(checksum: number, old: number, value: number): number {
  const sum = (~checksum & 0xffff) + (~old & 0xffff) + value;
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}
