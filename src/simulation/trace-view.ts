/** The trace as it is shown: records as summaries, rows and details, with ports by name and drops in words. */
import { DROP_REASONS, dropReasonOf, type DropReason } from '../engine/kernel/drop-reason';
import { dissect, type Dissection } from '../trace/dissect/dissect';
import type { PacketStore } from '../trace/packet-store';
import { classify } from '../trace/protocol-class';
import { linkTypeOf, type TracePort } from './link-type';
import type { PacketComments } from './packet-comments';
import type { PacketDetails, PacketRow } from './protocol';
import type { RecordSummary } from './record-batch';
import type { RecordSource } from './record-stream';

export class TraceView implements RecordSource {
  constructor(
    protected readonly store: PacketStore,
    /** By their number in records. */
    readonly ports: readonly TracePort[],
    private readonly comments?: PacketComments,
  ) {}

  get oldest(): number {
    return this.store.oldest;
  }

  get end(): number {
    return this.store.count;
  }

  /** The record with this number, which must be kept. */
  summary(number: number): RecordSummary {
    const { store } = this;
    return {
      departure: store.departure(number),
      arrival: store.arrival(number),
      port: store.port(number),
      cause: store.cause(number),
      length: store.length(number),
      protocol: classify(store.view(number), this.linkType(number)),
      drop: store.dropCode(number),
    };
  }

  /** The record that caused this one, which must be kept; -1 for none. */
  cause(number: number): number {
    return this.store.cause(number);
  }

  /** Up to `count` rows from number `first` on, as far as they are kept. */
  rows(first: number, count: number): readonly PacketRow[] {
    const from = Math.max(first, this.oldest);
    const rows: PacketRow[] = [];
    for (let number = from; number < Math.min(first + count, this.end); number++) {
      rows.push(this.row(number, dissect(this.store.view(number), this.linkType(number))));
    }
    return rows;
  }

  /** All about one record; undefined when it is not kept. */
  packet(number: number): PacketDetails | undefined {
    if (!Number.isInteger(number) || number < this.oldest || number >= this.end) {
      return undefined;
    }
    const bytes = this.store.bytes(number);
    const dissection = dissect(bytes, this.linkType(number));
    const arrival = this.store.arrival(number);
    const cause = this.store.cause(number);
    return {
      row: this.row(number, dissection),
      ...(Number.isNaN(arrival) ? {} : { arrival }),
      ...(cause < 0 ? {} : { cause }),
      layers: dissection.layers,
      bytes,
    };
  }

  /** The number of the port that sent a record, which must be kept, or where it was dropped. */
  port(number: number): number {
    return this.store.port(number);
  }

  /** The number of the port that the frame of a record reached; -1 where it reached none. */
  receiver(number: number): number {
    const { store } = this;
    return Number.isNaN(store.arrival(number)) ? -1 : (this.ports[store.port(number)]?.peer ?? -1);
  }

  /** `device:port` that sent a record, or where it was dropped. */
  sender(number: number): string {
    return nameOf(this.ports[this.store.port(number)]);
  }

  /** The device that sent the frame of a record, or dropped it. */
  senderDevice(number: number): string {
    return this.ports[this.store.port(number)]?.device ?? '';
  }

  /** The device at the other end of the cable; empty for none. */
  receiverDevice(number: number): string {
    return this.ports[this.ports[this.store.port(number)]?.peer ?? -1]?.device ?? '';
  }

  /** Why the frame of a record, which must be kept, went no further; undefined where it did. */
  dropReason(number: number): DropReason | undefined {
    return dropReasonOf(this.store.dropCode(number));
  }

  /** When a record was made, in virtual ns. */
  time(number: number): number {
    return this.store.departure(number);
  }

  /** The frame of a record, which must be kept, in place: right until the next look at a frame or the next record. */
  frame(number: number): Uint8Array {
    return this.store.view(number);
  }

  /** Whether the frames of two records are the same, byte for byte. */
  sameFrame(one: number, other: number): boolean {
    return this.store.sameFrame(one, other);
  }

  /** A copy of the frame of a record, which must be kept. */
  bytes(number: number): Uint8Array {
    return this.store.bytes(number);
  }

  /** LINKTYPE number of what the record's frame is. */
  linkType(number: number): number {
    return linkTypeOf(this.ports[this.store.port(number)]);
  }

  /** What somebody wrote about the packet of a record, which must be kept; undefined for nothing. */
  comment(number: number): string | undefined {
    return this.comments?.textOf(this, number);
  }

  protected row(number: number, { columns }: Dissection): PacketRow {
    const { store } = this;
    const port = this.ports[store.port(number)];
    const reason = dropReasonOf(store.dropCode(number));
    const rule = store.rule(number);
    const comment = this.comment(number);
    return {
      number,
      time: store.departure(number),
      from: nameOf(port),
      to: reason === undefined && port !== undefined ? nameOf(this.ports[port.peer]) : '',
      source: columns.source,
      destination: columns.destination,
      protocol: columns.protocol,
      length: store.length(number),
      info: columns.info,
      ...(reason === undefined ? {} : { drop: DROP_REASONS[reason] }),
      ...(rule === undefined ? {} : { rule }),
      ...(comment === undefined ? {} : { comment }),
    };
  }
}

/** `device:port`; an interface that a file gives no device is all there is. */
export function nameOf(port: TracePort | undefined): string {
  if (port === undefined) {
    return '';
  }
  return port.name === '' ? port.device : `${port.device}:${port.name}`;
}
