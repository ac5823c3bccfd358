/** Machines with a TCP/IP stack, every default filled in. An absent optional part is one that the machine does not have. */
import type { IpAddress, IpPrefix } from '../net/ip-address';
import type { Ipv4Address } from '../net/ipv4-address';
import type { Ipv4InterfaceAddress, Ipv4Prefix } from '../net/ipv4-prefix';
import type { Ipv6Address } from '../net/ipv6-address';
import type { Ipv6InterfaceAddress, Ipv6Prefix } from '../net/ipv6-prefix';
import type { MacAddress } from '../net/mac-address';
import type { ResolvedDeviceBase, TopologyPath } from './resolved';

/** A machine with a TCP/IP stack. A container is a network namespace of the host it is inside. */
export interface ResolvedStackDevice extends ResolvedDeviceBase {
  readonly kind: 'host' | 'vm' | 'router' | 'container';
  /** In file order, a bridge after its members; those whose link has a port share its name. */
  readonly interfaces: readonly ResolvedInterface[];
  /** Linux `net.ipv4.ip_forward`. */
  readonly forwarding: boolean;
  /** Linux `net.ipv6.conf.all.forwarding`. */
  readonly ipv6Forwarding?: boolean;
  /** Linux `net.ipv4.conf.*.rp_filter`: 0 off, 1 strict, 2 loose (RFC 3704). Off where absent, as the kernel has it. */
  readonly reversePathFilter?: 0 | 1 | 2;
  readonly sourceNat?: ResolvedSourceNat;
  /** In the order they are tried; what no rule decides passes. */
  readonly firewall?: readonly ResolvedFirewallRule[];
  readonly routes: readonly ResolvedRoute[];
  /** Resolvers written in the file; leased ones come on top of these. */
  readonly nameServers: readonly Ipv4Address[];
  /** The same with IPv6 addresses. */
  readonly ipv6NameServers?: readonly Ipv6Address[];
  readonly searchDomains?: readonly string[];
  readonly dhcpServers: readonly ResolvedDhcpServer[];
  readonly dhcpRelays?: readonly ResolvedDhcpRelay[];
  readonly routerAdvertisements?: readonly ResolvedRouterAdvertisement[];
  /** Answers DNS questions from its clients by asking its own resolvers, as dnsmasq on a home router does. */
  readonly dnsForwarder: boolean;
  readonly services?: readonly ResolvedService[];
}

export interface ResolvedInterface {
  readonly name: string;
  /** The `adapters:` slot from 1 for a VM's adapter. */
  readonly slot?: number;
  /** What it is made of; an Ethernet port of its own where absent. */
  readonly link?: ResolvedLink;
  /** The bridge of this machine that it is a member of. */
  readonly bridge?: string;
  /** `ip link set … down` where false. */
  readonly up?: boolean;
  /** 0 where the link has none: TUN. */
  readonly mac: MacAddress;
  /** Largest IP packet in bytes. */
  readonly mtu: number;
  readonly addressing: ResolvedAddressing;
  /** No IPv6 at all where absent: not even link-local addresses. */
  readonly ipv6?: ResolvedIpv6Addressing;
  /** Joined when it has its first address. */
  readonly groups?: readonly Ipv4Address[];
  readonly source: TopologyPath;
}

/** What an interface is made of. `port` and `tap` and `tun` have a port of the same name; the rest lives inside the machine. */
export type ResolvedLink =
  /** A network card, a VM's adapter or one end of a veth pair. */
  | { readonly kind: 'port' }
  /** The kernel's end of a TAP device: Ethernet frames. */
  | { readonly kind: 'tap' }
  /** The kernel's end of a TUN device: IP packets without Ethernet. */
  | { readonly kind: 'tun' }
  | ResolvedBridgeLink
  /** IEEE 802.1Q on an interface of this machine. */
  | { readonly kind: 'vlan'; readonly parent: string; readonly id: number }
  /** RFC 7348, over this machine's own UDP. */
  | {
      readonly kind: 'vxlan';
      readonly id: number;
      readonly remotes: readonly IpAddress[];
      readonly local?: IpAddress;
      /** UDP port; Linux's own default is 8472, IANA's is 4789. */
      readonly port: number;
    }
  | { readonly kind: 'loopback' }
  | { readonly kind: 'dummy' };

/** The Linux bridge. Its members name it. */
export interface ResolvedBridgeLink {
  readonly kind: 'bridge';
  readonly ageingSeconds: number;
  /** Off where absent, as Linux has it. */
  readonly spanningTree?: ResolvedSpanningTree;
}

/** IEEE 802.1D-2004 (STP) or RSTP with its timers in seconds. */
export interface ResolvedSpanningTree {
  readonly protocol: 'stp' | 'rstp';
  /** 0 to 65535 in steps of 4096. */
  readonly priority: number;
  readonly helloSeconds: number;
  readonly maximumAgeSeconds: number;
  readonly forwardDelaySeconds: number;
}

export type ResolvedAddressing =
  | { readonly kind: 'none' }
  | { readonly kind: 'dhcp' }
  | {
      readonly kind: 'static';
      readonly addresses: readonly Ipv4InterfaceAddress[];
      readonly gateway?: Ipv4Address;
    };

