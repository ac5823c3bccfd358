/** An IPv4 packet in a frame: where its parts are, and how one of a stack's own is marked. */
import {
  BROADCAST_IPV4,
  isMulticastIpv4,
  UNSPECIFIED_IPV4,
  type Ipv4Address,
} from '../../../net/ipv4-address';
import { ETHERNET_HEADER_BYTES } from '../../../wire/ethernet';
import { headerLength, IPV4_HEADER_BYTES, totalLength } from '../../../wire/ipv4';

/** Where the IP header of every frame begins. */
export const IP_AT = ETHERNET_HEADER_BYTES;

/** Bytes in front of the payload of a packet without options. */
export const PACKET_HEADER_BYTES = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES;

/** How a packet of this stack's own is marked; sockets keep one such object for all their packets. */
export interface PacketOptions {
  readonly timeToLive: number;
  readonly typeOfService: number;
  /** Whether routers on the way may not cut it. A packet too large for the way is cut before it leaves, and goes without. */
  readonly dontFragment: boolean;
  /** Whether a packet too large for the way is refused instead (IP_MTU_DISCOVER set to IP_PMTUDISC_DO). */
  readonly neverFragment?: boolean;
  /** IPv6: has no flow label, as what a firewall answers. */
  readonly unlabelled?: boolean;
  /** IPv4: options of its header, a multiple of four bytes, for which the packet has room in front of its payload. */
  readonly headerOptions?: Uint8Array;
  /** For a socket that counts its own packets; IP chooses where absent. */
  readonly identification?: number;
}

/** Whether an address can be the source of a packet that deserves an answer. */
export function mayBeAnswered(source: Ipv4Address): boolean {
  return source !== UNSPECIFIED_IPV4 && source !== BROADCAST_IPV4 && !isMulticastIpv4(source);
}

/** Where the payload of a valid packet begins. */
export function payloadAt(bytes: Uint8Array): number {
  return IP_AT + headerLength(bytes, IP_AT);
}

/** Bytes of payload of a valid packet. */
export function payloadLength(bytes: Uint8Array): number {
  return totalLength(bytes, IP_AT) - headerLength(bytes, IP_AT);
}
