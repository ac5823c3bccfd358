/** Places in a text as people and editors count them. */

/** A place in the text of a file. */
export interface TextPosition {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units; a byte order mark takes no column. */
  readonly column: number;
  /** From 0, in UTF-16 code units of the whole text. */
  readonly offset: number;
}

/** From `start` up to, not including, `end`. */
export interface TextRange {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/** Where the lines of a text begin. A line ends with LF or CR LF. */
export class LineIndex {
  private readonly starts: number[] = [0];
  private readonly firstColumn: number;

  constructor(private readonly text: string) {
    this.firstColumn = text.startsWith('\uFEFF') ? 1 : 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.starts.push(at + 1);
    }
  }

  /** The place of this offset, kept inside the text. */
  position(offset: number): TextPosition {
    const inside = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= inside) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const column = inside - (this.starts[low] ?? 0) + 1 - (low === 0 ? this.firstColumn : 0);
    return { line: low + 1, column: Math.max(1, column), offset: inside };
  }

  range(start: number, end: number): TextRange {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The offset just after the last character of the line that holds `offset`. */
  endOfLine(offset: number): number {
    const next = this.text.indexOf('\n', Math.max(0, offset));
    const end = next === -1 ? this.text.length : next;
    return this.text[end - 1] === '\r' && end > offset ? end - 1 : end;
  }
}
