/** Two stacks on one cable, for whole conversations. */
import { Port, type Cable } from '../../../../../src/engine/kernel/port';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { Stack } from '../../../../../src/engine/stack/stack';
import { parseInterfaceAddress } from '../../../../../src/net/ipv4-prefix';
import { macFromNumber } from '../../../../../src/net/mac-address';
import { Recorder } from '../../recorder';
import { cableFor, SECOND } from '../../station';

export class TwoStacks {
  readonly recorder = new Recorder();
  readonly simulator: Simulator;
  /** 10.0.0.1 */
  readonly client: Stack;
  /** 10.0.0.2 */
  readonly server: Stack;

  constructor(cable: Partial<Cable> = {}, seed = 1) {
    this.simulator = new Simulator(seed, this.recorder);
    const [client, server] = [1, 2].map(number => {
      const stack = new Stack(this.simulator, `host-${number}`, false, undefined);
      const on = stack.addInterface('eth0', macFromNumber(0x020000000000 + number), 1500, number - 1);
      const port = new Port(this.simulator, number - 1, on);
      on.port = port;
      stack.setAddresses(on, [parseInterfaceAddress(`10.0.0.${number}/24`)!]);
      return { stack, port };
    });
    client!.port.connect(server!.port, cableFor(this.simulator, cable));
    this.client = client!.stack;
    this.server = server!.stack;
  }

  run(seconds: number): void {
    this.simulator.runUntil(this.simulator.now + Math.round(seconds * SECOND));
  }
}
