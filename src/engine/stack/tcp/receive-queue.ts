/** What has been received: the bytes that wait for the application, and pieces that came out of order (RFC 9293 3.10.7.4, RFC 2018 4). */
import { ByteRing } from './byte-ring';
import type { SackBlock } from './segment';
import { advance, after, before, distance, later } from './sequence';

/** Pieces with holes between them that are remembered; Linux is bounded by the receive buffer alone. */
export const MAXIMUM_PIECES = 256;

interface Piece {
  left: number;
  right: number;
}

export class ReceiveQueue {
  private readonly ring: ByteRing;
  /** Sequence number of the first byte that the application has not read. */
  private first = 0;
  private next = 0;
  /** Out-of-order pieces, the one that grew last in front. */
  private readonly pieces: Piece[] = [];
  private finAt: number | undefined;

  constructor(limit: number) {
    this.ring = new ByteRing(limit);
  }

  /** Begins at this sequence number. */
  start(sequence: number): void {
    this.first = sequence;
    this.next = sequence;
  }

  /** RCV.NXT: what is expected next, past the FIN when everything came. */
  get receiveNext(): number {
    return this.finished ? advance(this.next, 1) : this.next;
  }

  /** Whether all data and the FIN behind it have come. */
  get finished(): boolean {
    return this.finAt === this.next;
  }

  /** Bytes in order that the application has not read. */
  get readable(): number {
    return distance(this.first, this.next);
  }

  /** Bytes that take room, in order or not. */
  get occupied(): number {
    return this.pieces.reduce((sum, { left, right }) => sum + distance(left, right), this.readable);
  }

  /** Whether pieces wait for what should have come before them. */
  get hasHoles(): boolean {
    return this.pieces.length > 0;
  }

  /** The pieces as SACK blocks, the most recent first. */
  sackBlocks(most: number): readonly SackBlock[] {
    return this.pieces.slice(0, most).map(({ left, right }) => ({ left, right }));
  }

  /** The end of the furthest piece; RCV.NXT where there is none. */
  get furthest(): number {
    return this.pieces.reduce((end, { right }) => later(end, right), this.receiveNext);
  }

  /**
   * Takes data that lies in the window.
   * @returns what it was: new and in order, new out of order, nothing new, or more pieces than can be kept
   */
  insert(sequence: number, data: Uint8Array): 'in-order' | 'out-of-order' | 'duplicate' | 'full' {
    const skip = Math.max(0, distance(sequence, this.next));
    const left = advance(sequence, skip);
    const right = advance(sequence, data.length);
    if (skip >= data.length || this.covered(left, right)) {
      return 'duplicate';
    }
    if (left !== this.next && this.pieces.length >= MAXIMUM_PIECES) {
      return 'full';
    }
    this.ring.write(distance(this.first, left), data.subarray(skip));
    if (left !== this.next) {
      this.addPiece(left, right);
      return 'out-of-order';
    }
    this.next = right;
    this.joinPieces();
    return 'in-order';
  }

  /** Notes the FIN at this sequence number, which data before it may still have to reach. */
  insertFin(sequence: number): void {
    this.finAt ??= sequence;
  }

  /** Takes up to this many bytes for the application: a view that holds until the next segment. */
  read(most: number): Uint8Array {
    const length = Math.min(most, this.readable);
    const bytes = this.ring.read(0, length);
    this.ring.discard(length);
    this.first = advance(this.first, length);
    return bytes;
  }

  /** The part of the received data that a duplicate repeats lies in this piece, if any (RFC 2883 4). */
  pieceAround(sequence: number): SackBlock | undefined {
    return this.pieces.find(({ left, right }) => !before(sequence, left) && before(sequence, right));
  }

  private covered(left: number, right: number): boolean {
    return this.pieces.some(piece => !before(left, piece.left) && !after(right, piece.right));
  }

  private addPiece(left: number, right: number): void {
    const piece = { left, right };
    for (let index = this.pieces.length - 1; index >= 0; index--) {
      const other = this.pieces[index];
      if (other !== undefined && !after(other.left, piece.right) && !before(other.right, piece.left)) {
        piece.left = before(other.left, piece.left) ? other.left : piece.left;
        piece.right = later(other.right, piece.right);
        this.pieces.splice(index, 1);
      }
    }
    this.pieces.unshift(piece);
  }

  private joinPieces(): void {
    for (let joined = true; joined;) {
      joined = false;
      for (let index = this.pieces.length - 1; index >= 0; index--) {
        const piece = this.pieces[index];
        if (piece !== undefined && !after(piece.left, this.next)) {
          this.next = later(this.next, piece.right);
          this.pieces.splice(index, 1);
          joined = true;
        }
      }
    }
  }
}
