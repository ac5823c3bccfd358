/** A record as a display filter looks at it: dissected only when a filter asks for what the bytes alone don't tell. */
import { EVERYDAY_DROPS } from '../../engine/kernel/drop-reason';
import { dissect } from '../../trace/dissect/dissect';
import type { FilteredPacket } from '../../trace/filter/packet-values';
import type { PacketField } from '../../trace/dissect/packet-field';
import type { NumberedFlow } from '../../trace/streams/stream-index';
import type { TraceView } from '../trace-view';
import { isRetransmission } from './retransmission';
import type { StreamNumbers } from './stream-numbers';

export class RecordPacket implements FilteredPacket {
  readonly bytes: Uint8Array;
  readonly linkType: number;
  #layers: readonly PacketField[] | undefined;

  /** Good until another frame of the trace is looked at. */
  constructor(
    private readonly view: TraceView,
    private readonly record: number,
    private readonly streams: StreamNumbers | undefined,
  ) {
    this.bytes = view.frame(record);
    this.linkType = view.linkType(record);
  }

  get layers(): readonly PacketField[] {
    this.#layers ??= dissect(this.bytes, this.linkType).layers;
    return this.#layers;
  }

  /** What the packet list shows: rows count from 1. */
  get number(): number {
    return this.record + 1;
  }

  get interfaceName(): string {
    return this.view.sender(this.record);
  }

  get comment(): string | undefined {
    return this.view.comment(this.record);
  }

  get drop(): FilteredPacket['drop'] {
    const reason = this.view.dropReason(this.record);
    return reason && { reason, everyday: EVERYDAY_DROPS.has(reason) };
  }

  get isRetransmission(): boolean {
    return isRetransmission(this.view, this.record);
  }

  get flows(): readonly NumberedFlow[] {
    return this.streams?.of(this.record, this.bytes, this.linkType) ?? [];
  }
}
