/**
 * Where the TCP and UDP headers of a frame lie, found without dissecting it: through VLAN tags, IPv6 extension headers, VXLAN, and into
 * the packet that an ICMP error quotes. Follows the same paths as the dissector, so that both see the same headers.
 */
import { readUint16 } from '../../wire/bytes';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, VLAN_TAG_BYTES } from '../../wire/ethernet';
import { ICMP_HEADER_BYTES, icmpType, isIcmpError } from '../../wire/icmp';
import * as ipv4 from '../../wire/ipv4';
import { IPV6_HEADER_BYTES } from '../../wire/ipv6';
import {
  extensionLength,
  FRAGMENT_HEADER_BYTES,
  hasOptionsForm,
  IPV6_EXTENSION,
  ipv6FragmentOffset,
  routingType,
  segmentsLeft,
} from '../../wire/ipv6-extension';
import { destinationPort, sourcePort, UDP_HEADER_BYTES, udpLength } from '../../wire/udp';
import { LINK_TYPE } from '../link-type';
import { VXLAN_PORT } from '../dissect/vxlan';

/** One TCP or UDP header. Places count from the start of the frame. */
export interface Flow {
  readonly protocol: 'tcp' | 'udp';
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly addressBytes: 4 | 16;
  /** Where the transport header begins, and where what belongs to it ends. */
  readonly at: number;
  readonly end: number;
  /** Whether it is part of a packet that an error quotes: said about a stream, not in it. */
  readonly quoted: boolean;
}

/** Packets within packets are followed this deep, as the dissector does. */
const DEEPEST = 4;

/** Extension headers followed in one packet, as the dissector does. */
const MOST_EXTENSIONS = 16;

/** Types of routing headers that list addresses: RFC 5095 (deprecated), RFC 6275 6.4. */
const SOURCE_ROUTE = 0;
const MOBILE_ROUTE = 2;

/** Bytes that Wireshark's TCP dissector has read when it looks for the stream: up to the window. Measured with 4.0. */
const TCP_BYTES_FOR_STREAM = 16;

/**
 * The flows of a frame, outer ones first; none for what has no transport header, or one that is cut off before Wireshark would give it
 * a stream.
 * @param linkType LINKTYPE number of where it was captured
 */
export function flowsOf(bytes: Uint8Array, linkType: number = LINK_TYPE.ethernet): readonly Flow[] {
  const flows: Flow[] = [];
  const walk = new FlowWalk(bytes, flows);
  switch (linkType) {
    case LINK_TYPE.ethernet:
      walk.frame(0, bytes.length);
      break;
    case LINK_TYPE.raw:
    case LINK_TYPE.rawBsd:
    case LINK_TYPE.ipv4:
    case LINK_TYPE.ipv6:
      walk.packet(0, bytes.length);
      break;
    case LINK_TYPE.null:
    case LINK_TYPE.loop:
      walk.packet(4, bytes.length);
      break;
    case LINK_TYPE.linuxCooked:
      walk.typed(readUint16(bytes, 14), 16, bytes.length);
      break;
    default:
      // A link whose packets the dissector does not know either.
      break;
  }
  return flows;
}

type Addresses = Pick<Flow, 'sourceAt' | 'destinationAt' | 'addressBytes'>;

