/** The engine's public face: a network built from a resolved topology, run in virtual time. */
import type { Ipv4Address } from '../net/ipv4-address';
import type { Ipv4InterfaceAddress } from '../net/ipv4-prefix';
import type { ResolvedTarget } from '../topology/resolved';
import type { TrafficObserver } from './kernel/traffic-observer';

export interface NetworkOptions {
  /** Two networks of one topology and one seed do the same to the byte. */
  readonly seed: number;
  readonly observer?: TrafficObserver;
  readonly listener?: NetworkListener;
}

/** What a network tells while it runs, besides its traffic. */
export interface NetworkListener {
  addressesChanged?(device: string, port: string, addresses: readonly Ipv4InterfaceAddress[]): void;
}

/** A port as traffic records number it: the ports of all devices in the topology's order. */
export interface NetworkPort {
  readonly device: string;
  readonly name: string;
  /** The number of the port at the other end of its cable, -1 for none. */
  readonly peer: number;
}

/** One answer, or its absence, to one echo request. */
export interface PingReply {
  /** From 1. */
  readonly sequence: number;
  /** `unreachable` and `expired` carry the ICMP type and code in `icmp`. */
  readonly result: 'reply' | 'timeout' | 'unreachable' | 'expired' | 'not-sent';
  /** ns between request and answer. */
  readonly time: number;
  /** Who answered. */
  readonly from?: Ipv4Address;
  readonly ttl?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface PingResult {
  /** The address pinged; undefined when the target had none (a name without an answer, a device without an address). */
  readonly address: Ipv4Address | undefined;
  /** Why nothing was sent, in a sentence, when `address` is undefined. */
  readonly problem?: string;
  readonly replies: readonly PingReply[];
}

export type LookupResult =
  | { readonly kind: 'answer'; readonly addresses: readonly Ipv4Address[]; readonly server: Ipv4Address }
  | { readonly kind: 'nxdomain'; readonly server: Ipv4Address }
  | { readonly kind: 'no-answer'; readonly problem: string };

export interface PingOptions {
  readonly count: number;
  /** ns between requests; a second by default. */
  readonly interval?: number;
  /** ns to wait for each answer. */
  readonly within: number;
  /** Bytes of echo data; 56 by default, as Linux ping. */
  readonly size?: number;
}

/** What a simulation may ask of a network. Callbacks come in virtual time, from inside `run…`. */
export interface NetworkControl {
  readonly ports: readonly NetworkPort[];
  /** Virtual time in ns. */
  readonly now: number;
  /** When the next event is due; undefined when nothing will ever happen again. */
  readonly nextEventTime: number | undefined;
  /** Records so far: transmissions and drops. */
  readonly records: number;
  /** Brings every interface up: DHCP clients start, and so on. */
  boot(): void;
  /** Whether every DHCP client has an address or has given up for now. */
  readonly booted: boolean;
  /** Runs every event due up to and including `time`, then sets the clock to it. `maximumEvents` bounds one call; returns the events run. */
  runUntil(time: number, maximumEvents?: number): number;
  /** Runs until one more record exists or nothing is left to happen; true when there is one. */
  step(): boolean;
  ping(device: string, target: ResolvedTarget, options: PingOptions, done: (result: PingResult) => void): void;
  lookup(device: string, name: string, within: number, done: (result: LookupResult) => void): void;
  addressesOf(device: string): readonly Ipv4InterfaceAddress[];
}
