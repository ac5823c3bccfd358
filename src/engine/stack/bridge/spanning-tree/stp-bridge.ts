/**
 * The Spanning Tree Protocol (IEEE 802.1D-1998 clause 8) as the bridge of Linux 6.18 runs it (net/bridge/br_stp*.c): the names of the
 * standard's procedures stand beside the methods. Measured differences to the standard's text are Linux's: the message age grows by 1/256 s
 * with each bridge and not by a second, and entries age fast for the forward delay of the root.
 */
import type { Bpdu, ConfigurationBpdu } from '../../../../wire/stp';
import { compareBridgeIds } from '../../../../wire/stp';
import { stpPathCost } from './path-cost';
import {
  BPDU_TICK,
  NEVER,
  type SpanningTree,
  type SpanningTreeActions,
  type SpanningTreeSettings,
  type SpanningTreeStatus,
} from './spanning-tree';
import { compareDesignated, StpPort, type DesignatedInformation } from './stp-port';
import { stpPortRole, selectRootPort, shouldBecomeDesignated } from './stp-selection';

/** ns between two Configuration BPDUs of one port (IEEE 802.1D-1998 8.10.2, BR_HOLD_TIME of Linux). */
const HOLD_TIME = 1_000_000_000;

export class StpBridge implements SpanningTree {
  private readonly ports: readonly StpPort[];
  private root;
  private rootPathCost = 0;
  private rootPort: StpPort | undefined;
  /** The times in use: the root's. */
  private maximumAge: number;
  private helloTime: number;
  private forwardDelay: number;
  private topologyChange = false;
  private topologyChangeDetected = false;

  private hello = NEVER;
  private topologyChangeEnd = NEVER;
  private notification = NEVER;

  constructor(
    private readonly settings: SpanningTreeSettings,
    ports: number,
    private readonly actions: SpanningTreeActions,
    now: number,
  ) {
    this.ports = Array.from({ length: ports }, (_, index) => new StpPort(index + 1, settings.id));
    this.root = settings.id;
    this.maximumAge = settings.maximumAge;
    this.helloTime = settings.helloTime;
    this.forwardDelay = settings.forwardDelay;
    this.hello = now + settings.helloTime;
  }

  get nextDeadline(): number {
    let next = Math.min(this.hello, this.topologyChangeEnd, this.notification);
    for (const port of this.ports) {
      next = Math.min(next, port.nextDeadline);
    }
    return next;
  }

  get status(): SpanningTreeStatus {
    const { root, rootPathCost, rootPort, topologyChange } = this;
    return {
      root,
      rootPathCost,
      rootPort: rootPort?.number ?? 0,
      topologyChange,
      ports: this.ports.map(port => ({
        number: port.number,
        role: stpPortRole(port, rootPort, this.settings.id),
        state: port.state,
        pathCost: port.pathCost,
        designatedBridge: port.designated.bridge,
        designatedPort: port.designated.port,
      })),
    };
  }

  /** Enable port (8.8.2). */
  linkUp(number: number, rate: number, now: number): void {
    const port = this.ports[number - 1];
    if (port?.state !== 'disabled') {
      return;
    }
    port.pathCost = stpPathCost(rate);
    port.becomeDesignated(this.root, this.rootPathCost);
    port.acknowledgesChange = false;
    port.configurationPending = false;
    this.setState(port, 'blocking');
    this.selectStates(now);
  }

  /** Disable port (8.8.3). */
  linkDown(number: number, now: number): void {
    const port = this.ports[number - 1];
    if (port === undefined || port.state === 'disabled') {
      return;
    }
    const wasRoot = this.isRoot();
    port.becomeDesignated(this.root, this.rootPathCost);
    this.setState(port, 'disabled');
    port.acknowledgesChange = false;
    port.configurationPending = false;
    port.stopTimers();
    this.update(now, wasRoot);
  }

  receive(number: number, bpdu: Bpdu, now: number): boolean {
    const port = this.ports[number - 1];
    // Linux br_stp_rcv takes protocol version 0 alone.
    if (port === undefined || port.state === 'disabled' || bpdu.version !== 0) {
      return false;
    }
    switch (bpdu.kind) {
      case 'configuration':
        if (bpdu.messageAge > bpdu.maximumAge) {
          return false;
        }
        this.receiveConfiguration(port, bpdu, now);
        return true;
      case 'topology-change':
        // Received TCN BPDU (8.7.2).
        if (port.isDesignated) {
          this.detectTopologyChange(now);
          port.acknowledgesChange = true;
          this.transmitConfiguration(port, now);
        }
        return true;
      case 'rapid':
        return false;
    }
  }

