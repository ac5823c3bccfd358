/** What an engine's host is to its guests: which address of the host or the world is meant by one of the engine's, and the other way round. */
import { BROADCAST_IPV4, ipv4FromNumber, isLoopbackIpv4, type Ipv4Address } from '../../../net/ipv4-address';
import { UDP_PORT } from '../../../wire/udp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Stack } from '../../stack/stack';
import type { GuestLink } from './guest-link';
import type { NatEngineParts } from './nat-engine';

/** 127.0.0.1, as which the host's own services are reached. */
export const LOOPBACK = ipv4FromNumber(0x7f000001);

export class HostAccess {
  constructor(
    private readonly parts: NatEngineParts,
    readonly host: Stack,
    private readonly link: GuestLink,
  ) {}

  /** Whether guests may speak to what listens on the host's own 127.0.0.1. */
  get loopbackReachable(): boolean {
    return this.parts.localhostReachable || !this.parts.profile.guardsLoopback;
  }

  get addresses(): NatEngineParts['addresses'] {
    return this.parts.addresses;
  }

  get bindAddress(): Ipv4Address | undefined {
    return this.parts.bindAddress;
  }

  /** Whom the host's socket speaks to when the guest speaks to this address and port (socket.c, sotranslate_out; pxremap.c). */
  realAddress(destination: Ipv4Address, port: number): Ipv4Address | DropReason {
    const { gateway, loopback, nameServer, tftp, broadcast } = this.addresses;
    if (destination === broadcast && this.parts.profile.relaysBroadcasts) {
      return BROADCAST_IPV4;
    }
    if (destination === BROADCAST_IPV4 || destination === broadcast) {
      return 'nat-not-carried';
    }
    if (destination === nameServer && port === UDP_PORT.dns) {
      return this.host.resolver.ipv4Servers[0] ?? 'name-server-unknown';
    }
    if (destination === loopback || (destination === nameServer && nameServer !== gateway)) {
      return this.loopbackReachable ? LOOPBACK : 'host-loopback-blocked';
    }
    // Nothing else of the engine's own has a service behind it.
    return destination === gateway || destination === tftp ? 'port-unreachable' : destination;
  }

  /** Who a guest takes a peer of its host for: who it is, but the host itself is the engine. */
  sourceShown(peer: Ipv4Address): Ipv4Address {
    return isLoopbackIpv4(peer) || this.host.ip.isLocal(peer) ? this.addresses.loopback : peer;
  }

  /** Whom a port forward leads to: the rule's guest, the one seen last, or who would get the first lease (slirp.c). */
  guestOf(address: Ipv4Address | undefined): Ipv4Address {
    return address ?? this.link.latestGuest ?? this.parts.firstGuest;
  }
}
