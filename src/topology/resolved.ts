/**
 * A topology with every default filled in and every implied device and cable spelled out: what the engine builds and the
 * diagram draws, one to one. Plain data: it survives structured cloning between threads.
 */
import type { Ipv4Address } from '../net/ipv4-address';
import type { Ipv4InterfaceAddress, Ipv4Prefix } from '../net/ipv4-prefix';
import type { MacAddress } from '../net/mac-address';

/** Where in the file a value was written, as keys and indexes from the root: `['nodes', 'nat-1', 'adapters', '1']`. */
export type TopologyPath = readonly (string | number)[];

export interface ResolvedTopology {
  readonly name: string;
  /** In file order, containers before what runs inside them; ids are unique. */
  readonly devices: readonly ResolvedDevice[];
  readonly cables: readonly ResolvedCable[];
  readonly scenarios: readonly ResolvedScenario[];
}

export type ResolvedDevice = ResolvedStackDevice | ResolvedSwitch | ResolvedVirtualBoxNat | ResolvedInternet;

/** What every device has. */
export interface ResolvedDeviceBase {
  /** Stable under edits elsewhere in the file: a node's or network's own name, or `VM:SLOT/nat` for a NAT engine. */
  readonly id: string;
  /** What a user reads under the symbol. */
  readonly label: string;
  /** The id of the physical host this runs in. */
  readonly inside?: string;
  readonly source: TopologyPath;
  readonly ports: readonly ResolvedPort[];
}

/** A socket that takes one cable. */
export interface ResolvedPort {
  /** Unique in its device: `eth0`, `enp0s3`, a switch's `1`. */
  readonly name: string;
  /** Undefined where a port has no address of its own: the ports of a switch. */
  readonly mac?: MacAddress;
  readonly source: TopologyPath;
}

/** A machine with a TCP/IP stack. */
export interface ResolvedStackDevice extends ResolvedDeviceBase {
  readonly kind: 'host' | 'vm' | 'router';
  /** One for each port, with the same name, in the same order. */
  readonly interfaces: readonly ResolvedInterface[];
  /** Linux `net.ipv4.ip_forward`. */
  readonly forwarding: boolean;
  /** Masquerade what leaves this interface. */
  readonly sourceNat?: { readonly outside: string; readonly source: TopologyPath };
  readonly routes: readonly ResolvedRoute[];
  /** Resolvers written in the file; leased ones come on top of these. */
  readonly nameServers: readonly Ipv4Address[];
  readonly dhcpServers: readonly ResolvedDhcpServer[];
  /** Answers DNS questions from its clients by asking its own resolvers, as dnsmasq on a home router does. */
  readonly dnsForwarder: boolean;
}

export interface ResolvedInterface {
  readonly name: string;
  /** The `adapters:` slot from 1 for a VM's adapter. */
  readonly slot?: number;
  readonly mac: MacAddress;
  /** Largest IP packet in bytes. */
  readonly mtu: number;
  readonly addressing: ResolvedAddressing;
  readonly source: TopologyPath;
}

export type ResolvedAddressing =
  | { readonly kind: 'none' }
  | { readonly kind: 'dhcp' }
  | {
      readonly kind: 'static';
      readonly addresses: readonly Ipv4InterfaceAddress[];
      readonly gateway?: Ipv4Address;
    };

export interface ResolvedRoute {
  readonly to: Ipv4Prefix;
  readonly via?: Ipv4Address;
  readonly interface?: string;
  readonly metric: number;
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
  readonly source: TopologyPath;
}

/** A learning switch; a `networks:` entry is one that has no management of its own. */
export interface ResolvedSwitch extends ResolvedDeviceBase {
  readonly kind: 'switch';
  readonly role: 'network' | 'switch';
  readonly subnet?: Ipv4Prefix;
  /** Seconds after which an unused address is forgotten (IEEE 802.1D-2004 table 7-5: 300). */
  readonly ageingSeconds: number;
}

/** The NAT engine that VirtualBox runs for one adapter of one VM. Its one port is `guest`. */
export interface ResolvedVirtualBoxNat extends ResolvedDeviceBase {
  readonly kind: 'virtualbox-nat';
  readonly version: VirtualBoxVersion;
  readonly network: Ipv4Prefix;
  /** The stack device whose sockets the engine uses. */
  readonly host: string;
  readonly vmName: string;
  readonly localhostReachable: boolean;
}

/** Releases whose behaviour differs; the newest is the default. */
export type VirtualBoxVersion = '7.0' | '7.2';

/** The outside world: an access network that leases public addresses, a DNS zone and servers behind it. */
export interface ResolvedInternet extends ResolvedDeviceBase {
  readonly kind: 'internet';
  readonly access: Ipv4Prefix;
  /** The provider's router on the access network; every customer's default gateway. */
  readonly gateway: Ipv4Address;
  /** The provider's resolver. */
  readonly nameServer: Ipv4Address;
  readonly servers: readonly ResolvedInternetServer[];
}

export interface ResolvedInternetServer {
  /** The fully qualified domain name, without a final dot. */
  readonly name: string;
  readonly address: Ipv4Address;
  readonly source: TopologyPath;
}

export interface ResolvedCableEnd {
  readonly device: string;
  readonly port: string;
}

export interface ResolvedCable {
  /** Stable: both ends in file order, `laptop:eth0 -- home:2`. */
  readonly id: string;
  readonly ends: readonly [ResolvedCableEnd, ResolvedCableEnd];
  /** Bits per second. */
  readonly rate: number;
  /** Nanoseconds from end to end. */
  readonly delay: number;
  /** Largest random extra delay in nanoseconds. */
  readonly jitter: number;
  /** Share of frames lost, 0 to 1. */
  readonly loss: number;
  /** Frames that may wait at each end. */
  readonly queue: number;
  readonly up: boolean;
  readonly source: TopologyPath;
}

export interface ResolvedScenario {
  readonly name: string;
  readonly steps: readonly ResolvedStep[];
  readonly source: TopologyPath;
}

export type ResolvedStep = ResolvedPingStep | ResolvedDnsStep;

export interface ResolvedPingStep {
  readonly kind: 'ping';
  /** Device id. */
  readonly from: string;
  readonly to: ResolvedTarget;
  readonly expect: 'reply' | 'no-reply';
  readonly count: number;
  /** Nanoseconds to wait for each reply. */
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedDnsStep {
  readonly kind: 'dns';
  readonly from: string;
  readonly name: string;
  readonly expect:
    | { readonly kind: 'answer'; readonly address?: Ipv4Address }
    | { readonly kind: 'nxdomain' }
    | { readonly kind: 'no-answer' };
  readonly within: number;
  readonly source: TopologyPath;
}

/** Whom a step speaks to: a device (its first address at run time), one of its interfaces, an address, or a name that DNS knows. */
export type ResolvedTarget =
  | { readonly kind: 'device'; readonly device: string; readonly interface?: string }
  | { readonly kind: 'address'; readonly address: Ipv4Address }
  | { readonly kind: 'name'; readonly name: string };
