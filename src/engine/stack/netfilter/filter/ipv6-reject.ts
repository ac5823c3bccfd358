/** How a firewall tells a sender of IPv6 no (net/ipv6/netfilter/nf_reject_ipv6.c; measured on Linux 6.18). */
import { isMulticastIpv6, UNSPECIFIED_IPV6 } from '../../../../net/ipv6-address';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import { TCP_HEADER_BYTES, writeTcp } from '../../../../wire/tcp';
import type { PacketOptions } from '../../ipv4/ip-packet';
import type { Icmpv6Errors } from '../../ipv6/icmpv6-errors';
import { IPV6_PACKET_HEADER_BYTES } from '../../ipv6/ip-packet';
import type { Ipv6Sender } from '../../ipv6/ipv6-sender';
import { LINUX } from '../../linux-policy';
import type { NetworkInterface } from '../../network-interface';
import { IPV6_READER } from '../conntrack/ipv6-reader';
import type { Verdict } from './firewall';
import { resetFor } from './reset-segment';

const RESET: PacketOptions = {
  timeToLive: LINUX.timeToLive,
  typeOfService: 0,
  dontFragment: false,
  unlabelled: true,
};

export class Ipv6Rejector {
  constructor(
    private readonly sender: Ipv6Sender,
    private readonly errors: Icmpv6Errors,
  ) {}

  /** Answers a refused packet as the rule says; one that is simply dropped gets none. */
  answer({ action }: Verdict, bytes: Uint8Array, on: NetworkInterface): void {
    switch (action) {
      case 'drop':
        return;
      case 'reject':
        this.errors.rejected(bytes, on);
        return;
      case 'reject-with-reset':
        this.reset(bytes, on);
    }
  }

  /** In the name of the packet's destination. */
  private reset(segment: Uint8Array, on: NetworkInterface): void {
    const [source, destination] = [IPV6_READER.source(segment), IPV6_READER.destination(segment)];
    const [at, length] = [IPV6_READER.payloadAt(segment), IPV6_READER.payloadLength(segment)];
    const mayBeAnswered = source !== UNSPECIFIED_IPV6 && !isMulticastIpv6(source);
    const fields = mayBeAnswered ? resetFor(segment, at, length, source, destination) : undefined;
    if (fields === undefined) {
      return;
    }
    const bytes = this.sender.allocate(TCP_HEADER_BYTES);
    writeTcp(bytes, IPV6_PACKET_HEADER_BYTES, destination, source, fields, 0);
    this.sender.send(bytes, destination, source, IP_PROTOCOL.tcp, RESET, on);
  }
}
