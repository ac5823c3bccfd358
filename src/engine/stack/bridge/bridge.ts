/**
 * The relay of a bridge (IEEE 802.1D-2004 7.5 to 7.12, IEEE 802.1Q-2018 clause 8): learns where stations are, forwards to them alone, floods
 * the rest. A switch is one; a machine's bridge is another whose ports are interfaces.
 *
 * Multicast is flooded. Linux listens to IGMP and MLD (`mcast_snooping 1`) but does the same as long as no querier is heard.
 */
import { type MacAddress, UNKNOWN_MAC } from '../../../net/mac-address';
import { destinationMac, ETHERNET_HEADER_BYTES, sourceMac } from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { BridgePort, type BridgePortOptions } from './bridge-port';
import type { BridgePolicy } from './bridge-policy';
import { ForwardingDatabase, type StationEntry } from './forwarding-database';
import { StormGuard } from './storm-guard';
import { carriesVlan, ingressVlan, type PortVlans } from './vlan-rules';
import { VlanForms } from './vlan-forms';

/** 01:80:c2:00:00:00 to 0f: addresses that mean the next bridge, not those behind it (IEEE 802.1D-2004 table 7-10). */
const FIRST_RESERVED = 0x0180c2000000;
const LAST_RESERVED = 0x0180c200000f;

/** The spanning tree of a bridge: decides the states of its ports. */
export interface BridgeProtocol {
  /** A frame for the bridge group address came in. */
  receive(frame: Frame, port: BridgePort): void;
  carrierChanged(port: BridgePort): void;
}

export interface BridgeOptions {
  readonly policy: BridgePolicy;
  /** ns after which a silent station is forgotten. */
  readonly ageing: number;
  /** How often a frame is passed on until it is taken for one that circles; STORM_RELAYS where absent. */
  readonly stormRelays?: number;
}

export class Bridge {
  readonly stations: ForwardingDatabase;
  readonly ports: BridgePort[] = [];

  /** Undefined for a bridge whose ports are all open. */
  protocol: BridgeProtocol | undefined;

  /** Told when the state of a port has changed: a machine's bridge has carrier while any port is forwarding. */
  stateChanged: () => void = () => undefined;

  private readonly policy: BridgePolicy;
  private readonly storms: StormGuard;

  constructor(
    readonly simulator: Simulator,
    { policy, ageing, stormRelays }: BridgeOptions,
  ) {
    this.policy = policy;
    this.storms = new StormGuard(stormRelays);
    this.stations = new ForwardingDatabase(ageing, policy.maximumStations);
  }

  addPort(options: BridgePortOptions): BridgePort {
    const port = new BridgePort(this, options);
    this.ports.push(port);
    return port;
  }

  /** Copies what goes in and out of `watched` to `mirror`, which does nothing else from now on. */
  addMirror(watched: BridgePort, mirror: BridgePort): void {
    watched.mirror = mirror;
    mirror.isMirror = true;
  }

  /** The stations known now. */
  table(): IterableIterator<StationEntry> {
    return this.stations.table(this.simulator.now);
  }

  carrierChanged(port: BridgePort): void {
    if (!port.carrier) {
      // Whoever was there is not (Linux br_stp_disable_port).
      this.stations.flush(port);
    }
    this.protocol?.carrierChanged(port);
  }

