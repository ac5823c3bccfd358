/**
 * The fields of a frame, named as Wireshark names them, without a gap: every byte belongs to exactly one. Written for the comparison alone
 * and apart from the project's own wire formats, so that a fault there cannot hide here.
 */
import { CARRIES } from './network-plan';

export interface Field {
  /** `ip.ttl`; in the packet that an ICMP error quotes, `quoted ip.ttl`, and in what a tunnel carries, `inner ip.ttl`. */
  readonly name: string;
  readonly start: number;
  readonly length: number;
  /** Where the checksum fields are that cover it directly. */
  readonly checksums: readonly number[];
  /** What the packet is that holds it. */
  readonly packet: PacketIdentity;
}

/** What stays the same about a packet wherever it is seen, also behind a NAT and inside an error's quotation. */
export interface PacketIdentity {
  readonly kind: string;
  /** Of an echo, or of a TCP segment. */
  readonly sequence?: number;
  /** Whether it is a piece of a packet. */
  readonly isFragment?: boolean;
  /** Of a datagram of VXLAN: the address of the machine that sent it. */
  readonly vxlanFrom?: number;
  /** The source address of a packet of IPv6. */
  readonly ipv6From?: string;
  /** Whether it begins a direction of a TCP connection. */
  readonly isSyn?: boolean;
  /** Of DHCP: what kind of message it is (RFC 2132 9.6), 0 where its first option does not say. */
  readonly dhcpMessage?: number;
}

const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd };
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, ipv6Fragment: 44, ipv6NoNext: 59 };
const ICMPV6 = { errors: [1, 2, 3, 4], echoRequest: 128, echoReply: 129 };
const SYN = 2;
const ICMP = { echoReply: 0, echoRequest: 8, errors: [3, 4, 5, 11, 12] };

/** Bytes of the sending time in front of the data of an echo (iputils: struct timeval). */
const TIMESTAMP_BYTES = 16;

type Layout = readonly (readonly [name: string, length: number])[];

const ETHERNET: Layout = [
  ['eth.dst', 6],
  ['eth.src', 6],
  ['eth.type', 2],
];
const ARP: Layout = [
  ['arp.hw.type', 2],
  ['arp.proto.type', 2],
  ['arp.hw.size', 1],
  ['arp.proto.size', 1],
  ['arp.opcode', 2],
  ['arp.src.hw_mac', 6],
  ['arp.src.proto_ipv4', 4],
  ['arp.dst.hw_mac', 6],
  ['arp.dst.proto_ipv4', 4],
];
const IPV4: Layout = [
  ['ip.hdr_len', 1],
  ['ip.dsfield', 1],
  ['ip.len', 2],
  ['ip.id', 2],
  ['ip.flags', 2],
  ['ip.ttl', 1],
  ['ip.proto', 1],
  ['ip.checksum', 2],
  ['ip.src', 4],
  ['ip.dst', 4],
];
const IPV6: Layout = [
  ['ipv6.flow', 4],
  ['ipv6.plen', 2],
  ['ipv6.nxt', 1],
  ['ipv6.hlim', 1],
  ['ipv6.src', 16],
  ['ipv6.dst', 16],
];
const IPV6_FRAGMENT: Layout = [
  ['ipv6.fraghdr.nxt', 1],
  ['ipv6.fraghdr.reserved', 1],
  ['ipv6.fraghdr.offset', 2],
  ['ipv6.fraghdr.ident', 4],
];
const VXLAN: Layout = [
  ['vxlan.flags', 4],
  ['vxlan.vni', 3],
  ['vxlan.reserved8', 1],
];
const ICMP_START: Layout = [
  ['icmp.type', 1],
  ['icmp.code', 1],
  ['icmp.checksum', 2],
];
const ECHO: Layout = [
  ['icmp.ident', 2],
  ['icmp.seq', 2],
];
const DHCP: Layout = [
  ['dhcp.type', 1],
  ['dhcp.hw.type', 1],
  ['dhcp.hw.len', 1],
  ['dhcp.hops', 1],
  ['dhcp.id', 4],
  ['dhcp.secs', 2],
];
const DHCP_PORTS = [67, 68];
/** Where the options of DHCP begin in a datagram, and the option that says what a message is (RFC 2131 2; RFC 2132 9.6). */
const DHCP_OPTIONS = { at: 8 + 240, messageType: 53 };
const DNS_PORT = 53;
const UDP: Layout = [
  ['udp.srcport', 2],
  ['udp.dstport', 2],
  ['udp.length', 2],
  ['udp.checksum', 2],
];

const TCP: Layout = [
  ['tcp.srcport', 2],
  ['tcp.dstport', 2],
  ['tcp.seq', 4],
  ['tcp.ack', 4],
  ['tcp.hdr_len', 1],
  ['tcp.flags', 1],
  ['tcp.window_size_value', 2],
];
const TCP_END: Layout = [['tcp.urgent_pointer', 2]];

