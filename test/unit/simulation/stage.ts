import { Player } from '../../../src/simulation/player';
import type { SimulationEvent, SimulationRequest } from '../../../src/simulation/protocol';
import type { ResolvedTopology } from '../../../src/topology/resolved';

/** A player whose real time the test moves, and everything it told. */
export class Stage {
  readonly events: SimulationEvent[] = [];
  readonly player = new Player({
    post: event => {
      this.events.push(event);
    },
    // Each look at the clock takes a little, as on a real machine.
    wallTime: () => (this.wall += 0.01),
  });
  private wall = 1000;

  ask(request: SimulationRequest): void {
    this.player.handle({ type: 'simulation', request });
  }

  load(topology: ResolvedTopology): void {
    this.player.handle({ type: 'topology', topology });
  }

  /** Lets real time pass as the thread's timer would, acknowledging as the panel would, until nothing is to be done. */
  run(most = 10_000, acknowledge = true): number {
    let acknowledged = 0;
    for (let ticks = 1; ticks <= most; ticks++) {
      const wait = this.player.tick();
      for (; acknowledge && acknowledged < this.events.length; acknowledged++) {
        const event = this.events[acknowledged];
        if (event?.type === 'records') {
          this.ask({ type: 'acknowledge', batch: event.batch });
        }
        if (event?.type === 'matches') {
          this.ask({ type: 'acknowledge-matches', batch: event.batch });
        }
      }
      if (wait === undefined) {
        return ticks;
      }
      this.wall += wait;
    }
    return most;
  }

  told<Type extends SimulationEvent['type']>(type: Type): Extract<SimulationEvent, { type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<SimulationEvent, { type: Type }> => event.type === type,
    );
  }

  get state(): string | undefined {
    return this.told('clock').at(-1)?.state;
  }

  get now(): number {
    return this.wall;
  }
}
