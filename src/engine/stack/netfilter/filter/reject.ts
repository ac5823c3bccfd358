/** How a firewall tells a sender no (net/ipv4/netfilter/nf_reject_ipv4.c; measured on Linux 6.18). */
import { UNREACHABLE_CODE } from '../../../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../../../wire/ipv4';
import {
  checkTcp,
  TCP_FLAG,
  TCP_HEADER_BYTES,
  tcpAcknowledgment,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderLength,
  tcpSequence,
  tcpSourcePort,
  writeTcp,
} from '../../../../wire/tcp';
import type { IcmpLayer } from '../../icmp-layer';
import {
  IP_AT,
  mayBeAnswered,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type PacketOptions,
} from '../../ipv4/ip-packet';
import type { Ipv4Layer } from '../../ipv4-layer';
import { LINUX } from '../../linux-policy';
import type { NetworkInterface } from '../../network-interface';
import type { Verdict } from './firewall';

/** As a RST of a socket that does not exist: id 0, DF (measured). */
const RESET: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: true };

export class Rejector {
  constructor(
    private readonly ip: Ipv4Layer,
    private readonly icmp: IcmpLayer,
  ) {}

  /** Answers a refused packet as the rule says; one that is simply dropped gets none. */
  answer({ action }: Verdict, bytes: Uint8Array, on: NetworkInterface): void {
    switch (action) {
      case 'drop':
        return;
      case 'reject':
        this.icmp.unreachable(bytes, on, UNREACHABLE_CODE.port);
        return;
      case 'reject-with-reset':
        this.reset(bytes);
    }
  }

  /** In the name of the packet's destination, whatever route leads back. */
  private reset(segment: Uint8Array): void {
    const [source, destination] = [sourceAddress(segment, IP_AT), destinationAddress(segment, IP_AT)];
    const [at, length] = [payloadAt(segment), payloadLength(segment)];
    const flags = tcpFlags(segment, at);
    if (
      checkTcp(segment, at, length, source, destination) !== undefined ||
      (flags & TCP_FLAG.rst) !== 0 ||
      !mayBeAnswered(source)
    ) {
      return;
    }
    const acknowledges = (flags & TCP_FLAG.ack) !== 0;
    const taken =
      length - tcpHeaderLength(segment, at) + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0);
    const fields = {
      sourcePort: tcpDestinationPort(segment, at),
      destinationPort: tcpSourcePort(segment, at),
      sequence: acknowledges ? tcpAcknowledgment(segment, at) : 0,
      acknowledgment: acknowledges ? 0 : (tcpSequence(segment, at) + taken) >>> 0,
      flags: acknowledges ? TCP_FLAG.rst : TCP_FLAG.rst | TCP_FLAG.ack,
      window: 0,
    };
    const { ip } = this;
    const bytes = ip.simulator.pool.allocate(PACKET_HEADER_BYTES + TCP_HEADER_BYTES);
    writeTcp(bytes, PACKET_HEADER_BYTES, destination, source, fields, 0);
    ip.sender.send(bytes, destination, source, IP_PROTOCOL.tcp, RESET, 0, ip.routes.lookup(source));
  }
}