class FlowWalk {
  private quoted = 0;
  private depth = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly flows: Flow[],
  ) {}

  frame(at: number, end: number): void {
    if (end - at >= ETHERNET_HEADER_BYTES) {
      this.typed(readUint16(this.bytes, at + 12), at + ETHERNET_HEADER_BYTES, end);
    }
  }

  typed(etherType: number, at: number, end: number): void {
    let type = etherType;
    let payload = at;
    while ((type === ETHERTYPE.vlan || type === ETHERTYPE.serviceVlan) && end - payload >= VLAN_TAG_BYTES) {
      type = readUint16(this.bytes, payload + 2);
      payload += VLAN_TAG_BYTES;
    }
    if (type === ETHERTYPE.ipv4) {
      this.ipv4(payload, end);
    } else if (type === ETHERTYPE.ipv6) {
      this.ipv6(payload, end);
    }
  }

  packet(at: number, end: number): void {
    const version = (this.bytes[at] ?? 0) >>> 4;
    if (version === 4) {
      this.ipv4(at, end);
    } else if (version === 6) {
      this.ipv6(at, end);
    }
  }

  private ipv4(at: number, end: number): void {
    const { bytes } = this;
    if (end - at < ipv4.IPV4_HEADER_BYTES) {
      return;
    }
    const header = ipv4.headerLength(bytes, at);
    const isBogus = header < ipv4.IPV4_HEADER_BYTES || header > end - at || ipv4.version(bytes, at) !== 4;
    if (isBogus || ipv4.fragmentOffset(bytes, at) > 0) {
      return;
    }
    const total = ipv4.totalLength(bytes, at);
    const used = total < header ? end : Math.min(at + total, end);
    const addresses = { sourceAt: at + 12, destinationAt: at + 16, addressBytes: 4 } as const;
    this.transport(ipv4.protocol(bytes, at), at + header, used, addresses);
  }

  private ipv6(at: number, end: number): void {
    const { bytes } = this;
    if (end - at < IPV6_HEADER_BYTES || (bytes[at] ?? 0) >>> 4 !== 6) {
      return;
    }
    const used = Math.min(end, at + IPV6_HEADER_BYTES + readUint16(bytes, at + 4));
    let next = bytes[at + 6] ?? 0;
    let i = at + IPV6_HEADER_BYTES;
    let destinationAt = at + 24;
    for (let n = 0; n < MOST_EXTENSIONS && i + 8 <= used; n += 1) {
      if (next === IPV6_EXTENSION.fragment) {
        if (ipv6FragmentOffset(bytes, i) > 0) {
          return;
        }
        next = bytes[i] ?? 0;
        i += FRAGMENT_HEADER_BYTES;
      } else if (hasOptionsForm(next)) {
        if (next === IPV6_EXTENSION.routing) {
          destinationAt = lastDestination(bytes, i, used) ?? destinationAt;
        }
        next = bytes[i] ?? 0;
        i += extensionLength(bytes, i);
      } else {
        break;
      }
    }
    const addresses = { sourceAt: at + 8, destinationAt, addressBytes: 16 } as const;
    this.transport(next, Math.min(i, used), used, addresses);
  }

  private transport(protocol: number, at: number, end: number, addresses: Addresses): void {
    switch (protocol) {
      case ipv4.IP_PROTOCOL.tcp:
        if (end - at >= TCP_BYTES_FOR_STREAM) {
          const quoted = this.quoted > 0;
          this.flows.push({ protocol: 'tcp', ...addresses, at, end, quoted });
        }
        break;
      case ipv4.IP_PROTOCOL.udp:
        this.udp(at, end, addresses);
        break;
      case ipv4.IP_PROTOCOL.icmp:
        if (end - at >= ICMP_HEADER_BYTES && isIcmpError(icmpType(this.bytes, at))) {
          this.quote(at + ICMP_HEADER_BYTES, end, 4);
        }
        break;
      case ipv4.IP_PROTOCOL.icmpv6:
        if (end - at >= ICMP_HEADER_BYTES && isQuotingType(this.bytes[at] ?? 0)) {
          this.quote(at + ICMP_HEADER_BYTES, end, 6);
        }
        break;
      default:
        // No ports, so no streams.
        break;
    }
  }

  private udp(at: number, end: number, addresses: Addresses): void {
    const { bytes } = this;
    if (end - at < UDP_HEADER_BYTES) {
      return;
    }
    const length = udpLength(bytes, at);
    // RFC 2675 gives the length 0 a meaning over IPv6 alone.
    if (length < UDP_HEADER_BYTES && !(length === 0 && addresses.addressBytes === 16)) {
      return;
    }
    const used = length === 0 ? end : Math.min(end, at + length);
    const quoted = this.quoted > 0;
    this.flows.push({ protocol: 'udp', ...addresses, at, end: used, quoted });
    const isTunnel = sourcePort(bytes, at) === VXLAN_PORT || destinationPort(bytes, at) === VXLAN_PORT;
    if (isTunnel && this.depth < DEEPEST) {
      this.depth += 1;
      this.frame(at + UDP_HEADER_BYTES + 8, used);
      this.depth -= 1;
    }
  }

  private quote(at: number, end: number, version: 4 | 6): void {
    if (this.quoted < DEEPEST) {
      this.quoted += 1;
      if (version === 4) {
        this.ipv4(at, end);
      } else {
        this.ipv6(at, end);
      }
      this.quoted -= 1;
    }
  }
}

/** Where a routing header that is not used up (RFC 8200 4.4) names the last destination; undefined where it names none. */
function lastDestination(bytes: Uint8Array, at: number, end: number): number | undefined {
  const length = extensionLength(bytes, at);
  const names = routingType(bytes, at) === SOURCE_ROUTE || routingType(bytes, at) === MOBILE_ROUTE;
  return names && segmentsLeft(bytes, at) > 0 && length >= 24 && at + length <= end
    ? at + length - 16
    : undefined;
}

/** Types of ICMPv6 errors (RFC 4443 section 3). */
function isQuotingType(type: number): boolean {
  return type >= 1 && type <= 4;
}
