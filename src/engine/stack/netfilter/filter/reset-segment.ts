/** The segment that ends a connection which a firewall refuses, in the name of its far end (nf_reject_ipv4.c, nf_reject_ipv6.c). */
import type { IpAddress } from '../../../../net/ip-address';
import {
  checkTcp,
  TCP_FLAG,
  tcpAcknowledgment,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderLength,
  tcpSequence,
  tcpSourcePort,
  type TcpHeaderFields,
} from '../../../../wire/tcp';

/** The header that answers a refused segment of `length` bytes at `at`; undefined for one that gets no answer: broken, or itself a reset. */
export function resetFor(
  segment: Uint8Array,
  at: number,
  length: number,
  source: IpAddress,
  destination: IpAddress,
): TcpHeaderFields | undefined {
  const flags = tcpFlags(segment, at);
  if (checkTcp(segment, at, length, source, destination) !== undefined || (flags & TCP_FLAG.rst) !== 0) {
    return undefined;
  }
  const acknowledges = (flags & TCP_FLAG.ack) !== 0;
  const taken =
    length - tcpHeaderLength(segment, at) + (flags & TCP_FLAG.syn ? 1 : 0) + (flags & TCP_FLAG.fin ? 1 : 0);
  return {
    sourcePort: tcpDestinationPort(segment, at),
    destinationPort: tcpSourcePort(segment, at),
    sequence: acknowledges ? tcpAcknowledgment(segment, at) : 0,
    acknowledgment: acknowledges ? 0 : (tcpSequence(segment, at) + taken) >>> 0,
    flags: acknowledges ? TCP_FLAG.rst : TCP_FLAG.rst | TCP_FLAG.ack,
    window: 0,
  };
}
