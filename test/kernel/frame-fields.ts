/**
 * The fields of a frame, named as Wireshark names them, without a gap: every byte belongs to exactly one. Written for the comparison alone
 * and apart from the project's own wire formats, so that a fault there cannot hide here.
 */

export interface Field {
  /** `ip.ttl`; in the packet that an ICMP error quotes, `quoted ip.ttl`. */
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
  /** Of an echo. */
  readonly sequence?: number;
}

const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806 };
const PROTOCOL = { icmp: 1, udp: 17 };
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
const ICMP_START: Layout = [
  ['icmp.type', 1],
  ['icmp.code', 1],
  ['icmp.checksum', 2],
];
const ECHO: Layout = [
  ['icmp.ident', 2],
  ['icmp.seq', 2],
];
const UDP: Layout = [
  ['udp.srcport', 2],
  ['udp.dstport', 2],
  ['udp.length', 2],
  ['udp.checksum', 2],
];

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
    const { view } = this;
    const type = view.byteLength < 14 ? 0 : view.getUint16(12);
    const identity = this.identityOf(type, 14);
    this.take(ETHERNET, view.byteLength, '', [], identity);
    if (type === ETHERTYPE.arp) {
      this.take(ARP, view.byteLength, '', [], identity);
    } else if (type === ETHERTYPE.ipv4) {
      this.packet(view.byteLength, '', [], identity);
    }
    this.rest('eth.trailer', view.byteLength, [], identity);
    return this.fields;
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
    this.rest(`${prefix}ip.options`, headerEnd, [checksum, ...outer], identity);
    const protocol = view.getUint8(start + 9);
    const isFirst = (view.getUint16(start + 6) & 0x1fff) === 0;
    if (isFirst && protocol === PROTOCOL.icmp && this.at + 8 <= packetEnd) {
      this.icmp(packetEnd, prefix, outer, identity);
    } else if (isFirst && protocol === PROTOCOL.udp && this.at + 8 <= packetEnd) {
      const own = view.getUint16(this.at + 6) === 0 ? [] : [this.at + 6];
      // The pseudo header is not followed: nothing in it is ever free.
      this.take(UDP.slice(0, 3), packetEnd, prefix, [...own, ...outer], identity);
      this.take(UDP.slice(3), packetEnd, prefix, outer, identity);
      this.rest(`${prefix}data`, packetEnd, [...own, ...outer], identity);
    }
    this.rest(`${prefix}data`, packetEnd, outer, identity);
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
    const payload = at + (at < view.byteLength ? (view.getUint8(at) & 15) * 4 : 0);
    if (type !== ETHERTYPE.ipv4 || payload + 8 > view.byteLength) {
      return { kind: 'other' };
    }
    const protocol = view.getUint8(at + 9);
    if (protocol !== PROTOCOL.icmp) {
      return { kind: protocol === PROTOCOL.udp ? 'udp' : `protocol ${protocol}` };
    }
    const icmpType = view.getUint8(payload);
    if (icmpType === ICMP.echoRequest || icmpType === ICMP.echoReply) {
      return {
        kind: icmpType === ICMP.echoRequest ? 'echo' : 'echo reply',
        sequence: view.getUint16(payload + 6),
      };
    }
    return { kind: `icmp ${icmpType}/${view.getUint8(payload + 1)}` };
  }
}
