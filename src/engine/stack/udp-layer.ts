/** UDP of a stack (RFC 768, RFC 1122 4.1) and its sockets, which speak IPv4 alone or both versions of IP. */
import { isIpv4, type IpAddress } from '../../net/ip-address';
import { isMulticastIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../net/ipv4-address';
import type { Ipv6Address } from '../../net/ipv6-address';
import { isGroupMac } from '../../net/mac-address';
import { destinationMac } from '../../wire/ethernet';
import { ICMP_TYPE } from '../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../wire/ipv4';
import { checkUdp, destinationPort, sourcePort, UDP_HEADER_BYTES, udpLength, writeUdp } from '../../wire/udp';
import type { Frame } from '../kernel/frame';
import type { RandomStream } from '../kernel/random-stream';
import type { IcmpLayer, TransportErrorHandler } from './icmp-layer';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength, type PacketOptions } from './ipv4/ip-packet';
import type { Ipv4Layer } from './ipv4-layer';
import type { ProtocolHandler } from './ipv4/packet-hook';
import { writeUnsentHeader } from './ipv4/unsent-packet';
import { LINUX } from './linux-policy';
import type { NetworkInterface } from './network-interface';
import type { PacketIdentification } from './packet-identification';

/** Bytes in front of the data of a datagram in a frame. */
export const DATAGRAM_HEADER_BYTES = PACKET_HEADER_BYTES + UDP_HEADER_BYTES;

/** What an application does with its socket's datagrams. */
export interface DatagramReceiver<Address extends IpAddress = Ipv4Address> {
  /**
   * @param data a view that must not be kept or changed
   * @param frame what it came in, for whoever discards it
   */
  datagram(
    data: Uint8Array,
    from: Address,
    fromPort: number,
    to: Address,
    on: NetworkInterface,
    frame: Frame,
  ): void;
  /** An ICMP error came back for a datagram. */
  unreachable?(error: DatagramError<Address>): void;
}

/** What an ICMP error says of a datagram of this socket; type and code are ICMPv6's where the addresses are IPv6's. */
export interface DatagramError<Address extends IpAddress = Ipv4Address> {
  readonly to: Address;
  readonly toPort: number;
  /** Who sent the error. */
  readonly from: Address;
  readonly type: number;
  readonly code: number;
}

/** Path MTU discovery sets DF on every datagram that fits (net.ipv4.ip_no_pmtu_disc is 0). */
const DATAGRAM: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: true };

/** To a group: IP_MULTICAST_TTL is 1 (RFC 1112 6.1). */
const GROUP_DATAGRAM: PacketOptions = { ...DATAGRAM, timeToLive: 1 };

export class UdpSocket<Address extends IpAddress = Ipv4Address> {
  /** Whose datagrams it takes, of one that is connected or bound to an address; those of everybody where absent. */
  accepts: ((from: Address, fromPort: number, to: Address) => boolean) | undefined;

  /** The next socket of this port: those bound to one address each may share it. */
  sibling: UdpSocket<Address> | undefined;

  constructor(
    private readonly layer: UdpLayer,
    readonly port: number,
    readonly receiver: DatagramReceiver<Address>,
    /** How the next datagrams are marked. */
    public options: PacketOptions = DATAGRAM,
    /** The only address it is bound to; all of the machine's where absent. */
    readonly boundTo?: IpAddress,
  ) {}

  /**
   * Sends a datagram; false, with the reason recorded, when there is no way to send it.
   * @param on the interface that an IPv6 link-local address or group is meant on
   */
  send(
    data: Uint8Array,
    destination: Address,
    destinationPortNumber: number,
    source?: Address,
    on?: NetworkInterface,
  ): boolean {
    return this.layer.send(data, this, destination, destinationPortNumber, source, on);
  }

  close(): void {
    this.layer.close(this);
  }
}

/** A socket as a table shows it. */
export interface BoundSocket {
  readonly port: number;
  /** The only address it is bound to; all of the machine's where undefined. */
  readonly address: IpAddress | undefined;
  readonly versions: 'ipv4' | 'ipv6' | 'both';
}

/** What a socket is to the layer that sends for it. */
type Sender = Pick<UdpSocket, 'port' | 'options'>;

/** UDP over IPv6, where the stack has it. */
export interface UdpOverIpv6 {
  send(
    data: Uint8Array,
    socket: Sender,
    destination: Ipv6Address,
    port: number,
    source: Ipv6Address | undefined,
    on: NetworkInterface | undefined,
  ): boolean;
}

export class UdpLayer implements ProtocolHandler, TransportErrorHandler {
  private readonly sockets = new Map<number, UdpSocket>();
  /** Those that speak IPv6 too. */
  private readonly ipv6Sockets = new Map<number, UdpSocket<Ipv6Address>>();

