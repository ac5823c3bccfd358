/** TCP's place above IPv4: what comes from IP and ICMP goes to the layer. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { ICMP_HEADER_BYTES, ICMP_TYPE, icmpRest, UNREACHABLE_CODE } from '../../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../../wire/ipv4';
import { tcpDestinationPort, tcpSequence, tcpSourcePort } from '../../../wire/tcp';
import type { Frame } from '../../kernel/frame';
import type { IcmpLayer, TransportErrorHandler } from '../icmp-layer';
import { IP_AT, payloadAt, payloadLength } from '../ipv4/ip-packet';
import type { Ipv4Layer } from '../ipv4-layer';
import type { ProtocolHandler } from '../ipv4/packet-hook';
import type { NetworkInterface } from '../network-interface';
import type { SegmentError, TcpLayer } from './tcp-layer';

export class TcpOverIpv4 implements ProtocolHandler, TransportErrorHandler {
  constructor(
    private readonly tcp: TcpLayer,
    ip: Ipv4Layer,
    icmp: IcmpLayer,
  ) {
    ip.register(IP_PROTOCOL.tcp, this);
    icmp.register(IP_PROTOCOL.tcp, this);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const source = sourceAddress(bytes, IP_AT);
    const destination = destinationAddress(bytes, IP_AT);
    this.tcp.segmentArrived(frame, payloadAt(bytes), payloadLength(bytes), source, destination, on);
  }

  failed(
    bytes: Uint8Array,
    quotedIpAt: number,
    quotedAt: number,
    _from: Ipv4Address,
    type: number,
    code: number,
  ): boolean {
    const local = { address: sourceAddress(bytes, quotedIpAt), port: tcpSourcePort(bytes, quotedAt) };
    const remote = {
      address: destinationAddress(bytes, quotedIpAt),
      port: tcpDestinationPort(bytes, quotedAt),
    };
    const mtu = icmpRest(bytes, quotedIpAt - ICMP_HEADER_BYTES) & 0xffff;
    const error = errorOf(type, code, mtu);
    return error !== undefined && this.tcp.errorArrived(local, remote, tcpSequence(bytes, quotedAt), error);
  }
}

/** What an ICMP error means to a connection (icmp_err_convert of net/ipv4/icmp.c; RFC 1191 5 for an MTU of 0). */
function errorOf(type: number, code: number, mtu: number): SegmentError | undefined {
  if (type === ICMP_TYPE.timeExceeded) {
    return { kind: 'unreachable', why: 'unreachable' };
  }
  if (type !== ICMP_TYPE.destinationUnreachable) {
    return undefined;
  }
  if (code === UNREACHABLE_CODE.fragmentationNeeded) {
    return { kind: 'too-big', mtu: Math.max(mtu, LEAST_PATH_MTU) };
  }
  return { kind: 'unreachable', why: code === UNREACHABLE_CODE.port ? 'refused' : 'unreachable' };
}

/** net.ipv4.route.min_pmtu. */
const LEAST_PATH_MTU = 552;
