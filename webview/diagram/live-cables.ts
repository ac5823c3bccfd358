/** Which cables carry nothing at this moment: pulled out, or with an interface that is off at one end. */
import type { DrawnCable } from './drawing';

export class LiveCables {
  private down: ReadonlySet<string> | undefined;

  /** @param changed draws them; nothing moves */
  constructor(private readonly changed: () => void) {}

  /** @param down ids of the cables without a link; undefined before a simulation tells */
  set(down: readonly string[] | undefined): void {
    this.down = down === undefined ? undefined : new Set(down);
    this.changed();
  }

  /** What the file says, until the simulation does; only the file knows lines that are no cables. */
  readonly isUp = ({ id, kind, up }: DrawnCable): boolean =>
    kind === 'cable' && this.down !== undefined ? !this.down.has(id) : up;
}
