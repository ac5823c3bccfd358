/** Echo requests of a guest: answered by the engine, or sent again from a ping socket of the host (ip_icmp.c). */
import { BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import {
  checkIcmp,
  echoIdentifier,
  echoSequence,
  ICMP_HEADER_BYTES,
  ICMP_TYPE,
  icmpType,
  setEchoIdentifier,
  setIcmpType,
  UNREACHABLE_CODE,
} from '../../../wire/icmp';
import { destinationAddress, dontFragment, IP_PROTOCOL, sourceAddress, timeToLive } from '../../../wire/ipv4';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import type { EchoClient } from '../../stack/icmp-layer';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength } from '../../stack/ipv4/ip-packet';
import { LINUX, SECOND } from '../../stack/linux-policy';
import { sendGuestError } from './guest-errors';
import type { GuestLink } from './guest-link';
import { LOOPBACK, type HostAccess } from './host-access';
import type { NatProfile } from './nat-profile';

/** Time to live of relayed answers to the guest (measured). */
const RELAYED_REPLY_TIME_TO_LIVE = 255;

export class NatEcho implements TimerOwner {
  /** In the order they were sent. */
  private readonly waiting = new Set<RelayedEcho>();
  private readonly timer: Timer;

  constructor(
    private readonly simulator: Simulator,
    private readonly link: GuestLink,
    private readonly profile: NatProfile,
    private readonly access: HostAccess,
  ) {
    this.timer = new Timer(simulator, this);
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const problem = checkIcmp(bytes, at, payloadLength(bytes));
    if (problem !== undefined) {
      this.link.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    if (icmpType(bytes, at) !== ICMP_TYPE.echoRequest) {
      this.link.drop(frame, 'nat-not-carried');
      return;
    }
    const destination = destinationAddress(bytes, IP_AT);
    const { gateway, loopback, nameServer, tftp } = this.access.addresses;
    const { gatewayAnswersEcho } = this.profile;
    if (destination === loopback && !this.access.loopbackReachable && !gatewayAnswersEcho) {
      this.link.drop(frame, 'host-loopback-blocked');
    } else if (
      destination === gateway ||
      destination === nameServer ||
      (destination === tftp && this.profile.tftpAddressAnswers)
    ) {
      this.reflect(bytes);
    } else {
      // An address that only stands for the host's loopback is pinged there.
      this.relay(frame, destination === loopback ? LOOPBACK : destination);
    }
  }

  /** The engine's own addresses answer at once. */
  private reflect(request: Uint8Array): void {
    const ttl = this.profile.ownEchoTimeToLive;
    const at = payloadAt(request);
    const reply = new Uint8Array(PACKET_HEADER_BYTES + payloadLength(request));
    reply.set(request.subarray(at, at + payloadLength(request)), PACKET_HEADER_BYTES);
    setIcmpType(reply, PACKET_HEADER_BYTES, ICMP_TYPE.echoReply, 0);
    this.link.sendPacket(reply, {
      dontFragment: dontFragment(request, IP_AT),
      timeToLive: ttl === 'request' ? timeToLive(request, IP_AT) : ttl,
      typeOfService: 0,
      protocol: IP_PROTOCOL.icmp,
      source: destinationAddress(request, IP_AT),
      destination: sourceAddress(request, IP_AT),
    });
  }

  private relay(frame: Frame, destination: Ipv4Address): void {
    const { bytes } = frame;
    const { icmp } = this.access.host;
    if (this.isBroadcast(destination)) {
      // The host's socket was not opened for broadcasts, so that sending fails there.
      this.link.drop(frame, 'nat-not-carried');
      this.reportUnsent(bytes);
      return;
    }
    const echo = new RelayedEcho(this.link, bytes, this.expiry());
    const identifier = icmp.openPingSocket(echo);
    if (identifier === undefined) {
      this.link.drop(frame, 'table-full');
      return;
    }
    echo.close = () => {
      icmp.closeEcho(identifier);
      this.waiting.delete(echo);
    };
    this.remember(echo);
    const at = payloadAt(bytes);
    const data = bytes.subarray(at + ICMP_HEADER_BYTES, at + payloadLength(bytes));
    const sent = icmp.sendEcho(identifier, echoSequence(bytes, at), destination, data, {
      timeToLive: this.profile.relayedMarks === 'guest' ? timeToLive(bytes, IP_AT) : LINUX.timeToLive,
      typeOfService: 0,
      dontFragment: true,
    });
    if (!sent) {
      echo.close();
      this.reportUnsent(bytes);
    }
  }

  timerExpired(): void {
    for (const echo of this.waiting) {
      if (echo.expires > this.simulator.now) {
        break;
      }
      echo.close();
    }
    this.rearm();
  }

  private isBroadcast(address: Ipv4Address): boolean {
    return address === BROADCAST_IPV4 || address === this.access.addresses.broadcast;
  }

  private reportUnsent(bytes: Uint8Array): void {
    const { network } = UNREACHABLE_CODE;
    const { gateway } = this.access.addresses;
    sendGuestError(this.link, bytes, gateway, ICMP_TYPE.destinationUnreachable, network);
  }

  private expiry(): number {
    return this.simulator.now + (this.profile.echoSeconds ?? Number.POSITIVE_INFINITY) * SECOND;
  }

  private remember(echo: RelayedEcho): void {
    const { most, afterCleaning } = this.profile.waitingEchoes;
    if (this.waiting.size === most) {
      for (const oldest of this.waiting) {
        if (this.waiting.size <= afterCleaning) {
          break;
        }
        oldest.close();
      }
    }
    this.waiting.add(echo);
    this.rearm();
  }

  private rearm(): void {
    const [oldest] = this.waiting;
    if (oldest !== undefined && Number.isFinite(oldest.expires)) {
      this.timer.arm(oldest.expires - this.simulator.now);
    }
  }
}

/** One echo request of the guest on its way through the host. */
class RelayedEcho implements EchoClient {
  close: () => void = () => undefined;

  constructor(
    private readonly link: GuestLink,
    private readonly request: Uint8Array,
    /** When its socket is closed, in ns. */
    readonly expires: number,
  ) {}

  echoReply(_sequence: number, from: Ipv4Address, _timeToLive: number, frame: Frame): void {
    this.close();
    const at = payloadAt(frame.bytes);
    const reply = new Uint8Array(PACKET_HEADER_BYTES + payloadLength(frame.bytes));
    reply.set(frame.bytes.subarray(at, at + payloadLength(frame.bytes)), PACKET_HEADER_BYTES);
    setEchoIdentifier(reply, PACKET_HEADER_BYTES, echoIdentifier(this.request, payloadAt(this.request)));
    this.link.sendPacket(reply, {
      dontFragment: dontFragment(this.request, IP_AT),
      timeToLive: RELAYED_REPLY_TIME_TO_LIVE,
      typeOfService: 0,
      protocol: IP_PROTOCOL.icmp,
      source: from === LOOPBACK ? destinationAddress(this.request, IP_AT) : from,
      destination: sourceAddress(this.request, IP_AT),
    });
  }

  echoFailed(_sequence: number, from: Ipv4Address, type: number, code: number): void {
    this.close();
    sendGuestError(this.link, this.request, from, type, code);
  }
}
