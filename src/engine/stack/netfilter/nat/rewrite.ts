/** Changes the ends of a packet, with every checksum kept right by the setters of the wire formats. */
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { setEchoIdentifier } from '../../../../wire/icmp';
import {
  destinationAddress,
  headerLength,
  IP_PROTOCOL,
  protocol,
  setDestinationAddress,
  setSourceAddress,
  sourceAddress,
} from '../../../../wire/ipv4';
import {
  adjustTcpForAddress,
  setTcpDestinationPortWithChecksum,
  setTcpSourcePortWithChecksum,
  TCP_HEADER_BYTES,
} from '../../../../wire/tcp';
import {
  adjustUdpForAddress,
  setUdpDestinationPortWithChecksum,
  setUdpSourcePortWithChecksum,
  UDP_HEADER_BYTES,
} from '../../../../wire/udp';
import { writeUint16 } from '../../../../wire/bytes';
import type { Tuple } from '../conntrack/tuple';

/** Which end of a packet is meant. */
export type PacketEnd = 'source' | 'destination';

/**
 * Gives the packet whose IP header is at `at` that end of `tuple`; what is cut off of its transport header, as in an ICMP error's
 * quotation, stays away.
 * @param end where the bytes that belong to the packet end
 */
export function rewriteEnd(bytes: Uint8Array, at: number, end: number, which: PacketEnd, tuple: Tuple): void {
  const address = which === 'source' ? tuple.source : tuple.destination;
  const old = rewriteAddress(bytes, at, which, address);
  const payload = at + headerLength(bytes, at);
  const port = which === 'source' ? tuple.sourcePort : tuple.destinationPort;
  switch (protocol(bytes, at)) {
    case IP_PROTOCOL.tcp:
      rewriteTcp(bytes, payload, end, which, port, old, address);
      return;
    case IP_PROTOCOL.udp:
      if (payload + UDP_HEADER_BYTES <= end) {
        adjustUdpForAddress(bytes, payload, old, address);
        const set = which === 'source' ? setUdpSourcePortWithChecksum : setUdpDestinationPortWithChecksum;
        set(bytes, payload, port);
      }
      return;
    case IP_PROTOCOL.icmp:
      // The identifier stands for both ports, and belongs to whoever asked.
      if (payload + UDP_HEADER_BYTES <= end) {
        setEchoIdentifier(bytes, payload, tuple.sourcePort);
      }
      return;
    default:
  }
}

/** Changes one address and the checksum of the IP header alone. @returns the address that was there */
export function rewriteAddress(
  bytes: Uint8Array,
  at: number,
  which: PacketEnd,
  address: Ipv4Address,
): Ipv4Address {
  if (which === 'source') {
    const old = sourceAddress(bytes, at);
    setSourceAddress(bytes, at, address);
    return old;
  }
  const old = destinationAddress(bytes, at);
  setDestinationAddress(bytes, at, address);
  return old;
}

function rewriteTcp(
  bytes: Uint8Array,
  at: number,
  end: number,
  which: PacketEnd,
  port: number,
  old: Ipv4Address,
  address: Ipv4Address,
): void {
  if (at + TCP_HEADER_BYTES > end) {
    // The quotation ends before the checksum.
    writeUint16(bytes, which === 'source' ? at : at + 2, port);
    return;
  }
  adjustTcpForAddress(bytes, at, old, address);
  const set = which === 'source' ? setTcpSourcePortWithChecksum : setTcpDestinationPortWithChecksum;
  set(bytes, at, port);
}
