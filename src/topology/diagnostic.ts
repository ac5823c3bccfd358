/** What is wrong with a topology file: data that an editor shows and translates, and that the command line prints. */
import { MESSAGES, type MessageId } from './messages';
import type { TextRange } from './text-range';

/** What a diagnostic is about; one code may have several wordings. Closed: every code is listed in messages.ts. */
export type DiagnosticCode = MessageId extends infer Id
  ? Id extends `${infer Code}/${string}`
    ? Code
    : Id
  : never;

export type DiagnosticSeverity = 'error' | 'warning';

/** A sentence with places `{0}`, `{1}` … for values; the template is the key for translation. */
export interface DiagnosticMessage {
  readonly template: string;
  readonly values: readonly string[];
}

export interface Diagnostic {
  readonly severity: DiagnosticSeverity;
  readonly code: DiagnosticCode;
  readonly message: DiagnosticMessage;
  readonly range: TextRange;
  /** Other places that belong to the matter, such as the first use of a name. */
  readonly related?: readonly RelatedPlace[];
  /** A change that would mend it. */
  readonly fix?: DiagnosticFix;
}

export interface RelatedPlace {
  readonly range: TextRange;
  readonly message: DiagnosticMessage;
}

/** Replace the text of `range` (empty to insert) by `text`. */
export interface DiagnosticFix {
  readonly title: DiagnosticMessage;
  readonly range: TextRange;
  readonly text: string;
}

/** The code of a wording: what stands before the slash. */
export function codeOf(id: MessageId): DiagnosticCode {
  return id.replace(/\/.*$/, '') as DiagnosticCode;
}

/** The wording with its values, untranslated. */
export function messageOf(id: MessageId, ...values: (string | number)[]): DiagnosticMessage {
  return { template: MESSAGES[id], values: values.map(String) };
}

/** The sentence in English, or in whatever language `translated` is the template. */
export function formatMessage(message: DiagnosticMessage, translated = message.template): string {
  return translated.replace(/\{(\d+)\}/g, (place, index: string) => message.values[Number(index)] ?? place);
}

/** `file:line:column: error: message [code]`, as compilers print. */
export function formatDiagnostic(file: string, diagnostic: Diagnostic): string {
  const { line, column } = diagnostic.range.start;
  const text = formatMessage(diagnostic.message);
  return `${file}:${line}:${column}: ${diagnostic.severity}: ${text} [${diagnostic.code}]`;
}
