/** What the steps of scenarios act on, and how they tell how they ended. */
import type { NetworkControl } from '../../engine/network';
import type { Dissection } from '../../trace/dissect/dissect';

export interface StepContext {
  readonly network: NetworkControl;
  readonly trace: TraceReader;
  /** The number that the next record had when the scenario began. */
  readonly firstRecord: number;
}

/** The trace as a step reads it. */
export interface TraceReader {
  /** The first record that is still kept, and the number of the next one. */
  readonly oldest: number;
  readonly end: number;
  /** Whether a record was seen at this point: sent from there or arrived there by now. Drops are not. */
  passed(record: number, device: string, port: string): boolean;
  /** The frame of a record, with the LINKTYPE number of what it is. */
  frame(record: number): {
    readonly bytes: Uint8Array;
    readonly linkType: number;
    readonly dissection: Dissection;
  };
}

/** How a step ended: whether as expected, and the line that says so. */
export type StepEnded = (passed: boolean, text: string) => void;

/** Adds what was expected to a line that says what was not. */
export function unexpected(line: string, expected: string): string {
  return `${line} (expected ${expected})`;
}
