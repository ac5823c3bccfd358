/** A switch: a bridge whose ports are sockets, configured as the topology says. */
import type { ResolvedSwitch } from '../../topology/resolved';
import { macFromNumber, UNKNOWN_MAC } from '../../net/mac-address';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { Bridge } from '../stack/bridge/bridge';
import { SWITCH_POLICY } from '../stack/bridge/bridge-policy';
import type { BridgePort } from '../stack/bridge/bridge-port';
import { SpanningTreeRunner } from '../stack/bridge/spanning-tree/spanning-tree-runner';
import { portVlans } from '../stack/bridge/vlan-rules';
import { SECOND } from '../stack/linux-policy';

export class SwitchDevice {
  readonly bridge: Bridge;
  readonly spanningTree: SpanningTreeRunner | undefined;
  private readonly byName = new Map<string, BridgePort>();

  /** @param firstPort the number of the device's first port */
  constructor(simulator: Simulator, config: ResolvedSwitch, firstPort: number) {
    const { ports, vlanAware = false, ageingSeconds } = config;
    this.bridge = new Bridge(simulator, { policy: SWITCH_POLICY, ageing: ageingSeconds * SECOND });
    ports.forEach(({ name, accessVlan, trunk }, index) => {
      const port = this.bridge.addPort({
        number: index + 1,
        name,
        record: firstPort + index,
        vlans: vlanAware ? portVlans(accessVlan, trunk) : undefined,
        local: false,
      });
      this.byName.set(name, port);
    });
    for (const { name, mirrorOf } of ports) {
      const watched = mirrorOf === undefined ? undefined : this.byName.get(mirrorOf);
      const mirror = this.byName.get(name);
      if (watched !== undefined && mirror !== undefined && watched !== mirror) {
        this.bridge.addMirror(watched, mirror);
      }
    }
    const { spanningTree, mac = UNKNOWN_MAC } = config;
    if (spanningTree !== undefined) {
      // Ports of a switch have the addresses that follow its own.
      const sourceOf = ({ number }: BridgePort) => macFromNumber(mac + number);
      this.spanningTree = new SpanningTreeRunner(this.bridge, spanningTree, mac, sourceOf);
    }
  }

  /** What gets the frames of this port. */
  receiver(name: string): FrameReceiver | undefined {
    return this.byName.get(name);
  }

  plug(name: string, port: Port): void {
    const on = this.byName.get(name);
    if (on !== undefined) {
      on.link = port;
    }
  }

  boot(): void {
    this.spanningTree?.start();
  }
}
