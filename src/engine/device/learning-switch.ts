/** A learning switch without spanning tree: learns where stations are, forwards to them alone, floods the rest (IEEE 802.1D-2004 7.7–7.9). */
import { isGroupMac, type MacAddress } from '../../net/mac-address';
import { destinationMac, ETHERNET_HEADER_BYTES, sourceMac } from '../../wire/ethernet';
import type { Frame } from '../kernel/frame';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';

/** Stations remembered: the table of a small switch. When it is full new stations are flooded to, as if unknown. */
export const MAXIMUM_STATIONS = 8192;

interface Station {
  port: Port;
  /** When it last sent, in ns. */
  heard: number;
}

export class LearningSwitch implements FrameReceiver {
  private readonly ports: Port[] = [];
  private readonly stations = new Map<MacAddress, Station>();

  /** @param ageing ns after which a silent station is forgotten */
  constructor(
    private readonly simulator: Simulator,
    private readonly ageing: number,
  ) {}

  addPort(port: Port): void {
    this.ports.push(port);
  }

  /** The stations known now, with the port of each. */
  *table(): IterableIterator<{ readonly mac: MacAddress; readonly port: Port; readonly heard: number }> {
    for (const [mac, station] of this.stations) {
      if (this.simulator.now - station.heard < this.ageing) {
        yield { mac, port: station.port, heard: station.heard };
      }
    }
  }

  receive(frame: Frame, from: Port): void {
    const { bytes } = frame;
    if (bytes.length < ETHERNET_HEADER_BYTES) {
      this.simulator.drop(from.number, frame, 'malformed');
      return;
    }
    this.learn(sourceMac(bytes), from);
    const destination = destinationMac(bytes);
    const station = isGroupMac(destination) ? undefined : this.stations.get(destination);
    if (station === undefined || this.simulator.now - station.heard >= this.ageing) {
      this.flood(frame, from);
    } else if (station.port === from) {
      this.simulator.drop(from.number, frame, 'same-port');
    } else {
      station.port.send(frame);
    }
  }

  private learn(mac: MacAddress, port: Port): void {
    const station = this.stations.get(mac);
    if (station !== undefined) {
      station.port = port;
      station.heard = this.simulator.now;
    } else if (!isGroupMac(mac) && (this.stations.size < MAXIMUM_STATIONS || this.forgetSilent())) {
      this.stations.set(mac, { port, heard: this.simulator.now });
    }
  }

  /** Makes room in a full table; false when every station is still in use. */
  private forgetSilent(): boolean {
    for (const [mac, station] of this.stations) {
      if (this.simulator.now - station.heard >= this.ageing) {
        this.stations.delete(mac);
        return true;
      }
    }
    return false;
  }

  private flood(frame: Frame, from: Port): void {
    for (const port of this.ports) {
      if (port !== from && port.carrier) {
        port.send(frame);
      }
    }
  }
}
