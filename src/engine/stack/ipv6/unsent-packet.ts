/** IPv6 packets that have no way out, and perhaps no source address: what else is known of them, for the trace. */
import { UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { writeIpv6Header } from '../../../wire/ipv6';
import type { PacketOptions } from '../ipv4/ip-packet';
import { IPV6_AT, IPV6_PACKET_HEADER_BYTES } from './ip-packet';

/** What the payload length can say (RFC 8200 3). */
export const MAXIMUM_PAYLOAD = 0xffff;

/** Writes the IP header of a packet whose payload is in place. */
export function writeUnsentIpv6Header(
  bytes: Uint8Array,
  destination: Ipv6Address,
  protocol: number,
  { timeToLive, typeOfService }: PacketOptions,
  source: Ipv6Address = UNSPECIFIED_IPV6,
): void {
  writeIpv6Header(bytes, IPV6_AT, {
    trafficClass: typeOfService,
    flowLabel: 0,
    // One that is larger than any packet can be has no better number.
    payloadLength: Math.min(bytes.length - IPV6_PACKET_HEADER_BYTES, MAXIMUM_PAYLOAD),
    nextHeader: protocol,
    hopLimit: timeToLive,
    source,
    destination,
  });
}
