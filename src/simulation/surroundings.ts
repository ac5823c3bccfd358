/** What is around a player: its thread in the editor, a test's stage. */
import type { SimulationEvent } from './protocol';

export interface PlayerSurroundings {
  /** Sends an event; buffers in `transfer` are given away with it. */
  readonly post: (event: SimulationEvent, transfer?: readonly ArrayBuffer[]) => void;
  /** Real time in milliseconds from any beginning. */
  readonly wallTime: () => number;
}
