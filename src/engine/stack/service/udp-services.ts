/** The UDP sides of echo (RFC 862) and discard (RFC 863). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';

/** One port of a stack, for one or several of its addresses: each server of the internet has its own. */
class UdpService implements DatagramReceiver {
  private readonly addresses = new Set<Ipv4Address>();
  private everywhere = false;
  private socket: UdpSocket | undefined;

  constructor(private readonly echoes: boolean) {}

  /** False when another program has the port. */
  open(udp: UdpLayer, port: number, address: Ipv4Address | undefined): boolean {
    this.socket ??= udp.open(port, this);
    if (address === undefined) {
      this.everywhere = true;
    } else {
      this.addresses.add(address);
    }
    return this.socket !== undefined;
  }

  datagram(data: Uint8Array, from: Ipv4Address, fromPort: number, to: Ipv4Address): void {
    if (this.echoes && (this.everywhere || this.addresses.has(to))) {
      this.socket?.send(data, from, fromPort, to);
    }
  }
}

export class UdpServices {
  private readonly services = new Map<string, UdpService>();

  constructor(private readonly udp: UdpLayer) {}

  /** Starts one, on one address or on all; false when another program has the port. */
  start(kind: 'echo' | 'discard', port: number, address: Ipv4Address | undefined): boolean {
    const key = `${kind} ${port}`;
    const service = this.services.get(key) ?? new UdpService(kind === 'echo');
    this.services.set(key, service);
    return service.open(this.udp, port, address);
  }
}
