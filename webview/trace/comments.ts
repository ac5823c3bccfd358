/** The user's comments on packets as the page knows them; the simulation keeps them, and says with each row which it has. */
import { MOST_COMMENTS, type PacketComment, type SimulationRequest } from '../../src/simulation/protocol';
import { t } from '../strings';

export interface CommentsOptions {
  /** Those of an earlier life of the page. */
  readonly kept: readonly PacketComment[];
  readonly ask: (request: SimulationRequest) => void;
  readonly keep: (comments: readonly PacketComment[]) => void;
  /** The comment on the packet of this record as its row says it; undefined where the row is not known. */
  readonly textOf: (record: number) => string | undefined;
  /** Lets the user write; `written` gets the new text, empty where there should be none. */
  readonly edit: (record: number, text: string, written: (text: string) => void) => void;
  /** The comments of these records are others now. */
  readonly changed: (records: readonly number[]) => void;
  readonly announce: (text: string) => void;
}

export class Comments {
  readonly #options: CommentsOptions;
  #all: readonly PacketComment[];

  constructor(options: CommentsOptions) {
    this.#options = options;
    this.#all = options.kept;
  }

  /** A simulation begins, perhaps in another thread or another life of the window: one that has no comments gets those known here. */
  begin(): void {
    if (this.#all.length > 0) {
      this.#options.ask({ type: 'restore-comments', comments: this.#all });
    }
  }

  /** Takes what the simulation has now. */
  take(comments: readonly PacketComment[]): void {
    const before = this.#all;
    this.#all = comments;
    this.#options.keep(comments);
    this.#options.changed([...before, ...comments].map(({ record }) => record));
  }

  /** Lets the user write about a packet. */
  edit(record: number): void {
    const { ask, announce, edit } = this.#options;
    const known = this.#all.find(comment => comment.record === record);
    if (known === undefined && this.#all.length >= MOST_COMMENTS) {
      announce(t('No more than {0} comments are kept.', MOST_COMMENTS));
      return;
    }
    edit(record, this.#options.textOf(record) ?? known?.text ?? '', text => {
      ask({ type: 'comment', record, text });
    });
  }

  remove(record: number): void {
    this.#options.ask({ type: 'comment', record, text: '' });
  }

  /** The next record after this one that has a comment, or from the beginning again; undefined where none of these records has one. */
  after(record: number, isThere: (record: number) => boolean): number | undefined {
    const records = this.#all.map(comment => comment.record).filter(isThere);
    const sorted = records.sort((one, other) => one - other);
    return sorted.find(next => next > record) ?? sorted[0];
  }
}

/** Whatever was kept, as comments. */
export function keptComments(value: unknown): readonly PacketComment[] {
  return Array.isArray(value) ? value.filter(isComment).slice(0, MOST_COMMENTS) : [];
}

function isComment(value: unknown): value is PacketComment {
  const { record, time, from, hash, text } = (value ?? {}) as Partial<Record<keyof PacketComment, unknown>>;
  return (
    Number.isInteger(record) &&
    typeof time === 'number' &&
    typeof from === 'string' &&
    typeof hash === 'number' &&
    typeof text === 'string'
  );
}