export interface ResolvedIpv6Addressing {
  /** Beside the link-local address. */
  readonly addresses: readonly Ipv6InterfaceAddress[];
  readonly gateway?: Ipv6Address;
  /** Takes addresses and routes from router advertisements (RFC 4862). */
  readonly autoconfiguration: boolean;
  /** Asks for options by stateless DHCPv6 when an advertisement says so (RFC 8415 18.2.6). */
  readonly statelessDhcp: boolean;
}

export interface ResolvedRoute {
  readonly to: IpPrefix;
  readonly via?: IpAddress;
  readonly interface?: string;
  readonly metric: number;
  /** Linux route types other than unicast: answer 3/1, 3/13, or nothing. */
  readonly type?: 'unreachable' | 'prohibit' | 'blackhole';
  readonly source: TopologyPath;
}

/** Masquerade what leaves `outside`. Each part of the behaviour is Linux's where absent (RFC 4787 section 4 and 5). */
export interface ResolvedSourceNat {
  readonly outside: string;
  readonly mapping?: NatBehaviour;
  readonly filtering?: NatBehaviour;
  readonly portAllocation?: 'preserving' | 'sequential' | 'random';
  readonly hairpin?: boolean;
  readonly forwards?: readonly ResolvedPortForward[];
  readonly source: TopologyPath;
}

export type NatBehaviour = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

/** A port of the outside that leads to one of the inside. */
export interface ResolvedPortForward {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  /** Any address of the outside where absent. */
  readonly outsideAddress?: IpAddress;
  readonly outsidePort: number;
  /** For VirtualBox's NAT engine absent means the guest that the engine knows. */
  readonly insideAddress?: IpAddress;
  readonly insidePort: number;
  readonly source: TopologyPath;
}

export interface ResolvedFirewallRule {
  readonly name?: string;
  readonly chain: 'input' | 'forward' | 'output';
  readonly action: 'accept' | 'drop' | 'reject' | 'reject-with-reset';
  readonly inInterface?: string;
  readonly outInterface?: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  readonly sourcePrefix?: IpPrefix;
  readonly destinationPrefix?: IpPrefix;
  /** First and last. */
  readonly sourcePorts?: readonly [number, number];
  readonly destinationPorts?: readonly [number, number];
  /** Conntrack states, one of which the packet must have. */
  readonly states?: readonly ('new' | 'established' | 'related' | 'invalid' | 'untracked')[];
  readonly source: TopologyPath;
}

/** A DHCP service on one interface of a stack device. */
export interface ResolvedDhcpServer {
  readonly interface: string;
  readonly subnet: Ipv4Prefix;
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
  readonly leaseSeconds: number;
  readonly router?: Ipv4Address;
  readonly nameServers: readonly Ipv4Address[];
  readonly domain?: string;
  /** It takes itself for the only server of its network. */
  readonly authoritative?: boolean;
  /** By hardware address, of addresses inside or outside the range. */
  readonly reservations?: readonly { readonly mac: MacAddress; readonly address: Ipv4Address }[];
  /** Further options by code, with their bytes. */
  readonly options?: readonly { readonly code: number; readonly data: Uint8Array }[];
  readonly source: TopologyPath;
}

/** Passes on what DHCP clients of an interface ask to a server elsewhere (RFC 2131, RFC 1542 4). */
export interface ResolvedDhcpRelay {
  readonly interface: string;
  readonly server: Ipv4Address;
  readonly source: TopologyPath;
}

/** Advertises IPv6 on an interface, as radvd does (RFC 4861 6.2). */
export interface ResolvedRouterAdvertisement {
  readonly interface: string;
  readonly prefixes: readonly Ipv6Prefix[];
  /** Seconds that this machine may be a default router; 0 for none. */
  readonly lifetimeSeconds: number;
  readonly nameServers: readonly Ipv6Address[];
  /** Flag O: clients ask for other options by DHCPv6, which this machine answers. */
  readonly otherConfiguration: boolean;
  readonly source: TopologyPath;
}

/** What listens on a machine. */
export type ResolvedService =
  | { readonly kind: 'http'; readonly port: number; readonly body: string; readonly source: TopologyPath }
  | { readonly kind: 'ssh'; readonly port: number; readonly banner: string; readonly source: TopologyPath }
  | { readonly kind: 'echo' | 'discard'; readonly port: number; readonly source: TopologyPath }
  /** A TCP service of any name that accepts and says nothing. */
  | { readonly kind: 'tcp'; readonly name: string; readonly port: number; readonly source: TopologyPath }
  | {
      readonly kind: 'dns';
      readonly port: number;
      readonly records: readonly ResolvedDnsRecord[];
      readonly source: TopologyPath;
    };

/** Names are fully qualified, without a final dot. */
export type ResolvedDnsRecord =
  | { readonly type: 'A'; readonly name: string; readonly address: Ipv4Address; readonly ttl: number }
  | { readonly type: 'AAAA'; readonly name: string; readonly address: Ipv6Address; readonly ttl: number }
  | {
      readonly type: 'CNAME' | 'PTR' | 'TXT';
      readonly name: string;
      readonly value: string;
      readonly ttl: number;
    };
