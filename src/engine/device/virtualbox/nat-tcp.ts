/**
 * TCP of guests: ended in the engine, and begun anew by the host (tcp_input.c, tcp_subr.c; libslirp likewise; pxtcp.c). A guest's SYN makes
 * the host connect, and is answered only when that has come to an end: with SYN and ACK, RST, or an ICMP error.
 */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import { type Ipv4Address, UNSPECIFIED_IPV4 } from '../../../net/ipv4-address';
import type { ResolvedPortForward } from '../../../topology/resolved';
import { ICMP_TYPE, UNREACHABLE_CODE } from '../../../wire/icmp';
import { destinationAddress, sourceAddress } from '../../../wire/ipv4';
import { TCP_FLAG, tcpFlags } from '../../../wire/tcp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { IpOutput } from '../../stack/ip-output';
import {
  IP_AT,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type PacketOptions,
} from '../../stack/ipv4/ip-packet';
import type { ConnectionFailure } from '../../stack/tcp/control-block';
import type { ConnectionRequest } from '../../stack/tcp/listener';
import type { TcpSocket } from '../../stack/tcp/socket';
import { TcpLayer } from '../../stack/tcp/tcp-layer';
import { sendGuestError } from './guest-errors';
import { GUEST_MTU, type GuestLink } from './guest-link';
import type { HostAccess } from './host-access';
import type { NatEngineParts } from './nat-engine';
import { relayTcp } from './tcp-relay';

/** Connections of one engine: each has a socket of the host, below a process's usual limit of 1024 open files. */
const MAXIMUM_CONNECTIONS = 1000;

/** The part of an address that VirtualBox 7.0.10 takes for the host's loopback, whatever its network. */
const HOST_TWO = 2;

export class NatTcp {
  /** Speaks to guests in the place of everybody else. */
  private readonly guestSide: TcpLayer;
  /** The frame that is being looked at. */
  private arriving: Frame | undefined;

  constructor(
    simulator: Simulator,
    private readonly link: GuestLink,
    private readonly parts: NatEngineParts,
    private readonly access: HostAccess,
  ) {
    const { profile, name } = parts;
    this.guestSide = new TcpLayer(simulator, name, { ...profile.tcp, connections: MAXIMUM_CONNECTIONS });
    this.guestSide.addIp(new GuestOutput(simulator, link, profile.resetTimeToLive));
    this.guestSide.listen({
      port: undefined,
      backlog: MAXIMUM_CONNECTIONS,
      // Every connection is joined to its other half as soon as its SYN is answered.
      accept: () => ({}),
      incoming: request => this.connect(request),
    });
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    const destination = destinationAddress(bytes, IP_AT);
    const at = payloadAt(bytes);
    const opens = (tcpFlags(bytes, at) & (TCP_FLAG.syn | TCP_FLAG.ack)) === TCP_FLAG.syn;
    if (opens && this.isMistakenForLoopback(destination)) {
      this.link.drop(frame, 'host-loopback-blocked');
      return;
    }
    this.arriving = frame;
    this.guestSide.segmentArrived(
      frame,
      at,
      payloadLength(bytes),
      sourceAddress(bytes, IP_AT),
      destination,
      this.link,
    );
  }

  /** Listens on the host for a port forward; where somebody else listens, the port stays theirs. */
  forward({ insideAddress, insidePort, outsideAddress, outsidePort }: ResolvedPortForward): void {
    const inside = insideAddress !== undefined && isIpv4(insideAddress) ? insideAddress : undefined;
    this.access.host.tcp.listen({
      port: outsidePort,
      ...(outsideAddress !== undefined && { address: outsideAddress }),
      accept: outer => this.connectGuest(outer, this.access.guestOf(inside), insidePort),
    });
  }

  /** The connections of guests, for tables. */
  get connections(): Iterable<TcpSocket> {
    return this.guestSide.connections;
  }

  private isMistakenForLoopback(destination: Ipv4Address): boolean {
    const { profile, network } = this.parts;
    const hostPart = (destination & (0xffffffff >>> network.length)) >>> 0;
    return profile.confusesHostTwo && hostPart === HOST_TWO && !this.access.loopbackReachable;
  }

