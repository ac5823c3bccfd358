/**
 * Small changes of a YAML text: a value is put, added or taken away, and every other character stays. What the library for YAML offers for
 * this writes the whole document anew.
 */
import { nodeAt, type SourceEntry, type SourceNode } from '../source-tree';
import { readYaml } from '../yaml-text';
import { readValues } from '../yaml-values';
import { EditedText, type TextChange } from './edited-text';
import { flowText, keyText, type PlainValue } from './flow-text';
import { addEntry, addItem, addSection } from './yaml-insert';
import {
  afterColon,
  endOfLine,
  endOfNode,
  isAliasEntry,
  isEmpty,
  lineBreakOf,
  type YamlSource,
} from './yaml-places';
import { withoutChild } from './yaml-remove';

export type YamlPath = readonly (string | number)[];

export class YamlEditor {
  private readonly edited: EditedText;
  private source: YamlSource | undefined;
  private stuck = false;

  constructor(before: string) {
    this.edited = new EditedText(before);
    this.source = read(before);
  }

  /** Something could not be done without changing more than was asked for: an alias stands for the value, or the text is no YAML. */
  get failed(): boolean {
    return this.stuck || this.source === undefined;
  }

  /** As it is now. */
  get text(): string {
    return this.edited.text;
  }

  /** What leads from the first text to this one. */
  get changes(): readonly TextChange[] {
    return this.edited.changes;
  }

  /** What is written at a path now. */
  node(path: YamlPath): SourceNode | undefined {
    return this.source && nodeAt(this.source.root, path);
  }

  /** The keys of the map at a path, in order; none where there is none. */
  keys(path: YamlPath): readonly string[] {
    const node = this.node(path);
    return node?.kind === 'map' ? [...node.entries.keys()] : [];
  }

  /** Replaces the value at a path, or adds it with all that is missing around it. */
  put(path: YamlPath, value: PlainValue): void {
    const depth = this.writtenSteps(path);
    if (depth === undefined || this.source === undefined) {
      return;
    }
    if (depth === path.length) {
      this.overwrite(path, flowText(value, this.json));
      return;
    }
    const around = path.slice(0, depth);
    const key = String(path[depth]);
    const whole = path.slice(depth + 1).reduceRight<PlainValue>((inner, step) => ({ [step]: inner }), value);
    const parent = this.node(around);
    if (parent?.kind === 'map' && parent.entries.size > 0) {
      if (depth === 0 && !parent.flow) {
        this.apply(addSection(this.source, key, sectionContent(whole)));
      } else {
        this.apply(addEntry(this.source, parent, key, whole, this.json));
      }
    } else if (depth === 1 && !this.json) {
      this.begin(String(path[0]), `${keyText(key, false)}: ${flowText(whole, false)}`);
    } else {
      this.overwrite(around, flowText({ [key]: whole }, this.json));
    }
  }

  /** Adds an item at the end of a list, with the list itself where there is none. */
  append(path: YamlPath, item: PlainValue): void {
    const list = this.writtenSteps(path) === path.length ? this.node(path) : undefined;
    if (this.source !== undefined && list?.kind === 'list' && list.items.length > 0) {
      this.apply(addItem(this.source, list, item, this.json));
    } else if (path.length === 1 && list !== undefined && !this.json) {
      this.begin(String(path[0]), `- ${flowText(item, false)}`);
    } else if (!this.failed) {
      this.put(path, [item]);
    }
  }

  /** Takes a value away, and what around it would be empty then, as long as that is more than `keep` steps from the root. */
  remove(path: YamlPath, keep = 0): void {
    let at = path;
    while (at.length - 1 > keep && this.size(at.slice(0, -1)) === 1) {
      at = at.slice(0, -1);
    }
    const parent = this.node(at.slice(0, -1));
    const last = at.at(-1);
    const written = this.writtenSteps(at) === at.length;
    if (this.source !== undefined && written && parent !== undefined && last !== undefined) {
      this.apply(withoutChild(this.source, parent, last));
    }
  }

