/** A network for a test: built, booted and run in virtual time, with every record kept. */
import { createNetwork, type NetworkControl, type PingResult } from '../../../src/engine/network';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { Recorder } from './recorder';
import { ip } from './topologies';

const SECOND = 1_000_000_000;

export class Running {
  readonly recorder = new Recorder();
  readonly network: NetworkControl;

  /** Boots the network and lets a second pass. */
  constructor(plan: ResolvedTopology, seed = 1) {
    this.network = createNetwork(plan, { seed, observer: this.recorder });
    this.network.boot();
    this.run(1);
  }

  /** Lets this many seconds pass. */
  run(seconds: number): void {
    this.network.runUntil(this.network.now + Math.round(seconds * SECOND));
  }

  ping(from: string, to: string, more: { readonly size?: number; readonly count?: number } = {}): PingResult {
    let got: PingResult | undefined;
    const { count = 1 } = more;
    this.network.ping(
      from,
      { kind: 'address', address: ip(to) },
      { within: 2 * SECOND, ...more, count },
      result => {
        got = result;
      },
    );
    this.run(count + 4);
    return got!;
  }

  /** The results of a ping, one word each, in the order of the requests. */
  results(
    from: string,
    to: string,
    more: { readonly size?: number; readonly count?: number } = {},
  ): string[] {
    const { replies } = this.ping(from, to, more);
    return [...replies].sort((a, b) => a.sequence - b.sequence).map(({ result }) => result);
  }
}
