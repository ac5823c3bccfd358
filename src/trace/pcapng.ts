/**
 * The trace as a pcapng file: one interface for each port, so that every end of every cable is a capture point. A transmission is
 * two packets, outbound where it left and inbound where it arrived; a drop is a comment. What the user wrote about a packet stands at the
 * first of them.
 */
import { BlockWriter, DIRECTION } from './pcapng-blocks';
import type { PacketStore } from './packet-store';
import { sortByKey } from './time-order';

/** The name that the file gives as its maker. */
const APPLICATION = 'Virtual Network Designer';

/** Bytes that one piece of the file grows to before it is handed out. */
const PIECE_BYTES = 4_194_304;

/** A capture point. */
export interface CapturePort {
  /** `device:port` */
  readonly name: string;
  /** What it is, for a reader of the file; '' for nothing. */
  readonly description: string;
  /** The number of the port at the other end of the cable, -1 for none. */
  readonly peer: number;
  /** LINKTYPE number of its packets; Ethernet where absent. */
  readonly linkType?: number;
}

/** What to say of a drop: of its code, `ttl-expired — its time to live ran out`, and of the rule that stopped the frame, where one did. */
export type DropText = (code: number, rule: string | undefined) => string;

/** Whether a packet is wanted: the record it is of, and the port at which it is captured. */
export type PacketChoice = (record: number, port: number) => boolean;

/** What the user wrote about a record; undefined for nothing. */
export type CommentText = (record: number) => string | undefined;

/**
 * The records that `store` keeps, as one file, packets sorted by time.
 * @param ports by their number in records
 * @param choice of the packets; all where it is left out
 */
export function writePcapng(
  store: PacketStore,
  ports: readonly CapturePort[],
  dropText: DropText,
  commentText?: CommentText,
  choice?: PacketChoice,
): Uint8Array {
  const pieces = [...pcapngPieces(store, ports, dropText, commentText, choice)];
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The same file in pieces of some MiB, for traces too large to hold twice. The store must not record between pieces. */
export function* pcapngPieces(
  store: PacketStore,
  ports: readonly CapturePort[],
  dropText: DropText,
  commentText: CommentText = () => undefined,
  choice: PacketChoice = () => true,
): Generator<Uint8Array> {
  const writer = new BlockWriter();
  writer.sectionHeader(APPLICATION);
  for (const port of ports) {
    writer.interfaceDescription(port.name, port.description, port.linkType);
  }
  const comments = new PacketComments(store, dropText, commentText);
  const plan = planPackets(store, ports, choice);
  for (const entry of plan.order) {
    const record = plan.first + (entry >>> 1);
    const drop = plan.first + (plan.drops[entry >>> 1] ?? 0) - 1;
    const port = store.port(record);
    if ((entry & 1) === INBOUND) {
      const told = comments.of(-1, drop < plan.first ? -1 : drop);
      const peer = ports[port]?.peer ?? 0;
      writer.enhancedPacket(peer, store.arrival(record), store.view(record), DIRECTION.inbound, told);
    } else {
      const told = comments.of(record, drop < plan.first || arrives(store, ports, record) ? -1 : drop);
      writer.enhancedPacket(port, store.departure(record), store.view(record), DIRECTION.outbound, told);
    }
    if (writer.length >= PIECE_BYTES) {
      yield writer.take();
    }
  }
  yield writer.take();
}

/** The comments of packets. */
class PacketComments {
  readonly #encoder = new TextEncoder();
  /** Those of drops, each made once. */
  readonly #drops = new Map<string, Uint8Array>();

  constructor(
    private readonly store: PacketStore,
    private readonly dropText: DropText,
    private readonly written: CommentText,
  ) {}

  /** The comments of a packet that begins a record, -1 for one that does not, and at which a drop is told, -1 for none. */
  of(record: number, drop: number): readonly Uint8Array[] {
    const why = drop < 0 ? undefined : this.#ofDrop(drop);
    const own = record < 0 ? undefined : this.written(record);
    const ofDrop = drop < 0 || drop === record ? undefined : this.written(drop);
    if (why === undefined && own === undefined) {
      return NONE;
    }
    return [why, own, ofDrop].flatMap(comment =>
      comment === undefined ? [] : [typeof comment === 'string' ? this.#encoder.encode(comment) : comment],
    );
  }

  #ofDrop(drop: number): Uint8Array {
    const text = this.dropText(this.store.dropCode(drop), this.store.rule(drop));
    const made = this.#drops.get(text) ?? this.#encoder.encode(`dropped: ${text}`);
    this.#drops.set(text, made);
    return made;
  }
}

const NONE: readonly Uint8Array[] = [];

/** The low bit of an entry of the plan; the other bits count records from the first one kept. */
const OUTBOUND = 0;
const INBOUND = 1;

interface PacketPlan {
  readonly first: number;
  /** The packets of the file in order of time. */
  readonly order: Uint32Array;
  /** The drop to comment each record with, as a record counted from `first`, plus 1; 0 for none. */
  readonly drops: Uint32Array;
}

function planPackets(store: PacketStore, ports: readonly CapturePort[], choice: PacketChoice): PacketPlan {
  const first = store.oldest;
  const kept = store.count - first;
  const drops = new Uint32Array(kept);
  const order = new Uint32Array(kept * 2);
  let packets = 0;
  for (let index = 0; index < kept; index += 1) {
    const record = first + index;
    if (store.dropCode(record) !== 0) {
      const brought = store.cause(record) - first;
      if (drops[brought] === 0 && endsTransmission(store, ports, record)) {
        drops[brought] = index + 1;
        continue;
      }
      drops[index] = index + 1;
    }
    const port = store.port(record);
    if (port < ports.length && choice(record, port)) {
      order[packets++] = index * 2 + OUTBOUND;
    }
    if (arrives(store, ports, record) && choice(record, ports[port]?.peer ?? -1)) {
      order[packets++] = index * 2 + INBOUND;
    }
  }
  const keyOf = (entry: number): number => {
    const record = first + (entry >>> 1);
    return (entry & 1) === INBOUND ? store.arrival(record) : store.departure(record);
  };
  return { first, order: sortByKey(order.slice(0, packets), keyOf), drops };
}

/** Whether this transmission has an inbound packet. */
function arrives(store: PacketStore, ports: readonly CapturePort[], record: number): boolean {
  const peer = ports[store.port(record)]?.peer ?? -1;
  return peer >= 0 && peer < ports.length && !Number.isNaN(store.arrival(record));
}

/**
 * Whether a drop is the end of the very transmission that caused it: the frame was lost on the cable, or dropped by the port that it
 * came in by, unchanged. Other drops, such as at a full queue of the next port, are packets of their own.
 */
function endsTransmission(store: PacketStore, ports: readonly CapturePort[], record: number): boolean {
  const cause = store.cause(record);
  if (cause < store.oldest || store.dropCode(cause) !== 0) {
    return false;
  }
  const from = store.port(cause);
  const end = arrives(store, ports, cause) ? ports[from]?.peer : from;
  return end === store.port(record) && store.sameFrame(record, cause);
}
