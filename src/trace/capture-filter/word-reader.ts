/** The words of a filter, one after the other. */
import { FilterProblem, SYNTAX_ERROR } from './filter-words';

/** Parentheses in parentheses at most: nobody writes so many, and none may fill the stack. */
const DEEPEST = 100;

export class WordReader {
  at = 0;
  private depth = 0;

  constructor(private readonly words: readonly string[]) {}

  peek(ahead = 0): string | undefined {
    return this.words[this.at + ahead];
  }

  /** @throws FilterProblem at the end */
  take(): string {
    const word = this.words[this.at++];
    if (word === undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return word;
  }

  takeIf(...some: readonly string[]): boolean {
    const is = some.includes(this.peek() ?? '');
    this.at += is ? 1 : 0;
    return is;
  }

  /** Reads what stands between the parentheses that begin here; undefined where `read` finds nothing or they do not end behind it. */
  inParentheses<Result>(read: () => Result | undefined): Result | undefined {
    if (!this.takeIf('(')) {
      return undefined;
    }
    return this.deeper(() => {
      const result = read();
      return this.takeIf(')') ? result : undefined;
    });
  }

  /** @throws FilterProblem for what is nested too deep */
  deeper<Result>(read: () => Result): Result {
    if (++this.depth > DEEPEST) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    const result = read();
    this.depth--;
    return result;
  }
}
