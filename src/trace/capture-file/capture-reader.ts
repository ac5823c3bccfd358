/** Reads a capture file piece by piece as its bytes come: pcap and pcapng. Bounded; never throws. */
import type { CaptureInterface, CaptureProblem, PacketFound, RecordFormat } from './captured-packet';
import { PCAP_HEADER_BYTES, PcapRecords } from './pcap-records';
import { PcapngSections } from './pcapng-sections';

const NO_BYTES = new Uint8Array(0);

export class CaptureReader {
  readonly #found: PacketFound;
  #records: RecordFormat | undefined;
  /** What was not read yet: it ends in the middle of a record. */
  #rest: Uint8Array = NO_BYTES;
  /** Where the rest lies in the file. */
  #at = 0;
  #problem: CaptureProblem | undefined;

  /** @param found gets each packet; its bytes are a view on the piece that was pushed, or on a copy */
  constructor(found: PacketFound) {
    this.#found = found;
  }

  /** pcap as long as nothing else is known. */
  get format(): 'pcap' | 'pcapng' {
    return this.#records?.format ?? 'pcap';
  }

  /** The interfaces that the file named so far. */
  get interfaces(): readonly CaptureInterface[] {
    return this.#records?.interfaces ?? [];
  }

  /** Why nothing more is read. */
  get problem(): CaptureProblem | undefined {
    return this.#problem;
  }

  /** The byte of the file at which the record begins that is to be read next, or that can't be read. */
  get position(): number {
    return this.#at;
  }

  /** Reads on; false when there is a problem, and no more need be pushed. */
  push(piece: Uint8Array): boolean {
    if (this.#problem !== undefined) {
      return false;
    }
    const bytes = this.#rest.length === 0 ? piece : joined(this.#rest, piece);
    let at = 0;
    if (this.#records === undefined) {
      if (bytes.length < PCAP_HEADER_BYTES) {
        this.#rest = bytes;
        return true;
      }
      const pcapng = PcapngSections.begin(bytes);
      this.#records = pcapng ?? PcapRecords.begin(bytes);
      if (this.#records === undefined) {
        this.#problem = 'not-a-capture';
        return false;
      }
      at = pcapng === undefined ? PCAP_HEADER_BYTES : 0;
    }
    const { end, problem } = readRecords(this.#records, bytes, at, this.#found);
    this.#at += end;
    this.#rest = bytes.subarray(end);
    this.#problem = problem;
    return problem === undefined;
  }

  /** There are no more bytes. */
  end(): void {
    if (this.#records === undefined) {
      this.#problem ??= 'not-a-capture';
    } else if (this.#rest.length > 0) {
      this.#problem ??= 'truncated';
    }
    this.#rest = NO_BYTES;
  }
}

/** Reads whole records from `at` on; `end` is where the first one begins that is not whole or not good. */
function readRecords(
  records: RecordFormat,
  bytes: Uint8Array,
  begin: number,
  found: PacketFound,
): { readonly end: number; readonly problem: CaptureProblem | undefined } {
  let at = begin;
  while (at < bytes.length) {
    const read = records.read(bytes, at, found);
    if (read === 'incomplete') {
      break;
    }
    if (typeof read === 'string') {
      return { end: at, problem: read };
    }
    at += read;
  }
  return { end: at, problem: undefined };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
