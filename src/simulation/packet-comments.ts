/**
 * The user's comments on packets. A comment belongs to a packet and not to a number: it is there wherever a run has that very packet,
 * after going back and forth in time, another start or a change of the file, and it waits unseen where a run has another one.
 */
import type { TraceView } from './trace-view';

/** Comments kept at most: more than anybody writes. */
export const MOST_COMMENTS = 1000;

/** UTF-16 units of one comment: in UTF-8 less than the 65,535 bytes that an option of pcapng may have. */
export const LONGEST_COMMENT = 4000;

/** A comment, and the packet that it is about. */
export interface PacketComment {
  readonly record: number;
  /** Virtual ns at which it was sent or dropped. */
  readonly time: number;
  /** `device:port` that sent it, or where it was dropped. */
  readonly from: string;
  /** FNV-1a of its bytes, 32 bits. */
  readonly hash: number;
  readonly text: string;
}

export class PacketComments {
  readonly #comments = new Map<number, PacketComment>();

  /** In the order in which they were written. */
  get all(): readonly PacketComment[] {
    return [...this.#comments.values()];
  }

  /** Writes the comment of a packet; an empty one is taken away. Nothing happens where the record is not kept, or there are too many. */
  set(view: TraceView, record: number, text: string): void {
    const kept = text.slice(0, LONGEST_COMMENT).trim();
    if (!isKept(view, record)) {
      return;
    }
    if (kept === '') {
      this.#comments.delete(record);
    } else if (this.#comments.has(record) || this.#comments.size < MOST_COMMENTS) {
      this.#comments.set(record, { record, ...identityOf(view, record), text: kept });
    }
  }

  /** The comment on the packet that this record, which must be kept, is of; undefined for none. */
  textOf(view: TraceView, record: number): string | undefined {
    const comment = this.#comments.get(record);
    if (comment === undefined) {
      return undefined;
    }
    const { time, from, hash } = identityOf(view, record);
    return comment.time === time && comment.from === from && comment.hash === hash ? comment.text : undefined;
  }

  /** Takes comments of an earlier life; where there are some already, those stay alone. */
  restore(comments: readonly PacketComment[]): void {
    if (this.#comments.size === 0) {
      comments.slice(0, MOST_COMMENTS).forEach(comment => this.#comments.set(comment.record, comment));
    }
  }
}

function isKept(view: TraceView, record: number): boolean {
  return Number.isInteger(record) && record >= view.oldest && record < view.end;
}

function identityOf(view: TraceView, record: number): Pick<PacketComment, 'time' | 'from' | 'hash'> {
  return { time: view.time(record), from: view.sender(record), hash: hashOf(view.frame(record)) };
}

/** FNV-1a with 32 bits (draft-eastlake-fnv: offset basis 2166136261, prime 16777619). */
function hashOf(bytes: Uint8Array): number {
  let hash = 2_166_136_261;
  for (const byte of bytes) {
    hash = Math.imul(hash ^ byte, 16_777_619);
  }
  return hash >>> 0;
}
