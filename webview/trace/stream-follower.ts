/** Asks for the stream of a packet, and again when it grows or time goes back, so that what is shown is what has been said by now. */
import type { FollowedStream, SimulationRequest } from '../../src/simulation/protocol';

export interface StreamFollowerOptions {
  readonly ask: (request: Extract<SimulationRequest, { type: 'follow' }>) => void;
  /** The user asked for the stream of this record. */
  readonly expect: (record: number) => void;
  readonly show: (stream: FollowedStream | undefined) => void;
  /** A stream that the user asked for is there: the list should show its packets. */
  readonly found: (stream: FollowedStream) => void;
  /** Nothing is followed any more. */
  readonly forget: () => void;
}

/** Real milliseconds between two looks at a stream that grows. */
const REFRESH = 500;

export class StreamFollower {
  readonly #options: StreamFollowerOptions;
  /** The record whose stream is followed. */
  #record: number | undefined;
  #request = 0;
  /** The question on its way, and whether the user asked it. */
  #open: { readonly request: number; readonly byUser: boolean } | undefined;
  /** The filter for the stream that is shown, and how many packets passed it when it was asked for last. */
  #filter = '';
  #packets = 0;
  #lastAsked = 0;

  constructor(options: StreamFollowerOptions) {
    this.#options = options;
  }

  follow(record: number): void {
    this.#record = record;
    this.#packets = 0;
    this.#options.expect(record);
    this.#ask(record, true);
  }

  receive(request: number, stream: FollowedStream | undefined): void {
    if (this.#open?.request !== request) {
      return;
    }
    const { byUser } = this.#open;
    this.#open = undefined;
    this.#filter = stream === undefined ? '' : filterOf(stream);
    this.#options.show(stream);
    if (stream !== undefined && byUser) {
      this.#options.found(stream);
    }
  }

  /** So many packets pass the filter of the list now. */
  grown(filter: string, packets: number): void {
    const now = performance.now();
    const isOurs = this.#record !== undefined && filter === this.#filter;
    if (isOurs && packets !== this.#packets && this.#open === undefined && now - this.#lastAsked > REFRESH) {
      this.#packets = packets;
      this.#ask(this.#record ?? 0, false);
    }
  }

  /** Time went back: only so many records have been made. */
  rewind(records: number): void {
    if (this.#record !== undefined && this.#record >= records) {
      this.forget();
    } else if (this.#record !== undefined) {
      this.#ask(this.#record, this.#open?.byUser ?? false);
    }
  }

  forget(): void {
    this.#record = undefined;
    this.#open = undefined;
    this.#filter = '';
    this.#options.forget();
  }

  #ask(record: number, byUser: boolean): void {
    this.#lastAsked = performance.now();
    this.#open = { request: ++this.#request, byUser };
    this.#options.ask({ type: 'follow', request: this.#request, record });
  }
}

/** What Wireshark sets when it follows a stream. */
export function filterOf({ protocol, number }: FollowedStream): string {
  return `${protocol}.stream eq ${number}`;
}
