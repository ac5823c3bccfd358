/**
 * VirtualBox's NAT mode: the engine that stands between one adapter of one VM and the sockets of its host. Each adapter has an engine,
 * and a 10.0.2.15, of its own, so two VMs behind NAT never meet. The order of checks is that of slirp's ip_input.c.
 */
import { isIpv4 } from '../../../net/ip-address';
import { BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { prefixContains } from '../../../net/ipv4-prefix';
import type { Ipv6Prefix } from '../../../net/ipv6-prefix';
import type { ResolvedVirtualBoxNat } from '../../../topology/resolved';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, etherType } from '../../../wire/ethernet';
import { ICMP_TYPE, TIME_EXCEEDED_CODE } from '../../../wire/icmp';
import {
  checkIpv4,
  destinationAddress,
  IP_PROTOCOL,
  isFragment,
  protocol,
  sourceAddress,
  timeToLive,
} from '../../../wire/ipv4';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT } from '../../stack/ipv4-layer';
import type { Stack } from '../../stack/stack';
import { NatDhcp } from './nat-dhcp';
import { NatEcho } from './nat-echo';
import { sendGuestError } from './guest-errors';
import { GuestLink } from './guest-link';
import { NAT_PROFILES, natAddresses, natIdentity, type NatAddresses } from './nat-profile';
import { NatIpv6 } from './nat-ipv6';
import { NatUdp } from './nat-udp';

/** 224.0.0.0: from here on nothing is a host (ip_input.c; RFC 1112 section 4). */
const FIRST_MULTICAST = 0xe0000000;

export class VirtualBoxNatEngine implements FrameReceiver {
  private readonly addresses: NatAddresses;
  private readonly link: GuestLink;
  private readonly echo: NatEcho;
  private readonly udp: NatUdp;
  private readonly ipv6: NatIpv6 | undefined;

  constructor(
    simulator: Simulator,
    private readonly config: ResolvedVirtualBoxNat,
    host: Stack,
  ) {
    const profile = NAT_PROFILES[config.version];
    const { network, localhostReachable } = config;
    this.addresses = natAddresses(network);
    this.link = new GuestLink(simulator, natIdentity(profile, this.addresses));
    this.echo = new NatEcho(simulator, this.link, profile, this.addresses, host, localhostReachable);
    const dhcp = new NatDhcp(this.link, profile, network, this.addresses, config.vmName, {
      nameServers: () => host.resolver.ipv4Servers,
      domain: () => host.domain,
    });
    this.udp = new NatUdp(simulator, this.link, profile, this.addresses, host, dhcp, localhostReachable);
    this.ipv6 = config.ipv6 && this.startIpv6(simulator, config.ipv6, host);
  }

  private startIpv6(simulator: Simulator, prefix: Ipv6Prefix, host: Stack): NatIpv6 {
    const wire = {
      send: (bytes: Uint8Array): void => this.link.port?.send(simulator.frame(bytes)),
      drop: (frame: Frame, reason: DropReason): void => {
        this.link.drop(frame, reason);
      },
    };
    const hasNameServer = (): boolean => host.resolver.servers.some(server => !isIpv4(server));
    const random = simulator.random(`ipv6 ${this.config.id}`);
    const side = new NatIpv6(simulator, wire, prefix, hasNameServer, random);
    side.start();
    return side;
  }

  plug(port: Port): void {
    this.link.port = port;
  }

  receive(frame: Frame): void {
    if (frame.bytes.length < ETHERNET_HEADER_BYTES) {
      this.link.drop(frame, 'malformed');
      return;
    }
    switch (etherType(frame.bytes)) {
      case ETHERTYPE.arp:
        this.link.receiveArp(frame);
        return;
      case ETHERTYPE.ipv4:
        this.receivePacket(frame);
        return;
      case ETHERTYPE.ipv6:
        if (this.ipv6 !== undefined) {
          this.ipv6.receive(frame);
          return;
        }
        this.link.drop(frame, 'ethertype-unknown');
        return;
      default:
        this.link.drop(frame, 'ethertype-unknown');
    }
  }

  private receivePacket(frame: Frame): void {
    const { bytes } = frame;
    const problem = checkIpv4(bytes, IP_AT, bytes.length - IP_AT);
    if (problem !== undefined) {
      this.link.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    const destination = destinationAddress(bytes, IP_AT);
    if (sourceAddress(bytes, IP_AT) >= FIRST_MULTICAST) {
      this.link.drop(frame, 'source-invalid');
    } else if (destination >= FIRST_MULTICAST && destination !== BROADCAST_IPV4) {
      this.link.drop(frame, 'nat-not-carried');
    } else if (this.isOwn(destination) || this.mayPass(frame, destination)) {
      this.dispatch(frame);
    }
  }

  private isOwn(address: Ipv4Address): boolean {
    const { gateway, nameServer, tftp } = this.addresses;
    return address === gateway || address === nameServer || address === tftp || address === BROADCAST_IPV4;
  }

  /** The engine counts as one router on the way, and does not relay within its own network. */
  private mayPass(frame: Frame, destination: Ipv4Address): boolean {
    const { bytes } = frame;
    if (timeToLive(bytes, IP_AT) <= 1) {
      this.link.drop(frame, 'ttl-expired');
      const { inTransit } = TIME_EXCEEDED_CODE;
      sendGuestError(this.link, bytes, this.addresses.gateway, ICMP_TYPE.timeExceeded, inTransit);
      return false;
    }
    const { network } = this.config;
    if (prefixContains(network, destination) && destination !== this.addresses.broadcast) {
      this.link.drop(frame, 'nat-not-carried');
      return false;
    }
    return true;
  }

  private dispatch(frame: Frame): void {
    if (isFragment(frame.bytes, IP_AT)) {
      this.link.drop(frame, 'fragment-unsupported');
      return;
    }
    switch (protocol(frame.bytes, IP_AT)) {
      case IP_PROTOCOL.icmp:
        this.echo.receive(frame);
        return;
      case IP_PROTOCOL.udp:
        this.udp.receive(frame);
        return;
      case IP_PROTOCOL.tcp:
        this.link.drop(frame, 'tcp-unsupported');
        return;
      default:
        this.link.drop(frame, 'nat-not-carried');
    }
  }
}
