/** One layout at a time, and of the topologies that came meanwhile only the newest: while a user types, many come in a second. */
import type { ResolvedTopology } from '../../src/topology/resolved';
import type { LayoutMemory } from './drawing';
import type { LayoutEngine } from './elk';
import { layoutDiagram, type DiagramLayout } from './layout';
import { diagramModel, type DiagramModel } from './model';
import type { Size } from './node-size';
import type { DiagramStrings } from './strings';

export interface FinishedLayout {
  readonly topology: ResolvedTopology;
  readonly model: DiagramModel;
  readonly layout: DiagramLayout;
}

export class LayoutQueue {
  private waiting: ResolvedTopology | undefined;
  private running = false;
  private memory: LayoutMemory | undefined;

  /** @param room the pixels there are for the drawing at this moment */
  constructor(
    private readonly engine: LayoutEngine,
    private readonly strings: DiagramStrings,
    private readonly room: () => Size,
    private readonly finished: (result: FinishedLayout) => void,
  ) {}

  add(topology: ResolvedTopology): void {
    this.waiting = topology;
    if (!this.running) {
      void this.run();
    }
  }

  /** Makes the next layout without regard to the last one. */
  forget(): void {
    this.memory = undefined;
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let topology = this.take(); topology !== undefined; topology = this.take()) {
      const model = diagramModel(topology, this.strings);
      const view = this.room();
      const layout = await layoutDiagram(model, this.engine, {
        previous: this.memory,
        ...(view.width > 0 && view.height > 0 ? { view } : {}),
      });
      this.memory = layout.memory;
      if (this.waiting === undefined) {
        this.finished({ topology, model, layout });
      }
    }
    this.running = false;
  }

  private take(): ResolvedTopology | undefined {
    const next = this.waiting;
    this.waiting = undefined;
    return next;
  }
}
