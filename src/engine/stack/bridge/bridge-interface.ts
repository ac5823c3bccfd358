/**
 * The bridge of Linux inside a machine: an interface, `br0`, whose link is a bridge with other interfaces of the machine as its ports. Their
 * frames go to the bridge and no longer to the stack; what the bridge finds to be for the machine comes in at `br0`.
 */
import type { ResolvedBridgeLink } from '../../../topology/resolved';
import type { Frame } from '../../kernel/frame';
import { SECOND } from '../linux-policy';
import type { InterfaceMaster, InterfaceStateListener, Link, NetworkInterface } from '../network-interface';
import { Bridge } from './bridge';
import { LINUX_BRIDGE_POLICY } from './bridge-policy';
import type { BridgePort } from './bridge-port';
import { SpanningTreeRunner } from './spanning-tree/spanning-tree-runner';

export class BridgeInterface implements Link, InterfaceMaster, InterfaceStateListener {
  readonly bridge: Bridge;
  readonly spanningTree: SpanningTreeRunner | undefined;
  private readonly local: BridgePort;
  private readonly members = new Map<NetworkInterface, BridgePort>();
  private enabled = false;
  private booted = false;

  /**
   * @param own the interface that this becomes the link of
   * @param members in the order in which they become ports 1, 2 and so on
   */
  constructor(
    private readonly own: NetworkInterface,
    members: readonly NetworkInterface[],
    { ageingSeconds, spanningTree }: ResolvedBridgeLink,
  ) {
    this.bridge = new Bridge(own.simulator, {
      policy: LINUX_BRIDGE_POLICY,
      ageing: ageingSeconds * SECOND,
    });
    members.forEach((member, index) => {
      this.members.set(member, this.addMember(member, index + 1));
    });
    this.local = this.addLocalPort(members.length + 1);
    if (spanningTree !== undefined) {
      const macs = new Map([...this.members].map(([{ mac }, port]) => [port, mac]));
      const sourceOf = (port: BridgePort) => macs.get(port) ?? own.mac;
      this.spanningTree = new SpanningTreeRunner(this.bridge, spanningTree, own.mac, sourceOf);
    }
    this.bridge.stateChanged = () => {
      own.stateChanged();
    };
    own.link = this;
  }

  /** The spanning tree begins. */
  boot(): void {
    this.booted = true;
    this.updatePorts();
  }

  /** Whether any member is open (Linux br_port_state_selection and br_port_carrier_check). */
  get carrier(): boolean {
    for (const port of this.members.values()) {
      if (port.forwards && port.carrier) {
        return true;
      }
    }
    return false;
  }

  /** What the machine itself sends through `br0`. */
  send(frame: Frame): void {
    this.local.receive(frame);
  }

  /** `ip link set br0 up` and `down`: down, it passes nothing on either (br_stp_disable_bridge). */
  setEnabled(enabled: boolean): void {
    this.enabled = enabled;
    this.updatePorts();
  }

  receive(frame: Frame, member: NetworkInterface): void {
    this.members.get(member)?.receive(frame);
  }

  /** A member went up or down, or its link did. */
  interfaceChanged(member: NetworkInterface): void {
    this.members.get(member)?.carrierChanged();
    this.own.stateChanged();
  }

  private addMember(member: NetworkInterface, number: number): BridgePort {
    const port = this.bridge.addPort({
      number,
      name: member.name,
      record: member.portNumber,
      vlans: undefined,
      local: false,
    });
    port.link = {
      send: frame => {
        member.transmit(frame);
      },
      get carrier() {
        return member.running;
      },
      get rate() {
        return member.link?.rate;
      },
    };
    member.master = this;
    member.observe(this);
    return port;
  }

  private addLocalPort(number: number): BridgePort {
    const { own, bridge } = this;
    const local = bridge.addPort({
      number,
      name: own.name,
      record: own.portNumber,
      vlans: undefined,
      local: true,
    });
    local.link = {
      send: frame => {
        own.receive(frame);
      },
      get carrier() {
        return own.up;
      },
    };
    // br_fdb_changeaddr and br_fdb_add_local: the addresses of the bridge and of its members are its own.
    bridge.stations.addLocal(own.mac, local);
    for (const { mac } of this.members.keys()) {
      bridge.stations.addLocal(mac, local);
    }
    return local;
  }

  private updatePorts(): void {
    if (this.spanningTree === undefined) {
      for (const port of this.members.values()) {
        port.state = this.enabled ? 'forwarding' : 'disabled';
      }
    } else if (this.enabled && this.booted) {
      this.spanningTree.start();
    } else {
      this.spanningTree.stop();
    }
  }
}
