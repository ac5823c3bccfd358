/** The ICMP errors that engines and services send to guests (slirp's ip_icmp.c, lwIP's icmp.c). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { ICMP_HEADER_BYTES, writeIcmpError } from '../../../wire/icmp';
import {
  dontFragment,
  headerLength,
  IP_PROTOCOL,
  sourceAddress,
  totalLength,
  typeOfService,
} from '../../../wire/ipv4';
import { IP_AT, PACKET_HEADER_BYTES } from '../../stack/ipv4/ip-packet';
import type { GuestLink } from './guest-link';

/** Time to live of errors (measured for libslirp; lwIP's ICMP_TTL). */
const TIME_TO_LIVE = 255;

/** What errors add to the type of service of the packet they are about, and the bits of it that they keep (ip_icmp.c, icmp_error). */
const ERROR_PRECEDENCE = 0xc0;
const KEPT_TYPE_OF_SERVICE = 0x1e;

/** @param bytes the guest's frame that the error is about */
export function sendGuestError(
  link: GuestLink,
  bytes: Uint8Array,
  from: Ipv4Address,
  type: number,
  code: number,
): void {
  const { quotedPayloadBytes, precedence, keepsDontFragment } = link.identity.errors;
  const most = headerLength(bytes, IP_AT) + quotedPayloadBytes;
  const quoted = bytes.subarray(IP_AT, IP_AT + Math.min(totalLength(bytes, IP_AT), most));
  const error = new Uint8Array(PACKET_HEADER_BYTES + ICMP_HEADER_BYTES + quoted.length);
  writeIcmpError(error, PACKET_HEADER_BYTES, type, code, 0, quoted);
  link.sendPacket(error, {
    dontFragment: keepsDontFragment && dontFragment(bytes, IP_AT),
    timeToLive: TIME_TO_LIVE,
    typeOfService: precedence ? (typeOfService(bytes, IP_AT) & KEPT_TYPE_OF_SERVICE) | ERROR_PRECEDENCE : 0,
    protocol: IP_PROTOCOL.icmp,
    source: from,
    destination: sourceAddress(bytes, IP_AT),
  });
}
