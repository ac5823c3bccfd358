/** A text while it is changed, which knows in the end what of the first text is another now. */

/** Replace `length` UTF-16 code units of the text from `offset` by `text`. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The text after changes that all refer to the text before, in order and apart from each other. */
export function applyChanges(before: string, changes: readonly TextChange[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const { offset, length, text } of changes) {
    parts.push(before.slice(at, offset), text);
    at = offset + length;
  }
  return parts.join('') + before.slice(at);
}

/** A run of the first text that stays, or text that is new. */
type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

/** Pieces of the first text and of new text, in order. */
export class EditedText {
  private pieces: readonly Piece[];

  constructor(readonly before: string) {
    this.pieces = [{ start: 0, end: before.length }];
  }

  /** As it is now. */
  get text(): string {
    return this.pieces.map(piece => this.textOf(piece)).join('');
  }

  /** Replaces a part of the text as it is now. */
  replace(offset: number, length: number, text: string): void {
    const parts = [...this.cut(0, offset), { text }, ...this.cut(offset + length, Infinity)];
    this.pieces = parts.filter(piece => this.textOf(piece) !== '');
  }

  /** What leads from the first text to this one: in order, apart from each other, all by offsets of the first text. */
  get changes(): readonly TextChange[] {
    const found: TextChange[] = [];
    let at = 0;
    let added = '';
    const keepFrom = (start: number): void => {
      if (start > at || added !== '') {
        found.push(smallest(this.before, { offset: at, length: start - at, text: added }));
      }
      added = '';
    };
    for (const piece of this.pieces) {
      if ('text' in piece) {
        added += piece.text;
      } else {
        keepFrom(piece.start);
        at = piece.end;
      }
    }
    keepFrom(this.before.length);
    return found.filter(({ length, text }) => length > 0 || text !== '');
  }

  private textOf(piece: Piece): string {
    return 'text' in piece ? piece.text : this.before.slice(piece.start, piece.end);
  }

  /** The pieces between two offsets of the text as it is now. */
  private cut(from: number, to: number): Piece[] {
    const found: Piece[] = [];
    let at = 0;
    for (const piece of this.pieces) {
      const length = 'text' in piece ? piece.text.length : piece.end - piece.start;
      const start = Math.max(0, from - at);
      const end = Math.min(length, to - at);
      if (start < end) {
        found.push(
          'text' in piece
            ? { text: piece.text.slice(start, end) }
            : { start: piece.start + start, end: piece.start + end },
        );
      }
      at += length;
    }
    return found;
  }
}

/** The change without what it puts back as it was at both its ends. */
function smallest(before: string, { offset, length, text }: TextChange): TextChange {
  const old = before.slice(offset, offset + length);
  let head = 0;
  while (head < old.length && head < text.length && old[head] === text[head]) {
    head++;
  }
  let tail = 0;
  while (tail < old.length - head && tail < text.length - head && old.at(-1 - tail) === text.at(-1 - tail)) {
    tail++;
  }
  return { offset: offset + head, length: length - head - tail, text: text.slice(head, text.length - tail) };
}
