/** The three networks of the benchmark: the same shapes, rates and packets as the ns-3 program they are compared with. */
import type { ResolvedTopology } from '../../src/topology/resolved';
import { cables, ip, machine, net, switchOf, topology } from '../unit/engine/topologies';

export interface BenchScenario {
  readonly name: string;
  readonly topology: ResolvedTopology;
  /** Sender and address of the receiver. */
  readonly flows: readonly { readonly from: string; readonly to: number }[];
}

/** Two hosts and a learning switch. */
export function pair(): BenchScenario {
  return {
    name: 'pair',
    topology: topology(
      [
        machine('h0', { eth0: { address: '10.0.0.1/16' } }),
        machine('h1', { eth0: { address: '10.0.0.2/16' } }),
        switchOf('sw', 2),
      ],
      cables(['h0:eth0 -- sw:1', 'h1:eth0 -- sw:2']),
    ),
    flows: [{ from: 'h0', to: ip('10.0.0.2') }],
  };
}

/** Hosts on leaf switches of ten under one root; each sends to the 37th after it. */
export function tree(hosts = 100): BenchScenario {
  const fan = 10;
  const leaves = Math.ceil(hosts / fan);
  const address = (index: number): string => `10.0.${Math.floor((index + 1) / 256)}.${(index + 1) % 256}`;
  const indexes = Array.from({ length: hosts }, (_, index) => index);
  return {
    name: 'tree',
    topology: topology(
      [
        ...indexes.map(index => machine(`h${index}`, { eth0: { address: `${address(index)}/16` } })),
        ...Array.from({ length: leaves }, (_, leaf) => switchOf(`leaf${leaf}`, fan + 1)),
        switchOf('root', leaves),
      ],
      cables([
        ...indexes.map(index => `h${index}:eth0 -- leaf${Math.floor(index / fan)}:${(index % fan) + 1}`),
        ...Array.from({ length: leaves }, (_, leaf) => `leaf${leaf}:${fan + 1} -- root:${leaf + 1}`),
      ]),
    ),
    flows: indexes.map(index => ({ from: `h${index}`, to: ip(address((index + 37) % hosts)) })),
  };
}

/** A sender, ten routers in a row, a receiver; link k has the network 10.0.k.0/24. */
export function line(routers = 10): BenchScenario {
  const last = routers;
  const routes = (
    index: number,
  ): { to: ReturnType<typeof net>; via: ReturnType<typeof ip>; metric: number; source: [] }[] =>
    Array.from({ length: routers + 1 }, (_, network) => network)
      .filter(network => network !== index && network !== index - 1)
      .map(network => ({
        to: net(`10.0.${network}.0/24`),
        via: ip(network > index ? `10.0.${index}.2` : `10.0.${index - 1}.1`),
        metric: 0,
        source: [],
      }));
  return {
    name: 'line',
    topology: topology(
      [
        machine('src', { eth0: { address: '10.0.0.1/24', gateway: '10.0.0.2' } }),
        ...Array.from({ length: routers }, (_, k) =>
          machine(
            `r${k + 1}`,
            { left: { address: `10.0.${k}.2/24` }, right: { address: `10.0.${k + 1}.1/24` } },
            { kind: 'router', forwarding: true, routes: routes(k + 1) },
          ),
        ),
        machine('dst', { eth0: { address: `10.0.${last}.2/24`, gateway: `10.0.${last}.1` } }),
      ],
      cables([
        'src:eth0 -- r1:left',
        ...Array.from({ length: routers - 1 }, (_, k) => `r${k + 1}:right -- r${k + 2}:left`),
        `r${routers}:right -- dst:eth0`,
      ]),
    ),
    flows: [{ from: 'src', to: ip(`10.0.${last}.2`) }],
  };
}
