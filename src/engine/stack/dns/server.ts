/** A name server of one zone, on UDP. */
import type { IpAddress } from '../../../net/ip-address';
import type { ResolvedDnsRecord } from '../../../topology/resolved';
import { DNS_UDP_BYTES, emitDns, parseDns } from '../../../wire/dns';
import { UDP_PORT } from '../../../wire/udp';
import type { NetworkInterface } from '../network-interface';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';
import { DnsZone } from './zone';

export class DnsServer implements DatagramReceiver<IpAddress> {
  private readonly zone = new DnsZone();
  private readonly socket: UdpSocket<IpAddress> | undefined;

  constructor(udp: UdpLayer, port: number = UDP_PORT.dns) {
    this.socket = udp.openDual(port, this);
  }

  /** Adds an address of a name. */
  add(name: string, address: IpAddress): void {
    this.zone.addAddress(name, address);
  }

  addRecord(record: ResolvedDnsRecord): void {
    this.zone.add(record);
  }

  datagram(data: Uint8Array, from: IpAddress, fromPort: number, to: IpAddress, on: NetworkInterface): void {
    const query = parseDns(data, 0, data.length);
    if (typeof query === 'string' || query.response) {
      return;
    }
    this.socket?.send(emitDns(this.zone.answer(query), DNS_UDP_BYTES), from, fromPort, to, on);
  }
}
