/** ICMP redirects (RFC 792, RFC 1122 3.2.2.2): how often a router tells of a better next hop, and which ones a host believes (net/ipv4/route.c). */
import { BROADCAST_IPV4, isMulticastIpv4, type Ipv4Address } from '../../../net/ipv4-address';
import { ICMP_HEADER_BYTES, icmpCode, icmpRest } from '../../../wire/icmp';
import { destinationAddress, sourceAddress } from '../../../wire/ipv4';
import type { Ipv4Layer } from '../ipv4-layer';
import { LINUX, MILLISECOND, SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import { IP_AT } from './ip-packet';

/** net.ipv4.route.redirect_load: twice as long after each. */
const PAUSE = 20 * MILLISECOND;
/** net.ipv4.route.redirect_number: told in vain this often, a host is left alone… */
const TIMES = 9;
/** …until it has sent nothing for net.ipv4.route.redirect_silence, which is redirect_load times 1024. */
const SILENCE = 20.48 * SECOND;
/** The last code of redirects: for a type of service and a host (RFC 792). */
const LAST_CODE = 3;

export class Redirects {
  /** Of the hosts that were told. */
  private readonly told = new Map<Ipv4Address, { times: number; at: number }>();

  constructor(private readonly ip: Ipv4Layer) {}

  /** Whether this host may be told now; counts that it is (Linux `ip_rt_send_redirect`). */
  mayTell(host: Ipv4Address, now: number): boolean {
    const before = this.told.get(host);
    if (before === undefined || now - before.at > SILENCE) {
      this.remember(host, now);
      return true;
    }
    if (before.times >= TIMES) {
      before.at = now;
      return false;
    }
    if (now - before.at <= PAUSE * 2 ** before.times) {
      return false;
    }
    before.times++;
    before.at = now;
    return true;
  }

  /**
   * Takes the advice of a redirect, if it is any (Linux `__ip_do_redirect`): a host takes it from the next hop it uses, about another
   * host of the same link. A next hop whose hardware address is not known is asked for first and used at the next advice (measured).
   * @param at where the ICMP message begins
   * @returns whether it was good advice
   */
  take(bytes: Uint8Array, at: number, on: NetworkInterface): boolean {
    const { ip } = this;
    const { now } = ip.simulator;
    const inner = at + ICMP_HEADER_BYTES;
    const destination = destinationAddress(bytes, inner);
    const gateway = icmpRest(bytes, at) as Ipv4Address;
    const adviser = sourceAddress(bytes, IP_AT);
    const route = ip.routes.lookup(destination);
    const usable =
      !ip.forwards &&
      icmpCode(bytes, at) <= LAST_CODE &&
      ip.isLocal(sourceAddress(bytes, inner)) &&
      route?.on === on &&
      ip.routes.nextHop(route, destination, now) === adviser &&
      gateway !== adviser &&
      gateway >>> 24 !== 0 &&
      gateway !== BROADCAST_IPV4 &&
      !isMulticastIpv4(gateway) &&
      !ip.isLocal(gateway) &&
      !on.isDirectedBroadcast(gateway);
    if (usable && ip.sender.knowsNeighbour(gateway, on)) {
      ip.routes.exceptions.learnGateway(destination, gateway, now);
    }
    return usable;
  }

  private remember(host: Ipv4Address, now: number): void {
    this.told.delete(host);
    if (this.told.size >= LINUX.neighbours) {
      for (const oldest of this.told.keys()) {
        this.told.delete(oldest);
        break;
      }
    }
    this.told.set(host, { times: 1, at: now });
  }
}