/** Types of IPv4 options of one byte, and the one that holds times. */
const IP_OPTION = { end: 0, noOperation: 1, timestamp: 68 };

/** Kinds of TCP options of one byte, and those that hold a choice. */
const TCP_OPTION = { end: 0, noOperation: 1, selectiveAcknowledgment: 5, timestamps: 8 };

/** A field's name without where it is: inside an error's quotation, or a tunnel. */
export function withoutPlace(name: string): string {
  return name.replace(/^((quoted|inner) )+/, '');
}

/** The fields of any bytes; what fits no protocol is `data`. */
export function fieldsOf(bytes: Uint8Array): readonly Field[] {
  return new Dissection(bytes).frame();
}

class Dissection {
  private readonly fields: Field[] = [];
  private at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  frame(): readonly Field[] {
    this.ethernet('', []);
    return this.fields;
  }

  private ethernet(prefix: string, outer: readonly number[]): void {
    const { view, at } = this;
    const end = view.byteLength;
    const type = end < at + 14 ? 0 : view.getUint16(at + 12);
    const identity = this.identityOf(type, at + 14);
    this.take(ETHERNET, end, prefix, outer, identity);
    if (type === ETHERTYPE.arp) {
      this.take(ARP, end, prefix, outer, identity);
    } else if (type === ETHERTYPE.ipv4) {
      this.packet(end, prefix, outer, identity);
    } else if (type === ETHERTYPE.ipv6) {
      this.packet6(end, prefix, outer, identity);
    }
    this.rest(`${prefix}eth.trailer`, end, outer, identity);
  }

  private packet6(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const { view, at: start } = this;
    if (end < start + 40) {
      this.rest(`${prefix}data`, end, outer, identity);
      return;
    }
    const packetEnd = Math.min(end, start + 40 + view.getUint16(start + 4));
    this.take(IPV6, end, prefix, outer, identity);
    let protocol = view.getUint8(start + 6);
    if (protocol === PROTOCOL.ipv6Fragment && this.at + 8 <= packetEnd) {
      const fragmentAt = this.at;
      this.take(IPV6_FRAGMENT, packetEnd, prefix, outer, identity);
      const isFirst = view.getUint16(fragmentAt + 2) >>> 3 === 0;
      protocol = isFirst ? view.getUint8(fragmentAt) : PROTOCOL.ipv6NoNext;
    }
    this.transport(protocol, packetEnd, prefix, outer, identity);
    this.rest(`${prefix}data`, packetEnd, outer, identity);
  }

  private packet(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const { view, at: start } = this;
    if (end < start + 20) {
      this.rest(`${prefix}data`, end, outer, identity);
      return;
    }
    const checksum = start + 10;
    const headerEnd = Math.min(end, start + (view.getUint8(start) & 15) * 4);
    const packetEnd = Math.min(end, start + view.getUint16(start + 2));
    for (const [name, length] of IPV4) {
      this.take(
        [[name, length]],
        end,
        prefix,
        name === 'ip.checksum' ? outer : [checksum, ...outer],
        identity,
      );
    }
    this.ipOptions(headerEnd, prefix, [checksum, ...outer], identity);
    const protocol = view.getUint8(start + 9);
    const isFirst = (view.getUint16(start + 6) & 0x1fff) === 0;
    if (isFirst) {
      this.transport(protocol, packetEnd, prefix, outer, identity);
    }
    this.rest(`${prefix}data`, packetEnd, outer, identity);
  }

  private ipOptions(end: number, prefix: string, covers: readonly number[], identity: PacketIdentity): void {
    for (let number = 1; this.at + 2 <= end; number++) {
      const kind = this.view.getUint8(this.at);
      const alone = kind === IP_OPTION.end || kind === IP_OPTION.noOperation;
      const length = alone ? 1 : this.view.getUint8(this.at + 1);
      const optionEnd = this.at + length;
      if (length < 1 || optionEnd > end) {
        break;
      }
      if (kind === IP_OPTION.timestamp && length >= 4) {
        const hasAddresses = (this.view.getUint8(this.at + 3) & 15) !== 0;
        this.take([[`ip.option ${number}`, 4]], end, prefix, covers, identity);
        for (let slot = 1; this.at + (hasAddresses ? 8 : 4) <= optionEnd; slot++) {
          this.take(hasAddresses ? [[`ip.address ${slot}`, 4]] : [], end, prefix, covers, identity);
          this.take([[`ip.opt.time_stamp ${slot}`, 4]], end, prefix, covers, identity);
        }
      }
      this.rest(`${prefix}ip.option ${number} value`, optionEnd, covers, identity);
    }
    this.rest(`${prefix}ip.options`, end, covers, identity);
  }

