/** Datagrams of a guest: one host socket for each guest address and port, open to answers from anybody (udp.c, socket.c). */
import { BROADCAST_IPV4, ipv4FromNumber, type Ipv4Address } from '../../../net/ipv4-address';
import { ICMP_TYPE, UNREACHABLE_CODE } from '../../../wire/icmp';
import {
  destinationAddress,
  dontFragment,
  IP_PROTOCOL,
  sourceAddress,
  timeToLive,
  typeOfService,
} from '../../../wire/ipv4';
import {
  checkUdp,
  destinationPort,
  sourcePort,
  UDP_HEADER_BYTES,
  UDP_PORT,
  udpLength,
  writeUdp,
} from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength } from '../../stack/ipv4-layer';
import { SECOND } from '../../stack/linux-policy';
import type { Stack } from '../../stack/stack';
import {
  DATAGRAM_HEADER_BYTES,
  type DatagramError,
  type DatagramReceiver,
  type UdpSocket,
} from '../../stack/udp-layer';
import type { NatDhcp } from './nat-dhcp';
import { sendGuestError } from './guest-errors';
import type { GuestLink } from './guest-link';
import { NAT_SOCKET_SECONDS, type NatAddresses, type NatProfile } from './nat-profile';

/** Sockets one engine may hold: below a process's usual limit of 1024 open files. */
const MAXIMUM_SOCKETS = 1000;

/** 127.0.0.1, as which the host's own services are reached. */
const LOOPBACK = ipv4FromNumber(0x7f000001);

const TIME_TO_LIVE = 64;

interface GuestSocket {
  readonly guest: Ipv4Address;
  readonly guestPort: number;
  readonly socket: UdpSocket;
  /** The guest's latest frame, quoted when the host reports an error. */
  latest: Uint8Array;
  /** What answers from a real address appear to come from, where the engine stands in for it. */
  readonly aliases: Map<Ipv4Address, Ipv4Address>;
  expires: number;
}

export class NatUdp implements TimerOwner {
  private readonly sockets = new Map<number, GuestSocket>();
  private readonly timer: Timer;

  constructor(
    private readonly simulator: Simulator,
    private readonly link: GuestLink,
    private readonly profile: NatProfile,
    private readonly addresses: NatAddresses,
    private readonly host: Stack,
    private readonly dhcp: NatDhcp,
    private readonly localhostReachable: boolean,
  ) {
    this.timer = new Timer(simulator, this);
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const source = sourceAddress(bytes, IP_AT);
    const destination = destinationAddress(bytes, IP_AT);
    const problem = checkUdp(bytes, at, payloadLength(bytes), source, destination);
    if (problem !== undefined) {
      this.link.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    const data = bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(bytes, at));
    if (destinationPort(bytes, at) === UDP_PORT.dhcpServer) {
      if (!this.dhcp.receive(data)) {
        this.link.drop(frame, 'dhcp-ignored');
      }
      return;
    }
    this.relay(frame, data, source, destination, at);
  }

  timerExpired(): void {
    for (const [key, entry] of this.sockets) {
      if (entry.expires <= this.simulator.now) {
        entry.socket.close();
        this.sockets.delete(key);
      }
    }
    this.rearm();
  }

  private relay(
    frame: Frame,
    data: Uint8Array,
    source: Ipv4Address,
    destination: Ipv4Address,
    at: number,
  ): void {
    const { bytes } = frame;
    const real = this.realAddress(destination, destinationPort(bytes, at));
    if (typeof real === 'string') {
      this.link.drop(frame, real);
      return;
    }
    const entry = this.socketFor(source, sourcePort(bytes, at), bytes);
    if (entry === undefined) {
      this.link.drop(frame, 'table-full');
      return;
    }
    entry.latest = bytes;
    if (real !== destination) {
      entry.aliases.set(real, destination);
    }
    this.keep(entry, NAT_SOCKET_SECONDS);
    if (this.profile.relayedMarks === 'guest') {
      entry.socket.options = {
        timeToLive: timeToLive(bytes, IP_AT),
        typeOfService: typeOfService(bytes, IP_AT),
        dontFragment: dontFragment(bytes, IP_AT),
      };
    }
    if (!entry.socket.send(data, real, destinationPort(bytes, at))) {
      const { network } = UNREACHABLE_CODE;
      sendGuestError(this.link, bytes, this.addresses.gateway, ICMP_TYPE.destinationUnreachable, network);
    }
  }

