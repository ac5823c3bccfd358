/** The details of a packet as the lines of a tree that can be opened and closed, and which field a byte belongs to. */
import type { PacketField } from '../../src/simulation/protocol';

/** Deepest nesting shown; dissectors make no more than a handful of levels. */
const MAXIMUM_DEPTH = 32;

/** One field with its place in the tree: the index at each level, `2/0/1`, which is its identity within one packet. */
export interface FieldLine {
  readonly path: string;
  readonly field: PacketField;
  /** From 1, as `aria-level` counts. */
  readonly level: number;
  /** From 1 among its siblings. */
  readonly position: number;
  readonly siblings: number;
  /** Undefined for a field without children. */
  readonly expanded: boolean | undefined;
}

/** The lines now to see, from top to bottom; `isOpen` says which fields with children are open. */
export function visibleLines(
  layers: readonly PacketField[],
  isOpen: (path: string, field: PacketField) => boolean,
): FieldLine[] {
  const lines: FieldLine[] = [];
  const add = (fields: readonly PacketField[], parent: string, level: number): void => {
    fields.forEach((field, index) => {
      const path = parent === '' ? String(index) : `${parent}/${index}`;
      const children = level < MAXIMUM_DEPTH ? (field.children ?? []) : [];
      const expanded = children.length === 0 ? undefined : isOpen(path, field);
      lines.push({ path, field, level, position: index + 1, siblings: fields.length, expanded });
      if (expanded === true) {
        add(children, path, level + 1);
      }
    });
  };
  add(layers, '', 1);
  return lines;
}

/** The path of the parent; undefined for a layer. */
export function parentPath(path: string): string | undefined {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? undefined : path.slice(0, cut);
}

/** The field at this path; undefined when there is none. */
export function fieldAt(layers: readonly PacketField[], path: string): PacketField | undefined {
  let fields: readonly PacketField[] | undefined = layers;
  let field: PacketField | undefined;
  for (const index of path.split('/')) {
    field = fields?.[Number(index)];
    fields = field?.children;
  }
  return field;
}

/** The path of the deepest field that covers this byte; the shortest wins among equals, so a flag wins over its byte. */
export function pathOfByte(layers: readonly PacketField[], byte: number): string | undefined {
  let best: { path: string; level: number; length: number } | undefined;
  const look = (fields: readonly PacketField[], parent: string, level: number): void => {
    fields.forEach((field, index) => {
      const path = parent === '' ? String(index) : `${parent}/${index}`;
      if (byte >= field.start && byte < field.start + field.length) {
        const deeper = best === undefined || level > best.level;
        if (deeper || (level === best?.level && field.length < best.length)) {
          best = { path, level, length: field.length };
        }
      }
      if (level < MAXIMUM_DEPTH) {
        look(field.children ?? [], path, level + 1);
      }
    });
  };
  look(layers, '', 1);
  return best?.path;
}

/** Whether this field or anything in it contradicts the protocol. */
export function hasProblem(field: PacketField): boolean {
  return field.problem !== undefined || (field.children ?? []).some(hasProblem);
}
