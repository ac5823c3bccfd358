/** The forwarding database of a bridge: which station is behind which port (IEEE 802.1D-2004 7.9). */
import type { MacAddress } from '../../../net/mac-address';
import { NO_CAUSE } from '../../kernel/traffic-observer';
import type { BridgePort } from './bridge-port';

/** One line of `bridge fdb`. */
export interface StationEntry {
  readonly mac: MacAddress;
  /** 0 in a bridge that does not look at tags. */
  readonly vlan: number;
  readonly port: BridgePort;
  /** The bridge's own address, which neither moves nor ages. */
  readonly local: boolean;
  /** When the station last sent, in ns. */
  readonly heard: number;
  /** The record by which it came to be there. */
  readonly cause: number;
}

interface Station {
  port: BridgePort;
  readonly local: boolean;
  heard: number;
  cause: number;
}

type Stations = Map<MacAddress, Station>;

export class ForwardingDatabase {
  /** ns after which a silent station is forgotten. */
  ageing: number;

  /** Stations that could not be learned since every place was taken. */
  refused = 0;

  /** By VLAN: each has its own (independent VLAN learning, IEEE 802.1Q-2018 8.8.8). A hole where nothing was learned. */
  private readonly byVlan: (Stations | undefined)[] = [];
  private readonly untagged: Stations = new Map();
  private size = 0;
  /** No station can have aged before; spares a full table the search. */
  private nextSearch = 0;

  constructor(
    ageing: number,
    private readonly maximum: number,
  ) {
    this.ageing = ageing;
  }

  /** Where the station is, if it sent lately. */
  find(mac: MacAddress, vlan: number, now: number): BridgePort | undefined {
    const station = (vlan === 0 ? this.untagged : this.byVlan[vlan])?.get(mac);
    return station === undefined || now - station.heard >= this.ageing ? undefined : station.port;
  }

  /** A frame of this station came in at `port`. @param cause the record of it */
  learn(mac: MacAddress, vlan: number, port: BridgePort, now: number, cause: number): void {
    const stations = vlan === 0 ? this.untagged : (this.byVlan[vlan] ??= new Map<MacAddress, Station>());
    const station = stations.get(mac);
    if (station !== undefined) {
      if (!station.local) {
        if (station.port !== port) {
          station.port = port;
          station.cause = cause;
        }
        station.heard = now;
      }
    } else if (this.size < this.maximum || this.forgetSilent(now)) {
      stations.set(mac, { port, local: false, heard: now, cause });
      this.size++;
    } else {
      this.refused++;
    }
  }

  /** An address of the bridge itself, in a bridge that does not look at tags: frames for it go to `port`. */
  addLocal(mac: MacAddress, port: BridgePort): void {
    if (!this.untagged.has(mac)) {
      this.size++;
    }
    this.untagged.set(mac, { port, local: true, heard: Number.POSITIVE_INFINITY, cause: NO_CAUSE });
  }

  /** Forgets what was learned at one port, or at all. */
  flush(port?: BridgePort): void {
    this.forget(station => port === undefined || station.port === port);
  }

  /** The stations known now, in the order they were first heard, a VLAN after the other. */
  *table(now: number): IterableIterator<StationEntry> {
    for (const [vlan, stations] of this.all()) {
      for (const [mac, { port, local, heard, cause }] of stations) {
        if (now - heard < this.ageing) {
          yield { mac, vlan, port, local, heard, cause };
        }
      }
    }
  }

  private *all(): IterableIterator<readonly [number, Stations]> {
    yield [0, this.untagged];
    for (const [vlan, stations] of this.byVlan.entries()) {
      if (stations !== undefined) {
        yield [vlan, stations];
      }
    }
  }

  /** Makes room in a full table; false when every station is still in use. */
  private forgetSilent(now: number): boolean {
    if (now < this.nextSearch) {
      return false;
    }
    this.forget(station => now - station.heard >= this.ageing);
    let oldest = now;
    for (const [, stations] of this.all()) {
      for (const { heard } of stations.values()) {
        oldest = Math.min(oldest, heard);
      }
    }
    this.nextSearch = oldest + this.ageing;
    return this.size < this.maximum;
  }

  private forget(which: (station: Station) => boolean): void {
    for (const [, stations] of this.all()) {
      for (const [mac, station] of stations) {
        if (!station.local && which(station)) {
          stations.delete(mac);
          this.size--;
        }
      }
    }
  }
}
