/** A router tells a neighbour of a better first hop (RFC 4861 8.2; Linux ndisc_send_redirect): where a packet goes back out as it came. */
import { isLinkLocalIpv6, isMulticastIpv6 } from '../../../net/ipv6-address';
import { IPV6_HEADER_BYTES, ipv6Destination, ipv6PayloadLength, ipv6Source } from '../../../wire/ipv6';
import { NDP_HOP_LIMIT, ndpBytes } from '../../../wire/ndp';
import type { NdpOption } from '../../../wire/ndp-option';
import type { Frame } from '../../kernel/frame';
import { IcmpErrorRate } from '../icmp-error-rate';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { DetourObserver } from './ipv6-layer';
import { IPV6_AT } from './ip-packet';
import type { Hop, Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { NeighbourCache } from './neighbour-cache';

/** One to each host in this time on average (ip6_forward: inet_peer_xrlim_allow with 1 * HZ). */
const INTERVAL = SECOND;

/** Bytes of the message and its options in front of the quoted packet: 40, a hardware address, the option's own 8. */
const IN_FRONT = 40 + 8 + 8;

export class Ipv6Redirects implements DetourObserver {
  private readonly rate = new IcmpErrorRate();

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly cacheOf: (on: NetworkInterface) => NeighbourCache | undefined,
  ) {}

  detour({ bytes }: Frame, on: NetworkInterface, { nextHop }: Hop): void {
    const { sender } = this;
    const side = sender.interfaces.of(on);
    const source = ipv6Source(bytes, IPV6_AT);
    const destination = ipv6Destination(bytes, IPV6_AT);
    const own = side?.linkLocal;
    if (
      side === undefined ||
      own === undefined ||
      isMulticastIpv6(destination) ||
      !(side.onLink(source) || isLinkLocalIpv6(source)) ||
      // The target is the destination itself, or a router by its link-local address.
      !(nextHop === destination || isLinkLocalIpv6(nextHop)) ||
      !this.rate.allows(source, sender.simulator.now, INTERVAL)
    ) {
      return;
    }
    const mac = this.cacheOf(on)?.macOf(nextHop);
    const link: NdpOption[] = mac === undefined ? [] : [{ kind: 'target-link-layer', mac }];
    const room = LINUX_IPV6.errorBytes - IPV6_HEADER_BYTES - IN_FRONT;
    const length = Math.min(IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IPV6_AT), room) & ~7;
    const packet = bytes.slice(IPV6_AT, IPV6_AT + length);
    const message = ndpBytes({
      kind: 'redirect',
      target: nextHop,
      destination,
      options: [...link, { kind: 'redirected', packet }],
    });
    sender.sendControl(on, own, source, message, NDP_HOP_LIMIT);
  }
}
