/** The interfaces of a machine, each made of what the topology says: the only file that knows every kind of link. */
import { UNKNOWN_MAC } from '../../net/mac-address';
import type { ResolvedInterface, ResolvedStackDevice } from '../../topology/resolved';
import type { FrameReceiver, Port } from '../kernel/port';
import { BridgeInterface } from '../stack/bridge/bridge-interface';
import { DummyLink } from '../stack/link/dummy-link';
import { LoopbackLink } from '../stack/link/loopback-link';
import { TapLink } from '../stack/link/tap-link';
import { TunLink } from '../stack/link/tun-link';
import { VlanLink } from '../stack/link/vlan-link';
import { VxlanLink, VxlanSocket } from '../stack/link/vxlan-link';
import type { NetworkInterface } from '../stack/network-interface';
import type { Stack } from '../stack/stack';

/** What an interface has below it that takes a cable. */
interface Socket {
  readonly receiver: FrameReceiver;
  readonly plug: (port: Port) => void;
}

export class MachineInterfaces {
  private readonly bridgesByName = new Map<string, BridgeInterface>();
  private readonly made = new Map<string, NetworkInterface>();
  private readonly sockets = new Map<string, Socket>();
  private readonly vxlanSockets = new Map<number, VxlanSocket>();

  /** @param firstPort the number of the device's first port */
  constructor(
    private readonly stack: Stack,
    private readonly config: ResolvedStackDevice,
    firstPort: number,
  ) {
    for (const each of config.interfaces) {
      this.addInterface(each, firstPort);
    }
    for (const each of config.interfaces) {
      const on = this.made.get(each.name);
      if (on !== undefined) {
        this.addLink(each, on);
      }
    }
  }

  get bridges(): ReadonlyMap<string, BridgeInterface> {
    return this.bridgesByName;
  }

  get byName(): ReadonlyMap<string, NetworkInterface> {
    return this.made;
  }

  get(name: string): NetworkInterface | undefined {
    return this.made.get(name);
  }

  /** What gets the frames of the port with this name. */
  receiver(name: string): FrameReceiver | undefined {
    return this.sockets.get(name)?.receiver;
  }

  /** Tells the interface with this name of its port. */
  plug(name: string, port: Port): void {
    this.sockets.get(name)?.plug(port);
  }

  private addInterface(config: ResolvedInterface, firstPort: number): void {
    const { name, link, up } = config;
    const below = this.below(config);
    const mac = link?.kind === 'vlan' && config.mac === UNKNOWN_MAC ? below.mac : config.mac;
    // A VLAN interface takes no more than its parent (vlan_dev_change_mtu).
    const mtu = Math.min(config.mtu, below.mtu);
    const resolvesNeighbours = link?.kind !== 'tun' && link?.kind !== 'loopback' && link?.kind !== 'dummy';
    const port = this.portNumber(below, firstPort);
    const on = this.stack.addInterface(name, mac, mtu, port, resolvesNeighbours);
    on.up = up ?? true;
    this.made.set(name, on);
  }

  /** Makes what the interface is made of; all interfaces exist by now. */
  private addLink(config: ResolvedInterface, on: NetworkInterface): void {
    const { name, link } = config;
    switch (link?.kind) {
      case undefined:
      case 'port':
        this.sockets.set(name, {
          receiver: on,
          plug: port => {
            on.port = port;
          },
        });
        return;
      case 'tap':
      case 'tun': {
        const device = link.kind === 'tap' ? new TapLink(on) : new TunLink(on);
        this.sockets.set(name, {
          receiver: device,
          plug: port => {
            device.plug(port);
          },
        });
        return;
      }
      case 'vlan': {
        const parent = this.made.get(link.parent);
        if (parent !== undefined && this.below(config).link?.kind !== 'vlan') {
          new VlanLink(on, parent, link.id);
        }
        return;
      }
      case 'vxlan': {
        const socket = this.vxlanSockets.get(link.port) ?? new VxlanSocket(this.stack, link.port);
        this.vxlanSockets.set(link.port, socket);
        socket.add(link.id, new VxlanLink(on, this.stack, link));
        return;
      }
      case 'loopback':
        new LoopbackLink(on);
        return;
      case 'dummy':
        new DummyLink(on);
        return;
      case 'bridge':
        this.bridgesByName.set(name, new BridgeInterface(on, this.membersOf(name), link));
        return;
    }
  }

  /** Members of a bridge in file order. A bridge is not one, nor what stands on the bridge itself, as Linux has it (br_add_if: ELOOP). */
  private membersOf(bridge: string): NetworkInterface[] {
    return this.config.interfaces.flatMap(config => {
      const member = this.made.get(config.name);
      const fits =
        config.bridge === bridge && config.link?.kind !== 'bridge' && !this.standsOn(config, bridge);
      return fits && member !== undefined ? [member] : [];
    });
  }

  /** Whether an interface is made of this bridge, be it by way of other bridges. */
  private standsOn(config: ResolvedInterface, bridge: string, passed = new Set<string>()): boolean {
    const { name, link } = this.below(config);
    if (name === bridge || link?.kind !== 'bridge' || passed.has(name)) {
      return name === bridge;
    }
    passed.add(name);
    return this.config.interfaces.some(each => each.bridge === name && this.standsOn(each, bridge, passed));
  }

  /** The interface below all VLANs; one of a circle of VLANs that are each other's parents. */
  private below(config: ResolvedInterface): ResolvedInterface {
    const { interfaces } = this.config;
    let below = config;
    for (let step = 0; step < interfaces.length && below.link?.kind === 'vlan'; step++) {
      const { parent } = below.link;
      below = interfaces.find(({ name }) => name === parent) ?? below;
    }
    return below;
  }

  /** Where drops of an interface are recorded: at its own port, or at the machine's first Ethernet port; -1 for nowhere. */
  private portNumber({ name }: ResolvedInterface, firstPort: number): number {
    const { ports } = this.config;
    const own = ports.findIndex(port => port.name === name);
    const index = own >= 0 ? own : ports.findIndex(port => port.carries !== 'ip');
    return index < 0 ? -1 : firstPort + index;
  }
}
