/** The messages about a capture file that somebody opened, beside those that a simulation has too. Plain data only. */
import type { CaptureProblem } from '../../trace/capture-file/captured-packet';
import type { SimulationEvent, SimulationRequest } from '../protocol';

/** Why the file is not shown to its end. */
export type CaptureFileProblem =
  | {
      readonly kind: Exclude<CaptureProblem, 'too-many-packets'> | 'too-large';
      /** The byte of the file at which reading stopped. */
      readonly at: number;
    }
  /** The system did not give the file's bytes, and why. */
  | { readonly kind: 'unreadable'; readonly message: string };

/** How far the file was read. */
export interface CaptureFileState {
  readonly type: 'capture-file';
  /** Of the interfaces in the file's order; absent when they are those that were told last. */
  readonly interfaces?: readonly CapturedInterface[];
  /** When the first packet was captured: seconds since 1970 and ns of that second; absent before there is one. */
  readonly start?: { readonly seconds: number; readonly nanoseconds: number };
  /** Bytes read, of so many. */
  readonly read: number;
  readonly size: number;
  /** Whether no more will be read. */
  readonly done: boolean;
  readonly problem?: CaptureFileProblem;
}

/** An interface in the file, as two parts of `device:port`; one that names no device has all its name in the first. */
export interface CapturedInterface {
  readonly device: string;
  readonly port: string;
}

export type CaptureEvent = SimulationEvent | CaptureFileState;

/** What the owner of a capture file's thread asks of it. */
export type CaptureWorkerRequest =
  /** Read this file from disk. */
  | { readonly type: 'open-path'; readonly path: string }
  /** These are the bytes of the whole file. */
  | { readonly type: 'open-bytes'; readonly bytes: Uint8Array }
  /** There is no such file, or it can't be read. */
  | { readonly type: 'unreadable'; readonly message: string }
  /** The receiver of the events knows nothing. */
  | { readonly type: 'tell-again' }
  | { readonly type: 'simulation'; readonly request: SimulationRequest };