  /** Replaces a part of the text as it is now. */
  replace(offset: number, length: number, text: string): void {
    this.edited.replace(offset, length, text);
    this.source = read(this.edited.text);
  }

  /** Keys and texts are in double quotes. */
  get json(): boolean {
    return this.text.trimStart().startsWith('{');
  }

  private size(path: YamlPath): number {
    const node = this.node(path);
    return node?.kind === 'map' ? node.entries.size : node?.kind === 'list' ? node.items.length : 0;
  }

  /** How many steps of a path are written in the text. Fails where an alias is passed: what it names is written for others too. */
  private writtenSteps(path: YamlPath): number | undefined {
    let node = this.source?.root;
    for (const [depth, step] of path.entries()) {
      const entry: SourceEntry | undefined =
        node?.kind === 'map' ? node.entries.get(String(step)) : undefined;
      const child: SourceNode | undefined = node?.kind === 'list' ? node.items[Number(step)] : entry?.node;
      if (
        node !== undefined &&
        child === undefined &&
        node.kind !== 'list' &&
        (node.kind === 'map' || node.value === null)
      ) {
        return depth;
      }
      // What an alias names begins before the place where the alias stands.
      if (
        node === undefined ||
        child === undefined ||
        child.span[0] < node.span[0] ||
        (entry && isAliasEntry(entry))
      ) {
        this.stuck = true;
        return undefined;
      }
      node = child;
    }
    return path.length;
  }

  /** Writes over a value that is there; behind the key of a block, what else stands in that line stays. */
  private overwrite(path: YamlPath, text: string): void {
    const node = this.node(path);
    const parent = this.node(path.slice(0, -1));
    const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined;
    const before = this.text;
    if (node === undefined) {
      this.stuck = true;
    } else if (entry === undefined || (!isEmpty(node) && (node.kind === 'scalar' || node.flow))) {
      this.replace(node.span[0], endOfNode(before, node) - node.span[0], text);
    } else {
      this.overwriteBlock(
        afterColon(before, entry),
        isEmpty(node) ? undefined : endOfNode(before, node),
        ` ${text}`,
      );
    }
  }

  private overwriteBlock(colon: number, end: number | undefined, text: string): void {
    const lineEnd = endOfLine(this.text, colon);
    const rest = this.text.slice(colon, lineEnd);
    this.replace(colon, (end ?? lineEnd) - colon, `${text}${rest}`);
  }

  /** Gives a section that has no content its first line. */
  private begin(section: string, line: string): void {
    const root = this.node([]);
    const entry = root?.kind === 'map' ? root.entries.get(section) : undefined;
    if (entry === undefined) {
      this.stuck = true;
      return;
    }
    const before = this.text;
    const colon = afterColon(before, entry);
    // `links: []` loses its brackets; a comment behind them stays.
    const end = isEmpty(entry.node) ? colon : endOfNode(before, entry.node);
    const lineEnd = endOfLine(before, end);
    const rest = before.slice(end, lineEnd).trimEnd();
    this.replace(colon, lineEnd - colon, `${rest}${lineBreakOf(before)}  ${line}`);
  }

  private apply(change: TextChange | undefined): void {
    if (change === undefined) {
      this.stuck = true;
    } else {
      this.replace(change.offset, change.length, change.text);
    }
  }
}

function read(text: string): YamlSource | undefined {
  const { document } = readYaml(text);
  const root = document && readValues(document).root;
  return root && { text, root };
}

/** The first line of a section below its key. */
function sectionContent(value: PlainValue): string {
  if (Array.isArray(value)) {
    return `- ${flowText((value as readonly PlainValue[])[0] ?? null, false)}`;
  }
  const [entry] =
    typeof value === 'object' && value !== null
      ? Object.entries(value as Readonly<Record<string, PlainValue>>)
      : [];
  return entry === undefined
    ? flowText(value, false)
    : `${keyText(entry[0], false)}: ${flowText(entry[1], false)}`;
}
