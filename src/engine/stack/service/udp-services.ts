/** The UDP sides of echo (RFC 862) and discard (RFC 863). */
import type { IpAddress } from '../../../net/ip-address';
import type { NetworkInterface } from '../network-interface';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';

/** One port of a stack, for one or several of its addresses: each server of the internet has its own. */
class UdpService implements DatagramReceiver<IpAddress> {
  private readonly addresses = new Set<IpAddress>();
  private everywhere = false;
  private socket: UdpSocket<IpAddress> | undefined;

  constructor(private readonly echoes: boolean) {}

  /** False when another program has the port. */
  open(udp: UdpLayer, port: number, address: IpAddress | undefined): boolean {
    this.socket ??= udp.openDual(port, this);
    if (address === undefined) {
      this.everywhere = true;
    } else {
      this.addresses.add(address);
    }
    return this.socket !== undefined;
  }

  datagram(data: Uint8Array, from: IpAddress, fromPort: number, to: IpAddress, on: NetworkInterface): void {
    if (this.echoes && (this.everywhere || this.addresses.has(to))) {
      this.socket?.send(data, from, fromPort, to, on);
    }
  }
}

export class UdpServices {
  private readonly services = new Map<string, UdpService>();

  constructor(private readonly udp: UdpLayer) {}

  /** Starts one, on one address or on all; false when another program has the port. */
  start(kind: 'echo' | 'discard', port: number, address: IpAddress | undefined): boolean {
    const key = `${kind} ${port}`;
    const service = this.services.get(key) ?? new UdpService(kind === 'echo');
    this.services.set(key, service);
    return service.open(this.udp, port, address);
  }
}
