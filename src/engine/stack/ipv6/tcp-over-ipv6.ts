/** TCP's place above IPv6: what comes from IP and ICMPv6 goes to the layer. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import { ICMPV6_MESSAGE_BYTES, ICMPV6_TYPE, icmpv6Rest, UNREACHABLE_CODE_V6 } from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { IPV6_MINIMUM_MTU, ipv6Destination, ipv6Source } from '../../../wire/ipv6';
import { tcpDestinationPort, tcpSequence, tcpSourcePort } from '../../../wire/tcp';
import type { NetworkInterface } from '../network-interface';
import type { SegmentError, TcpLayer } from '../tcp/tcp-layer';
import type { Icmpv6Layer, Ipv6TransportErrorHandler } from './icmpv6-layer';
import type { Ipv6Layer, Ipv6Packet, Ipv6ProtocolHandler } from './ipv6-layer';

export class TcpOverIpv6 implements Ipv6ProtocolHandler, Ipv6TransportErrorHandler {
  constructor(
    private readonly tcp: TcpLayer,
    layer: Ipv6Layer,
    icmp: Icmpv6Layer,
  ) {
    layer.register(IP_PROTOCOL.tcp, this);
    icmp.register(IP_PROTOCOL.tcp, this);
  }

  receive({ frame, at, length, source, destination }: Ipv6Packet, on: NetworkInterface): void {
    this.tcp.segmentArrived(frame, at, length, source, destination, on);
  }

  failedIpv6(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    _from: Ipv6Address,
    type: number,
    code: number,
  ): boolean {
    const local = { address: ipv6Source(bytes, quotedIpAt), port: tcpSourcePort(bytes, quotedAt) };
    const remote = { address: ipv6Destination(bytes, quotedIpAt), port: tcpDestinationPort(bytes, quotedAt) };
    const error = errorOf(type, code, icmpv6Rest(bytes, quotedIpAt - ICMPV6_MESSAGE_BYTES));
    return error !== undefined && this.tcp.errorArrived(local, remote, tcpSequence(bytes, quotedAt), error);
  }
}

/** What an ICMPv6 error means to a connection (icmpv6_err_convert of net/ipv6/icmp.c; RFC 8201 4). */
function errorOf(type: number, code: number, mtu: number): SegmentError | undefined {
  switch (type) {
    case ICMPV6_TYPE.packetTooBig:
      return { kind: 'too-big', mtu: Math.max(mtu, IPV6_MINIMUM_MTU) };
    case ICMPV6_TYPE.timeExceeded:
      return { kind: 'unreachable', why: 'unreachable' };
    case ICMPV6_TYPE.destinationUnreachable:
      return { kind: 'unreachable', why: code === UNREACHABLE_CODE_V6.port ? 'refused' : 'unreachable' };
    default:
      return undefined;
  }
}
