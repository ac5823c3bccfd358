/** The ICMP errors that a NAT engine sends to its guest (ip_icmp.c). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { ICMP_HEADER_BYTES, writeIcmpError } from '../../../wire/icmp';
import { IP_PROTOCOL, sourceAddress, totalLength } from '../../../wire/ipv4';
import { IP_AT, PACKET_HEADER_BYTES } from '../../stack/ipv4-layer';
import type { NatLink } from './nat-link';

/** Longest quotation of the guest's packet (ip_icmp.c: ICMP_MAXDATALEN, 576 - 28). */
const QUOTED_BYTES = 548;

/** Time to live and type of service of errors (measured). */
const TIME_TO_LIVE = 255;
const TYPE_OF_SERVICE = 0xc0;

/** @param bytes the guest's frame that the error is about */
export function sendGuestError(
  link: NatLink,
  bytes: Uint8Array,
  from: Ipv4Address,
  type: number,
  code: number,
): void {
  const quoted = bytes.subarray(IP_AT, IP_AT + Math.min(totalLength(bytes, IP_AT), QUOTED_BYTES));
  const error = new Uint8Array(PACKET_HEADER_BYTES + ICMP_HEADER_BYTES + quoted.length);
  writeIcmpError(error, PACKET_HEADER_BYTES, type, code, 0, quoted);
  link.sendPacket(error, {
    dontFragment: false,
    timeToLive: TIME_TO_LIVE,
    typeOfService: TYPE_OF_SERVICE,
    protocol: IP_PROTOCOL.icmp,
    source: from,
    destination: sourceAddress(bytes, IP_AT),
  });
}
