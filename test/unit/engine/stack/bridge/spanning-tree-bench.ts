/** Switches with spanning trees, cabled together, and a host on each. */
import { createNetwork, type NetworkControl, type PingResult } from '../../../../../src/engine/network';
import { macFromNumber } from '../../../../../src/net/mac-address';
import type { ResolvedSpanningTree, ResolvedSwitch } from '../../../../../src/topology/resolved';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, machine, switchOf, topology } from '../../topologies';

export const STP: ResolvedSpanningTree = {
  protocol: 'stp',
  priority: 32768,
  helloSeconds: 2,
  maximumAgeSeconds: 20,
  forwardDelaySeconds: 15,
};
export const RSTP: ResolvedSpanningTree = { ...STP, protocol: 'rstp' };

/** Switch `index` from 0; its ports follow its links in order, then comes its host's. */
export class SpanningTreeBench {
  readonly recorder = new Recorder();
  readonly network: NetworkControl;
  private readonly lines: string[];

  /** @param links pairs of switches; the first is at 1 Gbit/s as all are, unless `rates` says otherwise */
  constructor(
    readonly switches: readonly (ResolvedSpanningTree | undefined)[],
    readonly links: readonly (readonly [number, number])[],
    readonly rate = 1e10,
  ) {
    const used = switches.map(() => 0);
    this.lines = links.map(([one, other]) => `s${one}:${++used[one]!} -- s${other}:${++used[other]!}`);
    const hosts = switches.map((_, index) => `h${index}:eth0 -- s${index}:${++used[index]!}`);
    this.network = createNetwork(
      topology(
        [
          ...switches.map((spanningTree, index): ResolvedSwitch => {
            const mac = macFromNumber(0x020000000100 * (index + 1));
            const base = { ...switchOf(`s${index}`, used[index]!), mac };
            return spanningTree === undefined ? base : { ...base, spanningTree };
          }),
          ...switches.map((_, index) =>
            machine(`h${index}`, { eth0: { address: `10.0.0.${index + 1}/24` } }),
          ),
        ],
        cables([...this.lines, ...hosts], { rate }),
      ),
      { seed: 1, observer: this.recorder },
    );
    this.network.boot();
  }

  run(seconds: number): void {
    this.network.runUntil(this.network.now + Math.round(seconds * SECOND));
  }

  /** Whether one host reaches another now. */
  reaches(from: number, to: number): boolean {
    let result: PingResult | undefined;
    this.network.ping(
      `h${from}`,
      { kind: 'device', device: `h${to}` },
      { count: 1, within: SECOND },
      done => (result = done),
    );
    this.run(4);
    return result?.replies[0]?.result === 'reply';
  }

  /** Pulls the cable at this port. */
  cut(name: string): void {
    this.network.setCable(this.cableAt(name), { up: false });
  }

  /** Plugs it in again. */
  mend(name: string): void {
    this.network.setCable(this.cableAt(name), { up: true });
  }

  /** One end of a link. */
  portOfLink(link: number): string {
    return this.lines[link]!.split(' -- ')[0]!;
  }

  private cableAt(name: string): string {
    return this.lines.find(line => line.split(' -- ').includes(name))!;
  }

  /** The number of a switch's port in the records. */
  port(name: string): number {
    return this.network.ports.findIndex(port => `${port.device}:${port.name}` === name);
  }

  /** What a port sent: seconds and bytes. */
  sentBy(name: string): { readonly seconds: number; readonly bytes: Uint8Array }[] {
    const port = this.port(name);
    return this.recorder.sent
      .filter(record => record.port === port)
      .map(({ time, bytes }) => ({ seconds: time / SECOND, bytes }));
  }
}
