/** Reads and rewrites the ends of a packet: addresses, and ports or echo identifier, with every checksum kept right. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { echoIdentifier, ICMP_TYPE, icmpType, setEchoIdentifier } from '../../../wire/icmp';
import {
  destinationAddress,
  headerLength,
  IP_PROTOCOL,
  protocol,
  setDestinationAddress,
  setSourceAddress,
  sourceAddress,
} from '../../../wire/ipv4';
import {
  adjustUdpForAddress,
  destinationPort,
  setUdpDestinationPortWithChecksum,
  setUdpSourcePortWithChecksum,
  sourcePort,
} from '../../../wire/udp';
import type { Tuple } from './connection-table';

/**
 * The tuple of the packet whose IP header is at `at`; undefined for what a NAT does not track. Eight payload bytes are enough.
 * @param end where the bytes that belong to the packet end: padding is none of it
 */
export function tupleOf(bytes: Uint8Array, at: number, end = bytes.length): Tuple | undefined {
  const payload = at + headerLength(bytes, at);
  const source = sourceAddress(bytes, at);
  const destination = destinationAddress(bytes, at);
  const number = protocol(bytes, at);
  if (payload + 8 > end) {
    return undefined;
  }
  if (number === IP_PROTOCOL.udp) {
    return {
      protocol: number,
      source,
      sourcePort: sourcePort(bytes, payload),
      destination,
      destinationPort: destinationPort(bytes, payload),
    };
  }
  if (number === IP_PROTOCOL.icmp && isEcho(icmpType(bytes, payload))) {
    const identifier = echoIdentifier(bytes, payload);
    return { protocol: number, source, sourcePort: identifier, destination, destinationPort: identifier };
  }
  return undefined;
}

/** The same packet seen from the other end. */
export function reversed(tuple: Tuple): Tuple {
  return {
    protocol: tuple.protocol,
    source: tuple.destination,
    sourcePort: tuple.destinationPort,
    destination: tuple.source,
    destinationPort: tuple.sourcePort,
  };
}

/** Changes the source end of the packet at `at`. */
export function rewriteSource(bytes: Uint8Array, at: number, address: Ipv4Address, port: number): void {
  const payload = at + headerLength(bytes, at);
  const old = sourceAddress(bytes, at);
  setSourceAddress(bytes, at, address);
  if (protocol(bytes, at) === IP_PROTOCOL.udp) {
    adjustUdpForAddress(bytes, payload, old, address);
    setUdpSourcePortWithChecksum(bytes, payload, port);
  } else {
    setEchoIdentifier(bytes, payload, port);
  }
}

/** Changes the destination end of the packet at `at`. */
export function rewriteDestination(bytes: Uint8Array, at: number, address: Ipv4Address, port: number): void {
  const payload = at + headerLength(bytes, at);
  const old = destinationAddress(bytes, at);
  setDestinationAddress(bytes, at, address);
  if (protocol(bytes, at) === IP_PROTOCOL.udp) {
    adjustUdpForAddress(bytes, payload, old, address);
    setUdpDestinationPortWithChecksum(bytes, payload, port);
  } else {
    setEchoIdentifier(bytes, payload, port);
  }
}

function isEcho(type: number): boolean {
  return type === ICMP_TYPE.echoRequest || type === ICMP_TYPE.echoReply;
}
