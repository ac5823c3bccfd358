/** Checks the shape of a file against the schema and says in plain sentences what does not fit. */
import type { ErrorObject } from 'ajv';
import { messageOf } from './diagnostic';
import type { Place, Report } from './report';
import type { TopologyPath } from './resolved';
import { alternatives, followed, keysOf, propertyOf, schemaAt, valuesOf, type Schema } from './schema';
import { validate } from './schema-validator.generated';
import { nodeAt, type SourceNode } from './source-tree';
import { nearest } from './suggestion';

/** Reports what the schema does not allow; true when there is nothing. */
export function checkAgainstSchema(root: SourceNode, report: Report): boolean {
  if (validate(root.value)) {
    return true;
  }
  for (const error of validate.errors ?? []) {
    reportError(root, error, report);
  }
  return false;
}

function reportError(root: SourceNode, error: ErrorObject, report: Report): void {
  const path = pathOf(root, error.instancePath);
  const params = error.params as Record<string, unknown>;
  const name = lastName(path);
  const schema = schemaAt(root, path);
  switch (error.keyword) {
    case 'additionalProperties': {
      reportUnknownKey(root, path, String(params['additionalProperty']), report);
      return;
    }
    case 'required':
      reportMissingKey(root, path, String(params['missingProperty']), report);
      return;
    case 'discriminator':
      reportUndecided(root, path, String(params['tag']), report);
      return;
    case 'type':
      report.add('wrong-type', path, [name, typeWords(params['type']), foundWords(nodeAt(root, path))]);
      return;
    case 'enum':
    case 'const':
      reportUnknownValue(path, nodeAt(root, path)?.value, schema ? valuesOf(schema) : [], report);
      return;
    case 'pattern':
      // The pattern of a map's keys is said by `propertyNames`.
      if (nodeAt(root, path)?.kind === 'scalar') {
        reportMismatch(path, foundText(nodeAt(root, path)?.value), name, schema, report);
      }
      return;
    case 'propertyNames': {
      const key = String(params['propertyName']);
      const names = schema?.propertyNames && followed(schema.propertyNames);
      reportMismatch({ key: [...path, key] }, key, name, names, report);
      return;
    }
    case 'minimum':
    case 'maximum':
      reportRange(path, name, schema, report);
      return;
    case 'minItems':
    case 'maxItems':
    case 'minProperties':
    case 'maxProperties': {
      const node = nodeAt(root, path);
      const count = node?.kind === 'map' ? node.entries.size : node?.kind === 'list' ? node.items.length : 0;
      const least = node?.kind === 'map' ? 1 : (schema?.minItems ?? 0);
      const most = node?.kind === 'map' ? 1 : (schema?.maxItems ?? least);
      const wanted = least === most ? String(least) : `${least} – ${most}`;
      report.add('wrong-count', path, [capitalised(describePath(root, path)), wanted, count]);
      return;
    }
    default:
      report.add('bad-value', path, [foundText(nodeAt(root, path)?.value), name]);
  }
}

function reportUnknownKey(root: SourceNode, path: TopologyPath, key: string, report: Report): void {
  const schema = schemaAt(root, path);
  const known = schema ? keysOf(schema) : [];
  const used = nodeAt(root, path);
  const free = known.filter(one => used?.kind !== 'map' || !used.entries.has(one));
  const where = describePath(root, path);
  const place = { key: [...path, key] };
  const suggestion = report.full ? undefined : nearest(key, free);
  if (suggestion === undefined) {
    report.add('unknown-key', place, [key, where]);
  } else {
    report.add('unknown-key/suggestion', place, [key, where, suggestion], { replacement: suggestion });
  }
}

function reportMissingKey(root: SourceNode, path: TopologyPath, key: string, report: Report): void {
  if (path.length > 0) {
    report.add('missing-key', { key: path }, [capitalised(describePath(root, path)), key]);
    return;
  }
  const start = report.rangeOf([]);
  const text = nodeAt(root, [])?.span[0] === 0 ? 'vnet: 1\n' : undefined;
  report.push({
    severity: 'error',
    code: 'missing-version',
    message: messageOf('missing-version'),
    range: start,
    // In braces, and after a comment that may be a licence, the right place is the user's to choose.
    ...(text !== undefined &&
      !isFlow(root) && { fix: { title: messageOf('fix-insert', 'vnet: 1'), range: start, text } }),
  });
}

