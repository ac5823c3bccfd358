/** Packets that have no way out, and perhaps no source address: what else is known of them, for the trace. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { IPV4_MAXIMUM_BYTES, writeIpv4Header } from '../../../wire/ipv4';
import { IP_AT, type PacketOptions } from './ip-packet';

/** Writes the IP header of a packet whose payload is in place. */
export function writeUnsentHeader(
  bytes: Uint8Array,
  destination: Ipv4Address,
  protocol: number,
  { timeToLive, typeOfService, dontFragment }: PacketOptions,
  source: Ipv4Address = UNSPECIFIED_IPV4,
): void {
  writeIpv4Header(bytes, IP_AT, {
    // One that is larger than any packet can be has no better number.
    totalLength: Math.min(bytes.length - IP_AT, IPV4_MAXIMUM_BYTES),
    identification: 0,
    dontFragment,
    timeToLive,
    typeOfService,
    protocol,
    source,
    destination,
  });
}