  private transport(
    protocol: number,
    end: number,
    prefix: string,
    outer: readonly number[],
    identity: PacketIdentity,
  ): void {
    if (protocol === PROTOCOL.icmp && this.at + 8 <= end) {
      this.icmp(end, prefix, outer, identity);
    } else if (protocol === PROTOCOL.icmpv6 && this.at + 8 <= end) {
      this.icmpv6(end, prefix, outer, identity);
    } else if (protocol === PROTOCOL.udp && this.at + 8 <= end) {
      this.udp(end, prefix, outer, identity);
    } else if (protocol === PROTOCOL.tcp && this.at + 20 <= end) {
      this.tcp(end, prefix, outer, identity);
    }
  }

  private udp(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const { view, at } = this;
    const port = view.getUint16(at + 2);
    const own = view.getUint16(at + 6) === 0 ? [] : [at + 6];
    const covers = [...own, ...outer];
    // The pseudo header is not followed: nothing in it is ever free.
    this.take(UDP.slice(0, 3), end, prefix, covers, identity);
    this.take(UDP.slice(3), end, prefix, outer, identity);
    if (DHCP_PORTS.includes(port)) {
      this.take(DHCP, end, prefix, covers, identity);
    }
    if (port === DNS_PORT || view.getUint16(at) === DNS_PORT) {
      this.take([['dns.id', 2]], end, prefix, covers, identity);
    }
    if (prefix === '' && port === CARRIES.packets) {
      this.packet(end, 'inner ', covers, this.identityOf(ETHERTYPE.ipv4, this.at));
    } else if (prefix === '' && port === CARRIES.frames) {
      this.ethernet('inner ', covers);
    } else if (prefix === '' && port === CARRIES.vxlan) {
      this.take(VXLAN, end, prefix, covers, identity);
      this.ethernet('inner ', covers);
    }
    this.rest(`${prefix}data`, end, covers, identity);
  }

  private tcp(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const { at: start, view } = this;
    const covers = [start + 16, ...outer];
    const headerEnd = Math.min(end, start + (view.getUint8(start + 12) >>> 4) * 4);
    this.take(TCP, end, prefix, covers, identity);
    this.take([['tcp.checksum', 2]], end, prefix, outer, identity);
    this.take(TCP_END, end, prefix, covers, identity);
    for (let number = 1; this.at + 2 <= headerEnd; number++) {
      const kind = view.getUint8(this.at);
      const alone = kind === TCP_OPTION.end || kind === TCP_OPTION.noOperation;
      const length = alone ? 1 : view.getUint8(this.at + 1);
      if (length < 1 || this.at + length > headerEnd) {
        break;
      }
      const optionEnd = this.at + length;
      this.take([[`tcp.option ${number}`, Math.min(length, 2)]], headerEnd, prefix, covers, identity);
      if (kind === TCP_OPTION.timestamps && length === 10) {
        const times: Layout = [
          ['tcp.options.timestamp.tsval', 4],
          ['tcp.options.timestamp.tsecr', 4],
        ];
        this.take(times, headerEnd, prefix, covers, identity);
      } else if (kind === TCP_OPTION.selectiveAcknowledgment) {
        for (let edge = 1; this.at + 4 <= optionEnd; edge++) {
          this.take([[`tcp.options.sack edge ${edge}`, 4]], headerEnd, prefix, covers, identity);
        }
      }
      this.rest(`${prefix}tcp.option ${number} value`, optionEnd, covers, identity);
    }
    this.rest(`${prefix}tcp.options`, headerEnd, covers, identity);
    this.rest(`${prefix}data`, end, covers, identity);
  }

  private icmp(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const type = this.view.getUint8(this.at);
    const covers = [this.at + 2, ...outer];
    this.take(ICMP_START.slice(0, 2), end, prefix, covers, identity);
    this.take(ICMP_START.slice(2), end, prefix, outer, identity);
    if (type === ICMP.echoRequest || type === ICMP.echoReply) {
      this.take(ECHO, end, prefix, covers, identity);
      if (end - this.at >= TIMESTAMP_BYTES) {
        this.take([['icmp.data_time', TIMESTAMP_BYTES]], end, prefix, covers, identity);
      }
      this.rest(`${prefix}data`, end, covers, identity);
    } else if (ICMP.errors.includes(type) && prefix === '') {
      this.take([['icmp.rest', 4]], end, prefix, covers, identity);
      this.packet(end, 'quoted ', covers, this.identityOf(ETHERTYPE.ipv4, this.at));
    } else {
      this.rest(`${prefix}data`, end, covers, identity);
    }
  }

