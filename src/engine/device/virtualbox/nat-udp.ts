/**
 * Datagrams of guests. An engine of slirp has one host socket for each guest address and port, open to answers from anybody (udp.c,
 * socket.c); the lwIP service one connected socket for each flow, so only who is spoken to may answer (pxudp.c).
 */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { isIpv4 } from '../../../net/ip-address';
import type { ResolvedPortForward } from '../../../topology/resolved';
import { ICMP_TYPE, TIME_EXCEEDED_CODE, UNREACHABLE_CODE } from '../../../wire/icmp';
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
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength } from '../../stack/ipv4/ip-packet';
import {
  DATAGRAM_HEADER_BYTES,
  type DatagramError,
  type DatagramReceiver,
  type UdpSocket,
} from '../../stack/udp-layer';
import { sendGuestError } from './guest-errors';
import type { GuestLink } from './guest-link';
import type { HostAccess } from './host-access';
import type { NatDhcp } from './nat-dhcp';
import type { NatEngineParts } from './nat-engine';
import type { NatHostResolver } from './nat-host-resolver';

/** Sockets one engine may hold: below a process's usual limit of 1024 open files. */
const MAXIMUM_SOCKETS = 1000;

const TIME_TO_LIVE = 64;

/** Peers that one socket has under another address; the oldest makes room. */
const MAXIMUM_ALIASES = 64;

/** A flow as the guest has it. */
interface Flow {
  readonly guest: Ipv4Address;
  readonly guestPort: number;
  readonly remote: Ipv4Address;
  readonly remotePort: number;
}

class GuestSocket implements DatagramReceiver {
  socket: UdpSocket | undefined;
  expires = Number.POSITIVE_INFINITY;
  /** What a real address appears as to the guest, where the engine stands in for it. */
  readonly aliases = new Map<Ipv4Address, Ipv4Address>();
  /** The guest's latest frame, quoted when the host reports an error. */
  latest: Uint8Array | undefined;

  constructor(
    private readonly nat: NatUdp,
    readonly key: string,
    readonly guest: () => Ipv4Address,
    readonly guestPort: number,
    /** Whether a port forward made it: it lasts, and shows its peers as whom the guest can answer. */
    readonly rule: ResolvedPortForward | undefined,
  ) {}

  datagram(data: Uint8Array, from: Ipv4Address, fromPort: number): void {
    this.nat.answer(this, data, from, fromPort);
  }

  unreachable(error: DatagramError): void {
    this.nat.refused(this, error);
  }

  alias(real: Ipv4Address, shown: Ipv4Address): void {
    if (!this.aliases.has(real) && this.aliases.size >= MAXIMUM_ALIASES) {
      const [oldest] = this.aliases.keys();
      this.aliases.delete(oldest ?? real);
    }
    this.aliases.set(real, shown);
  }

  /** Who is meant by an address that a peer of this socket is shown as. */
  realOf(shown: Ipv4Address): Ipv4Address | undefined {
    for (const [real, alias] of this.aliases) {
      if (alias === shown) {
        return real;
      }
    }
    return undefined;
  }
}

export class NatUdp implements TimerOwner {
  private readonly sockets = new Map<string, GuestSocket>();
  private readonly forwarded: GuestSocket[] = [];
  private readonly timer: Timer;

