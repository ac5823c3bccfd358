/**
 * The messages between a running simulation (a worker thread), the editor that owns it and the panel that shows it. Plain data only.
 * The editor relays requests and events unread, so this one file is the whole contract.
 */
import type { PacketField } from '../trace/dissect/packet-field';
import type { Journey } from './journey';
import type { ColourRule } from '../trace/colouring/colour-rule';
import type { RowColouring } from '../trace/colouring/colouring';
import type { PacketComment } from './packet-comments';
import type { CapturePoint } from './search/capture-point';
import type { CaptureSelection } from './search/packet-choice';
import type { Conversation } from './search/conversation';
import type { FollowedStream } from './search/follow';
import type { MatchBatch } from './search/matching';
import type { Statistics } from './statistics/statistics';
import type { DeviceTable } from './tables/device-table';
import type { TerminalOutput } from './terminal/terminals';

export type { PacketField } from '../trace/dissect/packet-field';
export type { Deed } from '../trace/journey/deed';
export type { FieldChange } from '../trace/journey/field-changes';
export type { Journey, JourneyHop } from './journey';
export { LONGEST_COMMENT, MOST_COMMENTS, type PacketComment } from './packet-comments';
export type { CapturePoint } from './search/capture-point';
export type { CaptureSelection } from './search/packet-choice';
export type { Conversation } from './search/conversation';
export type { FollowedStream, StreamEnd, StreamPart } from './search/follow';
export type { DeviceTable, TableColumn, TableKind, TableRow } from './tables/device-table';

export type {
  ConversationCount,
  DropCount,
  ProtocolCount,
  RoundTrip,
  Statistics,
  Throughput,
} from './statistics/statistics';
export type { TerminalOutput } from './terminal/terminals';

/** Virtual nanoseconds for each real nanosecond: 1 is real time, 0.0001 shows one microsecond in ten milliseconds. */
export type Speed = number;

/** Speed without any waiting. Finite, since VS Code carries messages to and from a webview as JSON, which has no infinity. */
export const FASTEST: Speed = Number.MAX_VALUE;

/** What the panel or the editor asks of a simulation. */
export type SimulationRequest =
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** Run until the next frame leaves a port, then stay paused. */
  | { readonly type: 'step' }
  /** Go back to where the step before began: the newest record is not made yet. */
  | { readonly type: 'step-back' }
  /** Go to a moment, back or ahead: what the clock shows in virtual ns. */
  | { readonly type: 'seek'; readonly time: number }
  /** Go to the moment at which this record was made. */
  | { readonly type: 'seek-record'; readonly record: number }
  /** Run until this record has had a consequence: its packet's next hop, or its end. */
  | { readonly type: 'step-hop'; readonly record: number }
  /** Begin again at time 0 as if the user had done nothing, with another seed where given. */
  | { readonly type: 'restart'; readonly seed?: number }
  | { readonly type: 'speed'; readonly speed: Speed }
  /**
   * Ping as a user of `from` would type it; `to` is an address, a name or a device id. The outcome comes as an `outcome` event that
   * carries the same `request`.
   */
  | {
      readonly type: 'ping';
      readonly from: string;
      readonly to: string;
      readonly count: number;
      readonly request?: number;
    }
  /** Pull a cable, or plug it in again, now. */
  | { readonly type: 'cable'; readonly cable: string; readonly up: boolean }
  /** A line typed in the terminal of a device; what it prints comes as `terminal` events. */
  | {
      readonly type: 'terminal';
      readonly terminal: number;
      readonly device: string;
      readonly line: string;
    }
  /** A line typed for the command at work in a terminal; without one its input ends (Ctrl+D). */
  | { readonly type: 'terminal-input'; readonly terminal: number; readonly line?: string }
  /** Ctrl+C in a terminal. */
  | { readonly type: 'terminal-interrupt'; readonly terminal: number }
  /** The receiver has used this batch of records; without acknowledgements the simulation stops sending after a few batches. */
  | { readonly type: 'acknowledge'; readonly batch: number }
  /** Text of rows for the packet list; answered by `rows` with the same `request`. */
  | { readonly type: 'rows'; readonly request: number; readonly first: number; readonly count: number }
  /** Text of these rows, wherever they are; answered by `rows` with the same `request`. */
  | { readonly type: 'rows-of'; readonly request: number; readonly numbers: readonly number[] }
  /**
   * From now on tell which records a display filter lets through, of those that a capture at `point` would have: `matches` events with
   * the same `filter`, a number that the asker counts up. An empty text and everywhere: tell nothing.
   */
  | {
      readonly type: 'filter';
      readonly filter: number;
      readonly text: string;
      readonly point: CapturePoint;
    }
  /** The receiver has used this batch of matches. */
  | { readonly type: 'acknowledge-matches'; readonly batch: number }
  /** What the packet of a record is part of; answered by `conversation` with the same `request`. */
  | { readonly type: 'conversation'; readonly request: number; readonly record: number }
  /** What the stream of a record carries; answered by `stream` with the same `request`. */
  | { readonly type: 'follow'; readonly request: number; readonly record: number }
  /** All about one record; answered by `packet` with the same `request`. */
  | { readonly type: 'packet'; readonly request: number; readonly number: number }
  /** Every hop of one packet; answered by `journey` with the same `request`. */
  | { readonly type: 'journey'; readonly request: number; readonly record: number }
  /** What the trace amounts to, as far as it was counted; counting goes on. Answered by `statistics` with the same `request`. */
  | { readonly type: 'statistics'; readonly request: number }
  /** Colour rows by these rules from now on, the first that one passes: rows and packets that are told say which that is. */
  | { readonly type: 'colour-rules'; readonly rules: readonly ColourRule[] }
  /** Write this about the packet of a record; an empty text takes away what was written. All comments come as `comments`. */
  | { readonly type: 'comment'; readonly record: number; readonly text: string }
  /** The comments of an earlier life of the page, for a simulation that has none. */
  | { readonly type: 'restore-comments'; readonly comments: readonly PacketComment[] }
  /** The tables of a device as they are at this moment; answered by `tables` with the same `request`. */
  | { readonly type: 'tables'; readonly request: number; readonly device: string }
  /** The trace as pcapng, or a part of it; answered by `capture` with the same `request`. */
  | { readonly type: 'capture'; readonly request: number; readonly selection?: CaptureSelection };