  /** Whom the host's socket speaks to when the guest speaks to this address (socket.c, sotranslate_out). */
  private realAddress(
    destination: Ipv4Address,
    port: number,
  ): Ipv4Address | 'host-loopback-blocked' | 'name-server-unknown' | 'nat-not-carried' {
    const { gateway, nameServer, broadcast } = this.addresses;
    if (destination === broadcast && this.profile.relaysBroadcasts) {
      return BROADCAST_IPV4;
    }
    if (destination === BROADCAST_IPV4 || destination === broadcast) {
      return 'nat-not-carried';
    }
    if (destination === nameServer && port === UDP_PORT.dns) {
      return this.host.resolver.ipv4Servers[0] ?? 'name-server-unknown';
    }
    if (destination === gateway || destination === nameServer) {
      return this.localhostReachable ? LOOPBACK : 'host-loopback-blocked';
    }
    return destination;
  }

  private socketFor(guest: Ipv4Address, guestPort: number, bytes: Uint8Array): GuestSocket | undefined {
    const key = guest * 65536 + guestPort;
    const known = this.sockets.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.sockets.size >= MAXIMUM_SOCKETS) {
      return undefined;
    }
    const receiver = new GuestReceiver(this, key);
    const socket = this.host.udp.open(0, receiver, {
      timeToLive: TIME_TO_LIVE,
      typeOfService: 0,
      dontFragment: true,
    });
    if (socket === undefined) {
      return undefined;
    }
    const entry = { guest, guestPort, socket, latest: bytes, aliases: new Map(), expires: 0 };
    this.sockets.set(key, entry);
    return entry;
  }

  /** An answer has reached the host's socket: it goes on to the guest. */
  answer(key: number, data: Uint8Array, from: Ipv4Address, fromPort: number): void {
    const entry = this.sockets.get(key);
    if (entry === undefined) {
      return;
    }
    const seconds = fromPort === UDP_PORT.dns ? this.profile.dnsSocketSeconds : NAT_SOCKET_SECONDS;
    if (seconds !== undefined) {
      this.keep(entry, seconds);
    }
    const source = entry.aliases.get(from) ?? from;
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + data.length);
    bytes.set(data, DATAGRAM_HEADER_BYTES);
    writeUdp(bytes, PACKET_HEADER_BYTES, source, entry.guest, fromPort, entry.guestPort, data.length);
    this.link.sendPacket(bytes, {
      dontFragment: false,
      timeToLive: TIME_TO_LIVE,
      typeOfService: 0,
      protocol: IP_PROTOCOL.udp,
      source,
      destination: entry.guest,
    });
  }

  /** The host's socket reports an ICMP error: the guest gets one about its latest datagram. */
  refused(key: number, error: DatagramError): void {
    const entry = this.sockets.get(key);
    if (entry !== undefined) {
      sendGuestError(this.link, entry.latest, error.from, error.type, error.code);
    }
  }

  private keep(entry: GuestSocket, seconds: number): void {
    entry.expires = this.simulator.now + seconds * SECOND;
    this.rearm();
  }

  private rearm(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { expires } of this.sockets.values()) {
      earliest = Math.min(earliest, expires);
    }
    if (Number.isFinite(earliest)) {
      this.timer.arm(earliest - this.simulator.now);
    }
  }
}

/** What a host socket does with its datagrams: all of them are the guest's. */
class GuestReceiver implements DatagramReceiver {
  constructor(
    private readonly nat: NatUdp,
    private readonly key: number,
  ) {}

  datagram(data: Uint8Array, from: Ipv4Address, fromPort: number): void {
    this.nat.answer(this.key, data, from, fromPort);
  }

  unreachable(error: DatagramError): void {
    this.nat.refused(this.key, error);
  }
}