  /** Takes the datagrams to IPv6 addresses. */
  ipv6: UdpOverIpv6 | undefined;

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly icmp: IcmpLayer,
    private readonly identification: PacketIdentification,
    private readonly random: RandomStream,
  ) {
    ip.register(IP_PROTOCOL.udp, this);
    icmp.register(IP_PROTOCOL.udp, this);
  }

  /** Opens an IPv4 socket on this port, or on a free one for 0; undefined when the port, or every port, is taken. */
  open(port: number, receiver: DatagramReceiver, options?: PacketOptions): UdpSocket | undefined {
    const number = port === 0 ? this.freePort() : port;
    if (number === undefined || this.sockets.has(number)) {
      return undefined;
    }
    const socket = new UdpSocket(this, number, receiver, options);
    this.sockets.set(number, socket);
    return socket;
  }

  /** As `open`, a socket that is bound to one address: others may have the port at other addresses (bind(2), EADDRINUSE). */
  openAt(address: Ipv4Address, port: number, receiver: DatagramReceiver): UdpSocket | undefined {
    const first = this.sockets.get(port);
    for (let other = first; other !== undefined; other = other.sibling) {
      if (other.boundTo === undefined || other.boundTo === address) {
        return undefined;
      }
    }
    const socket = new UdpSocket(this, port, receiver, DATAGRAM, address);
    socket.accepts = (_from, _fromPort, to) => to === address;
    socket.sibling = first;
    this.sockets.set(port, socket);
    return socket;
  }

  /** As `open`, a socket of both versions: AF_INET6 without IPV6_V6ONLY. */
  openDual(
    port: number,
    receiver: DatagramReceiver<IpAddress>,
    options?: PacketOptions,
  ): UdpSocket<IpAddress> | undefined {
    const number = port === 0 ? this.freePort() : port;
    if (number === undefined || this.sockets.has(number) || this.ipv6Sockets.has(number)) {
      return undefined;
    }
    const socket = new UdpSocket<IpAddress>(this, number, receiver, options);
    this.sockets.set(number, socket);
    this.ipv6Sockets.set(number, socket);
    return socket;
  }

  /** As `open`, a socket of IPv6 alone: AF_INET6 with IPV6_V6ONLY. */
  openIpv6(
    port: number,
    receiver: DatagramReceiver<Ipv6Address>,
    options?: PacketOptions,
  ): UdpSocket<Ipv6Address> | undefined {
    const number = port === 0 ? this.freePort() : port;
    if (number === undefined || this.ipv6Sockets.has(number)) {
      return undefined;
    }
    const socket = new UdpSocket<Ipv6Address>(this, number, receiver, options);
    this.ipv6Sockets.set(number, socket);
    return socket;
  }

  /** Every socket, by port: `ss -u`. */
  *bound(): IterableIterator<BoundSocket> {
    for (const [port, first] of this.sockets) {
      const isDual = this.ipv6Sockets.get(port) === (first as UdpSocket<IpAddress>);
      for (let socket: UdpSocket | undefined = first; socket !== undefined; socket = socket.sibling) {
        yield { port, address: socket.boundTo, versions: isDual ? 'both' : 'ipv4' };
      }
    }
    for (const [port, socket] of this.ipv6Sockets) {
      if (this.sockets.get(port) !== (socket as UdpSocket<IpAddress>)) {
        yield { port, address: socket.boundTo, versions: 'ipv6' };
      }
    }
  }

  /** The socket that gets IPv6 datagrams to this port. */
  ipv6SocketAt(port: number): UdpSocket<Ipv6Address> | undefined {
    return this.ipv6Sockets.get(port);
  }

  close(socket: Pick<UdpSocket, 'port' | 'close'>): void {
    this.forget(socket);
    if (this.ipv6Sockets.get(socket.port) === socket) {
      this.ipv6Sockets.delete(socket.port);
    }
  }

  send(
    data: Uint8Array,
    socket: Sender,
    destination: IpAddress,
    port: number,
    source: IpAddress | undefined,
    on?: NetworkInterface,
  ): boolean {
    if (!isIpv4(destination)) {
      return this.sendByIpv6(data, socket, destination, port, source, on);
    }
    return this.sendByIpv4(
      data,
      socket,
      destination,
      port,
      // Who answers what everybody got answers as itself.
      source !== undefined && isIpv4(source) && !this.ip.isForMany(source) ? source : undefined,
    );
  }

  /** The IP identification of a datagram that goes past the sockets. */
  identificationTowards(destination: Ipv4Address): number {
    return this.identification.next(destination, IP_PROTOCOL.udp);
  }

  private sendByIpv4(
    data: Uint8Array,
    socket: Sender,
    destination: Ipv4Address,
    port: number,
    source: Ipv4Address | undefined,
  ): boolean {
    const { ip } = this;
    const route = ip.routes.lookup(destination);
    const from = source ?? (ip.isLocal(destination) ? destination : route && ip.sender.sourceFor(route));
    const bytes = ip.simulator.pool.allocate(DATAGRAM_HEADER_BYTES + data.length);
    bytes.set(data, DATAGRAM_HEADER_BYTES);
    if (from === undefined) {
      writeUdp(bytes, PACKET_HEADER_BYTES, UNSPECIFIED_IPV4, destination, socket.port, port, data.length);
      writeUnsentHeader(bytes, destination, IP_PROTOCOL.udp, socket.options);
      ip.sender.dropUnsent(bytes, route === undefined ? 'no-route' : 'interface-has-no-address');
      return false;
    }
    writeUdp(bytes, PACKET_HEADER_BYTES, from, destination, socket.port, port, data.length);
    // Also with DF: only sockets that insist on path MTU discovery send 0 (Linux ip_sk_ignore_df, ip_select_ident_segs; measured).
    const id = this.identification.next(destination, IP_PROTOCOL.udp);
    const toGroup = socket.options === DATAGRAM && isMulticastIpv4(destination);
    const options = toGroup ? GROUP_DATAGRAM : socket.options;
    return ip.sender.send(bytes, from, destination, IP_PROTOCOL.udp, options, id, route);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const source = sourceAddress(bytes, IP_AT);
    const destination = destinationAddress(bytes, IP_AT);
    const problem = checkUdp(bytes, at, payloadLength(bytes), source, destination);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    let socket = this.sockets.get(destinationPort(bytes, at));
    while (socket?.accepts?.(source, sourcePort(bytes, at), destination) === false) {
      socket = socket.sibling;
    }
    if (socket === undefined) {
      // Nobody minds that a broadcast is not for everyone, and nobody is told (RFC 1122 3.2.2).
      on.drop(frame, isGroupMac(destinationMac(bytes)) ? 'broadcast-ignored' : 'port-unreachable');
      this.icmp.errors.portUnreachable(frame, on);
      return;
    }
    const data = bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(bytes, at));
    socket.receiver.datagram(data, source, sourcePort(bytes, at), destination, on, frame);
  }

  failed(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    from: Ipv4Address,
    type: number,
    code: number,
  ): boolean {
    const own = sourceAddress(bytes, quotedIpAt);
    let socket = this.sockets.get(sourcePort(bytes, quotedAt));
    while (socket?.boundTo !== undefined && socket.boundTo !== own) {
      socket = socket.sibling;
    }
    // An error that says nothing of the destination's port, such as a bad option, is no failure.
    if (type === ICMP_TYPE.destinationUnreachable || type === ICMP_TYPE.timeExceeded) {
      const to = destinationAddress(bytes, quotedIpAt);
      socket?.receiver.unreachable?.({ to, toPort: destinationPort(bytes, quotedAt), from, type, code });
    }
    return socket !== undefined;
  }

  private forget(socket: Pick<UdpSocket, 'port'>): void {
    const first = this.sockets.get(socket.port);
    if (first === socket && first.sibling === undefined) {
      this.sockets.delete(socket.port);
    } else if (first === socket && first.sibling !== undefined) {
      this.sockets.set(socket.port, first.sibling);
    } else {
      for (let before = first; before !== undefined; before = before.sibling) {
        if (before.sibling === socket) {
          before.sibling = before.sibling.sibling;
        }
      }
    }
  }

  private sendByIpv6(
    data: Uint8Array,
    socket: Sender,
    destination: Ipv6Address,
    port: number,
    source: IpAddress | undefined,
    on: NetworkInterface | undefined,
  ): boolean {
    if (this.ipv6 === undefined) {
      // Programs are told that there is no such address family (EAFNOSUPPORT): no packet is made of it.
      return false;
    }
    const from = source !== undefined && !isIpv4(source) ? source : undefined;
    return this.ipv6.send(data, socket, destination, port, from, on);
  }

  private freePort(): number | undefined {
    const count = LINUX.lastLocalPort - LINUX.firstLocalPort + 1;
    const start = this.random.integer(0, count - 1);
    for (let tried = 0; tried < count; tried++) {
      const port = LINUX.firstLocalPort + ((start + tried) % count);
      if (!this.sockets.has(port) && !this.ipv6Sockets.has(port)) {
        return port;
      }
    }
    return undefined;
  }
}
