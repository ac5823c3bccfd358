/**
 * Numbers for the conversations of a capture, as Wireshark gives them: `tcp.stream` and `udp.stream` count from 0 in the order in which
 * each pair of ends first appears. A SYN with a new sequence number begins a new TCP stream between the same ends. The rules were
 * measured with Wireshark 4.0.
 */
import { readUint16, readUint32 } from '../../wire/bytes';
import { TCP_FLAG, tcpAcknowledgment, tcpFlags, tcpSequence } from '../../wire/tcp';
import { flowsOf, type Flow } from './flow';

export type StreamProtocol = Flow['protocol'];

/** A flow and the number of its stream. */
export interface NumberedFlow {
  readonly flow: Flow;
  readonly stream: number;
}

/** Conversations told apart; those that come later have no number. */
const MOST_CONVERSATIONS = 262_144;

/** Address and port: below 2^48 for IPv4, UTF-16 units for IPv6. */
type EndKey = number | string;

/** One end of a TCP conversation: the sequence number of its SYN, as far as it is known. */
interface TcpEnd {
  base: number | undefined;
}

interface Conversation {
  /** The streams between these ends, each with the first record in it. */
  readonly streams: { readonly number: number; readonly since: number }[];
  readonly low: TcpEnd;
  readonly high: TcpEnd;
}

export class StreamIndex {
  private readonly conversations = {
    tcp: new Map<EndKey, Map<EndKey, Conversation>>(),
    udp: new Map<EndKey, Map<EndKey, Conversation>>(),
  };
  private readonly counts = { tcp: 0, udp: 0 };
  private known = 0;

  /** Takes the next record: records come in their order, each once. */
  add(record: number, bytes: Uint8Array, linkType?: number): void {
    for (const flow of flowsOf(bytes, linkType)) {
      this.take(record, bytes, flow);
    }
  }

  /** The flows of a record that was taken, outer ones first, each with the stream that it was in at that record. */
  streamsOf(record: number, bytes: Uint8Array, linkType?: number): readonly NumberedFlow[] {
    const found: NumberedFlow[] = [];
    for (const flow of flowsOf(bytes, linkType)) {
      const stream = this.streamAt(record, bytes, flow);
      if (stream !== undefined) {
        found.push({ flow, stream });
      }
    }
    return found;
  }

  private streamAt(record: number, bytes: Uint8Array, flow: Flow): number | undefined {
    const { low, high } = endsOf(bytes, flow);
    const streams = this.conversations[flow.protocol].get(low)?.get(high)?.streams ?? [];
    for (let index = streams.length - 1; index >= 0; index--) {
      const stream = streams[index];
      if (stream !== undefined && stream.since <= record) {
        return stream.number;
      }
    }
    return undefined;
  }

  private take(record: number, bytes: Uint8Array, flow: Flow): void {
    const { low, high, isFromLow } = endsOf(bytes, flow);
    const conversation = this.conversationOf(flow.protocol, low, high);
    if (conversation === undefined) {
      return;
    }
    if (conversation.streams.length === 0) {
      this.begin(conversation, flow.protocol, record);
    }
    if (flow.protocol === 'tcp') {
      const [sender, receiver] = isFromLow
        ? [conversation.low, conversation.high]
        : [conversation.high, conversation.low];
      this.followSequence(record, bytes, flow, conversation, sender, receiver);
    }
  }

  private followSequence(
    record: number,
    bytes: Uint8Array,
    { at, quoted }: Flow,
    conversation: Conversation,
    sender: TcpEnd,
    receiver: TcpEnd,
  ): void {
    const flags = tcpFlags(bytes, at);
    const sequence = tcpSequence(bytes, at);
    const isSyn = (flags & TCP_FLAG.syn) !== 0;
    const acknowledges = (flags & TCP_FLAG.ack) !== 0;
    if (isSyn && !acknowledges && sender.base !== undefined && sender.base !== sequence) {
      this.begin(conversation, 'tcp', record);
    }
    if (quoted) {
      return;
    }
    if (sender.base === undefined || (isSyn && acknowledges)) {
      sender.base = isSyn ? sequence : (sequence - 1) >>> 0;
    }
    if (acknowledges) {
      receiver.base ??= (tcpAcknowledgment(bytes, at) - 1) >>> 0;
    }
  }

  private begin(conversation: Conversation, protocol: StreamProtocol, since: number): void {
    conversation.streams.push({ number: this.counts[protocol]++, since });
    conversation.low.base = undefined;
    conversation.high.base = undefined;
  }

  private conversationOf(protocol: StreamProtocol, low: EndKey, high: EndKey): Conversation | undefined {
    const ofProtocol = this.conversations[protocol];
    let ofLow = ofProtocol.get(low);
    let conversation = ofLow?.get(high);
    if (conversation === undefined && this.known < MOST_CONVERSATIONS) {
      this.known++;
      conversation = { streams: [], low: { base: undefined }, high: { base: undefined } };
      if (ofLow === undefined) {
        ofLow = new Map();
        ofProtocol.set(low, ofLow);
      }
      ofLow.set(high, conversation);
    }
    return conversation;
  }
}

interface Ends {
  readonly low: EndKey;
  readonly high: EndKey;
  readonly isFromLow: boolean;
}

/** Both ends, the lower one first, so that both directions are one conversation. */
function endsOf(bytes: Uint8Array, { sourceAt, destinationAt, addressBytes, at }: Flow): Ends {
  const from = endKey(bytes, sourceAt, addressBytes, readUint16(bytes, at));
  const to = endKey(bytes, destinationAt, addressBytes, readUint16(bytes, at + 2));
  return from <= to ? { low: from, high: to, isFromLow: true } : { low: to, high: from, isFromLow: false };
}

function endKey(bytes: Uint8Array, at: number, length: 4 | 16, port: number): EndKey {
  if (length === 4) {
    return readUint32(bytes, at) * 0x10000 + port;
  }
  let key = String.fromCharCode(port);
  for (let i = at; i < at + 16; i += 2) {
    key += String.fromCharCode(readUint16(bytes, i));
  }
  return key;
}
