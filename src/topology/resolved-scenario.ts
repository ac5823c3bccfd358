/** Scenarios with every default filled in. */
import type { IpAddress } from '../net/ip-address';
import type { Ipv4Address } from '../net/ipv4-address';
import type { TopologyPath } from './resolved';

export interface ResolvedScenario {
  readonly name: string;
  readonly steps: readonly ResolvedStep[];
  readonly source: TopologyPath;
}

export type ResolvedStep =
  | ResolvedPingStep
  | ResolvedDnsStep
  | ResolvedTracerouteStep
  | ResolvedTcpStep
  | ResolvedUdpStep
  | ResolvedHttpStep
  | ResolvedDhcpStep
  | ResolvedWaitStep
  | ResolvedSetStep
  | ResolvedExpectStep
  | ResolvedCaptureStep;

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
    | { readonly kind: 'answer'; readonly address?: IpAddress }
    | { readonly kind: 'nxdomain' }
    | { readonly kind: 'no-answer' };
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedTracerouteStep {
  readonly kind: 'traceroute';
  readonly from: string;
  readonly to: ResolvedTarget;
  /** The hops in order, `undefined` for one that may be silent (`*`); absent where any path that arrives is right. */
  readonly expect?: readonly (ResolvedTarget | undefined)[];
  readonly source: TopologyPath;
}

export interface ResolvedTcpStep {
  readonly kind: 'tcp';
  /** A device id; where it is the internet, the connection comes from its outside address. */
  readonly from: string;
  readonly to: ResolvedTarget;
  readonly port: number;
  readonly expect: 'connected' | 'refused' | 'timeout';
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedUdpStep {
  readonly kind: 'udp';
  readonly from: string;
  readonly to: ResolvedTarget;
  readonly port: number;
  readonly expect: 'reply' | 'no-reply' | 'unreachable';
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedHttpStep {
  readonly kind: 'http';
  readonly from: string;
  /** What the URL names: a host name or an address, a port and a path. */
  readonly to: ResolvedTarget;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly expect:
    | { readonly kind: 'response'; readonly status?: number; readonly body?: string }
    | { readonly kind: 'refused' }
    | { readonly kind: 'timeout' };
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedDhcpStep {
  readonly kind: 'dhcp';
  readonly node: string;
  readonly action: 'lease' | 'renew' | 'release';
  /** The address that the lease must have, or `none` where no lease may come. */
  readonly expect?: Ipv4Address | 'none';
  readonly within: number;
  readonly source: TopologyPath;
}

export interface ResolvedWaitStep {
  readonly kind: 'wait';
  /** Nanoseconds. */
  readonly time: number;
  readonly source: TopologyPath;
}

export interface ResolvedSetStep {
  readonly kind: 'set';
  readonly what:
    | {
        readonly kind: 'cable';
        /** The cable's id. */
        readonly cable: string;
        readonly up?: boolean;
        /** Bits per second. */
        readonly rate?: number;
        /** Nanoseconds. */
        readonly delay?: number;
        /** 0 to 1. */
        readonly loss?: number;
      }
    | {
        readonly kind: 'interface';
        readonly device: string;
        readonly interface: string;
        readonly up: boolean;
      }
    /** A firewall rule or port forward, by its name. */
    | { readonly kind: 'rule'; readonly device: string; readonly rule: string; readonly enabled: boolean };
  readonly source: TopologyPath;
}

/** What a table of a device must hold now. */
export interface ResolvedExpectStep {
  readonly kind: 'expect';
  readonly node: string;
  readonly what:
    | { readonly kind: 'lease'; readonly address: Ipv4Address | 'none' }
    /** An ARP or neighbour entry for this address that has a hardware address. */
    | { readonly kind: 'neighbour'; readonly address: IpAddress }
    /** A route as `ip route` writes it: `default via 10.0.2.2`, `10.0.0.0/8 dev eth0`. */
    | { readonly kind: 'route'; readonly text: string }
    /** A hardware address that a switch or bridge has learned, with `@port` where one is meant. */
    | { readonly kind: 'mac'; readonly text: string };
  readonly source: TopologyPath;
}

/** How many frames since the scenario began passed a point. */
export interface ResolvedCaptureStep {
  readonly kind: 'capture';
  readonly device: string;
  readonly port: string;
  /** A display filter; absent for all frames. */
  readonly filter?: string;
  readonly count: { readonly comparison: 'exactly' | 'at-least' | 'at-most'; readonly value: number };
  readonly source: TopologyPath;
}

/** Whom a step speaks to: a device (its first address at run time), one of its interfaces, an address, or a name that DNS knows. */
export type ResolvedTarget =
  | { readonly kind: 'device'; readonly device: string; readonly interface?: string }
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'name'; readonly name: string };
