/** What was seen at the capture points of one world. */

export interface CapturedFrame {
  /** ns; only differences mean something. */
  readonly time: number;
  readonly bytes: Uint8Array;
  /** Number of this transmission and of the one that made it happen, where the world knows them; -1 for none. */
  readonly record?: number;
  readonly cause?: number;
}

export interface Capture {
  /** Frames in the order of each point, by `device:port`. */
  readonly points: ReadonlyMap<string, readonly CapturedFrame[]>;
  /** When each action began, ns on the clock of the frames. */
  readonly actions: readonly number[];
}

/** The number of the last action that had begun at this time; -1 before the first. */
export function actionAt(capture: Capture, time: number): number {
  return capture.actions.findLastIndex(start => start <= time);
}