  advance(now: number): void {
    if (this.hello <= now) {
      // Hello timer expiry (8.7.3).
      this.hello = now + this.helloTime;
      this.generateConfigurations(now);
    }
    if (this.topologyChangeEnd <= now) {
      this.topologyChangeEnd = NEVER;
      this.topologyChangeDetected = false;
      this.setTopologyChange(false);
    }
    if (this.notification <= now) {
      this.notification = NEVER;
      if (!this.isRoot()) {
        this.notifyTopologyChange(now);
      }
    }
    for (const port of this.ports) {
      this.advancePort(port, now);
    }
  }

  private isRoot(): boolean {
    return compareBridgeIds(this.root, this.settings.id) === 0;
  }

  private advancePort(port: StpPort, now: number): void {
    if (port.messageAge <= now) {
      // Message age timer expiry (8.7.4).
      port.messageAge = NEVER;
      const wasRoot = this.isRoot();
      port.becomeDesignated(this.root, this.rootPathCost);
      this.update(now, wasRoot);
    }
    if (port.forwardDelay <= now) {
      this.endForwardDelay(port, now);
    }
    if (port.hold <= now) {
      port.hold = NEVER;
      if (port.configurationPending) {
        this.transmitConfiguration(port, now);
      }
    }
  }

  /** Forward delay timer expiry (8.7.5). */
  private endForwardDelay(port: StpPort, now: number): void {
    port.forwardDelay = NEVER;
    if (port.state === 'listening') {
      this.setState(port, 'learning');
      port.forwardDelay = now + this.forwardDelay;
    } else if (port.state === 'learning') {
      this.setState(port, 'forwarding');
      if (this.ports.some(each => each.isDesignated)) {
        this.detectTopologyChange(now);
      }
    }
  }

  /** Received configuration BPDU (8.7.1). */
  private receiveConfiguration(port: StpPort, bpdu: ConfigurationBpdu, now: number): void {
    const heard: DesignatedInformation = bpdu;
    const compared = compareDesignated(heard, port.designated);
    const ofAnotherBridge = compareBridgeIds(bpdu.bridge, this.settings.id) !== 0;
    const samePlace =
      compareBridgeIds(heard.root, port.designated.root) === 0 &&
      heard.rootPathCost === port.designated.rootPathCost &&
      compareBridgeIds(heard.bridge, port.designated.bridge) === 0;
    // Supersedes port information (8.6.2.2): a port of the designated bridge may correct itself.
    if (compared <= 0 || (samePlace && ofAnotherBridge)) {
      this.recordConfiguration(port, bpdu, now);
    } else if (port.isDesignated) {
      // Reply (8.6.11).
      this.transmitConfiguration(port, now);
    }
  }

  private recordConfiguration(port: StpPort, bpdu: ConfigurationBpdu, now: number): void {
    const wasRoot = this.isRoot();
    const { root, rootPathCost, bridge, port: designatedPort } = bpdu;
    const age = bpdu.messageAge * BPDU_TICK;
    port.designated = { root, rootPathCost, bridge, port: designatedPort };
    port.designatedSince = now - age;
    port.messageAge = now + bpdu.maximumAge * BPDU_TICK - age;
    this.selectRoles();
    this.selectStates(now);
    if (wasRoot && !this.isRoot()) {
      this.hello = NEVER;
      if (this.topologyChangeDetected) {
        this.topologyChangeEnd = NEVER;
        this.notifyTopologyChange(now);
      }
    }
    if (port === this.rootPort) {
      this.maximumAge = bpdu.maximumAge * BPDU_TICK;
      this.helloTime = bpdu.helloTime * BPDU_TICK;
      this.forwardDelay = bpdu.forwardDelay * BPDU_TICK;
      this.setTopologyChange(bpdu.topologyChange);
      this.generateConfigurations(now);
      if (bpdu.topologyChangeAcknowledgment) {
        // Topology change acknowledged (8.6.15).
        this.topologyChangeDetected = false;
        this.notification = NEVER;
      }
    }
  }

  /** After a port's information has gone: who is root now, and what follows. */
  private update(now: number, wasRoot: boolean): void {
    this.selectRoles();
    this.selectStates(now);
    if (this.isRoot() && !wasRoot) {
      this.becomeRoot(now);
    }
  }

  /** Linux br_become_root_bridge. */
  private becomeRoot(now: number): void {
    this.maximumAge = this.settings.maximumAge;
    this.helloTime = this.settings.helloTime;
    this.forwardDelay = this.settings.forwardDelay;
    this.detectTopologyChange(now);
    this.notification = NEVER;
    this.generateConfigurations(now);
    this.hello = now + this.helloTime;
  }

