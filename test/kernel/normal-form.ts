/** Frames with every free choice replaced by what is not free about it. */
import { fieldsOf, type Field } from './frame-fields';
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

  /** @param fixed identifiers and ports that the test chose in both worlds */
  constructor(private readonly fixed: ReadonlySet<number>) {}

  normalise(captured: CapturedFrame): NormalFrame {
    const bytes = Uint8Array.from(captured.bytes);
    const fields = fieldsOf(captured.bytes);
    const draft = { captured, bytes, fields, freed: new Set<string>() };
    for (const field of fields) {
      const free = FREE_FIELDS.find(
        ({ field: name }) => field.name === name || field.name === `quoted ${name}`,
      );
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
    const family = `${free.field.replace(/^udp\.(src|dst)port$/, 'udp.port')} ${free.family(field.packet)}`;
    const seen = this.families.get(family) ?? [];
    this.families.set(family, seen);
    if (!seen.includes(value)) {
      seen.push(value);
    }
    draft.freed.add(field.name);
    const ordinal = seen.indexOf(value) + 1;
    const lastWord = field.start + field.length - 2;
    for (let at = field.start; at <= lastWord; at += 2) {
      setWord(draft, at, at === lastWord ? ordinal : 0, field.checksums);
    }
  }
}

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
