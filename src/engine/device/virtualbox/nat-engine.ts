/**
 * VirtualBox's NAT: the engine that stands between guests and the sockets of their host. For one adapter of one VM (mode NAT) and for a
 * whole NAT network the parts are the same: what differs is in the profile and the addresses. The order of checks is that of slirp's
 * ip_input.c.
 */
import { BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { prefixContains, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { ResolvedPortForward } from '../../../topology/resolved';
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
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { Reassembly, type Discarded } from '../../stack/ipv4/reassembly';
import { IP_AT } from '../../stack/ipv4/ip-packet';
import { SECOND } from '../../stack/linux-policy';
import type { Stack } from '../../stack/stack';
import { sendGuestError } from './guest-errors';
import { GuestLink, type LinkIdentity } from './guest-link';
import { HostAccess } from './host-access';
import type { NatDhcp } from './nat-dhcp';
import { NatEcho } from './nat-echo';
import type { NatHostResolver } from './nat-host-resolver';
import type { NatIpv6 } from './nat-ipv6';
import type { NatAddresses, NatProfile } from './nat-profile';
import { NatTcp } from './nat-tcp';
import { NatUdp } from './nat-udp';

/** 224.0.0.0: from here on nothing is a host (ip_input.c; RFC 1112 section 4). */
const FIRST_MULTICAST = 0xe0000000;

/** Fragments live 60 half-seconds; there are 100 queues of 16 (ip_input.c, IPFRAGTTL; libslirp has no bound but that of time). */
const REASSEMBLY = { time: 30 * SECOND, memory: 100 * 16 * 2048, distance: 0 } as const;

/** What an engine is made of. */
export interface NatEngineParts {
  readonly name: string;
  readonly profile: NatProfile;
  readonly network: Ipv4Prefix;
  readonly addresses: NatAddresses;
  readonly identity: LinkIdentity;
  readonly localhostReachable: boolean;
  readonly forwards: readonly ResolvedPortForward[];
  /** Whom a forward without a guest address leads to while no guest has been seen. */
  readonly firstGuest: Ipv4Address;
  /** The source address of the host's sockets, where one is set. */
  readonly bindAddress: Ipv4Address | undefined;
}

/** A fragment that waits for the others, with the record that brought it. */
interface WaitingFragment {
  readonly frame: Frame;
  readonly cause: number;
}

/** Services inside the engine, of those that have them. */
export interface NatServices {
  readonly dhcp?: NatDhcp;
  readonly hostResolver?: NatHostResolver;
  readonly ipv6?: NatIpv6;
}

export class NatEngine implements FrameReceiver, TimerOwner {
  private readonly echo: NatEcho;
  private readonly udp: NatUdp;
  private readonly tcp: NatTcp;
  private readonly reassembly = new Reassembly<WaitingFragment>(REASSEMBLY);
  private readonly timer: Timer;
  private readonly ipv6: NatIpv6 | undefined;

  /** @param services made of the engine's own link */
  constructor(
    private readonly simulator: Simulator,
    private readonly parts: NatEngineParts,
    host: Stack,
    services: (link: GuestLink) => NatServices = () => ({}),
    readonly link = new GuestLink(simulator, parts.identity),
  ) {
    this.timer = new Timer(simulator, this);
    const access = new HostAccess(parts, host, link);
    const { dhcp, hostResolver, ipv6 } = services(link);
    this.ipv6 = ipv6;
    this.echo = new NatEcho(simulator, link, parts.profile, access);
    this.udp = new NatUdp(simulator, link, parts, access, dhcp, hostResolver);
    this.tcp = new NatTcp(simulator, link, parts, access);
  }

  plug(port: Port): void {
    this.link.port = port;
  }

  /** Begins to listen for what port forwards let in. That their ports are free is checked where the file is read: `port-in-use`. */
  boot(): void {
    for (const rule of this.parts.forwards) {
      if (rule.protocol === 'udp') {
        this.udp.forward(rule);
      } else {
        this.tcp.forward(rule);
      }
    }
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
        if (this.ipv6 === undefined) {
          this.link.drop(frame, 'ethertype-unknown');
        } else {
          this.ipv6.receive(frame);
        }
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

  /** Fragments have waited for too long: nobody is told (ip_slowtimo). */
  timerExpired(): void {
    for (const expired of this.reassembly.expire(this.simulator.now)) {
      this.giveUp(expired);
    }
    this.rearm();
  }

  private isOwn(address: Ipv4Address): boolean {
    const { gateway, loopback, nameServer, tftp } = this.parts.addresses;
    return [gateway, loopback, nameServer, tftp, BROADCAST_IPV4].includes(address);
  }

  /** The engine counts as one router on the way, and does not relay within its own network. */
  private mayPass(frame: Frame, destination: Ipv4Address): boolean {
    const { bytes } = frame;
    const { network, addresses } = this.parts;
    if (timeToLive(bytes, IP_AT) <= 1) {
      this.link.drop(frame, 'ttl-expired');
      const { inTransit } = TIME_EXCEEDED_CODE;
      sendGuestError(this.link, bytes, addresses.gateway, ICMP_TYPE.timeExceeded, inTransit);
      return false;
    }
    if (prefixContains(network, destination) && destination !== addresses.broadcast) {
      this.link.drop(frame, 'nat-not-carried');
      return false;
    }
    return true;
  }

  private dispatch(frame: Frame): void {
    if (isFragment(frame.bytes, IP_AT)) {
      this.reassemble(frame);
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
        this.tcp.receive(frame);
        return;
      default:
        this.link.drop(frame, 'nat-not-carried');
    }
  }

  private reassemble(fragment: Frame): void {
    const { simulator, reassembly } = this;
    const waiting = { frame: fragment, cause: simulator.cause };
    const { whole, discarded } = reassembly.add(fragment.bytes, IP_AT, waiting, simulator.now);
    if (discarded !== undefined) {
      this.giveUp(discarded);
    }
    this.rearm();
    if (whole !== undefined) {
      this.dispatch(simulator.frame(whole.bytes));
    }
  }

  private giveUp({ reason, fragments }: Discarded<WaitingFragment>): void {
    const { simulator } = this;
    const { cause } = simulator;
    for (const fragment of fragments) {
      simulator.cause = fragment.cause;
      this.link.drop(fragment.frame, reason);
    }
    simulator.cause = cause;
  }

  private rearm(): void {
    const { deadline } = this.reassembly;
    if (deadline !== undefined) {
      this.timer.arm(deadline - this.simulator.now);
    }
  }
}
