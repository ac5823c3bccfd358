/** How one drawing gives way to the next: what it has in common with it, and from where things move. */
import { commonShift, shiftDrawing } from './drawing-blend';
import type { Drawing } from './drawing';
import type { Point } from './geometry';
import type { DiagramModel } from './model';
import { renumberedDrawing } from './renumbered';

export interface Succession {
  /** How far all moved together; undefined where the next drawing is of something else. */
  readonly shift: Point | undefined;
  /** What was on the screen, moved by so much; undefined where there was nothing. */
  readonly from: (shift: Point | undefined) => Drawing | undefined;
}

/**
 * @param last as it was laid out, if anything was
 * @param shown as it is on the screen, maybe on its way to the last
 * @param model what the next drawing is of
 * @param sameView whether both show the same of a network
 */
export function succession(
  last: Drawing | undefined,
  shown: Drawing | undefined,
  next: Drawing,
  model: DiagramModel,
  sameView: boolean,
): Succession {
  if (last === undefined) {
    return { shift: undefined, from: () => undefined };
  }
  const old = renumberedDrawing(last, model);
  const seen = shown === undefined ? old : renumberedDrawing(shown, model);
  return {
    shift: sameView && old.nodes.length > 0 ? commonShift(old, next) : undefined,
    from: shift =>
      shift === undefined || (shift.x === 0 && shift.y === 0) ? seen : shiftDrawing(seen, shift),
  };
}
