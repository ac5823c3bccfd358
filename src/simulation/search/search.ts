/**
 * Looks things up in the trace for the panel, in slices of time so that the simulation never waits: which records a filter lets through,
 * and what a stream carries. Knows nothing of threads.
 */
import { compileFilter } from '../../trace/filter/filter';
import type { SimulationEvent, SimulationRequest } from '../protocol';
import { Counting } from '../statistics/counting';
import type { TraceView } from '../trace-view';
import { conversationOf } from './conversation';
import { Follow } from './follow';
import { Matching } from './matching';
import { StreamNumbers } from './stream-numbers';

/** What is asked of a search. */
export type SearchRequest = Extract<
  SimulationRequest,
  { type: 'filter' | 'acknowledge-matches' | 'conversation' | 'follow' | 'statistics' }
>;

/** Streams that may wait to be followed; of more than that the oldest is never answered. */
const MOST_FOLLOWED = 4;

type Post = (event: SimulationEvent, transfer?: readonly ArrayBuffer[]) => void;

export class Search {
  private matching: Matching | undefined;
  private streams: StreamNumbers | undefined;
  private counting: Counting | undefined;
  /** Counted up to here for whoever asked last. */
  private counts = false;
  private follows: { readonly request: number; readonly follow: Follow }[] = [];

  constructor(private readonly post: Post) {}

  handle(request: SearchRequest, view: TraceView): void {
    switch (request.type) {
      case 'filter': {
        const filter = compileFilter(request.text);
        if ('problem' in filter) {
          // The panel reads a filter before it asks; nothing passes one that can't be read.
          this.matching = undefined;
          break;
        }
        const isAll = request.text.trim() === '' && request.point.kind === 'everywhere';
        const what = { id: request.filter, filter, point: request.point };
        this.matching = isAll ? undefined : new Matching(what, view, () => this.numbers(view));
        break;
      }
      case 'acknowledge-matches':
        this.matching?.acknowledge(request.batch);
        break;
      case 'statistics':
        if (this.counting?.fits(view) !== true) {
          this.counting = new Counting(view);
        }
        this.counts = true;
        this.post({ type: 'statistics', request: request.request, statistics: this.counting.statistics });
        break;
      case 'conversation':
        this.post({
          type: 'conversation',
          request: request.request,
          conversation: conversationOf(view, request.record),
        });
        break;
      case 'follow':
        this.follows.push({
          request: request.request,
          follow: new Follow(view, this.numbers(view), request.record),
        });
        this.follows = this.follows.slice(-MOST_FOLLOWED);
        break;
    }
  }

  /** Another run, or a receiver that forgot its records: what is set stays, and all is looked at again. */
  begin(view: TraceView): void {
    this.counting = undefined;
    this.streams = undefined;
    this.follows = [];
    const what = this.matching?.what;
    this.matching = what && new Matching(what, view, () => this.numbers(view));
  }

  /** The trace has fewer records now, all of them as they were. */
  goBack(view: TraceView): void {
    this.counting = undefined;
    this.streams = undefined;
    this.follows = [];
    this.matching?.goBack(view, () => this.numbers(view));
  }

  /** The receiver knows nothing, and will say anew what it looks for. */
  forget(): void {
    this.matching = undefined;
    this.follows = [];
  }

  /** Looks on among the records before `end` as long as there is time; true when there is more to do. */
  work(end: number, hasTime: () => boolean): boolean {
    const [first] = this.follows;
    if (first !== undefined) {
      if (!first.follow.work(hasTime)) {
        return true;
      }
      this.follows.shift();
      this.post({ type: 'stream', request: first.request, stream: first.follow.result });
    }
    const matches = this.matching?.work(end, hasTime) ?? false;
    this.counts &&= this.counting?.work(hasTime) ?? false;
    return matches || this.counts || this.follows.length > 0;
  }

  /** Whether something found waits to be sent. */
  get ready(): boolean {
    return this.matching?.ready ?? false;
  }

  /** Sends what was found. */
  send(): void {
    for (let batch = this.matching?.take(); batch !== undefined; batch = this.matching?.take()) {
      this.post({ type: 'matches', ...batch }, [batch.data]);
    }
  }

  private numbers(view: TraceView): StreamNumbers {
    this.streams ??= new StreamNumbers(view);
    return this.streams;
  }
}
