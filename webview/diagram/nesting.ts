/** Which box is in which, from the innermost out to the whole drawing. */
import type { Arrangement } from './arrangement';

/** The box that everything is in. */
export const ROOT = 'root';

export class Nesting {
  constructor(private readonly arrangement: Arrangement) {}

  containerOf(id: string): string {
    return this.arrangement.container.get(id) ?? ROOT;
  }

  /** The boxes around a node, innermost first, the root last. */
  around(id: string): string[] {
    const boxes: string[] = [];
    for (let at = this.containerOf(id); at !== ROOT; at = this.containerOf(at)) {
      boxes.push(at);
    }
    return [...boxes, ROOT];
  }

  isWithin(id: string, box: string): boolean {
    return this.around(id).includes(box);
  }
}
