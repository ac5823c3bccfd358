/** Values as one line of YAML in flow style, or of JSON. */

/** What an edit writes into a file. */
export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** Text that needs no quotes anywhere, not even between brackets: no sign of YAML's own, no space, no colon before one (YAML 1.2.2 section 7.3.3). */
const PLAIN =
  /^[\p{L}_./][\p{L}\p{M}\p{N}_./:-]*[\p{L}\p{M}\p{N}_/-]$|^[\p{L}_]$|^\d[\p{L}\p{M}\p{N}_./:-]*[\p{L}\p{M}\p{N}_/-]$/u;

/** What YAML 1.2's core schema reads as something else than text (section 10.3.2), and what older readers do. */
const NOT_TEXT =
  /^(null|true|false|yes|no|on|off|y|n|[-+]?[\d.]+(e[-+]?\d+)?|0x[\da-f]+|0o[0-7]+|[-+]?\.(inf|nan)|\d+(:\d+)+)$/i;

/** The value on one line. */
export function flowText(value: PlainValue, json: boolean): string {
  if (typeof value === 'string') {
    return json ? JSON.stringify(value) : scalarText(value);
  }
  if (value === null || typeof value !== 'object') {
    return JSON.stringify(value);
  }
  if (isList(value)) {
    return `[${value.map(item => flowText(item, json)).join(', ')}]`;
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${keyText(key, json)}: ${flowText(item, json)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** A key of a map. As the language has them, `1:` and `on:` need no quotes. */
export function keyText(key: string, json: boolean): string {
  return json ? JSON.stringify(key) : /^(\d+|on)$/.test(key) ? key : scalarText(key);
}

function scalarText(text: string): string {
  if (PLAIN.test(text) && !NOT_TEXT.test(text)) {
    return text;
  }
  // A single quote is the one sign that such text has to double; line breaks and control characters need escapes.
  return /^[\x20-\x7e\u00a0-\uffff]*$/.test(text) ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
}

function isList(value: object): value is readonly PlainValue[] {
  return Array.isArray(value);
}
