/**
 * The line that a user types in a terminal, as readline edits it: a state machine that takes keys and gives what to write. Pure, so that
 * every key is tested without a terminal.
 */

/** What came of keys. */
export interface EditorOutput {
  /** To be written to the terminal as it is. */
  readonly write: string;
  /** A line was entered. */
  readonly entered?: string;
  /** Ctrl+C. */
  readonly interrupted?: true;
  /** Ctrl+D on an empty line. */
  readonly closed?: true;
}

/** Lines remembered (bash HISTSIZE). */
const HISTORY = 500;
/** Characters of a line at most. */
const LONGEST = 4096;

export class LineEditor {
  private line = '';
  private cursor = 0;
  private readonly history: string[] = [];
  /** Index in the history of the line shown; its length for the new one. */
  private place = 0;
  private draft = '';

  /**
   * @param prompt stands in front of the line; it is written anew when the line is
   * @param complete what the word before the cursor may become, given the line up to there
   */
  constructor(
    private readonly prompt: () => string,
    private readonly complete: (before: string) => readonly string[],
  ) {}

  /** The prompt and the line as typed so far, on a line of the terminal that is cleared for it. */
  get shown(): string {
    const behind = this.line.length - this.cursor;
    return `\r\x1b[K${this.prompt()}${this.line}${behind > 0 ? `\x1b[${behind}D` : ''}`;
  }

  /** The line as typed so far. */
  get typed(): string {
    return this.line;
  }

  /** Takes what a terminal sends for keys; text pasted may hold several lines. */
  take(keys: string): readonly EditorOutput[] {
    const outputs: EditorOutput[] = [];
    for (const [key] of keys.matchAll(KEY)) {
      outputs.push(this.key(key));
    }
    return outputs;
  }

  /** Forgets the line as typed so far. */
  clear(): void {
    this.set('');
  }

  private key(key: string): EditorOutput {
    switch (key) {
      case '\r':
      case '\n':
        return this.enter();
      case '\x03':
        this.set('');
        return { write: '^C\r\n', interrupted: true };
      case '\x04':
        return this.line === '' ? { write: '\r\n', closed: true } : this.delete(this.cursor, this.cursor + 1);
      case '\x0c':
        return { write: `\x1b[2J\x1b[H${this.shown}` };
      case '\t':
        return this.tab();
      case '\x7f':
      case '\b':
        return this.delete(this.cursor - 1, this.cursor);
      case '\x1b[3~':
        return this.delete(this.cursor, this.cursor + 1);
      case '\x15':
        return this.delete(0, this.cursor);
      case '\x0b':
        return this.delete(this.cursor, this.line.length);
      case '\x17':
        return this.delete(this.wordStart(), this.cursor);
      case '\x01':
      case '\x1b[H':
      case '\x1bOH':
        return this.move(0);
      case '\x05':
      case '\x1b[F':
      case '\x1bOF':
        return this.move(this.line.length);
      case '\x1b[D':
      case '\x02':
        return this.move(this.cursor - 1);
      case '\x1b[C':
      case '\x06':
        return this.move(this.cursor + 1);
      case '\x1b[A':
      case '\x10':
        return this.recall(this.place - 1);
      case '\x1b[B':
      case '\x0e':
        return this.recall(this.place + 1);
      default:
        return key < ' ' ? { write: '' } : this.insert(key);
    }
  }

  private enter(): EditorOutput {
    const entered = this.line;
    if (entered.trim() !== '' && entered !== this.history.at(-1)) {
      this.history.push(entered);
      this.history.splice(0, Math.max(0, this.history.length - HISTORY));
    }
    this.place = this.history.length;
    this.set('');
    return { write: '\r\n', entered };
  }

  private insert(text: string): EditorOutput {
    if (this.line.length + text.length > LONGEST) {
      return { write: '\x07' };
    }
    this.line = this.line.slice(0, this.cursor) + text + this.line.slice(this.cursor);
    this.cursor += text.length;
    return { write: this.cursor === this.line.length ? text : this.shown };
  }

  private delete(from: number, to: number): EditorOutput {
    const start = Math.max(0, from);
    this.line = this.line.slice(0, start) + this.line.slice(to);
    this.cursor = start;
    return { write: this.shown };
  }

  private move(to: number): EditorOutput {
    this.cursor = Math.max(0, Math.min(this.line.length, to));
    return { write: this.shown };
  }

  private recall(place: number): EditorOutput {
    if (place < 0 || place > this.history.length) {
      return { write: '' };
    }
    if (this.place === this.history.length) {
      this.draft = this.line;
    }
    this.place = place;
    this.set(this.history[place] ?? this.draft);
    return { write: this.shown };
  }

  /** What all that fits begins with is added; where that is nothing more, what fits is listed. */
  private tab(): EditorOutput {
    const before = this.line.slice(0, this.cursor);
    const word = before.slice(this.lastWordStart(before));
    const fitting = this.complete(before).filter(candidate => candidate.startsWith(word));
    const [first] = fitting;
    if (first === undefined) {
      return { write: '\x07' };
    }
    if (fitting.length === 1) {
      return this.insert(`${first.slice(word.length)} `);
    }
    const common = fitting.reduce(commonBeginning);
    return common.length > word.length
      ? this.insert(common.slice(word.length))
      : { write: `\r\n${fitting.join('  ')}\r\n${this.shown}` };
  }

  private set(line: string): void {
    this.line = line;
    this.cursor = line.length;
  }

  /** Where the word before the cursor begins, blanks behind it included. */
  private wordStart(): number {
    return /\S*\s*$/.exec(this.line.slice(0, this.cursor))?.index ?? 0;
  }

  private lastWordStart(before: string): number {
    return /\S*$/.exec(before)?.index ?? 0;
  }
}

/** An escape sequence, or one character. */
const KEY = /\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Z]|[\s\S]/gu;

function commonBeginning(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) {
    length++;
  }
  return one.slice(0, length);
}
