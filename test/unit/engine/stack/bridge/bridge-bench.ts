/** A bridge with a station on each port, and what comes out where. */
import { Port } from '../../../../../src/engine/kernel/port';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { Bridge } from '../../../../../src/engine/stack/bridge/bridge';
import { SWITCH_POLICY, type BridgePolicy } from '../../../../../src/engine/stack/bridge/bridge-policy';
import type { BridgePort } from '../../../../../src/engine/stack/bridge/bridge-port';
import type { PortVlans } from '../../../../../src/engine/stack/bridge/vlan-rules';
import { UNSPECIFIED_IPV4 } from '../../../../../src/net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../../../../src/net/mac-address';
import { writeEthernetHeader } from '../../../../../src/wire/ethernet';
import { Recorder } from '../../recorder';
import { cableFor, SECOND, Station } from '../../station';

/** Hardware address of the station on this port. */
export const stationMac = (port: number): MacAddress => macFromNumber(0x020000000001 + port);

export interface BenchOptions {
  readonly policy?: BridgePolicy;
  /** Seconds. */
  readonly ageing?: number;
  /** For each port; undefined for a bridge that does not look at tags. */
  readonly vlans?: readonly PortVlans[];
}

export class BridgeBench {
  readonly recorder = new Recorder();
  readonly simulator = new Simulator(1, this.recorder);
  readonly bridge: Bridge;
  readonly ports: BridgePort[] = [];
  readonly stations: Station[] = [];

  constructor(count: number, { policy = SWITCH_POLICY, ageing = 300, vlans }: BenchOptions = {}) {
    this.bridge = new Bridge(this.simulator, { policy, ageing: ageing * SECOND });
    for (let index = 0; index < count; index++) {
      const port = this.bridge.addPort({
        number: index + 1,
        name: String(index + 1),
        record: index,
        vlans: vlans?.[index],
        local: false,
      });
      const socket = new Port(this.simulator, index, port);
      const station = new Station(this.simulator, 100 + index, stationMac(index), UNSPECIFIED_IPV4);
      socket.connect(station.port, cableFor(this.simulator));
      port.link = socket;
      this.ports.push(port);
      this.stations.push(station);
    }
  }

  /** Sends bytes from the station at this port and lets 0.1 ms pass. What every station then heard, by port. */
  inject(at: number, bytes: Uint8Array): Map<number, Uint8Array[]> {
    this.stations[at]!.send(bytes);
    this.simulator.runUntil(this.simulator.now + 100_000);
    const heard = this.stations.map((station, index) => [index, station.take()] as const);
    return new Map(heard.filter(([, frames]) => frames.length > 0));
  }

  /** Sends a frame at a port; the ports it came out of. */
  send(at: number, from: MacAddress, to: MacAddress): number[] {
    return [...this.inject(at, frameFor(from, to)).keys()];
  }

  wait(seconds: number): void {
    this.simulator.runUntil(this.simulator.now + seconds * SECOND);
  }

  get known(): MacAddress[] {
    return [...this.bridge.table()].map(({ mac }) => mac);
  }
}

/** A frame of 60 bytes and an experimental EtherType. */
export function frameFor(from: MacAddress, to: MacAddress): Uint8Array {
  const bytes = new Uint8Array(60);
  writeEthernetHeader(bytes, to, from, 0x88b5);
  return bytes;
}
