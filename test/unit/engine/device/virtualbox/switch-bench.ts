/** VirtualBox's switch on a bench: a station in the test's hand at every port. */
import { VirtualBoxSwitch } from '../../../../../src/engine/device/virtualbox/internal-switch';
import { Port } from '../../../../../src/engine/kernel/port';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { macFromNumber } from '../../../../../src/net/mac-address';
import type {
  ResolvedVirtualBoxSwitch,
  ResolvedVirtualBoxSwitchPort,
} from '../../../../../src/topology/resolved';
import { Recorder } from '../../recorder';
import { cableFor, SECOND, Station } from '../../station';
import { ip, mac } from '../../topologies';

/** A port as a test sketches it; adapters have promiscuous guests, so that the policy alone decides. */
export interface PortSketch {
  readonly role: ResolvedVirtualBoxSwitchPort['role'];
  readonly promiscuous?: ResolvedVirtualBoxSwitchPort['promiscuous'];
  readonly mac?: string;
  /** Whether the guest's card takes frames for others. */
  readonly listening?: boolean;
  readonly unplugged?: boolean;
  readonly address?: string;
}

class SketchedStation extends Station {
  promiscuous = true;
}

export class SwitchBench {
  readonly recorder = new Recorder();
  readonly simulator = new Simulator(1, this.recorder);
  readonly switch: VirtualBoxSwitch;
  private readonly stations = new Map<string, SketchedStation>();

  constructor(
    role: ResolvedVirtualBoxSwitch['role'],
    ports: Record<string, PortSketch>,
    more: Partial<ResolvedVirtualBoxSwitch> = {},
  ) {
    const entries = Object.entries(ports);
    this.switch = new VirtualBoxSwitch(this.simulator, {
      kind: 'virtualbox-switch',
      id: 'sw',
      label: 'sw',
      source: [],
      role,
      network: 'intnet',
      ports: entries.map(([name, sketch]) => ({
        name,
        role: sketch.role,
        promiscuous: sketch.promiscuous ?? 'deny',
        ...(sketch.mac !== undefined && { stationMac: mac(sketch.mac) }),
        source: [],
      })),
      ...more,
    });
    entries.forEach(([name, sketch], index) => {
      const address = sketch.mac === undefined ? macFromNumber(0x02ee00000000 + index) : mac(sketch.mac);
      const station = new SketchedStation(
        this.simulator,
        100 + index,
        address,
        ip(sketch.address ?? `10.1.0.${index + 1}`),
      );
      station.promiscuous = sketch.listening ?? true;
      const port = new Port(this.simulator, index, this.switch);
      this.switch.plug(name, port);
      port.connect(station.port, cableFor(this.simulator, { up: sketch.unplugged !== true }));
      this.stations.set(name, station);
    });
  }

  station(name: string): Station {
    return this.stations.get(name)!;
  }

  /** Sends from a station; the names of those that hear it. */
  send(from: string, bytes: Uint8Array): string[] {
    for (const station of this.stations.values()) {
      station.take();
    }
    this.station(from).send(bytes);
    this.simulator.runUntil(this.simulator.now + SECOND / 1000);
    return [...this.stations].filter(([, { heard }]) => heard.length > 0).map(([name]) => name);
  }

  /** What a station heard of the last frame. */
  heard(name: string): Uint8Array {
    return this.station(name).heard[0]!.bytes;
  }
}