  /** A frame came in at this port. */
  receive(frame: Frame, from: BridgePort): void {
    const { bytes } = frame;
    if (bytes.length < ETHERNET_HEADER_BYTES) {
      from.drop(frame, 'malformed');
      return;
    }
    if (from.isMirror) {
      from.drop(frame, 'port-mirror');
      return;
    }
    from.mirror?.send(frame);
    const source = sourceMac(bytes);
    const sourceValid = !beginsGroupMac(bytes, 6) && source !== UNKNOWN_MAC;
    if (!sourceValid && this.policy.dropsInvalidSources) {
      from.drop(frame, 'source-invalid');
      return;
    }
    const destination = destinationMac(bytes);
    const group = beginsGroupMac(bytes, 0);
    if (
      !from.local &&
      group &&
      destination >= FIRST_RESERVED &&
      destination <= LAST_RESERVED &&
      !this.passes(destination)
    ) {
      this.receiveReserved(frame, from, sourceValid ? source : undefined, destination);
      return;
    }
    if (!from.forwards && !from.learns) {
      this.dropAtClosed(frame, from);
      return;
    }
    const { vlans } = from;
    const vlan = vlans === undefined ? 0 : ingressVlan(vlans, bytes);
    if (vlan === 0 && vlans !== undefined) {
      from.drop(frame, 'vlan-not-allowed');
      return;
    }
    if (sourceValid && !from.local) {
      this.stations.learn(source, vlan, from, this.simulator.now, this.simulator.cause);
    }
    if (!from.forwards) {
      this.dropAtClosed(frame, from);
    } else if (this.storms.circles(frame, this.simulator.now)) {
      from.drop(frame, 'broadcast-storm');
    } else {
      const to = group ? undefined : this.stations.find(destination, vlan, this.simulator.now);
      if (to === undefined) {
        this.flood(frame, from, vlan, group);
      } else {
        this.forward(frame, from, to, vlan);
      }
    }
  }

  private forward(frame: Frame, from: BridgePort, to: BridgePort, vlan: number): void {
    if (to === from) {
      from.drop(frame, 'same-port');
    } else if (!to.forwards) {
      this.dropAtClosed(frame, to);
    } else if (to.vlans === undefined) {
      to.send(frame);
    } else if (carriesVlan(to.vlans, vlan)) {
      const forms = new VlanForms(this.simulator, frame, vlan);
      to.send(formFor(to.vlans, vlan, forms));
    } else {
      to.drop(frame, 'vlan-not-allowed');
    }
  }

  private flood(frame: Frame, from: BridgePort, vlan: number, group: boolean): void {
    const forms = vlan === 0 ? undefined : new VlanForms(this.simulator, frame, vlan);
    let sent = false;
    for (const port of this.ports) {
      if (port === from || !port.forwards || port.isMirror || !port.carrier || (port.local && !group)) {
        continue;
      }
      const { vlans } = port;
      if (vlans === undefined || forms === undefined) {
        port.send(frame);
        sent = true;
      } else if (carriesVlan(vlans, vlan)) {
        port.send(formFor(vlans, vlan, forms));
        sent = true;
      }
    }
    if (!sent) {
      from.drop(frame, 'no-other-port');
    }
  }

  /** Whether a reserved address is passed on like any other. */
  private passes(destination: MacAddress): boolean {
    return (
      this.protocol === undefined && this.policy.forwardedReserved.includes(destination - FIRST_RESERVED)
    );
  }

  private receiveReserved(
    frame: Frame,
    from: BridgePort,
    source: MacAddress | undefined,
    destination: MacAddress,
  ): void {
    // Linux br_handle_local_finish learns from these too, where there is but one VLAN to learn in.
    if (source !== undefined && from.learns && from.vlans === undefined && !from.local) {
      this.stations.learn(source, 0, from, this.simulator.now, this.simulator.cause);
    }
    if (destination === FIRST_RESERVED && this.protocol !== undefined) {
      this.protocol.receive(frame, from);
    } else {
      from.drop(frame, 'reserved-address');
    }
  }

  /** Drops at a port that the spanning tree keeps closed, or has not opened yet. */
  private dropAtClosed(frame: Frame, port: BridgePort): void {
    switch (port.state) {
      case 'disabled':
        port.drop(frame, 'interface-down');
        return;
      case 'blocking':
        port.drop(frame, 'port-blocked');
        return;
      case 'listening':
      case 'learning':
      case 'forwarding':
        port.drop(frame, 'port-learning');
    }
  }
}

/** Whether the address that begins here is one of a group, as isGroupMac; one bit, for every frame asks. */
function beginsGroupMac(b: Uint8Array, at: number): boolean {
  return ((b[at] ?? 0) & 1) !== 0;
}

function formFor(vlans: PortVlans, vlan: number, forms: VlanForms): Frame {
  return vlan === vlans.untagged ? forms.untagged : forms.tagged;
}