const isFlow = (node: SourceNode): boolean => node.kind !== 'scalar' && node.flow;

/** The key that decides what a map is (`kind`, `attach`) is missing or has no known value. */
function reportUndecided(root: SourceNode, path: TopologyPath, tag: string, report: Report): void {
  const value = nodeAt(root, [...path, tag])?.value;
  const schema = schemaAt(root, path);
  const known = schema ? alternatives(schema).flatMap(one => valuesOf(propertyOf(one, tag) ?? {})) : [];
  if (value === undefined) {
    // The same fault also comes as a missing key.
    return;
  }
  reportUnknownValue([...path, tag], value, known, report);
}

function reportUnknownValue(
  path: TopologyPath,
  value: unknown,
  known: readonly string[],
  report: Report,
): void {
  const text = foundText(value);
  const name = lastName(path);
  if (name === 'vnet' && path.length === 1) {
    report.add('unknown-version', path, [text], { replacement: '1' });
    return;
  }
  const suggestion = nearest(text, known);
  if (suggestion === undefined) {
    report.add('unknown-value', path, [text, name, listOf(known)]);
  } else {
    report.add('unknown-value/suggestion', path, [text, name, suggestion], { replacement: suggestion });
  }
}

/** A text that has not the form it must have. */
function reportMismatch(
  place: Place,
  value: string,
  name: string,
  schema: Schema | undefined,
  report: Report,
): void {
  const template = schema?.patternErrorMessage;
  if (template === undefined) {
    report.add('bad-value', place, [value, name]);
  } else {
    const message = { template, values: [] };
    report.push({ severity: 'error', code: 'bad-value', message, range: report.rangeOf(place) });
  }
}

function reportRange(path: TopologyPath, name: string, schema: Schema | undefined, report: Report): void {
  const { minimum, maximum, patternErrorMessage } = schema ?? {};
  if (minimum === maximum && patternErrorMessage !== undefined) {
    // A bare number where only 0 needs no unit.
    const message = { template: patternErrorMessage, values: [] };
    report.push({ severity: 'error', code: 'bad-value', message, range: report.rangeOf(path) });
  } else if (minimum !== undefined && maximum !== undefined) {
    report.add('out-of-range', path, [name, minimum, maximum]);
  } else if (minimum !== undefined) {
    report.add('out-of-range/least', path, [name, minimum]);
  } else {
    report.add('out-of-range/most', path, [name, maximum ?? '']);
  }
}

/** `interface eth0`, `the file`: what stands at the path, as a sentence names it. */
function describePath(root: SourceNode, path: TopologyPath): string {
  const title = schemaAt(root, path)?.title;
  const last = path.at(-1);
  if (path.length === 0 || last === undefined) {
    return title ?? 'the file';
  }
  if (typeof last === 'number') {
    return title ?? `entry ${last + 1}`;
  }
  return title === undefined || title === last ? `\`${last}\`` : `${title} ${last}`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function lastName(path: TopologyPath): string {
  const names = path.filter(step => typeof step === 'string');
  return names.at(-1) ?? 'the file';
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map of keys and values',
  array: 'a list',
  null: 'empty',
};

/** `text or a list`; that a value may be left empty is not worth a word. */
function typeWords(type: unknown): string {
  const types = (Array.isArray(type) ? type : String(type).split(','))
    .map(String)
    .filter(one => one !== 'null');
  return listOf(types.map(one => TYPE_WORDS[one] ?? one));
}

function foundWords(node: SourceNode | undefined): string {
  switch (node?.kind) {
    case 'map':
      return 'a map of keys and values';
    case 'list':
      return 'a list';
    case 'scalar':
      return node.value === null ? 'empty' : `\`${foundText(node.value)}\``;
    case undefined:
      return 'empty';
  }
}

function foundText(value: unknown): string {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? '…' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** `a, b or c`. */
function listOf(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

/** The steps of a JSON pointer (RFC 6901); indexes of lists become numbers. */
function pathOf(root: SourceNode, pointer: string): TopologyPath {
  const steps: (string | number)[] = [];
  for (const part of pointer.split('/').slice(1)) {
    const step = part.replace(/~1/g, '/').replace(/~0/g, '~');
    steps.push(nodeAt(root, steps)?.kind === 'list' ? Number(step) : step);
  }
  return steps;
}
