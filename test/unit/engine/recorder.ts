/** Keeps every record of a simulation, and checks that frames stay as they were sent. */
import type { DropReason } from '../../../src/engine/kernel/drop-reason';
import type { Frame } from '../../../src/engine/kernel/frame';
import type { TrafficObserver } from '../../../src/engine/kernel/traffic-observer';
import { frameLine } from './packets';

export interface TrafficRecord {
  /** Departure of a transmission, moment of a drop; ns. */
  readonly time: number;
  /** NaN for drops and for frames that the cable lost. */
  readonly arrival: number;
  readonly port: number;
  /** A copy of the frame as it was then. */
  readonly bytes: Uint8Array;
  readonly frame: Frame;
  readonly cause: number;
  /** Undefined for a transmission. */
  readonly reason?: DropReason;
  /** The rule that stopped it. */
  readonly rule?: string;
}

export class Recorder implements TrafficObserver {
  readonly records: TrafficRecord[] = [];

  transmitted(time: number, arrival: number, port: number, frame: Frame, cause: number): void {
    this.records.push({ time, arrival, port, bytes: frame.bytes.slice(), frame, cause });
  }

  dropped(
    time: number,
    port: number,
    frame: Frame,
    reason: DropReason,
    cause: number,
    rule: string | undefined,
  ): void {
    const bytes = frame.bytes.slice();
    this.records.push({
      time,
      arrival: Number.NaN,
      port,
      bytes,
      frame,
      cause,
      reason,
      ...(rule === undefined ? {} : { rule }),
    });
  }

  get sent(): readonly TrafficRecord[] {
    return this.records.filter(({ reason }) => reason === undefined);
  }

  get drops(): readonly TrafficRecord[] {
    return this.records.filter(({ reason }) => reason !== undefined);
  }

  get reasons(): readonly DropReason[] {
    return this.records.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  }

  /** The summary of every transmission, or of those of one port. */
  lines(port?: number): string[] {
    return this.sent
      .filter(record => port === undefined || record.port === port)
      .map(({ bytes }) => frameLine(bytes));
  }

  /** The record, its cause, the cause's cause and so on. */
  causes(record: number): number[] {
    const chain: number[] = [];
    for (let at = record; at >= 0; at = this.records[at]!.cause) {
      chain.push(at);
    }
    return chain;
  }

  /** Frames whose bytes are not what they were when some record was made. */
  get changedFrames(): readonly TrafficRecord[] {
    return this.records.filter(({ bytes, frame }) => !bytes.every((byte, at) => frame.bytes[at] === byte));
  }

  /** Everything, in a form that two runs can be compared by. */
  get log(): string[] {
    return this.records.map(
      ({ time, arrival, port, bytes, cause, reason }) =>
        `${time} ${arrival} ${port} ${cause} ${reason ?? ''} ${Buffer.from(bytes).toString('hex')}`,
    );
  }
}
