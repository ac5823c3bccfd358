/** How a firewall tells a sender no (net/ipv4/netfilter/nf_reject_ipv4.c; measured on Linux 6.18). */
import { UNREACHABLE_CODE } from '../../../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../../../wire/ipv4';
import { TCP_HEADER_BYTES, writeTcp } from '../../../../wire/tcp';
import type { IcmpLayer } from '../../icmp-layer';
import {
  IP_AT,
  mayBeAnswered,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type PacketOptions,
} from '../../ipv4/ip-packet';
import type { Ipv4Layer } from '../../ipv4-layer';
import { LINUX } from '../../linux-policy';
import type { NetworkInterface } from '../../network-interface';
import type { Verdict } from './firewall';
import { resetFor } from './reset-segment';

/** As a RST of a socket that does not exist: id 0, DF (measured). */
const RESET: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: true };

export class Rejector {
  constructor(
    private readonly ip: Ipv4Layer,
    private readonly icmp: IcmpLayer,
  ) {}

  /** Answers a refused packet as the rule says; one that is simply dropped gets none. */
  answer({ action }: Verdict, bytes: Uint8Array, on: NetworkInterface): void {
    switch (action) {
      case 'drop':
        return;
      case 'reject':
        this.icmp.errors.unreachable(bytes, on, UNREACHABLE_CODE.port);
        return;
      case 'reject-with-reset':
        this.reset(bytes);
    }
  }

  /** In the name of the packet's destination, whatever route leads back. */
  private reset(segment: Uint8Array): void {
    const [source, destination] = [sourceAddress(segment, IP_AT), destinationAddress(segment, IP_AT)];
    const [at, length] = [payloadAt(segment), payloadLength(segment)];
    const fields = mayBeAnswered(source) ? resetFor(segment, at, length, source, destination) : undefined;
    if (fields === undefined) {
      return;
    }
    const { ip } = this;
    const bytes = ip.simulator.pool.allocate(PACKET_HEADER_BYTES + TCP_HEADER_BYTES);
    writeTcp(bytes, PACKET_HEADER_BYTES, destination, source, fields, 0);
    ip.sender.send(bytes, destination, source, IP_PROTOCOL.tcp, RESET, 0, ip.routes.lookup(source));
  }
}
