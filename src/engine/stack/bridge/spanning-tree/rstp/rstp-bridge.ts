/**
 * The Rapid Spanning Tree Protocol (IEEE 802.1D-2004 clause 17). The state machines of the standard are the functions of this folder; this one
 * runs them until none has a transition left, and transmits. Every link counts as point-to-point: cables here join two ports in full duplex,
 * and a hub on one is not noticed.
 */
import type { Bpdu, BpduRole } from '../../../../../wire/stp';
import type { PortState } from '../../port-state';
import { rstpPathCost } from '../path-cost';
import {
  BPDU_TICK,
  type PortRole,
  type SpanningTree,
  type SpanningTreeActions,
  type SpanningTreeSettings,
  type SpanningTreeStatus,
} from '../spanning-tree';
import { enableInformation, receiveInformation, stepInformation } from './port-information';
import { selectPortRoles, type RootChoice } from './role-selection';
import { MIGRATE_TIME, stepRole } from './role-transitions';
import { RstpPort, type RstpTimes } from './rstp-port';
import { stepTopologyChange } from './topology-change';

/** TxHoldCount (table 17-1): BPDUs that one port may send at once; one more each second. */
const TRANSMIT_HOLD_COUNT = 6;
const SECOND = 1_000_000_000;

/** Rounds of transitions that one event may cause; a handful is usual, this many would be a fault of the machines. */
const MAXIMUM_ROUNDS = 1000;

const ROLE_IN_BPDU: Readonly<Record<PortRole, BpduRole>> = {
  disabled: 'unknown',
  root: 'root',
  designated: 'designated',
  alternate: 'alternate-or-backup',
  backup: 'alternate-or-backup',
};

export class RstpBridge implements SpanningTree {
  private readonly ports: readonly RstpPort[];
  private readonly times: RstpTimes;
  private readonly shown = new Map<RstpPort, PortState>();
  private choice: RootChoice;
  private now: number;

  constructor(
    private readonly settings: SpanningTreeSettings,
    ports: number,
    private readonly actions: SpanningTreeActions,
    now: number,
  ) {
    const { helloTime, maximumAge, forwardDelay, id } = settings;
    this.times = { messageAge: 0, maximumAge, helloTime, forwardDelay };
    this.ports = Array.from({ length: ports }, (_, index) => new RstpPort(index + 1, id, this.times));
    this.now = now;
    this.choice = selectPortRoles(this.ports, id, this.times);
  }

  get nextDeadline(): number {
    return this.ports.reduce(
      (next, port) => (port.enabled ? Math.min(next, port.nextDeadline(this.now)) : next),
      Number.POSITIVE_INFINITY,
    );
  }

  get status(): SpanningTreeStatus {
    const { root, rootPathCost, port: rootPort } = this.choice;
    return {
      root,
      rootPathCost,
      rootPort: rootPort?.number ?? 0,
      topologyChange: this.ports.some(({ tcWhile }) => tcWhile > this.now),
      ports: this.ports.map(port => ({
        number: port.number,
        role: port.role,
        state: stateOf(port),
        pathCost: port.pathCost,
        designatedBridge: port.portPriority.bridge,
        designatedPort: port.portPriority.port,
      })),
    };
  }

  linkUp(number: number, rate: number, now: number): void {
    const port = this.ports[number - 1];
    if (port === undefined || port.enabled) {
      return;
    }
    port.pathCost = rstpPathCost(rate);
    enableInformation(port, true);
    // CHECKING_RSTP (17.24), NOT_EDGE (17.25) and TRANSMIT_INIT (17.26).
    port.sendRstp = true;
    port.mdelayWhile = now + MIGRATE_TIME;
    port.operEdge = false;
    port.newInfo = true;
    port.txCount = 0;
    port.helloWhen = now + this.times.helloTime;
    port.edgeDelayWhile = now + MIGRATE_TIME;
    this.run(now);
  }

  linkDown(number: number, now: number): void {
    const port = this.ports[number - 1];
    if (port?.enabled === true) {
      enableInformation(port, false);
      this.run(now);
    }
  }

  receive(number: number, bpdu: Bpdu, now: number): boolean {
    const port = this.ports[number - 1];
    const tooOld = bpdu.kind !== 'topology-change' && bpdu.messageAge >= bpdu.maximumAge;
    if (port?.enabled !== true || tooOld) {
      return false;
    }
    // Timers that are due come first.
    this.run(now);
    this.checkVersion(port, bpdu, now);
    port.operEdge = false;
    port.edgeDelayWhile = now + MIGRATE_TIME;
    if (bpdu.kind === 'topology-change') {
      port.rcvdTcn = true;
    } else {
      receiveInformation(port, bpdu, now);
    }
    this.run(now);
    return true;
  }

