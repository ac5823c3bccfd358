/** IPv4 as the transport protocols use it. */
import { isIpv4, type IpAddress } from '../../net/ip-address';
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../net/ipv4-address';
import type { IpOutput } from './ip-output';
import { PACKET_HEADER_BYTES, type PacketOptions } from './ipv4/ip-packet';
import type { Ipv4Layer } from './ipv4-layer';
import type { PacketIdentification } from './packet-identification';

/** The MTU of Linux's loopback device. */
const LOOPBACK_MTU = 65_536;

export class Ipv4Output implements IpOutput {
  readonly version = 4;
  readonly headerBytes = PACKET_HEADER_BYTES;

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly identification: PacketIdentification,
  ) {}

  isLocal(address: IpAddress): boolean {
    return isIpv4(address) && this.ip.isLocal(address);
  }

  sourceFor(destination: IpAddress): Ipv4Address | undefined {
    if (!isIpv4(destination)) {
      return undefined;
    }
    if (this.ip.isLocal(destination)) {
      return destination;
    }
    const route = this.ip.routes.lookup(destination);
    return route && this.ip.sender.sourceFor(route);
  }

  pathMtu(destination: IpAddress): number {
    return isIpv4(destination) ? this.ip.sender.pathMtu(destination) : LOOPBACK_MTU;
  }

  allocate(payloadBytes: number): Uint8Array {
    return this.ip.simulator.pool.allocate(PACKET_HEADER_BYTES + payloadBytes);
  }

  send(
    bytes: Uint8Array,
    source: IpAddress,
    destination: IpAddress,
    protocol: number,
    options: PacketOptions,
  ): boolean {
    const { ip } = this;
    const from = isIpv4(source) ? source : UNSPECIFIED_IPV4;
    const to = isIpv4(destination) ? destination : UNSPECIFIED_IPV4;
    const id = options.identification ?? this.identification.next(to, protocol);
    return ip.sender.send(bytes, from, to, protocol, options, id, ip.routes.lookup(to));
  }
}
