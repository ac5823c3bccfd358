/** Where the stages of reading put what they find: places are given as paths, and become ranges of the text here. */
import {
  codeOf,
  messageOf,
  type Diagnostic,
  type DiagnosticFix,
  type DiagnosticSeverity,
} from './diagnostic';
import type { MessageId } from './messages';
import type { TopologyPath } from './resolved';
import { entryAt, nodeAt, type SourceNode, type Span } from './source-tree';
import type { LineIndex, TextRange } from './text-range';
import { MAXIMUM_DIAGNOSTICS } from './yaml-limits';

/** A place in the file: a value by its path, or its key. */
export type Place = TopologyPath | { readonly key: TopologyPath };

export interface ReportOptions {
  readonly severity?: DiagnosticSeverity;
  readonly related?: { readonly id: MessageId; readonly place: Place };
  /** The text to put in place of what the diagnostic points at. */
  readonly replacement?: string;
}

export class Report {
  private readonly found: Diagnostic[] = [];
  private dropped = 0;
  /** How many of them are errors. */
  errors = 0;

  constructor(
    private readonly root: SourceNode | undefined,
    private readonly lines: LineIndex,
  ) {}

  /** No more problems are kept, so that finding good words for them is of no use. */
  get full(): boolean {
    return this.found.length >= MAXIMUM_DIAGNOSTICS;
  }

  /** Adds a problem at a place of the file. */
  add(id: MessageId, place: Place, values: readonly (string | number)[], options: ReportOptions = {}): void {
    const { severity = severityOf(id), related, replacement } = options;
    const range = this.rangeOf(place);
    this.push({
      severity,
      code: codeOf(id),
      message: messageOf(id, ...values),
      range,
      ...(related && { related: [{ range: this.rangeOf(related.place), message: messageOf(related.id) }] }),
      ...(replacement !== undefined && { fix: replaceBy(replacement, range) }),
    });
  }

  /** Adds a problem of the text itself. */
  addSpan(id: MessageId, span: Span, values: readonly (string | number)[], first?: Span): void {
    this.push({
      severity: severityOf(id),
      code: codeOf(id),
      message: messageOf(id, ...values),
      range: this.lines.range(span[0], span[1]),
      ...(first && {
        related: [{ range: this.lines.range(first[0], first[1]), message: messageOf('first-place') }],
      }),
    });
  }

  /** Adds a ready-made problem. */
  push(diagnostic: Diagnostic): void {
    this.errors += diagnostic.severity === 'error' ? 1 : 0;
    if (this.found.length < MAXIMUM_DIAGNOSTICS) {
      this.found.push(diagnostic);
    } else {
      this.dropped++;
    }
  }

  /** The range a place stands for; what is not written stands where the nearest thing around it is. */
  rangeOf(place: Place): TextRange {
    const path = isKey(place) ? place.key : place;
    for (let length = path.length; this.root !== undefined && length > 0; length--) {
      const part = path.slice(0, length);
      const node = nodeAt(this.root, part);
      const entry = entryAt(this.root, part);
      const onKey =
        entry !== undefined &&
        (isKey(place) || length < path.length || entry.node.kind !== 'scalar' || isEmpty(entry.node.span));
      const span = onKey ? entry.keySpan : node?.span;
      if (span !== undefined) {
        return this.lines.range(span[0], span[1]);
      }
    }
    return this.lines.range(0, 0);
  }

  /** Everything found, in the order of the text. */
  diagnostics(): readonly Diagnostic[] {
    const sorted = [...this.found].sort((one, other) => one.range.start.offset - other.range.start.offset);
    if (this.dropped === 0) {
      return sorted;
    }
    const severity = this.errors > 0 ? 'error' : 'warning';
    const message = messageOf('too-many-problems', this.dropped);
    return [...sorted, { severity, code: 'too-many-problems', message, range: this.lines.range(0, 0) }];
  }
}

/** What the simulation lacks is no fault of the file; the rest is. */
function severityOf(id: MessageId): DiagnosticSeverity {
  return codeOf(id) === 'not-simulated' ? 'warning' : 'error';
}

function isKey(place: Place): place is { readonly key: TopologyPath } {
  return 'key' in place;
}

const isEmpty = (span: Span): boolean => span[0] === span[1];

function replaceBy(text: string, range: TextRange): DiagnosticFix {
  return { title: messageOf('fix-replace', text), range, text };
}