  private icmpv6(end: number, prefix: string, outer: readonly number[], identity: PacketIdentity): void {
    const type = this.view.getUint8(this.at);
    const covers = [this.at + 2, ...outer];
    this.take(ICMP_START.slice(0, 2), end, prefix, covers, identity);
    this.take(ICMP_START.slice(2), end, prefix, outer, identity);
    if (type === ICMPV6.echoRequest || type === ICMPV6.echoReply) {
      this.take(ECHO, end, prefix, covers, identity);
      if (end - this.at >= TIMESTAMP_BYTES) {
        this.take([['icmp.data_time', TIMESTAMP_BYTES]], end, prefix, covers, identity);
      }
    } else if (ICMPV6.errors.includes(type) && prefix === '') {
      this.take([['icmp.rest', 4]], end, prefix, covers, identity);
      this.packet6(end, 'quoted ', covers, this.identityOf(ETHERTYPE.ipv6, this.at));
    }
    this.rest(`${prefix}data`, end, covers, identity);
  }

  /** Takes fields as long as they end before `end`. */
  private take(
    layout: Layout,
    end: number,
    prefix: string,
    checksums: readonly number[],
    packet: PacketIdentity,
  ): void {
    for (const [name, length] of layout) {
      if (this.at + length > end) {
        return;
      }
      this.fields.push({ name: prefix + name, start: this.at, length, checksums, packet });
      this.at += length;
    }
  }

  /** Takes what is left before `end`, if anything. */
  private rest(name: string, end: number, checksums: readonly number[], packet: PacketIdentity): void {
    if (end > this.at) {
      this.take([[name, end - this.at]], end, '', checksums, packet);
    }
  }

  private identityOf(type: number, at: number): PacketIdentity {
    const { view } = this;
    if (type === ETHERTYPE.arp) {
      return { kind: 'arp' };
    }
    if (type === ETHERTYPE.ipv6 && at + 48 <= view.byteLength) {
      return this.identityOf6(at);
    }
    const payload = at + (at < view.byteLength ? (view.getUint8(at) & 15) * 4 : 0);
    if (type !== ETHERTYPE.ipv4 || payload + 8 > view.byteLength) {
      return { kind: 'other' };
    }
    const protocol = view.getUint8(at + 9);
    const isFragment = (view.getUint16(at + 6) & 0x3fff) !== 0;
    if ((view.getUint16(at + 6) & 0x1fff) !== 0) {
      return { kind: 'rest', isFragment };
    }
    if (protocol === PROTOCOL.tcp && payload + 14 <= view.byteLength) {
      const isSyn = (view.getUint8(payload + 13) & SYN) !== 0;
      return { kind: 'tcp', sequence: view.getUint32(payload + 4), isSyn, isFragment };
    }
    if (protocol === PROTOCOL.udp && view.getUint16(payload + 2) === CARRIES.vxlan) {
      return { kind: 'vxlan', vxlanFrom: view.getUint32(at + 12), isFragment };
    }
    if (protocol === PROTOCOL.udp && DHCP_PORTS.includes(view.getUint16(payload + 2))) {
      return { kind: 'dhcp', dhcpMessage: this.dhcpMessageAt(payload + DHCP_OPTIONS.at), isFragment };
    }
    if (protocol !== PROTOCOL.icmp) {
      return { kind: protocol === PROTOCOL.udp ? 'udp' : `protocol ${protocol}`, isFragment };
    }
    const icmpType = view.getUint8(payload);
    if (icmpType === ICMP.echoRequest || icmpType === ICMP.echoReply) {
      return {
        kind: icmpType === ICMP.echoRequest ? 'echo' : 'echo reply',
        sequence: view.getUint16(payload + 6),
        isFragment,
      };
    }
    return { kind: `icmp ${icmpType}/${view.getUint8(payload + 1)}` };
  }

  private dhcpMessageAt(at: number): number {
    const { view } = this;
    const isThere = at + 3 <= view.byteLength && view.getUint8(at) === DHCP_OPTIONS.messageType;
    return isThere ? view.getUint8(at + 2) : 0;
  }

  private identityOf6(at: number): PacketIdentity {
    const { view } = this;
    const protocol = view.getUint8(at + 6);
    const payload = at + 40;
    const ipv6From = [8, 12, 16, 20].map(word => view.getUint32(at + word)).join(' ');
    if (protocol === PROTOCOL.tcp && payload + 14 <= view.byteLength) {
      const isSyn = (view.getUint8(payload + 13) & SYN) !== 0;
      return { kind: 'tcp', sequence: view.getUint32(payload + 4), isSyn, ipv6From };
    }
    const type = view.getUint8(payload);
    const isEcho = type === ICMPV6.echoRequest || type === ICMPV6.echoReply;
    return protocol === PROTOCOL.icmpv6 && isEcho
      ? { kind: 'echo', sequence: view.getUint16(payload + 6), ipv6From }
      : { kind: `protocol ${protocol}`, ipv6From };
  }
}
