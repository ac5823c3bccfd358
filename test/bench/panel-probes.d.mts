/** Begins to measure: from each key to the frame in which its letter is on the screen. */
export function watchLetters(editor: unknown): void;

/** What was measured so far. */
export function lettersSeen(): number[];

/** Jumps of a list to places all over it: until its rows are there, and until their text is. */
export function jumps(list: unknown, count: number): Promise<{ rows: number; text: number }[]>;

/** The times from frame to frame for so long. */
export function animationFrames(element: unknown, milliseconds: number): Promise<number[]>;

/** When a device is drawn, in ms since 1970. */
export function untilDrawn(
  body: unknown,
  wanted: { readonly device: string; readonly there: boolean },
): Promise<number>;
