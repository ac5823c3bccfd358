/** A small network described once, to be built twice: of network namespaces, and in the engine. */

export interface NetworkPlan {
  readonly machines: readonly PlannedMachine[];
  readonly bridges: readonly PlannedBridge[];
  /** `a:eth0 -- sw:pa`; every port has one. */
  readonly cables: readonly string[];
}

/** A host, or a router where it forwards. */
export interface PlannedMachine {
  readonly name: string;
  readonly interfaces: readonly PlannedInterface[];
  /** The next hop of its default route. */
  readonly gateway?: string;
  readonly forwards?: boolean;
  /** The interface whose traffic it masquerades. */
  readonly masquerade?: string;
}

export interface PlannedInterface {
  readonly name: string;
  readonly mac: string;
  /** In CIDR form. */
  readonly address: string;
}

/** A Linux bridge without spanning tree. */
export interface PlannedBridge {
  readonly name: string;
  readonly ports: readonly { readonly name: string; readonly mac: string }[];
}

/** Both ends of a cable as `device:port`. */
export function cableEnds(cable: string): readonly [string, string] {
  const [one = '', other = ''] = cable.split(' -- ');
  return [one, other];
}

/** Every port of the plan as `device:port`: where both worlds are captured. */
export function capturePoints(plan: NetworkPlan): string[] {
  return [
    ...plan.machines.flatMap(({ name, interfaces }) => interfaces.map(port => `${name}:${port.name}`)),
    ...plan.bridges.flatMap(({ name, ports }) => ports.map(port => `${name}:${port.name}`)),
  ];
}

/**
 * Two hosts on a bridge behind a masquerading router, and a server on the other side. Every hardware address is fixed, so that it can be
 * compared.
 */
export const MASQUERADING_HOME: NetworkPlan = {
  machines: [
    {
      name: 'a',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0a', address: '192.168.1.10/24' }],
      gateway: '192.168.1.1',
    },
    {
      name: 'b',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0b', address: '192.168.1.11/24' }],
      gateway: '192.168.1.1',
    },
    {
      name: 'router',
      interfaces: [
        { name: 'lan', mac: '02:00:00:00:00:01', address: '192.168.1.1/24' },
        { name: 'wan', mac: '02:00:00:00:00:11', address: '203.0.113.1/24' },
      ],
      forwards: true,
      masquerade: 'wan',
    },
    {
      name: 'server',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:50', address: '203.0.113.80/24' }],
    },
  ],
  bridges: [
    {
      name: 'bridge',
      ports: [
        { name: 'pa', mac: '02:00:00:00:00:fa' },
        { name: 'pb', mac: '02:00:00:00:00:fb' },
        { name: 'pr', mac: '02:00:00:00:00:f1' },
      ],
    },
  ],
  cables: [
    'a:eth0 -- bridge:pa',
    'b:eth0 -- bridge:pb',
    'router:lan -- bridge:pr',
    'router:wan -- server:eth0',
  ],
};
