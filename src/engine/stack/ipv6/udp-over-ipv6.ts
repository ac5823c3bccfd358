/** UDP over IPv6 (RFC 768, RFC 8200 8.1): the sockets are the UDP layer's. */
import { UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { ICMPV6_TYPE } from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { ipv6Destination } from '../../../wire/ipv6';
import {
  checkUdp,
  destinationPort,
  sourcePort,
  UDP_HEADER_BYTES,
  udpLength,
  writeUdp,
} from '../../../wire/udp';
import type { NetworkInterface } from '../network-interface';
import type { UdpLayer, UdpOverIpv6, UdpSocket } from '../udp-layer';
import type { Icmpv6Errors } from './icmpv6-errors';
import type { Ipv6TransportErrorHandler } from './icmpv6-layer';
import type { Ipv6Packet, Ipv6ProtocolHandler } from './ipv6-layer';
import { IPV6_PACKET_HEADER_BYTES } from './ip-packet';
import type { Ipv6Sender } from './ipv6-sender';
import { writeUnsentIpv6Header } from './unsent-packet';

export class UdpIpv6 implements UdpOverIpv6, Ipv6ProtocolHandler, Ipv6TransportErrorHandler {
  constructor(
    private readonly udp: UdpLayer,
    private readonly sender: Ipv6Sender,
    private readonly errors: Icmpv6Errors,
  ) {}

  send(
    data: Uint8Array,
    socket: Pick<UdpSocket, 'port' | 'options'>,
    destination: Ipv6Address,
    port: number,
    source: Ipv6Address | undefined,
    on: NetworkInterface | undefined,
  ): boolean {
    const { sender } = this;
    const bytes = sender.allocate(UDP_HEADER_BYTES + data.length);
    bytes.set(data, IPV6_PACKET_HEADER_BYTES + UDP_HEADER_BYTES);
    const from = source ?? sender.sourceFor(destination, on);
    if (from === undefined) {
      const hop = sender.hopTo(destination, on);
      const { port: ownPort, options } = socket;
      writeUdp(bytes, IPV6_PACKET_HEADER_BYTES, UNSPECIFIED_IPV6, destination, ownPort, port, data.length);
      writeUnsentIpv6Header(bytes, destination, IP_PROTOCOL.udp, options);
      sender.dropUnsent(bytes, typeof hop === 'string' ? hop : 'interface-has-no-address');
      return false;
    }
    writeUdp(bytes, IPV6_PACKET_HEADER_BYTES, from, destination, socket.port, port, data.length);
    return sender.send(bytes, from, destination, IP_PROTOCOL.udp, socket.options, on);
  }

  receive(packet: Ipv6Packet, on: NetworkInterface): void {
    const { frame, at, length, source, destination } = packet;
    const { bytes } = frame;
    const problem = checkUdp(bytes, at, length, source, destination);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    const socket = this.udp.ipv6SocketAt(destinationPort(bytes, at));
    if (socket === undefined || socket.accepts?.(source, sourcePort(bytes, at), destination) === false) {
      on.drop(frame, 'port-unreachable');
      this.errors.portUnreachable(frame, on);
      return;
    }
    const data = bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(bytes, at));
    socket.receiver.datagram(data, source, sourcePort(bytes, at), destination, on, frame);
  }

  failedIpv6(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    from: Ipv6Address,
    type: number,
    code: number,
  ): boolean {
    const socket = this.udp.ipv6SocketAt(sourcePort(bytes, quotedAt));
    // Too large a packet is sent again in fragments by whoever sends again; a bad header says nothing of the port.
    if (type === ICMPV6_TYPE.destinationUnreachable || type === ICMPV6_TYPE.timeExceeded) {
      const to = ipv6Destination(bytes, quotedIpAt);
      const toPort = destinationPort(bytes, quotedAt);
      socket?.receiver.unreachable?.({ to, toPort, from, type, code });
    }
    return socket !== undefined;
  }
}
