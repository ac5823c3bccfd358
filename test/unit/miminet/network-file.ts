/** A network as Miminet (miminet.ru), which runs networks of namespaces on a Linux kernel, keeps it, and as a file of this project. */

import { parseInterfaceAddress } from '../../../src/net/ipv4-prefix';
import type { ResolvedInterface, ResolvedTopology } from '../../../src/topology/resolved';

interface MiminetInterface {
  readonly name: string;
  /** The edge that it is plugged into, which may be gone. */
  readonly connect: string;
  readonly ip?: string;
  readonly netmask?: number;
  /** Of a switch's port: one VLAN where `type_connection` is 0 (access), a list where it is 1 (trunk). */
  readonly vlan?: number | readonly number[] | null;
}

interface MiminetNode {
  readonly data: { readonly id: string };
  readonly config: {
    readonly type: 'host' | 'server' | 'router' | 'l2_switch' | 'l1_hub';
    readonly default_gw?: string;
    readonly stp?: number;
  };
  readonly interface: readonly MiminetInterface[];
}

interface MiminetJob {
  readonly job_id: number;
  readonly level: number;
  readonly host_id: string;
  readonly arg_1: string;
  readonly arg_2?: string;
  readonly arg_4?: string;
  readonly arg_5?: string;
}

export interface MiminetNetwork {
  readonly nodes: readonly MiminetNode[];
  readonly edges: readonly {
    readonly data: { readonly id: string; readonly source: string; readonly target: string };
  }[];
  readonly jobs: readonly MiminetJob[];
}

const JOB = { ping: 1, dhcpClient: 108, dhcpServer: 203 } as const;
const KNOWN_JOBS: readonly number[] = Object.values(JOB);

export interface Ping {
  readonly from: string;
  readonly to: string;
}

/** Its pings, `ping -c 1` each, in the order in which they are done: one begins when the one before it has ended. */
export function pingsOf({ jobs }: MiminetNetwork): readonly Ping[] {
  return jobs
    .filter(({ job_id: id }) => id === JOB.ping)
    .sort((one, other) => one.level - other.level)
    .map(({ host_id: from, arg_1: to }) => ({ from, to }));
}

/**
 * The network as the text of a topology file: JSON, which is YAML as well. Of several interfaces with one address only the first has it,
 * since a file with more of them is refused.
 */
export function topologyText(network: MiminetNetwork): string {
  const unknown = network.jobs.filter(({ job_id: id }) => !KNOWN_JOBS.includes(id));
  if (unknown.length > 0) {
    throw new Error(`jobs with no counterpart: ${unknown.map(({ job_id: id }) => id).join(', ')}`);
  }
  // Mininet numbers the hosts' hardware addresses in the order of the file (--mac).
  const hosts = network.nodes.filter(isHost).map(({ data }) => data.id);
  const nodes = network.nodes.map(node => [
    node.data.id,
    nodeOf(node, network, hosts.indexOf(node.data.id) + 1),
  ]);
  const links = network.edges.map(({ data }) =>
    [data.source, data.target].map(id => `${id}:${interfaceName(network, id, data.id)}`),
  );
  return JSON.stringify({ vnet: 1, nodes: Object.fromEntries(nodes) as unknown, links }, undefined, 2);
}

const isHost = ({ config }: MiminetNode): boolean => config.type === 'host' || config.type === 'server';

function nodeOf(node: MiminetNode, network: MiminetNetwork, hostNumber: number): object {
  const { jobs, edges } = network;
  const own = jobs.filter(({ host_id: host }) => host === node.data.id);
  switch (node.config.type) {
    case 'l1_hub':
      return { kind: 'hub' };
    case 'l2_switch':
      return {
        kind: 'switch',
        // Edges that an interface still names, but nobody made, stand for no port.
        ports: Object.fromEntries(node.interface.map(({ name, vlan }) => [name, portOf(vlan)])) as unknown,
        stp: node.config.stp === 1,
      };
    case 'host':
    case 'server':
    case 'router': {
      const plugged = node.interface.filter(({ connect }) => edges.some(({ data }) => data.id === connect));
      const asksDhcp = new Set(own.filter(job => job.job_id === JOB.dhcpClient).map(job => job.arg_1));
      const interfaces = plugged.map(each => [
        each.name,
        {
          address: asksDhcp.has(each.name) ? 'dhcp' : isTaken(each, network) ? 'none' : staticAddress(each),
          ...(hostNumber > 0 ? { mac: `00:00:00:00:00:${hostNumber.toString(16).padStart(2, '0')}` } : {}),
        },
      ]);
      const gateway = node.config.default_gw ?? '';
      return {
        kind: isHost(node) ? 'host' : 'router',
        interfaces: Object.fromEntries(interfaces) as unknown,
        ...(gateway === '' ? {} : { routes: [{ to: 'default', via: gateway }] }),
        ...servicesOf(own),
      };
    }
  }
}

/** Whether an interface before it in the file has its address. */
function isTaken({ ip = '', name }: MiminetInterface, { nodes }: MiminetNetwork): boolean {
  const first = nodes.flatMap(node => node.interface).find(other => other.ip === ip);
  return ip !== '' && first?.name !== name;
}

/** The topology with the addresses that its text could not have. */
export function withTakenAddresses(topology: ResolvedTopology, network: MiminetNetwork): ResolvedTopology {
  const taken = new Map(
    network.nodes
      .flatMap(node => node.interface)
      .filter(each => isTaken(each, network))
      .map(each => [each.name, parseInterfaceAddress(staticAddress(each))]),
  );
  const withAddress = (each: ResolvedInterface): ResolvedInterface => {
    const address = taken.get(each.name);
    return address === undefined ? each : { ...each, addressing: { kind: 'static', addresses: [address] } };
  };
  const devices = topology.devices.map(device =>
    device.kind === 'host' ? { ...device, interfaces: device.interfaces.map(withAddress) } : device,
  );
  return { ...topology, devices };
}

function portOf(vlan: MiminetInterface['vlan']): object {
  if (vlan === null || vlan === undefined) {
    return {};
  }
  return typeof vlan === 'number' ? { vlan } : { trunk: vlan };
}

function staticAddress({ ip = '', netmask }: MiminetInterface): string {
  return ip === '' || netmask === undefined ? 'none' : `${ip}/${netmask}`;
}

function servicesOf(jobs: readonly MiminetJob[]): object {
  const server = jobs.find(({ job_id: id }) => id === JOB.dhcpServer);
  if (server === undefined) {
    return {};
  }
  const { arg_1: first, arg_2: last, arg_4: router, arg_5: on } = server;
  return { services: { dhcp: { interface: on, range: `${first}-${last}`, router } } };
}

function interfaceName({ nodes }: MiminetNetwork, id: string, edge: string): string {
  const interfaces = nodes.find(({ data }) => data.id === id)?.interface ?? [];
  return interfaces.find(({ connect }) => connect === edge)?.name ?? `nothing at ${edge}`;
}
