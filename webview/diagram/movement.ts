/** Moves a drawing to its next form in a few steps, or at once where the user wants nothing to move. */
import { blendDrawings, standsStill } from './drawing-blend';
import type { Drawing } from './drawing';
import { prefersReducedMotion } from './theme';

/** Milliseconds in which things move to their new places after an edit. */
const DURATION = 250;
/** Larger drawings jump: redrawing them for each step would stutter. */
const MOST_NODES = 400;

export class Movement {
  private frame = 0;

  /** @param show draws a step, the last one exactly as it was given */
  constructor(private readonly show: (drawing: Drawing) => void) {}

  /** @param from undefined for a drawing that simply appears */
  begin(from: Drawing | undefined, to: Drawing): void {
    this.stop();
    const jumps = prefersReducedMotion() || to.nodes.length > MOST_NODES;
    if (from === undefined || jumps || standsStill(from, to)) {
      this.show(to);
      return;
    }
    const started = performance.now();
    const step = (): void => {
      const share = Math.min(1, (performance.now() - started) / DURATION);
      this.show(share < 1 ? blendDrawings(from, to, easeOut(share)) : to);
      if (share < 1) {
        this.frame = requestAnimationFrame(step);
      }
    };
    step();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }
}

function easeOut(share: number): number {
  return 1 - (1 - share) ** 3;
}
