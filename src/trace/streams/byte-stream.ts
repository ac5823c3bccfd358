/** One direction of a TCP connection put together from its segments, whatever order they come in and however often. */

/** What a segment added. */
export interface Piece {
  readonly record: number;
  readonly bytes: Uint8Array;
  /** Bytes before these that never came. */
  readonly missing: number;
}

interface Early {
  readonly record: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** Segments kept until those before them come. */
const MOST_EARLY = 1000;

export class ByteStream {
  /** The sequence number that comes next; undefined before the first segment. */
  private next: number | undefined;
  private readonly early: Early[] = [];

  /** Takes a segment as it is on the wire; returns what is new and has nothing missing before it. */
  take(record: number, sequence: number, isSyn: boolean, data: Uint8Array): readonly Piece[] {
    const first = isSyn ? (sequence + 1) >>> 0 : sequence;
    this.next ??= first;
    if (data.length === 0) {
      return [];
    }
    if (ahead(first, this.next) > 0) {
      if (this.early.length < MOST_EARLY) {
        this.early.push({ record, sequence: first, data });
      }
      return [];
    }
    const pieces = this.append({ record, sequence: first, data }, 0);
    for (let fits = this.takeFitting(); fits !== undefined; fits = this.takeFitting()) {
      pieces.push(...this.append(fits, 0));
    }
    return pieces;
  }

  /** What came early and waits for what never came. */
  takeRest(): readonly Piece[] {
    const rest = this.early
      .splice(0)
      .sort((one, other) => ahead(one.sequence, other.sequence) || one.record - other.record);
    return rest.flatMap(early => this.append(early, Math.max(0, ahead(early.sequence, this.next ?? 0))));
  }

  private takeFitting(): Early | undefined {
    const next = this.next ?? 0;
    const at = this.early.findIndex(({ sequence }) => ahead(sequence, next) <= 0);
    return at < 0 ? undefined : this.early.splice(at, 1)[0];
  }

  private append({ record, sequence, data }: Early, missing: number): Piece[] {
    const begin = (this.next ?? sequence) + missing;
    const known = ahead(begin >>> 0, sequence);
    if (known >= data.length) {
      return [];
    }
    this.next = (sequence + data.length) >>> 0;
    return [{ record, bytes: known === 0 ? data : data.slice(known), missing }];
  }
}

/** How far one sequence number is ahead of another, modulo 2^32 (RFC 9293 3.4); below 0 when behind. */
function ahead(one: number, other: number): number {
  return (one - other) | 0;
}
