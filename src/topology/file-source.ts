/** The values of a file that the schema has found good: what resolving reads. Amounts and addresses are still text. */
import type { StepSource } from './step-source';

export type * from './step-source';

type Named<Value> = Readonly<Record<string, Value>>;

/** One text, or a list of them. */
export type Texts = string | readonly string[];

export interface FileSource {
  readonly name?: string;
  readonly networks?: Named<NetworkSource | null> | null;
  readonly nodes?: Named<NodeSource> | null;
  readonly links?: readonly LinkSource[] | null;
  readonly scenarios?: Named<readonly StepSource[] | null> | null;
}

export interface NetworkSource {
  readonly subnet?: Texts;
  readonly gateway?: Texts;
  readonly dhcp?: boolean | DhcpSource | null;
  readonly dns?: Texts;
  readonly vlan?: number;
  readonly mtu?: number;
  readonly 'router-advertisements'?:
    boolean | { readonly lifetime?: string | number; readonly 'stateless-dhcp'?: boolean };
}

/** What a DHCP server is told. */
export interface LeaseSource {
  readonly range?: string;
  readonly lease?: string;
  readonly domain?: string;
  readonly options?: Named<DhcpOptionSource>;
  readonly reservations?: Named<string>;
}

export type DhcpOptionSource = string | number | boolean | readonly (string | number)[];

export interface DhcpSource extends LeaseSource {
  readonly server?: string;
  readonly relay?: string;
}

export type NodeSource = MachineSource | SwitchSource | HubSource | InternetSource;

export type NodeKind = NodeSource['kind'];

export type MachineKind = MachineSource['kind'];

export interface MachineSource {
  readonly kind: 'host' | 'vm' | 'router' | 'container';
  readonly on?: string;
  readonly adapters?: Named<AdapterSource> | null;
  readonly interfaces?: Named<InterfaceSource | null> | null;
  readonly routes?: readonly RouteSource[];
  readonly dns?: Texts;
  readonly search?: Texts;
  readonly nat?: NatSource;
  readonly firewall?: readonly (string | FirewallRuleSource)[];
  readonly services?: Named<number | ServiceSource | null> | null;
  readonly forwarding?: boolean;
  readonly 'rp-filter'?: 'off' | 'strict' | 'loose';
  readonly virtualbox?: VirtualBoxSource | null;
}

export interface SwitchSource {
  readonly kind: 'switch';
  readonly ports?: number | Named<SwitchPortSource | null>;
  readonly vlan?: boolean;
  readonly stp?: SpanningTreeSource;
  readonly ageing?: string;
}

export interface SwitchPortSource {
  readonly vlan?: number;
  readonly trunk?: TrunkSource;
  readonly mirror?: string | number;
}

export type TrunkSource = string | readonly number[];

export type SpanningTreeSource =
  | boolean
  | string
  | {
      readonly protocol?: 'stp' | 'rstp';
      readonly priority?: number;
      readonly hello?: string;
      readonly 'max-age'?: string;
      readonly 'forward-delay'?: string;
    };

export interface HubSource {
  readonly kind: 'hub';
  readonly ports?: number;
}

export interface InternetSource {
  readonly kind: 'internet';
  readonly servers?: Named<{
    readonly address?: Texts;
    readonly services?: MachineSource['services'];
  } | null> | null;
  readonly zone?: Named<Texts> | null;
}

/** What the addressing of interfaces and adapters have in common. */
export interface AddressingSource {
  readonly address?: Texts;
  readonly gateway?: Texts;
  readonly mac?: string;
  readonly mtu?: number;
  readonly groups?: Texts;
}

export type InterfaceType = NonNullable<InterfaceSource['type']>;

