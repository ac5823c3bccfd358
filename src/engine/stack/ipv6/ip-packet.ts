/** An IPv6 packet in a frame: where its parts are. */
import { ETHERNET_HEADER_BYTES } from '../../../wire/ethernet';
import { IPV6_HEADER_BYTES } from '../../../wire/ipv6';

/** Where the IPv6 header of every frame begins. */
export const IPV6_AT = ETHERNET_HEADER_BYTES;

/** Bytes in front of the payload of a packet without extension headers. */
export const IPV6_PACKET_HEADER_BYTES = ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES;
