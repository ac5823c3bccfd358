/** Counts a trace, record by record, in slices of time. Each packet counts once, where it sets out; drops count where they happen. */
import { dissect } from '../../trace/dissect/dissect';
import { protocolsOf } from '../../trace/dissect/packet-json';
import { FirstHops } from '../search/first-hop';
import type { TraceView } from '../trace-view';
import { conversationEnds, type ConversationEnds } from './conversation-ends';
import { RoundTrips } from './round-trips';
import type { ConversationCount, Statistics } from './statistics';
import { TimeBins } from './time-bins';

/** Conversations told: a screenful many times over. */
const MOST_TOLD = 200;
/** Conversations counted apart; what comes after counts as more. */
const MOST_COUNTED = 20_000;

interface Count {
  packets: number;
  bytes: number;
}

interface Conversation extends ConversationEnds {
  readonly there: Count;
  readonly back: Count;
  readonly begun: number;
  ended: number;
}

export class Counting {
  private next: number;
  private packets = 0;
  private bytes = 0;
  private uncounted = 0;
  private readonly firstHops: FirstHops;
  private readonly protocols = new Map<string, Count>();
  private readonly conversations = new Map<string, Conversation>();
  private readonly drops = new Map<number, number>();
  private readonly bins = new TimeBins();
  private readonly roundTrips = new RoundTrips();

  constructor(private readonly view: TraceView) {
    this.next = view.oldest;
    this.firstHops = new FirstHops(view);
  }

  /** Whether it counted nothing that is not there any more. */
  fits(view: TraceView): boolean {
    return view === this.view && this.next <= view.end;
  }

  /** Counts on as long as there is time; true when there is more to do. */
  work(hasTime: () => boolean): boolean {
    const { view } = this;
    while (this.next < view.end && hasTime()) {
      if (this.next >= view.oldest) {
        this.count(this.next);
      }
      this.next++;
    }
    return this.next < view.end;
  }

  get statistics(): Statistics {
    const { view, packets, bytes } = this;
    const conversations = [...this.conversations.values()].sort((one, other) => total(other) - total(one));
    return {
      looked: this.next,
      records: view.end,
      packets,
      bytes,
      protocols: [...this.protocols]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([path, count]) => ({ path, ...count })),
      conversations: conversations.slice(0, MOST_TOLD).map(told),
      moreConversations: Math.max(0, conversations.length - MOST_TOLD) + this.uncounted,
      drops: [...this.drops]
        .sort(([, one], [, other]) => other - one)
        .map(([drop, frames]) => ({ drop, frames })),
      throughput: this.bins.throughput,
      roundTrips: [...this.roundTrips.trips],
    };
  }

  private count(record: number): void {
    const { view } = this;
    const { departure, arrival, length, drop } = view.summary(record);
    if (drop !== 0) {
      this.drops.set(drop, (this.drops.get(drop) ?? 0) + 1);
      return;
    }
    const setsOut = this.firstHops.has(record);
    if (!setsOut && !this.roundTrips.waits) {
      return;
    }
    const { layers } = dissect(view.bytes(record), view.linkType(record));
    if (setsOut) {
      this.packets++;
      this.bytes += length;
      this.bins.add(departure, length);
      this.countProtocols(protocolsOf(layers), length);
      this.countConversation(conversationEnds(layers), length, departure);
      this.roundTrips.setOut(layers, view.senderDevice(record), departure);
    }
    if (!Number.isNaN(arrival)) {
      this.roundTrips.arrived(layers, view.receiverDevice(record), arrival);
    }
  }

  /** A packet counts for each layer that it has. */
  private countProtocols(path: string, length: number): void {
    const names = path.split(':').filter(name => name !== 'ethertype');
    for (let depth = 1; depth <= names.length; depth++) {
      const prefix = names.slice(0, depth).join(':');
      const count = this.protocols.get(prefix) ?? { packets: 0, bytes: 0 };
      this.protocols.set(prefix, count);
      count.packets++;
      count.bytes += length;
    }
  }

  private countConversation(ends: ConversationEnds | undefined, length: number, time: number): void {
    if (ends === undefined) {
      return;
    }
    const { protocol, source, destination } = ends;
    const reverse = this.conversations.get(`${protocol} ${destination} ${source}`);
    let conversation = reverse ?? this.conversations.get(`${protocol} ${source} ${destination}`);
    if (conversation === undefined) {
      if (this.conversations.size >= MOST_COUNTED) {
        this.uncounted++;
        return;
      }
      const none = (): Count => ({ packets: 0, bytes: 0 });
      conversation = { ...ends, there: none(), back: none(), begun: time, ended: time };
      this.conversations.set(`${protocol} ${source} ${destination}`, conversation);
    }
    const count = reverse === undefined ? conversation.there : conversation.back;
    count.packets++;
    count.bytes += length;
    conversation.ended = time;
  }
}

function total({ there, back }: Conversation): number {
  return there.bytes + back.bytes;
}

function told({
  protocol,
  source,
  destination,
  filter,
  there,
  back,
  begun,
  ended,
}: Conversation): ConversationCount {
  return {
    protocol,
    one: source,
    other: destination,
    packets: there.packets,
    bytes: there.bytes,
    packetsBack: back.packets,
    bytesBack: back.bytes,
    begun,
    ended,
    filter,
  };
}
