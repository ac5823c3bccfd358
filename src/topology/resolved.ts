/**
 * A topology with every default filled in and every implied device and cable spelled out: what the engine builds and the
 * diagram draws, one to one. Plain data: it survives structured cloning between threads.
 */
import type { Ipv4Address } from '../net/ipv4-address';
import type { Ipv4Prefix } from '../net/ipv4-prefix';
import type { Ipv6Address } from '../net/ipv6-address';
import type { Ipv6Prefix } from '../net/ipv6-prefix';
import type { MacAddress } from '../net/mac-address';
import type {
  ResolvedDnsRecord,
  ResolvedService,
  ResolvedSpanningTree,
  ResolvedStackDevice,
} from './resolved-machine';
import type { ResolvedScenario } from './resolved-scenario';
import type {
  ResolvedTunnel,
  ResolvedVirtualBoxDhcp,
  ResolvedVirtualBoxNat,
  ResolvedVirtualBoxNatNetwork,
  ResolvedVirtualBoxSwitch,
} from './resolved-virtualbox';

export type * from './resolved-machine';
export type * from './resolved-scenario';
export type * from './resolved-virtualbox';

/** Where in the file a value was written, as keys and indexes from the root: `['nodes', 'nat-1', 'adapters', '1']`. */
export type TopologyPath = readonly (string | number)[];

export interface ResolvedTopology {
  readonly name: string;
  /** In file order, containers before what runs inside them; ids are unique. */
  readonly devices: readonly ResolvedDevice[];
  readonly cables: readonly ResolvedCable[];
  readonly scenarios: readonly ResolvedScenario[];
}

export type ResolvedDevice =
  | ResolvedStackDevice
  | ResolvedSwitch
  | ResolvedHub
  | ResolvedVirtualBoxNat
  | ResolvedVirtualBoxSwitch
  | ResolvedVirtualBoxDhcp
  | ResolvedVirtualBoxNatNetwork
  | ResolvedTunnel
  | ResolvedInternet;

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
  /** What frames look like here: Ethernet where absent, `ip` for IP packets alone, as in a TUN device. */
  readonly carries?: 'ethernet' | 'ip';
  readonly source: TopologyPath;
}

/** A learning switch; a `networks:` entry is one that has no management of its own. */
export interface ResolvedSwitch extends ResolvedDeviceBase {
  readonly kind: 'switch';
  readonly role: 'network' | 'switch';
  readonly subnet?: Ipv4Prefix;
  readonly subnet6?: Ipv6Prefix;
  readonly ports: readonly ResolvedSwitchPort[];
  /** Seconds after which an unused address is forgotten (IEEE 802.1D-2004 table 7-5: 300). */
  readonly ageingSeconds: number;
  /** Whether tags are looked at: otherwise tagged frames pass as they are. */
  readonly vlanAware?: boolean;
  /** Off where absent. */
  readonly spanningTree?: ResolvedSpanningTree;
  /** The bridge's own address, in its BPDUs; present where there is a spanning tree. */
  readonly mac?: MacAddress;
}

export interface ResolvedSwitchPort extends ResolvedPort {
  /** The VLAN of untagged frames, in and out (PVID); 1 where absent, and none on a trunk without a native VLAN. */
  readonly accessVlan?: number;
  /** VLANs carried with a tag; with it `accessVlan` is the native VLAN, if any. */
  readonly trunk?: 'all' | readonly number[];
  /** Gets a copy of what goes in and out of that port, and nothing else. */
  readonly mirrorOf?: string;
}

/** Repeats every frame to all other ports. */
export interface ResolvedHub extends ResolvedDeviceBase {
  readonly kind: 'hub';
}

/** The outside world: an access network that leases public addresses, a DNS zone and servers behind it. */
export interface ResolvedInternet extends ResolvedDeviceBase {
  readonly kind: 'internet';
  readonly access: Ipv4Prefix;
  /** The provider's router on the access network; every customer's default gateway. */
  readonly gateway: Ipv4Address;
  /** The provider's resolver. */
  readonly nameServer: Ipv4Address;
  readonly servers: readonly ResolvedInternetServer[];
  /** Names beside those of the servers. */
  readonly zone?: readonly ResolvedDnsRecord[];
  /** IPv6 on the access network, where the file names IPv6 at all. */
  readonly ipv6?: {
    readonly access: Ipv6Prefix;
    readonly gateway: Ipv6Address;
    readonly nameServer: Ipv6Address;
    /** Customers' own prefixes, and the address on the access network by which each is reached. */
    readonly routes?: readonly { readonly to: Ipv6Prefix; readonly via: Ipv6Address }[];
  };
}

export interface ResolvedInternetServer {
  /** The fully qualified domain name, without a final dot. */
  readonly name: string;
  readonly address: Ipv4Address;
  readonly ipv6?: Ipv6Address;
  readonly services?: readonly ResolvedService[];
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
