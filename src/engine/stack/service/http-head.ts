/** The first line and the fields of an HTTP/1.1 message (RFC 9112). */

/** Bytes of a message's first line and fields that are read at most; Apache's and nginx's limit for one line is 8 KiB too. */
export const HEAD_BYTES = 8192;

/** An empty line. What a person types ends its lines with LF alone, which servers take as well (RFC 9112 2.2). */
const END_OF_HEAD = /\r?\n\r?\n/;

/** What a method and other names may be made of (RFC 9110 5.6.2). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** 1.0 or 1.1. */
  readonly minorVersion: 0 | 1;
  readonly fields: HttpFields;
}

export interface ResponseHead {
  readonly status: number;
  readonly minorVersion: 0 | 1;
  readonly fields: HttpFields;
}

/** Field values by name in lower case; of repeated fields the values are joined (RFC 9110 5.3). */
export type HttpFields = ReadonlyMap<string, string>;

/** Where the head ends and the body begins; undefined while it is not whole. */
export function endOfHead(text: string): number | undefined {
  const end = END_OF_HEAD.exec(text);
  return end === null ? undefined : end.index + end[0].length;
}

/** A whole request head; undefined for anything that is not one. */
export function parseRequestHead(head: string): RequestHead | undefined {
  const [line = '', ...rest] = linesOf(head);
  const parts = /^(\S+) (\S+) HTTP\/1\.([01])$/.exec(line);
  const fields = parseFields(rest);
  const [, method = '', target = '', minor] = parts ?? [];
  if (parts === null || fields === undefined || !TOKEN.test(method)) {
    return undefined;
  }
  return { method, target, minorVersion: minor === '0' ? 0 : 1, fields };
}

/** A whole response head; undefined for anything that is not one. */
export function parseResponseHead(head: string): ResponseHead | undefined {
  const [line = '', ...rest] = linesOf(head);
  const parts = /^HTTP\/1\.([01]) (\d{3})(?: .*)?$/.exec(line);
  const fields = parseFields(rest);
  if (parts === null || fields === undefined) {
    return undefined;
  }
  return { status: Number(parts[2]), minorVersion: parts[1] === '0' ? 0 : 1, fields };
}

/** The length that the message names; undefined for none, `invalid` for nonsense (RFC 9112 6.3). */
export function contentLength(fields: HttpFields): number | 'invalid' | undefined {
  const text = fields.get('content-length');
  if (text === undefined) {
    return undefined;
  }
  return /^\d{1,15}$/.test(text) ? Number(text) : 'invalid';
}

/** Whether the connection stays open after this message (RFC 9112 9.3). */
export function persists({ minorVersion, fields }: RequestHead | ResponseHead): boolean {
  const options = (fields.get('connection') ?? '').toLowerCase().split(/\s*,\s*/);
  return minorVersion === 1 ? !options.includes('close') : options.includes('keep-alive');
}

function linesOf(head: string): string[] {
  return head.replace(/\r?\n\r?\n$/, '').split(/\r?\n/);
}

function parseFields(lines: readonly string[]): HttpFields | undefined {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon));
    // No blank before the colon (RFC 9112 5.1), no folded lines (5.2).
    if (!TOKEN.test(name)) {
      return undefined;
    }
    const key = name.toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = fields.get(key);
    fields.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return fields;
}
