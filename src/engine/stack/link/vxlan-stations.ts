/** Which station is behind which remote end of a VXLAN interface: the learned lines of `bridge fdb show dev vxlan0` (`vxlan_snoop`). */
import type { IpAddress } from '../../../net/ip-address';
import type { MacAddress } from '../../../net/mac-address';
import { LINUX } from '../linux-policy';

interface Station {
  remote: IpAddress;
  /** When it last sent, in ns. */
  heard: number;
}

export class VxlanStations {
  private readonly stations = new Map<MacAddress, Station>();

  find(mac: MacAddress, now: number): IpAddress | undefined {
    const station = this.stations.get(mac);
    return station === undefined || now - station.heard >= LINUX.vxlanAgeing ? undefined : station.remote;
  }

  /** A frame of this station came from that remote end. When the table is full, frames to new stations go to every remote end. */
  learn(mac: MacAddress, remote: IpAddress, now: number): void {
    const station = this.stations.get(mac);
    if (station !== undefined) {
      station.remote = remote;
      station.heard = now;
    } else if (this.stations.size < LINUX.vxlanStations || this.forgetSilent(now)) {
      this.stations.set(mac, { remote, heard: now });
    }
  }

  /** The stations known now. */
  *table(now: number): IterableIterator<{ readonly mac: MacAddress; readonly remote: IpAddress }> {
    for (const [mac, { remote, heard }] of this.stations) {
      if (now - heard < LINUX.vxlanAgeing) {
        yield { mac, remote };
      }
    }
  }

  private forgetSilent(now: number): boolean {
    for (const [mac, { heard }] of this.stations) {
      if (now - heard >= LINUX.vxlanAgeing) {
        this.stations.delete(mac);
        return true;
      }
    }
    return false;
  }
}
