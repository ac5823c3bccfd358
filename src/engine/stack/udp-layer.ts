/** UDP of a stack (RFC 768, RFC 1122 4.1) and its sockets. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../net/ipv4-address';
import { ICMP_TYPE } from '../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../wire/ipv4';
import { checkUdp, destinationPort, sourcePort, UDP_HEADER_BYTES, udpLength, writeUdp } from '../../wire/udp';
import type { Frame } from '../kernel/frame';
import type { RandomStream } from '../kernel/random-stream';
import type { IcmpLayer, TransportErrorHandler } from './icmp-layer';
import {
  IP_AT,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type Ipv4Layer,
  type PacketOptions,
  type ProtocolHandler,
} from './ipv4-layer';
import { LINUX } from './linux-policy';
import type { NetworkInterface } from './network-interface';
import type { PacketIdentification } from './packet-identification';

/** Bytes in front of the data of a datagram in a frame. */
export const DATAGRAM_HEADER_BYTES = PACKET_HEADER_BYTES + UDP_HEADER_BYTES;

/** What an application does with its socket's datagrams. */
export interface DatagramReceiver {
  /** @param data a view that must not be kept or changed */
  datagram(
    data: Uint8Array,
    from: Ipv4Address,
    fromPort: number,
    to: Ipv4Address,
    on: NetworkInterface,
  ): void;
  /** An ICMP error came back for a datagram. */
  unreachable?(error: DatagramError): void;
}

/** What an ICMP error says of a datagram of this socket. */
export interface DatagramError {
  readonly to: Ipv4Address;
  readonly toPort: number;
  /** Who sent the error. */
  readonly from: Ipv4Address;
  readonly type: number;
  readonly code: number;
}

/** Path MTU discovery sets DF on every datagram that fits (net.ipv4.ip_no_pmtu_disc is 0). */
const DATAGRAM: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: true };

export class UdpSocket {
  constructor(
    private readonly layer: UdpLayer,
    readonly port: number,
    readonly receiver: DatagramReceiver,
    /** How the next datagrams are marked. */
    public options: PacketOptions = DATAGRAM,
  ) {}

  /** Sends a datagram; false, with the reason recorded, when there is no way to send it. */
  send(
    data: Uint8Array,
    destination: Ipv4Address,
    destinationPortNumber: number,
    source?: Ipv4Address,
  ): boolean {
    return this.layer.send(data, this, destination, destinationPortNumber, source);
  }

  close(): void {
    this.layer.close(this);
  }
}

export class UdpLayer implements ProtocolHandler, TransportErrorHandler {
  private readonly sockets = new Map<number, UdpSocket>();

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly icmp: IcmpLayer,
    private readonly identification: PacketIdentification,
    private readonly random: RandomStream,
  ) {
    ip.register(IP_PROTOCOL.udp, this);
    icmp.register(IP_PROTOCOL.udp, this);
  }

  /** Opens a socket on this port, or on a free one for 0; undefined when the port, or every port, is taken. */
  open(port: number, receiver: DatagramReceiver, options?: PacketOptions): UdpSocket | undefined {
    const number = port === 0 ? this.freePort() : port;
    if (number === undefined || this.sockets.has(number)) {
      return undefined;
    }
    const socket = new UdpSocket(this, number, receiver, options);
    this.sockets.set(number, socket);
    return socket;
  }

  close(socket: UdpSocket): void {
    if (this.sockets.get(socket.port) === socket) {
      this.sockets.delete(socket.port);
    }
  }

  send(
    data: Uint8Array,
    socket: UdpSocket,
    destination: Ipv4Address,
    port: number,
    source: Ipv4Address | undefined,
  ): boolean {
    const { ip } = this;
    const route = ip.routes.lookup(destination);
    const from = source ?? (ip.isLocal(destination) ? destination : route && ip.sourceFor(route));
    const bytes = ip.simulator.pool.allocate(DATAGRAM_HEADER_BYTES + data.length);
    bytes.set(data, DATAGRAM_HEADER_BYTES);
    if (from === undefined) {
      writeUdp(bytes, PACKET_HEADER_BYTES, UNSPECIFIED_IPV4, destination, socket.port, port, data.length);
      ip.dropUnsent(bytes, route === undefined ? 'no-route' : 'interface-has-no-address');
      return false;
    }
    writeUdp(bytes, PACKET_HEADER_BYTES, from, destination, socket.port, port, data.length);
    // Also with DF: only sockets that insist on path MTU discovery send 0 (Linux ip_sk_ignore_df, ip_select_ident_segs; measured).
    const id = this.identification.next(destination, IP_PROTOCOL.udp);
    return ip.send(bytes, from, destination, IP_PROTOCOL.udp, socket.options, id, route);
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
    const socket = this.sockets.get(destinationPort(bytes, at));
    if (socket === undefined) {
      on.drop(frame, 'port-unreachable');
      this.icmp.portUnreachable(frame, on);
      return;
    }
    const data = bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(bytes, at));
    socket.receiver.datagram(data, source, sourcePort(bytes, at), destination, on);
  }

  failed(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    from: Ipv4Address,
    type: number,
    code: number,
  ): boolean {
    const socket = this.sockets.get(sourcePort(bytes, quotedAt));
    // An error that says nothing of the destination's port, such as a bad option, is no failure.
    if (type === ICMP_TYPE.destinationUnreachable || type === ICMP_TYPE.timeExceeded) {
      const to = destinationAddress(bytes, quotedIpAt);
      socket?.receiver.unreachable?.({ to, toPort: destinationPort(bytes, quotedAt), from, type, code });
    }
    return socket !== undefined;
  }

  private freePort(): number | undefined {
    const count = LINUX.lastLocalPort - LINUX.firstLocalPort + 1;
    const start = this.random.integer(0, count - 1);
    for (let tried = 0; tried < count; tried++) {
      const port = LINUX.firstLocalPort + ((start + tried) % count);
      if (!this.sockets.has(port)) {
        return port;
      }
    }
    return undefined;
  }
}
