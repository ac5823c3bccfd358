/** Makes the device that a topology describes: the only file that knows every kind. */
import type { ResolvedDevice } from '../../topology/resolved';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import type { CachedName } from '../stack/dns/cache';
import type { Netfilter } from '../stack/netfilter/netfilter';
import type { Stack, StackListener } from '../stack/stack';
import { HubDevice } from './hub-device';
import { learnedStations, type LearnedStation } from './learned-stations';
import { runningTree, type RunningTree } from './running-tree';
import { InternetDevice } from './internet-device';
import { StackDevice } from './stack-device';
import { SwitchDevice } from './switch-device';
import { Tunnel } from './tunnel';
import { VirtualBoxSwitch } from './virtualbox/internal-switch';
import { virtualBoxNat } from './virtualbox/nat-mode';
import { virtualBoxNatNetwork } from './virtualbox/nat-network';
import { VirtualBoxDhcp } from './virtualbox/network-dhcp';

/** A device as the network handles it. */
export interface BuiltDevice {
  /** What gets the frames that arrive at this port. */
  readonly receiver: (port: string) => FrameReceiver;
  /** Tells the device of its port. */
  readonly plug: (name: string, port: Port) => void;
  /** The stack that users of the device speak through, where it has one. */
  readonly stack?: Stack;
  readonly boot?: () => void;
  /** Its connections, NAT and firewall, where it has any of it. */
  readonly netfilter?: Netfilter;
  /** `ip link set NAME up` and `down`; false when there is no such interface. */
  readonly setUp?: (name: string, up: boolean) => boolean;
  /** Switches firewall rules or port forwards of this name on or off; false when there are none. */
  readonly enableRule?: (name: string, enabled: boolean) => boolean;
  /** The spanning trees of its bridges. */
  readonly spanningTrees?: () => Iterable<RunningTree>;
  /** The stations that it has learned. */
  readonly stations?: () => Iterable<LearnedStation>;
  /** What its DNS forwarder remembers. */
  readonly cachedNames?: () => Iterable<CachedName>;
}

/** Gets the frames of a port that has no use. */
const NOBODY: FrameReceiver = { receive: () => undefined };

/**
 * @param firstPort the number of the device's first port
 * @param stackOf the stack of a device that was built before: a NAT engine's host
 */
export function buildDevice(
  simulator: Simulator,
  device: ResolvedDevice,
  firstPort: number,
  stackOf: (device: string) => Stack | undefined,
  listener: StackListener,
): BuiltDevice {
  switch (device.kind) {
    case 'host':
    case 'vm':
    case 'router':
    case 'container': {
      const built = new StackDevice(simulator, device, firstPort, listener);
      return {
        receiver: name => built.receiver(name) ?? NOBODY,
        plug: (name, port) => {
          built.plug(name, port);
        },
        stack: built.stack,
        boot: () => {
          built.boot();
        },
        ...(built.netfilter === undefined ? {} : { netfilter: built.netfilter }),
        setUp: (name, up) => built.setUp(name, up),
        stations: () => built.stations(),
        spanningTrees: () => built.spanningTrees(),
        cachedNames: () => built.cachedNames(),
        enableRule: (name, enabled) => built.netfilter?.enableRule(name, enabled) ?? false,
      };
    }
    case 'switch': {
      const built = new SwitchDevice(simulator, device, firstPort);
      return {
        receiver: name => built.receiver(name) ?? NOBODY,
        plug: (name, port) => {
          built.plug(name, port);
        },
        boot: () => {
          built.boot();
        },
        stations: () => learnedStations(built.bridge),
        spanningTrees: () => runningTree('', built.bridge, built.spanningTree),
      };
    }
    case 'hub': {
      const built = new HubDevice(simulator);
      return {
        receiver: () => built,
        plug: (_name, port) => {
          built.addPort(port);
        },
      };
    }
    case 'virtualbox-switch': {
      const built = new VirtualBoxSwitch(simulator, device);
      return {
        receiver: () => built,
        plug: (name, port) => {
          built.plug(name, port);
        },
      };
    }
    case 'virtualbox-dhcp': {
      const host = device.nameServersOf === undefined ? undefined : stackOf(device.nameServersOf);
      const built = new VirtualBoxDhcp(simulator, device, host);
      return {
        receiver: () => built,
        plug: (_name, port) => {
          built.plug(port);
        },
      };
    }
    case 'tunnel': {
      const host = stackOf(device.host);
      if (host === undefined) {
        return { receiver: () => NOBODY, plug: () => undefined };
      }
      const built = new Tunnel(simulator, device, host);
      return {
        receiver: () => built,
        plug: (_name, port) => {
          built.plug(port);
        },
        boot: () => {
          built.boot();
        },
      };
    }
    case 'virtualbox-nat':
    case 'virtualbox-nat-network': {
      const host = stackOf(device.host);
      if (host === undefined) {
        return { receiver: () => NOBODY, plug: () => undefined };
      }
      const built =
        device.kind === 'virtualbox-nat'
          ? virtualBoxNat(simulator, device, host)
          : virtualBoxNatNetwork(simulator, device, host);
      return {
        receiver: () => built,
        plug: (_name, port) => {
          built.plug(port);
        },
        boot: () => {
          built.boot();
        },
      };
    }
    case 'internet': {
      const built = new InternetDevice(simulator, device, firstPort);
      return {
        receiver: name => built.receiver(name) ?? NOBODY,
        plug: (name, port) => {
          built.plug(name, port);
        },
        stack: built.stack,
        boot: () => {
          built.boot();
        },
      };
    }
  }
}
