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
  readonly routes?: readonly PlannedRoute[];
  readonly forwards?: boolean;
  /** The interface whose traffic it masquerades. */
  readonly masquerade?: string;
  /** Ports of what it masquerades that lead inside. */
  readonly forwardedPorts?: readonly PlannedPortForward[];
  /** `net.ipv4.conf.*.rp_filter`; off where absent. */
  readonly reversePathFilter?: 0 | 1 | 2;
}

export interface PlannedInterface {
  readonly name: string;
  readonly mac: string;
  /** In CIDR form. */
  readonly address: string;
  /** 1500 where absent. */
  readonly mtu?: number;
}

export interface PlannedRoute {
  /** In CIDR form. */
  readonly to: string;
  readonly via?: string;
  /** A route that leads nowhere: with an error, or without. */
  readonly type?: 'unreachable' | 'prohibit' | 'blackhole';
}

export interface PlannedPortForward {
  readonly protocol: 'tcp' | 'udp';
  /** The masquerading router's own address outside. */
  readonly outside: string;
  readonly port: number;
  readonly inside: string;
  readonly insidePort: number;
  /** The prefix whose machines may come by the outside address as well, in CIDR form. */
  readonly hairpin?: string;
}

/** A Linux bridge without spanning tree. */
export interface PlannedBridge {
  readonly name: string;
  readonly ports: readonly { readonly name: string; readonly mac: string }[];
  /** Seconds after which an unused station is forgotten; 300 where absent. */
  readonly ageing?: number;
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
