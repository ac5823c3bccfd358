/** A small network described once, to be built twice: of network namespaces, and in the engine. */

export interface NetworkPlan {
  readonly machines: readonly PlannedMachine[];
  readonly bridges: readonly PlannedBridge[];
  /** Processes that carry what a TUN or TAP device gives over UDP, both ways. */
  readonly tunnels?: readonly PlannedTunnel[];
  /** `a:eth0 -- sw:pa`; every port has one. */
  readonly cables: readonly string[];
}

/** A host, or a router where it forwards. */
export interface PlannedMachine {
  readonly name: string;
  readonly interfaces: readonly PlannedInterface[];
  /** The next hop of its default route. */
  readonly gateway?: string;
  readonly ipv6Gateway?: string;
  readonly routes?: readonly PlannedRoute[];
  /** What it advertises to hosts (radvd). */
  readonly advertises?: { readonly interface: string; readonly prefix: string };
  /** IPv4, and IPv6 where it has any. */
  readonly forwards?: boolean;
  /** The interface whose traffic it masquerades. */
  readonly masquerade?: string;
  /** Ports of what it masquerades that lead inside. */
  readonly forwardedPorts?: readonly PlannedPortForward[];
  /** What it filters; everything passes where absent. */
  readonly firewall?: readonly PlannedRule[];
  /** `net.ipv4.conf.*.rp_filter`; off where absent. */
  readonly reversePathFilter?: 0 | 1 | 2;
}

export interface PlannedInterface {
  readonly name: string;
  readonly mac: string;
  /** In CIDR form. */
  readonly address?: string;
  /** Without it, there is no IPv6 at all. */
  readonly ipv6?: PlannedIpv6;
  /** 1500 where absent. */
  readonly mtu?: number;
  /** What it is made of; a port of its own where absent. */
  readonly link?: PlannedLink;
}

export interface PlannedIpv6 {
  /** Beside the link-local one, in CIDR form. */
  readonly address?: string;
  /** Takes addresses from advertisements. */
  readonly autoconfiguration?: boolean;
}

export type PlannedLink =
  | { readonly kind: 'tun' | 'tap' }
  | { readonly kind: 'vxlan'; readonly id: number; readonly remote: string; readonly port: number };

/** Ports by which the dissection knows what is inside of datagrams. */
export const CARRIES = { packets: 5555, frames: 5556, vxlan: 4789 } as const;

/** A process on each machine that has a TUN or TAP device of this name. */
export interface PlannedTunnel {
  readonly host: string;
  readonly device: string;
  readonly remote: string;
  /** Of both ends. */
  readonly port: number;
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

/** One rule of a firewall; the first that fits decides, and what none fits passes. */
export interface PlannedRule {
  readonly chain: 'input' | 'forward' | 'output';
  readonly action: 'accept' | 'drop' | 'reject' | 'reject-with-reset';
  readonly protocol?: 'icmp' | 'icmpv6' | 'tcp' | 'udp';
  readonly port?: number;
  readonly states?: readonly ('new' | 'established' | 'related' | 'invalid')[];
  readonly inInterface?: string;
}

/** A Linux bridge; with VLANs an Open vSwitch, since not every kernel has VLANs. */
export interface PlannedBridge {
  readonly name: string;
  /** Whether it looks at VLAN tags; then every port says what it carries. */
  readonly vlanAware?: boolean;
  /** IEEE 802.1D, where it takes part; off otherwise. */
  readonly spanningTree?: PlannedSpanningTree;
  readonly ports: readonly PlannedBridgePort[];
  /** Seconds after which an unused station is forgotten; 300 where absent. */
  readonly ageing?: number;
}

export interface PlannedBridgePort {
  readonly name: string;
  readonly mac: string;
  /** The VLAN of untagged frames. */
  readonly vlan?: number;
  /** VLANs that have a tag here. */
  readonly trunk?: readonly number[];
}

/** Times in seconds. */
export interface PlannedSpanningTree {
  readonly priority: number;
  /** Of the bridge; those of its ports must follow it. */
  readonly mac: string;
  readonly hello: number;
  readonly maximumAge: number;
  readonly forwardDelay: number;
}

/** Both ends of a cable as `device:port`. */
export function cableEnds(cable: string): readonly [string, string] {
  const [one = '', other = ''] = cable.split(' -- ');
  return [one, other];
}

/** Both ends of every cable as `device:port`: where both worlds are captured. */
export function capturePoints(plan: NetworkPlan): string[] {
  return plan.cables.flatMap(cableEnds).sort();
}

/** Whether it speaks IPv6 on any interface. */
export function hasIpv6({ interfaces }: PlannedMachine): boolean {
  return interfaces.some(({ ipv6 }) => ipv6 !== undefined);
}
