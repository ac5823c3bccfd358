/** Packets that have no way out, and so no source address: what else is known of them, for the trace. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { writeIpv4Header } from '../../../wire/ipv4';
import { IP_AT, type PacketOptions } from '../ipv4-layer';

/** Writes the IP header of a packet whose payload is in place. */
export function writeUnsentHeader(
  bytes: Uint8Array,
  destination: Ipv4Address,
  protocol: number,
  { timeToLive, typeOfService, dontFragment }: PacketOptions,
): void {
  writeIpv4Header(bytes, IP_AT, {
    totalLength: bytes.length - IP_AT,
    identification: 0,
    dontFragment,
    timeToLive,
    typeOfService,
    protocol,
    source: UNSPECIFIED_IPV4,
    destination,
  });
}
