/** What a device changed in a packet: each field that differs, with its bytes in the frame that came out. */
import type { PacketField } from '../dissect/packet-field';

export interface FieldChange {
  /** Wireshark's name, `ip.ttl`. */
  readonly name: string;
  /** `Time to Live` */
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Place in the frame after the change. */
  readonly start: number;
  readonly length: number;
}

/** Changes told of one packet; a frame has few fields that a device touches. */
const MOST_CHANGES = 64;

/** Every field with bytes of its own that both have and that differs. */
export function fieldChanges(before: PacketField, after: PacketField): FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, changes);
  return changes;
}

function compare(before: PacketField, after: PacketField, changes: FieldChange[]): void {
  if (changes.length >= MOST_CHANGES) {
    return;
  }
  if (before.value !== undefined && after.value !== undefined && after.length > 0) {
    if (before.value !== after.value) {
      changes.push({
        name: after.name,
        label: labelOf(after),
        before: before.value,
        after: after.value,
        start: after.start,
        length: after.length,
      });
    }
    return;
  }
  const seen = new Map<string, number>();
  for (const child of after.children ?? []) {
    const place = seen.get(child.name) ?? 0;
    seen.set(child.name, place + 1);
    const counterpart = (before.children ?? []).filter(({ name }) => name === child.name)[place];
    if (counterpart !== undefined) {
      compare(counterpart, child, changes);
    }
  }
}

/** The line's text up to its value. */
function labelOf({ text, name }: PacketField): string {
  const label = /^(?:[.01 ]+ = )?([^:=]+)/.exec(text)?.[1]?.trim();
  return label === undefined || label === '' ? name : label;
}