export interface InterfaceSource extends AddressingSource {
  readonly type?: 'physical' | 'bridge' | 'tap' | 'tun' | 'veth' | 'vlan' | 'vxlan' | 'loopback' | 'dummy';
  readonly network?: string;
  readonly up?: boolean;
  readonly vlan?: number;
  readonly trunk?: TrunkSource;
  readonly members?: readonly (string | number)[];
  readonly stp?: SpanningTreeSource;
  readonly ageing?: string;
  readonly peer?: string;
  readonly parent?: string | number;
  readonly id?: number;
  readonly remote?: Texts;
  readonly local?: string;
  readonly port?: number;
  readonly 'packet-information'?: boolean;
  readonly bridge?: string;
  readonly wifi?: boolean;
}

export interface AdapterSource extends AddressingSource {
  readonly attach:
    | 'nat'
    | 'nat-network'
    | 'bridged'
    | 'internal'
    | 'host-only'
    | 'generic'
    | 'tap'
    | 'not-attached'
    | 'none';
  readonly network?: string;
  readonly to?: string;
  readonly cable?: boolean;
  readonly promiscuous?: 'deny' | 'allow-vms' | 'allow-all';
  readonly forwards?: readonly string[];
  readonly 'localhost-reachable'?: boolean;
  readonly 'dns-proxy'?: boolean;
  readonly 'dns-host-resolver'?: boolean;
  readonly 'bind-ip'?: string;
  readonly driver?: 'UDPTunnel' | 'VDE';
  readonly properties?: Named<string | number>;
}

export interface VirtualBoxSource {
  readonly version?: '6.1' | '7.0' | '7.1' | '7.2';
  readonly 'nat-networks'?: Named<NatNetworkSource | null> | null;
  readonly 'host-only'?: Named<{
    readonly address?: string;
    readonly dhcp?: boolean | VirtualBoxDhcpSource;
  } | null> | null;
  readonly internal?: Named<{ readonly dhcp?: boolean | VirtualBoxDhcpSource } | null> | null;
  readonly 'host-only-ranges'?: Texts;
}

export interface NatNetworkSource {
  readonly subnet?: string;
  readonly dhcp?: boolean;
  readonly ipv6?: boolean | string;
  readonly 'ipv6-default-route'?: boolean;
  readonly forwards?: readonly string[];
}

export interface VirtualBoxDhcpSource {
  readonly server?: string;
  readonly range?: string;
  readonly router?: string;
  readonly reservations?: Named<string>;
}

export interface RouteSource {
  readonly to: string;
  readonly via?: string;
  readonly dev?: string | number;
  readonly metric?: number;
  readonly type?: 'unreachable' | 'prohibit' | 'blackhole';
}

export interface NatSource {
  readonly outside: string | number;
  readonly mapping?: NatBehaviourSource;
  readonly filtering?: NatBehaviourSource;
  readonly 'port-allocation'?: 'linux' | 'preserving' | 'sequential' | 'random';
  readonly hairpin?: boolean;
  readonly forwards?: readonly string[];
}

type NatBehaviourSource =
  'linux' | 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent';

export interface FirewallRuleSource {
  readonly name?: string;
  readonly chain: 'input' | 'forward' | 'output';
  readonly action: 'accept' | 'drop' | 'reject' | 'reject-with-reset';
  readonly in?: string | number;
  readonly out?: string | number;
  readonly proto?: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  readonly from?: string;
  readonly to?: string;
  readonly port?: string | number;
  readonly 'source-port'?: string | number;
  readonly state?: Texts;
}

export interface ServiceSource extends LeaseSource {
  readonly port?: number;
  readonly body?: string;
  readonly banner?: string;
  readonly records?: Named<Texts> | null;
  readonly interface?: string | number;
  readonly router?: string;
  readonly dns?: Texts;
}

export type LinkSource = readonly [string, string] | CableSource;

export interface CableSource {
  readonly between: readonly [string, string];
  readonly rate?: string;
  readonly delay?: string | number;
  readonly jitter?: string | number;
  readonly loss?: string | number;
  readonly queue?: number;
  readonly up?: boolean;
}
