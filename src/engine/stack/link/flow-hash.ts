/**
 * One number for all frames of a conversation, both ways: what Linux spreads flows by (`skb_get_hash` of net/core/flow_dissector.c). Addresses,
 * protocol and, of TCP and UDP that is whole, ports count; of other frames the EtherType alone does, so all ARP is one flow (measured
 * on Linux 6.18).
 */
import { readUint32 } from '../../../wire/bytes';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, etherType } from '../../../wire/ethernet';
import { headerLength, IP_PROTOCOL, isFragment, protocol } from '../../../wire/ipv4';

const IPV4_SOURCE = ETHERNET_HEADER_BYTES + 12;
const IPV4_DESTINATION = ETHERNET_HEADER_BYTES + 16;

const IPV6_HEADER_BYTES = 40;
const IPV6_NEXT_HEADER = ETHERNET_HEADER_BYTES + 6;
const IPV6_SOURCE = ETHERNET_HEADER_BYTES + 8;
const IPV6_DESTINATION = ETHERNET_HEADER_BYTES + 24;

/**
 * An integer from 0 to 2^32 - 1 for the flow of an Ethernet frame; any bytes have one.
 * @param seed the machine's own secret
 */
export function flowHash(frame: Uint8Array, seed: number): number {
  const type = etherType(frame);
  switch (type) {
    case ETHERTYPE.ipv4: {
      const number = protocol(frame, ETHERNET_HEADER_BYTES);
      const at = ETHERNET_HEADER_BYTES + headerLength(frame, ETHERNET_HEADER_BYTES);
      const ports = isFragment(frame, ETHERNET_HEADER_BYTES) ? 0 : portsOf(frame, at, number);
      const source = readUint32(frame, IPV4_SOURCE);
      const destination = readUint32(frame, IPV4_DESTINATION);
      return mixFlow(seed ^ number, source, destination, ports);
    }
    case ETHERTYPE.ipv6: {
      const number = frame[IPV6_NEXT_HEADER] ?? 0;
      const ports = portsOf(frame, ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES, number);
      const source = fold(frame, IPV6_SOURCE);
      const destination = fold(frame, IPV6_DESTINATION);
      return mixFlow(seed ^ number, source, destination, ports);
    }
    default:
      return mix(mix(seed, type), 0);
  }
}

/** Source port times 65536 plus destination port; 0 for a protocol without ports. */
function portsOf(frame: Uint8Array, at: number, number: number): number {
  return number === IP_PROTOCOL.tcp || number === IP_PROTOCOL.udp ? readUint32(frame, at) : 0;
}

/** The end with the smaller address, or port, comes first whichever sends (`__flow_hash_consistentify`). */
function mixFlow(seed: number, source: number, destination: number, ports: number): number {
  const fromPort = ports >>> 16;
  const toPort = ports & 0xffff;
  const inOrder = source < destination || (source === destination && fromPort <= toPort);
  const first = mix(seed, inOrder ? source : destination);
  const second = mix(first, inOrder ? destination : source);
  return mix(second, inOrder ? ports : ((toPort << 16) | fromPort) >>> 0);
}

/** 128 bits in 32. */
function fold(frame: Uint8Array, at: number): number {
  let folded = 0;
  for (let word = at; word < at + 16; word += 4) {
    folded = mix(folded, readUint32(frame, word));
  }
  return folded;
}

/** Two rounds of MurmurHash3's finalizer: each bit of the sum changes half of the result's. */
function mix(hash: number, value: number): number {
  let bits = (hash ^ value) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The UDP source port that stands for a flow (`udp_flow_src_port` of include/net/udp.h).
 * @param first the first port that may be used
 * @param last the port behind the last one
 */
export function flowSourcePort(hash: number, first: number, last: number): number {
  // The upper half counts more below, and the lower one may be the better half of a hash.
  const spread = (hash ^ (hash << 16)) >>> 0;
  return first + Math.floor((spread / 2 ** 32) * (last - first));
}