  private connect(request: ConnectionRequest): void {
    const frame = this.arriving;
    const { address, port } = request.local;
    const real = isIpv4(address) ? this.access.realAddress(address, port) : 'nat-not-carried';
    if (frame === undefined) {
      request.ignore();
      return;
    }
    if (typeof real === 'string') {
      this.turnDown(request, frame, real);
      return;
    }
    let isDecided = false;
    const { bindAddress } = this.access;
    const outer = this.access.host.tcp.connect({
      remote: { address: real, port },
      ...(bindAddress !== undefined && { localAddress: bindAddress }),
      handler: {
        connected: connected => {
          const inner = request.accept();
          if (inner === undefined) {
            connected.abort();
          } else {
            relayTcp(inner, connected);
          }
        },
        failed: (_socket, why) => {
          this.report(request, frame, why, !isDecided);
        },
      },
    });
    isDecided = true;
    if (outer === undefined) {
      this.link.drop(frame, 'table-full');
      request.ignore();
    }
  }

  /** A guest asks for what its engine has not got: closed ports are refused, all else is silence. */
  private turnDown(request: ConnectionRequest, frame: Frame, reason: DropReason): void {
    this.link.drop(frame, reason);
    if (reason === 'port-unreachable') {
      request.refuse();
    } else {
      request.ignore();
    }
  }

  /** @param atOnce whether connect() itself failed: the host has no route */
  private report(request: ConnectionRequest, syn: Frame, why: ConnectionFailure, atOnce: boolean): void {
    if (why !== 'unreachable') {
      request.refuse();
      return;
    }
    request.ignore();
    const code = atOnce ? UNREACHABLE_CODE.network : UNREACHABLE_CODE.host;
    const { gateway } = this.access.addresses;
    sendGuestError(this.link, syn.bytes, gateway, ICMP_TYPE.destinationUnreachable, code);
  }

  /** The host has taken a connection, whether or not the guest will. */
  private connectGuest(outer: TcpSocket, guest: Ipv4Address, port: number): TcpSocket['handler'] {
    const peer = outer.remote;
    const source = isIpv4(peer.address)
      ? this.access.sourceShown(peer.address)
      : this.access.addresses.gateway;
    const inner = this.guestSide.connect({
      remote: { address: guest, port },
      localAddress: source,
      localPort: peer.port,
      handler: {},
    });
    if (inner === undefined) {
      outer.abort();
      return {};
    }
    relayTcp(outer, inner);
    return outer.handler;
  }
}

/** IPv4 towards the guests: every address but theirs is the engine's to speak for. */
class GuestOutput implements IpOutput {
  readonly version = 4;
  readonly headerBytes = PACKET_HEADER_BYTES;

  constructor(
    private readonly simulator: Simulator,
    private readonly link: GuestLink,
    private readonly resetTimeToLive: number,
  ) {}

  isLocal(): boolean {
    return true;
  }

  sourceFor(): Ipv4Address {
    return this.link.identity.address;
  }

  pathMtu(): number {
    return GUEST_MTU;
  }

  allocate(payloadBytes: number): Uint8Array {
    return this.simulator.pool.allocate(PACKET_HEADER_BYTES + payloadBytes);
  }

  send(
    bytes: Uint8Array,
    source: IpAddress,
    destination: IpAddress,
    protocol: number,
    { timeToLive, typeOfService, dontFragment }: PacketOptions,
  ): boolean {
    const isReset = (tcpFlags(bytes, PACKET_HEADER_BYTES) & TCP_FLAG.rst) !== 0;
    this.link.sendPacket(bytes, {
      dontFragment,
      timeToLive: isReset ? this.resetTimeToLive : timeToLive,
      typeOfService,
      protocol,
      source: isIpv4(source) ? source : UNSPECIFIED_IPV4,
      destination: isIpv4(destination) ? destination : UNSPECIFIED_IPV4,
    });
    return true;
  }
}