  advance(now: number): void {
    this.run(now);
  }

  /** Port Protocol Migration (17.24): speaks STP where STP is heard, and RSTP again where that is. */
  private checkVersion(port: RstpPort, bpdu: Bpdu, now: number): void {
    const rapid = bpdu.kind === 'rapid';
    if (port.mdelayWhile <= now && rapid !== port.sendRstp) {
      port.sendRstp = rapid;
      port.mdelayWhile = now + MIGRATE_TIME;
    }
  }

  /** Runs every machine until none has a transition left. */
  private run(now: number): void {
    this.now = now;
    for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
      // A round is one transition of each machine that has one; only when none has is anything sent.
      if (!this.step(now) && !this.transmitAll(now)) {
        break;
      }
    }
    for (const port of this.ports) {
      this.show(port);
    }
  }

  private step(now: number): boolean {
    let changed = false;
    if (this.ports.some(({ reselect }) => reselect)) {
      this.choice = selectPortRoles(this.ports, this.settings.id, this.times);
      changed = true;
    }
    for (const port of this.ports) {
      changed = stepInformation(port, now) || changed;
      changed = this.detectEdge(port, now) || changed;
      changed = stepRole(port, this.ports, now) || changed;
      changed = stepTopologyChange(port, this.ports, now, each => this.actions.flush(each.number)) || changed;
    }
    return changed;
  }

  private transmitAll(now: number): boolean {
    let changed = false;
    for (const port of this.ports) {
      changed = this.transmitDue(port, now) || changed;
    }
    return changed;
  }

  /** Bridge Detection (17.25): a port that hears no bridge for a while leads to a station (autoEdge). */
  private detectEdge(port: RstpPort, now: number): boolean {
    const edge =
      port.enabled && port.edgeDelayWhile <= now && port.sendRstp && port.proposing && !port.operEdge;
    if (edge) {
      port.operEdge = true;
    }
    return edge;
  }

  /** Port Transmit (17.26). */
  private transmitDue(port: RstpPort, now: number): boolean {
    if (port.txCount > 0 && port.txTick <= now) {
      port.txCount--;
      port.txTick = now + SECOND;
      return true;
    }
    if (!port.enabled || !port.selected || port.updtInfo || port.role !== port.selectedRole) {
      return false;
    }
    if (port.helloWhen <= now) {
      port.newInfo ||= port.role === 'designated' || (port.role === 'root' && port.tcWhile > now);
      port.helloWhen = now + port.designatedTimes.helloTime;
      return true;
    }
    if (!port.newInfo || port.txCount >= TRANSMIT_HOLD_COUNT) {
      return false;
    }
    port.newInfo = false;
    if (port.txCount++ === 0) {
      port.txTick = now + SECOND;
    }
    port.helloWhen = now + port.designatedTimes.helloTime;
    this.transmit(port, now);
    return true;
  }

  private transmit(port: RstpPort, now: number): void {
    if (!port.sendRstp && port.role === 'root') {
      this.actions.transmit(port.number, { kind: 'topology-change', version: 0 });
      return;
    }
    if (!port.sendRstp && port.role !== 'designated') {
      return;
    }
    const { messageAge, maximumAge, helloTime, forwardDelay } = port.designatedTimes;
    const body = {
      ...port.designatedPriority,
      topologyChange: port.tcWhile > now,
      messageAge: Math.floor(messageAge / BPDU_TICK),
      maximumAge: Math.floor(maximumAge / BPDU_TICK),
      helloTime: Math.floor(helloTime / BPDU_TICK),
      forwardDelay: Math.floor(forwardDelay / BPDU_TICK),
    };
    this.actions.transmit(
      port.number,
      port.sendRstp
        ? {
            ...body,
            kind: 'rapid',
            version: 2,
            topologyChangeAcknowledgment: false,
            proposal: port.proposing,
            agreement: port.agree,
            role: ROLE_IN_BPDU[port.role],
            learning: port.learn,
            forwarding: port.forward,
          }
        : { ...body, kind: 'configuration', version: 0, topologyChangeAcknowledgment: port.tcAck },
    );
    port.tcAck = false;
  }

  /** Port State Transition (17.30). */
  private show(port: RstpPort): void {
    const state = stateOf(port);
    if (this.shown.get(port) !== state) {
      this.shown.set(port, state);
      this.actions.setState(port.number, state);
    }
  }
}

/** RSTP's discarding is what STP calls blocking; a designated port that waits there is shown as listening. */
function stateOf(port: RstpPort): PortState {
  if (!port.enabled) {
    return 'disabled';
  }
  if (port.forward) {
    return 'forwarding';
  }
  if (port.learn) {
    return 'learning';
  }
  return port.role === 'designated' || port.role === 'root' ? 'listening' : 'blocking';
}
