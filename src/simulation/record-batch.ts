/** The compact form in which records reach the panel: enough to count, draw and animate them; text is asked for by row. */
import { PROTOCOL_CLASSES, type ProtocolClass } from '../trace/protocol-class';

export { PROTOCOL_CLASSES, type ProtocolClass } from '../trace/protocol-class';

/** One record as the panel needs it at once. */
export interface RecordSummary {
  /** ns: first bit leaves, or the moment of a drop. */
  departure: number;
  /** ns: last bit arrives; NaN for a drop and for a frame lost on the cable. */
  arrival: number;
  /** Number of the sending port, counting the ports of all devices in the topology's order. */
  port: number;
  /** Record that caused this one, -1 for none. */
  cause: number;
  /** Bytes. */
  length: number;
  protocol: ProtocolClass;
  /** 0, or the code of a drop reason. */
  drop: number;
}

/** Bytes of one encoded record. */
export const RECORD_BYTES = 28;

/** Writes one record at `index` of a batch. */
export function encodeRecord(view: DataView, index: number, record: RecordSummary): void {
  const at = index * RECORD_BYTES;
  view.setFloat64(at, record.departure, true);
  view.setFloat64(at + 8, record.arrival, true);
  view.setInt32(at + 16, record.cause, true);
  view.setUint16(at + 20, record.port, true);
  view.setUint16(at + 22, Math.min(record.length, 0xffff), true);
  view.setUint8(at + 24, PROTOCOL_CLASSES.indexOf(record.protocol));
  view.setUint8(at + 25, record.drop);
}

/** Reads the record at `index` of a batch. */
export function decodeRecord(view: DataView, index: number): RecordSummary {
  const at = index * RECORD_BYTES;
  return {
    departure: view.getFloat64(at, true),
    arrival: view.getFloat64(at + 8, true),
    cause: view.getInt32(at + 16, true),
    port: view.getUint16(at + 20, true),
    length: view.getUint16(at + 22, true),
    protocol: PROTOCOL_CLASSES[view.getUint8(at + 24)] ?? 'other',
    drop: view.getUint8(at + 25),
  };
}
