/** The values of a file that the schema has found good: what resolving reads. Amounts and addresses are still text. */

type Named<Value> = Readonly<Record<string, Value>>;

export interface FileSource {
  readonly name?: string;
  readonly networks?: Named<NetworkSource | null> | null;
  readonly nodes?: Named<NodeSource> | null;
  readonly links?: readonly LinkSource[] | null;
  readonly scenarios?: Named<readonly StepSource[] | null> | null;
}

export interface NetworkSource {
  readonly subnet?: string;
  readonly gateway?: string;
  readonly dhcp?: boolean | DhcpSource | null;
  readonly dns?: string | readonly string[];
  readonly mtu?: number;
}

export interface DhcpSource {
  readonly server?: string;
  readonly range?: string;
  readonly lease?: string;
  readonly domain?: string;
}

export type NodeSource = MachineSource | SwitchSource | InternetSource | UnsimulatedSource;

export type NodeKind = NodeSource['kind'];

export interface MachineSource {
  readonly kind: 'host' | 'vm' | 'router';
  readonly on?: string;
  readonly adapters?: Named<AdapterSource> | null;
  readonly interfaces?: Named<InterfaceSource | null> | null;
  readonly routes?: readonly RouteSource[];
  readonly dns?: string | readonly string[];
  readonly nat?: { readonly outside: string | number };
  readonly forwarding?: boolean;
  readonly virtualbox?: { readonly version?: '7.0' | '7.2' } | null;
}

export interface SwitchSource {
  readonly kind: 'switch';
  readonly ports?: number | Named<unknown>;
  readonly ageing?: string;
}

export interface InternetSource {
  readonly kind: 'internet';
  readonly servers?: Named<{ readonly address?: string } | null> | null;
}

export interface UnsimulatedSource {
  readonly kind: 'container' | 'hub';
  readonly interfaces?: Named<InterfaceSource | null> | null;
}

/** What the addressing of interfaces and adapters have in common. */
export interface AddressingSource {
  readonly address?: string | readonly string[];
  readonly gateway?: string;
  readonly mac?: string;
  readonly mtu?: number;
}

export interface InterfaceSource extends AddressingSource {
  readonly type?: 'physical' | 'bridge' | 'tap' | 'tun' | 'veth' | 'vlan' | 'vxlan' | 'loopback';
  readonly network?: string;
  readonly up?: boolean;
}

export interface AdapterSource extends AddressingSource {
  readonly attach: 'nat' | 'nat-network' | 'bridged' | 'internal' | 'host-only' | 'generic' | 'tap' | 'none';
  readonly network?: string;
  readonly cable?: boolean;
  readonly 'localhost-reachable'?: boolean;
}

export interface RouteSource {
  readonly to: string;
  readonly via?: string;
  readonly dev?: string | number;
  readonly metric?: number;
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

/** A step has one key of these, or one of those that are not simulated yet. */
export interface StepSource {
  readonly ping?: {
    readonly from: string;
    readonly to: string;
    readonly expect?: 'reply' | 'no-reply';
    readonly count?: number;
    readonly within?: string;
  };
  readonly dns?: {
    readonly from: string;
    readonly name: string;
    readonly expect?: string;
    readonly within?: string;
  };
}
