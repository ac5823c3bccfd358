/** What is counted of a trace: each packet once, where it sets out. */
import type { Throughput } from './time-bins';

/** One protocol in one place of the hierarchy, such as TCP over IPv4. */
export interface ProtocolCount {
  /** `eth:ip:tcp` */
  readonly path: string;
  readonly packets: number;
  readonly bytes: number;
}

/** All packets between two ends. */
export interface ConversationCount {
  /** `TCP`, `UDP`, `ICMP`, … or what Ethernet carries. */
  readonly protocol: string;
  /** Who sent first. */
  readonly one: string;
  readonly other: string;
  readonly packets: number;
  readonly bytes: number;
  readonly packetsBack: number;
  readonly bytesBack: number;
  /** ns: the first and the last packet. */
  readonly begun: number;
  readonly ended: number;
  /** A display filter for it. */
  readonly filter: string;
}

export interface DropCount {
  /** Code of the reason. */
  readonly drop: number;
  readonly frames: number;
}

/** From a question to its answer: an echo, or the handshake of a connection. */
export interface RoundTrip {
  /** ns when the question set out. */
  readonly time: number;
  /** ns */
  readonly took: number;
}

export interface Statistics {
  /** Records looked at so far, of so many. */
  readonly looked: number;
  readonly records: number;
  readonly packets: number;
  readonly bytes: number;
  readonly protocols: readonly ProtocolCount[];
  /** The largest by bytes. */
  readonly conversations: readonly ConversationCount[];
  readonly moreConversations: number;
  readonly drops: readonly DropCount[];
  readonly throughput: Throughput;
  readonly roundTrips: readonly RoundTrip[];
}

export type { Throughput } from './time-bins';