/** `seeking`: on the way to a moment that the user chose. */
export type SimulationState = 'paused' | 'playing' | 'seeking' | 'finished' | 'failed';

/** What a simulation tells. */
export type SimulationEvent =
  /**
   * A fresh simulation stands at time 0: forget every record. With `until` it takes the place of another one, since the file changed, and
   * goes to that virtual time in ns by itself, doing again what the user did.
   */
  | { readonly type: 'reset'; readonly seed: number; readonly until?: number }
  /**
   * Time went back: of the records only so many have been made yet, and this is all that was told of outcomes and addresses till then.
   */
  | {
      readonly type: 'rewound';
      readonly records: number;
      readonly outcomes: readonly StepOutcome[];
      readonly addresses: readonly AddressesNow[];
    }
  | {
      readonly type: 'clock';
      readonly state: SimulationState;
      /** Virtual time in ns. */
      readonly now: number;
      readonly speed: Speed;
      /** How far this run was seen to go: later than `now` after going back, until the user acts there. Virtual ns, and records till then. */
      readonly furthest: number;
      readonly furthestRecords: number;
      /** Records so far, and the oldest one still kept. */
      readonly records: number;
      readonly oldest: number;
    }
  /** Records from number `first` on, encoded by record-batch.ts. */
  | {
      readonly type: 'records';
      readonly batch: number;
      readonly first: number;
      readonly count: number;
      readonly data: ArrayBuffer;
    }
  | {
      readonly type: 'rows';
      readonly request: number;
      readonly first: number;
      readonly rows: readonly PacketRow[];
    }
  /** Which records pass the filter that is set; a new run and a filter that is set anew begin with the oldest record that is kept. */
  | ({ readonly type: 'matches' } & MatchBatch)
  | {
      readonly type: 'conversation';
      readonly request: number;
      readonly conversation: Conversation | undefined;
    }
  | { readonly type: 'stream'; readonly request: number; readonly stream: FollowedStream | undefined }
  | { readonly type: 'packet'; readonly request: number; readonly packet: PacketDetails | undefined }
  | { readonly type: 'journey'; readonly request: number; readonly journey: Journey | undefined }
  | { readonly type: 'statistics'; readonly request: number; readonly statistics: Statistics }
  | { readonly type: 'tables'; readonly request: number; readonly tables: readonly DeviceTable[] }
  | { readonly type: 'capture'; readonly request: number; readonly data: Uint8Array }
  /** Every comment of the user, also those whose packets are not in this run or not yet; a row says which it has. */
  | { readonly type: 'comments'; readonly comments: readonly PacketComment[] }
  /** The addresses of an interface changed: leased, or given back. */
  | ({ readonly type: 'addresses' } & AddressesNow)
  /** These cables carry nothing now, all others do; told when that changes, and again with a new beginning. */
  | { readonly type: 'cables'; readonly down: readonly string[] }
  | { readonly type: 'outcome'; readonly outcome: StepOutcome }
  | ({ readonly type: 'terminal' } & TerminalOutput)
  /** The simulation can't go on; says why in a sentence. */
  | { readonly type: 'failed'; readonly message: string };

/** The addresses of one interface, each as `10.0.2.15/24`. */
export interface AddressesNow {
  readonly device: string;
  readonly port: string;
  readonly addresses: readonly string[];
}

/** How a scenario's step or a user's own ping ended. */
export interface StepOutcome {
  /** Undefined for what the user asked for by hand. */
  readonly scenario?: string;
  /** Of the `ping` request this answers, where that had one. */
  readonly request?: number;
  readonly step: number;
  readonly passed: boolean;
  /** One line, as the real tool would say it. */
  readonly text: string;
}

/** One line of the packet list. */
export interface PacketRow {
  readonly number: number;
  /** ns */
  readonly time: number;
  /** `device:port` that sent, or where it was dropped. */
  readonly from: string;
  /** `device:port` at the other end of the cable; empty for a drop. */
  readonly to: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  /** Bytes on the wire without preamble and check sequence. */
  readonly length: number;
  readonly info: string;
  /** The reason in words when this row is a drop. */
  readonly drop?: string;
  /** The rule that stopped it, as the file names it, where one did. */
  readonly rule?: string;
  /** What the user, or a capture file, says about it. */
  readonly comment?: string;
  /** The first rule of colours that it passes. */
  readonly colouring?: RowColouring;
}

/** One record with everything the details and bytes views show. */
export interface PacketDetails {
  readonly row: PacketRow;
  /** ns; undefined when it never arrived. */
  readonly arrival?: number;
  /** The record that caused this one. */
  readonly cause?: number;
  readonly layers: readonly PacketField[];
  readonly bytes: Uint8Array;
  /** Of a packet in a capture file: what the file says of it beside its bytes. */
  readonly captured?: CapturedFacts;
}

export interface CapturedFacts {
  /** Seconds since 1970 and ns of that second. */
  readonly time: { readonly seconds: number; readonly nanoseconds: number };
  /** Bytes that were captured; the row says how many there were. */
  readonly length: number;
  readonly comments: readonly string[];
  readonly direction?: 'inbound' | 'outbound';
}
