/** The terminal of the simulation beside the real tools in network namespaces: the same commands, the same text. */
import { describe, expect, test } from 'vitest';
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { SECOND } from '../../src/engine/stack/linux-policy';
import { Terminals } from '../../src/simulation/terminal/terminals';
import { obstacle } from './kernel-case';
import { NamespaceNetwork } from './namespaces';
import type { NetworkPlan } from './network-plan';
import { MASQUERADING_HOME, threeRouters } from './planned-networks';
import { topologyOf } from './planned-topology';

/** A command on a machine. */
type Line = readonly [machine: string, line: string];

const CASES: readonly {
  readonly name: string;
  readonly plan: NetworkPlan;
  readonly lines: readonly Line[];
}[] = [
  {
    name: 'ping: answers, and what is said of none',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping -c 2 203.0.113.80'],
      ['a', 'ping -n -c 1 -s 1000 192.168.1.1'],
      ['a', 'ping -q -c 1 203.0.113.80'],
      ['a', 'ping -c 1 -t 1 203.0.113.80'],
      ['a', 'ping -c 1 10.9.9.9'],
      ['a', 'ping -c 1 203.0.113.77'],
      ['a', 'ping -c 1 192.168.1.77'],
      ['server', 'ping -c 1 10.9.9.9'],
    ],
  },
  {
    name: 'ping: wrong use',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping'],
      ['a', 'ping -c 0 192.168.1.1'],
    ],
  },
  {
    name: 'ip: addresses, links, neighbours, routes',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping -q -c 1 203.0.113.80'],
      ['a', 'ip addr show eth0'],
      ['a', 'ip a s dev eth0'],
      ['a', 'ip -4 addr show eth0'],
      ['a', 'ip link show eth0'],
      ['a', 'ip -br link show eth0'],
      ['a', 'ip -br addr show eth0'],
      ['a', 'ip neigh'],
      ['a', 'arp -n'],
      ['a', 'ip route'],
      ['router', 'ip r'],
      ['a', 'ip route get 203.0.113.80'],
      ['a', 'ip route get 192.168.1.11'],
      ['server', 'ip route get 10.9.9.9'],
      ['a', 'ip link show eth7'],
      ['a', 'ip nonsense'],
    ],
  },
  {
    name: 'curl: what it says of servers that are none',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'curl -s -S http://203.0.113.80:81/'],
      ['a', 'curl -sS 192.168.1.1'],
      ['a', 'curl -s http://192.168.1.1/'],
      ['server', 'curl -sS http://10.9.9.9/x'],
      ['a', 'curl'],
    ],
  },
  {
    name: 'traceroute: over three routers',
    plan: threeRouters(),
    lines: [
      ['h1', 'traceroute -n 10.3.0.2'],
      ['h1', 'traceroute -n -q 1 10.12.0.2'],
    ],
  },
];

/** What may differ, all of it: times, which another machine may be slower at, and what only a namespace's end of a cable has. */
const FREE: readonly (readonly [RegExp, string])[] = [
  [/time=[\d.]+ ms/g, 'time=T ms'],
  [/, time \d+ms/g, ', time Tms'],
  [/after \d+ ms/g, 'after T ms'],
  [/= [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/g, '= T ms'],
  [/, pipe \d+/g, ''],
  [/^pipe \d+$/gm, ''],
  [/ {2}[\d.]+ ms/g, '  T ms'],
  // The other end of a veth pair, and the number of an interface.
  [/^\d+: /gm, 'N: '],
  [/@if\d+/g, ''],
  [/ link-netns \S+/g, ''],
  [/ link-netnsid \d+/g, ''],
  [/ {2,}(?=[A-Z])/g, ' '],
  // Systems give an address its broadcast, `ip address add` alone does not.
  [/ brd \d+\.\d+\.\d+\.\d+/g, ''],
  // Whoever writes to its terminal first, a program's two outputs have no order.
  [/\n+$/g, '\n'],
];

function free(text: string): string {
  return FREE.reduce((said, [pattern, instead]) => said.replace(pattern, instead), text);
}

/** Types a line and lets virtual time pass until the command has ended. */
function typed(
  terminals: Terminals,
  network: NetworkControl,
  printed: string[],
  [machine, line]: Line,
): string {
  printed.length = 0;
  terminals.run(1, machine, line);
  const end = network.now + 60 * SECOND;
  while (terminals.isBusy(1) && network.now < end) {
    network.runUntil(network.now + SECOND / 100);
  }
  return printed.join('');
}

describe.skipIf(obstacle !== undefined)('a terminal', () => {
  test.each(CASES)('$name', async ({ plan, lines }) => {
    const topology = topologyOf(plan);
    const network = createNetwork(topology, { seed: 1 });
    network.boot();
    const printed: string[] = [];
    const terminals = new Terminals(topology, network, ({ text }) => printed.push(text));
    const real = await NamespaceNetwork.build(plan);
    try {
      for (const line of lines) {
        const [machine, text] = line;
        const { output, errors } = await real.run(machine, 'sh', '-c', `${text} 2>&1`);
        const said = typed(terminals, network, printed, line);
        console.log(`${machine}$ ${text}\n${output}${errors}`);
        expect(free(said), `${machine}$ ${text}`).toBe(free(output));
      }
    } finally {
      await real.close();
    }
  });
});
