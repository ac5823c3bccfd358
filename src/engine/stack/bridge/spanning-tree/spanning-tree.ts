/**
 * What a bridge and its spanning tree say to each other. The protocol is a state machine of its own: told what happens and when, it does
 * nothing but call its actions. Times are ns, ports are numbered from 1.
 */
import type { Bpdu, BridgeId } from '../../../../wire/stp';
import type { PortState } from '../port-state';

/** IEEE 802.1D-2004 17.7; STP calls alternate and backup ports blocked, and this gives them the same names. */
export type PortRole = 'disabled' | 'root' | 'designated' | 'alternate' | 'backup';

/** What a bridge is set to; the root's times hold for all (IEEE 802.1D-2004 table 17-1). */
export interface SpanningTreeSettings {
  readonly id: BridgeId;
  readonly helloTime: number;
  readonly maximumAge: number;
  readonly forwardDelay: number;
}

/** What the protocol does. */
export interface SpanningTreeActions {
  transmit(port: number, bpdu: Bpdu): void;
  setState(port: number, state: PortState): void;
  /** Stations are to be forgotten after this many ns of silence while the topology changes; undefined: as usual again. */
  setAgeing(ageing: number | undefined): void;
  /** Forget who is on this port. */
  flush(port: number): void;
}

/** What happens to it. */
export interface SpanningTree {
  /** @param rate of the port's cable in bit/s */
  linkUp(port: number, rate: number, now: number): void;
  linkDown(port: number, now: number): void;
  /** False for a BPDU that says nothing to this protocol. */
  receive(port: number, bpdu: Bpdu, now: number): boolean;
  /** Lets every timer due by now run out. */
  advance(now: number): void;
  /** When the next timer runs out. */
  readonly nextDeadline: number;
  readonly status: SpanningTreeStatus;
}

/** What `bridge link` and `brctl showstp` show. */
export interface SpanningTreeStatus {
  readonly root: BridgeId;
  readonly rootPathCost: number;
  /** 0 in the root itself. */
  readonly rootPort: number;
  readonly topologyChange: boolean;
  readonly ports: readonly {
    readonly number: number;
    readonly role: PortRole;
    readonly state: PortState;
    readonly pathCost: number;
    readonly designatedBridge: BridgeId;
    readonly designatedPort: number;
  }[];
}

/** A timer that is off. */
export const NEVER = Number.POSITIVE_INFINITY;

/** One unit of the times in BPDUs, 1/256 s, in ns. */
export const BPDU_TICK = 1_000_000_000 / 256;

/** Default priority of a port, in the upper bits of its identifier (IEEE 802.1D-2004 table 17-2; Linux shows 0x8001 for port 1). */
const PORT_PRIORITY = 0x80;

/** Identifier of a port: priority and number (Linux br_make_port_id; IEEE 802.1D-2004 9.2.7 with 12 bits of number). */
export function portIdentifier(number: number): number {
  return (PORT_PRIORITY << 8) | (number & 0xfff);
}
