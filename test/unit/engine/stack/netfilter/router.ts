/** A router under test: interface 0 is the inside 192.168.1.0/24, interface 1 the outside 203.0.113.0/24; one station plays each side. */
import { Netfilter } from '../../../../../src/engine/stack/netfilter/netfilter';
import type { ResolvedFirewallRule, ResolvedSourceNat } from '../../../../../src/topology/resolved';
import { frameLine, type Ends } from '../../packets';
import { Bench } from '../../station';
import { ip } from '../../topologies';

export const INSIDE = '192.168.1.2';
export const OTHER = '192.168.1.3';
export const LAN = '192.168.1.1';
export const WAN = '203.0.113.1';
export const SERVER = '203.0.113.2';
export const SERVER_2 = '203.0.113.3';

export type NatOptions = Partial<Omit<ResolvedSourceNat, 'outside' | 'source'>>;

export class Router {
  readonly bench: Bench;
  readonly netfilter: Netfilter;

  /** @param outside the addresses of interface 1, as `Bench` takes them */
  constructor(
    nat: NatOptions | 'none' = {},
    firewall?: readonly ResolvedFirewallRule[],
    outside = `${WAN}/24`,
  ) {
    const bench = new Bench([`${LAN}/24`, outside], { forwarding: true });
    this.bench = bench;
    this.netfilter = new Netfilter(bench.stack.ip, bench.stack.icmp, {
      name: 'bench',
      ...(nat === 'none'
        ? {}
        : { nat: { config: { outside: 'eth1', source: [], ...nat }, outside: bench.on(1) } }),
      ...(firewall === undefined ? {} : { firewall }),
    });
    bench.stack.ip.sender.hook = this.netfilter;
    for (const [address, index] of [
      [INSIDE, 0],
      [OTHER, 0],
      [SERVER, 1],
      [SERVER_2, 1],
    ] as const) {
      bench.introduce(index, ip(address));
    }
    bench.stations.forEach(station => {
      station.answersArp = true;
    });
    bench.takeReasons();
  }

  /** From an inside host to anywhere. */
  outwards(to = SERVER, from = INSIDE): Ends {
    return this.bench.ends(to, 0, from);
  }

  /** From an outside host to anywhere. */
  inwards(to = WAN, from = SERVER): Ends {
    return this.bench.ends(to, 1, from);
  }

  /** Sends from inside; what comes out on either side, as `inside: …` or `outside: …`. */
  fromInside(bytes: Uint8Array): string[] {
    this.bench.inject(bytes, 0);
    return this.lines();
  }

  fromOutside(bytes: Uint8Array): string[] {
    this.bench.inject(bytes, 1);
    return this.lines();
  }

  /** Sends from inside; the frames that come out outside. */
  out(bytes: Uint8Array): Uint8Array[] {
    this.lines();
    this.bench.inject(bytes, 0);
    return this.bench.station(1).take();
  }

  /** Sends from outside; the frames that come out inside. */
  back(bytes: Uint8Array): Uint8Array[] {
    this.lines();
    this.bench.inject(bytes, 1);
    return this.bench.station(0).take();
  }

  /** What came out on either side since the last call. */
  lines(): string[] {
    return ['inside', 'outside'].flatMap((side, index) =>
      this.bench
        .station(index)
        .take()
        .map(bytes => `${side}: ${frameLine(bytes)}`),
    );
  }

  /** The live connections. */
  get live() {
    return [...this.netfilter.connections.live(this.bench.simulator.now)];
  }
}

/** A rule with what the test leaves out. */
export function rule(
  chain: ResolvedFirewallRule['chain'],
  action: ResolvedFirewallRule['action'],
  more: Partial<ResolvedFirewallRule> = {},
): ResolvedFirewallRule {
  return { chain, action, source: ['nodes', 'router', 'firewall', 0], ...more };
}