  /** Configuration update (8.6.7): root selection and designated port selection. */
  private selectRoles(): void {
    this.rootPort = selectRootPort(this.ports, this.settings.id);
    if (this.rootPort === undefined) {
      this.root = this.settings.id;
      this.rootPathCost = 0;
    } else {
      const { designated, pathCost } = this.rootPort;
      this.root = designated.root;
      this.rootPathCost = designated.rootPathCost + pathCost;
    }
    const own = { root: this.root, rootPathCost: this.rootPathCost, bridge: this.settings.id };
    for (const port of this.ports) {
      if (port.state !== 'disabled' && shouldBecomeDesignated(port, own)) {
        port.becomeDesignated(this.root, this.rootPathCost);
      }
    }
  }

  /** Port state selection (8.6.11). */
  private selectStates(now: number): void {
    for (const port of this.ports) {
      if (port.state === 'disabled') {
        continue;
      }
      if (port === this.rootPort) {
        port.configurationPending = false;
        port.acknowledgesChange = false;
        this.makeForwarding(port, now);
      } else if (port.isDesignated) {
        port.messageAge = NEVER;
        this.makeForwarding(port, now);
      } else {
        port.configurationPending = false;
        port.acknowledgesChange = false;
        this.makeBlocking(port, now);
      }
    }
  }

  private makeForwarding(port: StpPort, now: number): void {
    if (port.state !== 'blocking') {
      return;
    }
    if (this.forwardDelay === 0) {
      this.setState(port, 'forwarding');
      this.detectTopologyChange(now);
      return;
    }
    this.setState(port, 'listening');
    port.forwardDelay = now + this.forwardDelay;
  }

  private makeBlocking(port: StpPort, now: number): void {
    if (port.state === 'blocking') {
      return;
    }
    if (port.state === 'forwarding' || port.state === 'learning') {
      this.detectTopologyChange(now);
    }
    this.setState(port, 'blocking');
    port.forwardDelay = NEVER;
  }

  /** Topology change detection (8.6.14). */
  private detectTopologyChange(now: number): void {
    if (this.isRoot()) {
      this.setTopologyChange(true);
      this.topologyChangeEnd = now + this.settings.forwardDelay + this.settings.maximumAge;
    } else if (!this.topologyChangeDetected) {
      this.notifyTopologyChange(now);
    }
    this.topologyChangeDetected = true;
  }

  /** Transmit TCN BPDU (8.6.6), again every hello time until acknowledged. */
  private notifyTopologyChange(now: number): void {
    if (this.rootPort !== undefined) {
      this.actions.transmit(this.rootPort.number, { kind: 'topology-change', version: 0 });
    }
    this.notification = now + this.settings.helloTime;
  }

  private setTopologyChange(change: boolean): void {
    if (change !== this.topologyChange) {
      this.topologyChange = change;
      this.actions.setAgeing(change ? this.forwardDelay : undefined);
    }
  }

  /** Configuration BPDU generation (8.6.4). */
  private generateConfigurations(now: number): void {
    for (const port of this.ports) {
      if (port.state !== 'disabled' && port.isDesignated) {
        this.transmitConfiguration(port, now);
      }
    }
  }

  /** Transmit configuration BPDU (8.6.1). */
  private transmitConfiguration(port: StpPort, now: number): void {
    if (port.hold !== NEVER) {
      port.configurationPending = true;
      return;
    }
    const { rootPort } = this;
    const messageAge =
      this.isRoot() || rootPort === undefined
        ? 0
        : Math.floor((now - rootPort.designatedSince) / BPDU_TICK) + 1;
    const maximumAge = Math.floor(this.maximumAge / BPDU_TICK);
    if (messageAge >= maximumAge) {
      return;
    }
    this.actions.transmit(port.number, {
      kind: 'configuration',
      version: 0,
      topologyChange: this.topologyChange,
      topologyChangeAcknowledgment: port.acknowledgesChange,
      root: this.root,
      rootPathCost: this.rootPathCost,
      bridge: this.settings.id,
      port: port.identifier,
      messageAge,
      maximumAge,
      helloTime: Math.floor(this.helloTime / BPDU_TICK),
      forwardDelay: Math.floor(this.forwardDelay / BPDU_TICK),
    });
    port.acknowledgesChange = false;
    port.configurationPending = false;
    port.hold = now + HOLD_TIME;
  }

  private setState(port: StpPort, state: StpPort['state']): void {
    if (port.state !== state) {
      port.state = state;
      this.actions.setState(port.number, state);
    }
  }
}