  constructor(
    private readonly simulator: Simulator,
    private readonly link: GuestLink,
    private readonly parts: NatEngineParts,
    private readonly access: HostAccess,
    private readonly dhcp: NatDhcp | undefined,
    private readonly hostResolver: NatHostResolver | undefined,
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
    const flow: Flow = {
      guest: source,
      guestPort: sourcePort(bytes, at),
      remote: destination,
      remotePort: destinationPort(bytes, at),
    };
    const data = bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(bytes, at));
    if (this.dhcp !== undefined && flow.remotePort === UDP_PORT.dhcpServer) {
      const refused = this.dhcp.receive(data);
      if (refused !== undefined) {
        this.link.drop(frame, refused);
      }
    } else if (this.isForHostResolver(flow)) {
      if (this.hostResolver?.ask(data, flow.guest, flow.guestPort) !== true) {
        this.link.drop(frame, 'dns-ignored');
      }
    } else {
      this.relay(frame, data, flow);
    }
  }

  /** Listens on the host for a port forward; where somebody else listens, the port stays theirs. */
  forward(rule: ResolvedPortForward): void {
    const { insideAddress, outsideAddress, name } = rule;
    const inside = insideAddress !== undefined && isIpv4(insideAddress) ? insideAddress : undefined;
    const entry = new GuestSocket(
      this,
      `forward ${name}`,
      () => this.access.guestOf(inside),
      rule.insidePort,
      rule,
    );
    const { udp } = this.access.host;
    const socket =
      outsideAddress !== undefined && isIpv4(outsideAddress)
        ? udp.openAt(outsideAddress, rule.outsidePort, entry)
        : udp.open(rule.outsidePort, entry);
    if (socket !== undefined) {
      entry.socket = socket;
      this.forwarded.push(entry);
    }
  }

  timerExpired(): void {
    for (const [key, entry] of this.sockets) {
      if (entry.expires <= this.simulator.now) {
        entry.socket?.close();
        this.sockets.delete(key);
      }
    }
    this.rearm();
  }

  /** An answer has reached the host's socket: it goes on to the guest. */
  answer(entry: GuestSocket, data: Uint8Array, from: Ipv4Address, fromPort: number): void {
    const { udp } = this.parts.profile;
    const isDns = fromPort === UDP_PORT.dns;
    if (entry.rule === undefined && !(isDns && udp.idleAfterDns === undefined)) {
      this.keep(entry, isDns ? udp.idleAfterDns : undefined);
    }
    if (entry.rule !== undefined) {
      entry.alias(from, this.access.sourceShown(from));
    }
    const source = entry.aliases.get(from) ?? from;
    const guest = entry.guest();
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + data.length);
    bytes.set(data, DATAGRAM_HEADER_BYTES);
    writeUdp(bytes, PACKET_HEADER_BYTES, source, guest, fromPort, entry.guestPort, data.length);
    this.link.sendPacket(bytes, {
      dontFragment: false,
      timeToLive: udp.timeToLive,
      typeOfService: 0,
      protocol: IP_PROTOCOL.udp,
      source,
      destination: guest,
    });
  }

  /** The host's socket reports an ICMP error: the guest gets one about its latest datagram. */
  refused(entry: GuestSocket, error: DatagramError): void {
    if (entry.latest !== undefined) {
      const { errorsFrom } = this.parts.profile.udp;
      const alias = errorsFrom === 'destination' ? entry.aliases.get(error.from) : undefined;
      const from = alias ?? error.from;
      sendGuestError(this.link, entry.latest, from, error.type, error.code);
    }
  }

  private isForHostResolver({ remote, remotePort }: Flow): boolean {
    const isNameServer = remote === this.access.addresses.nameServer && remotePort === UDP_PORT.dns;
    return isNameServer && this.hostResolver?.inUse() === true;
  }

  private relay(frame: Frame, data: Uint8Array, flow: Flow): void {
    const { bytes } = frame;
    if (this.parts.profile.udp.countsOwnHop && timeToLive(bytes, IP_AT) <= 1) {
      this.link.drop(frame, 'ttl-expired');
      this.report(bytes, ICMP_TYPE.timeExceeded, TIME_EXCEEDED_CODE.inTransit);
      return;
    }
    const forwarded = this.forwardedFor(flow);
    const real = forwarded?.realOf(flow.remote) ?? this.access.realAddress(flow.remote, flow.remotePort);
    if (typeof real === 'string') {
      this.link.drop(frame, real);
      if (real === 'port-unreachable') {
        const { port } = UNREACHABLE_CODE;
        sendGuestError(this.link, bytes, flow.remote, ICMP_TYPE.destinationUnreachable, port);
      }
      return;
    }
    const entry = forwarded ?? this.socketFor(flow, real);
    if (entry?.socket === undefined) {
      this.link.drop(frame, 'table-full');
      return;
    }
    entry.latest = bytes;
    if (real !== flow.remote) {
      entry.alias(real, flow.remote);
    }
    if (entry.rule === undefined) {
      this.keep(entry);
    }
    if (this.parts.profile.relayedMarks === 'guest') {
      entry.socket.options = {
        timeToLive: timeToLive(bytes, IP_AT),
        typeOfService: typeOfService(bytes, IP_AT),
        dontFragment: dontFragment(bytes, IP_AT),
      };
    }
    if (!entry.socket.send(data, real, flow.remotePort, this.access.bindAddress)) {
      this.report(bytes, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.network);
    }
  }

  /** Tells the guest, as its router, why its datagram went no further. */
  private report(bytes: Uint8Array, type: number, code: number): void {
    sendGuestError(this.link, bytes, this.access.addresses.gateway, type, code);
  }

  /** What a guest sends from a port that a forward leads to comes from the forward's own port on the host. */
  private forwardedFor({ guest, guestPort, remote }: Flow): GuestSocket | undefined {
    const everybody = this.parts.profile.udp.filtering === 'endpoint-independent';
    return this.forwarded.find(
      entry =>
        entry.guestPort === guestPort &&
        entry.guest() === guest &&
        (everybody || entry.realOf(remote) !== undefined),
    );
  }

  private socketFor(flow: Flow, real: Ipv4Address): GuestSocket | undefined {
    const { guest, guestPort, remote, remotePort } = flow;
    const isConnected = this.parts.profile.udp.filtering === 'address-and-port-dependent';
    const key = isConnected ? `${guest} ${guestPort} ${remote} ${remotePort}` : `${guest} ${guestPort}`;
    const known = this.sockets.get(key);
    if (known !== undefined) {
      return known;
    }
    if (this.sockets.size >= MAXIMUM_SOCKETS) {
      return undefined;
    }
    const entry = new GuestSocket(this, key, () => guest, guestPort, undefined);
    entry.socket = this.access.host.udp.open(0, entry, {
      timeToLive: TIME_TO_LIVE,
      typeOfService: 0,
      dontFragment: true,
    });
    if (entry.socket === undefined) {
      return undefined;
    }
    if (isConnected) {
      entry.socket.accepts = (from, fromPort) => from === real && fromPort === remotePort;
    }
    this.sockets.set(key, entry);
    return entry;
  }

  /** The socket lives on for its idle time, up to the tick after it. */
  private keep(entry: GuestSocket, idle: number = this.parts.profile.udp.idle): void {
    const { tick } = this.parts.profile.udp;
    entry.expires = Math.ceil((this.simulator.now + idle) / tick) * tick;
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
