/** One layout at a time, and of the wishes that came meanwhile only the newest: while a user types, many come in a second. */
import type { ResolvedTopology } from '../../src/topology/resolved';
import { collapsedModel } from './collapse';
import type { LayoutMemory } from './drawing';
import type { LayoutEngine } from './elk';
import { layoutDiagram, type DiagramLayout } from './layout';
import type { DiagramModel } from './model';
import type { Size } from './node-size';
import type { Pins } from './pins';
import type { DiagramStrings } from './strings';
import { tiersOf, type Tiers } from './tiers';
import { viewContent, type DomainPaint, type View } from './views/view';

/** What is to be drawn. */
export interface Wish {
  readonly topology: ResolvedTopology;
  readonly view: View;
  /** Ids of folded nodes. */
  readonly collapsed: ReadonlySet<string>;
  readonly pins: Pins;
}

export interface FinishedLayout extends Wish {
  /** All that there is in this view. */
  readonly whole: DiagramModel;
  readonly tiers: Tiers;
  /** What is drawn: without what is folded. */
  readonly model: DiagramModel;
  readonly paint: DomainPaint | undefined;
  readonly layout: DiagramLayout;
}

export class LayoutQueue {
  private waiting: Wish | undefined;
  private running = false;
  private readonly memories = new Map<View, LayoutMemory>();

  /** @param room the pixels there are for the drawing at this moment */
  constructor(
    private readonly engine: LayoutEngine,
    private readonly strings: DiagramStrings,
    private readonly room: () => Size,
    private readonly finished: (result: FinishedLayout) => void,
  ) {}

  add(wish: Wish): void {
    this.waiting = wish;
    if (!this.running) {
      void this.run();
    }
  }

  /** Makes the next layouts without regard to the last ones. */
  forget(): void {
    this.memories.clear();
  }

  private async run(): Promise<void> {
    this.running = true;
    for (let wish = this.take(); wish !== undefined; wish = this.take()) {
      const { view, collapsed } = wish;
      const { model: whole, paint } = viewContent(view, wish.topology, this.strings);
      const tiers = tiersOf(whole);
      const model = collapsedModel(whole, collapsed, tiers, this.strings);
      const room = this.room();
      const layout = await layoutDiagram(model, this.engine, {
        previous: this.memoryFor(view),
        // Subnets are another picture, with devices elsewhere.
        ...(view === 'subnets' ? {} : { pins: wish.pins }),
        ...(room.width > 0 && room.height > 0 ? { view: room } : {}),
      });
      if (layout.memory === undefined) {
        this.memories.delete(view);
      } else {
        this.memories.set(view, layout.memory);
      }
      if (this.waiting === undefined) {
        this.finished({ ...wish, whole, tiers, model, paint, layout });
      }
    }
    this.running = false;
  }

  /** The domains are seen in the cabling: where that was drawn before, devices stay about where they are. */
  private memoryFor(view: View): LayoutMemory | undefined {
    const own = this.memories.get(view);
    return own === undefined && view === 'domains' ? this.memories.get('cabling') : own;
  }

  private take(): Wish | undefined {
    const next = this.waiting;
    this.waiting = undefined;
    return next;
  }
}
