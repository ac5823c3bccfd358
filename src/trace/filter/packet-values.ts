/** What a packet holds for a filter: every field by its name, the layers' bytes, and what is known of the frame as a whole. */
import type { PacketField } from '../dissect/packet-field';
import { protocolsOf } from '../dissect/packet-json';
import type { NumberedFlow } from '../streams/stream-index';
import { ALIASES, DERIVED_FIELDS } from './field-names';
import { PlainFrame } from './plain-frame';

/** A packet as a filter looks at it. What costs time may be worked out when it is first asked for. */
export interface FilteredPacket {
  readonly bytes: Uint8Array;
  readonly layers: readonly PacketField[];
  /** LINKTYPE number of where it was captured. Where it is told, everyday fields are read from the bytes and not from the layers. */
  readonly linkType?: number;
  /** From 1; 0 where packets have no numbers. */
  readonly number?: number;
  /** `device:port` */
  readonly interfaceName?: string;
  /** What somebody wrote about it. */
  readonly comment?: string | undefined;
  /** Why it went no further, as the closed list of reasons names it, and whether that is what happens every day. */
  readonly drop?: { readonly reason: string; readonly everyday: boolean } | undefined;
  /** Whether the same port sent these sequence numbers before; false where that is not known. */
  readonly isRetransmission?: boolean;
  /** Its TCP and UDP headers with the streams that they are in, where those are known. */
  readonly flows?: readonly NumberedFlow[];
}

export class PacketValues {
  /** The frame where it is of the everyday kind, and may be read as such. */
  readonly plain: PlainFrame | undefined;
  private fields: Map<string, PacketField[]> | undefined;

  constructor(private readonly packet: FilteredPacket) {
    this.plain = packet.linkType === undefined ? undefined : PlainFrame.read(packet.bytes, packet.linkType);
  }

  /** Whether there is such a line, also one without a value: a layer, or a group of others. */
  has(name: string): boolean {
    if (Object.hasOwn(DERIVED_FIELDS, name)) {
      return this.derived(name).length > 0;
    }
    return this.plain?.hasProtocol(name) ?? this.named(name).length > 0;
  }

  /** The fields of this name, or of the names it stands for. */
  named(name: string): readonly PacketField[] {
    if (this.plain?.hasProtocolOf(name) === false) {
      return [];
    }
    this.fields ??= collect(this.packet.layers, new Map());
    const fields = this.fields;
    const aliases = ALIASES.get(name);
    return aliases === undefined ? (fields.get(name) ?? []) : aliases.flatMap(each => fields.get(each) ?? []);
  }

  /** The bytes of each layer of this protocol, alone or with all that it carries; `frame` is all of them. */
  layer(protocol: string, part: 'header' | 'all' = 'header'): readonly Uint8Array[] {
    const { packet } = this;
    const { bytes } = packet;
    if (protocol === 'frame') {
      return [bytes];
    }
    return this.named(protocol).map(layer => {
      const end = part === 'header' ? layer.start + layer.length : endOf(layer, packet.layers, bytes.length);
      return bytes.subarray(layer.start, end);
    });
  }

  /** The values of a field that no dissector adds; nothing where it is not known. */
  derived(name: string): readonly string[] {
    // Only what is asked for: each may cost time.
    const { packet } = this;
    switch (name) {
      case 'frame.len':
      case 'frame.cap_len':
        return [String(packet.bytes.length)];
      case 'frame.number':
        return packet.number === undefined ? [] : [String(packet.number)];
      case 'frame.interface_name':
        return packet.interfaceName === undefined ? [] : [packet.interfaceName];
      case 'frame.comment':
        return packet.comment === undefined ? [] : [packet.comment];
      case 'vnet.drop':
        return packet.drop?.everyday === false ? [packet.drop.reason] : [];
      case 'vnet.ignored':
        return packet.drop?.everyday === true ? [packet.drop.reason] : [];
      case 'tcp.analysis.retransmission':
        return packet.isRetransmission === true ? ['1'] : [];
      case 'ip.checksum.status':
      case 'icmp.checksum.status':
      case 'icmpv6.checksum.status':
      case 'igmp.checksum.status':
      case 'udp.checksum.status':
      case 'tcp.checksum.status':
        return this.plain?.hasProtocolOf(name) === false
          ? []
          : this.named(name.slice(0, -'.status'.length)).map(checksumStatus);
      case 'frame.protocols':
        return [protocolsOf(packet.layers)];
      case 'tcp.stream':
      case 'udp.stream':
        return this.plain?.hasProtocolOf(name) === false
          ? []
          : (packet.flows ?? [])
              .filter(({ flow }) => name.startsWith(flow.protocol))
              .map(({ stream }) => String(stream));
      case 'http.request':
        return this.named('http.request.method').length > 0 ? ['1'] : [];
      case 'http.response':
        return this.named('http.response.code').length > 0 ? ['1'] : [];
      case 'http.content_length':
        return this.named('http.content_length_header').flatMap(({ value }) => value ?? []);
      default:
        return [];
    }
  }
}

/** As Wireshark counts (epan/proto.h: PROTO_CHECKSUM_E_BAD, _GOOD, _UNVERIFIED, _NOT_PRESENT). */
function checksumStatus({ name, value, problem, text }: PacketField): string {
  if (problem !== undefined) {
    return '0';
  }
  if (name === 'udp.checksum' && value === '0x0000') {
    // None over IPv4 (RFC 768); over IPv6 that is a problem.
    return '3';
  }
  return text.endsWith('[unverified]') ? '2' : '1';
}

/** Layers that carry padding too. */
const OF_THE_LINK: ReadonlySet<string> = new Set(['eth', 'vlan', 'sll', 'null', 'arp', 'llc', 'stp']);

/** Where what a layer carries ends: with the last of the layers behind it, or for a quoted one with the error that quotes it. */
function endOf(layer: PacketField, layers: readonly PacketField[], end: number): number {
  if (OF_THE_LINK.has(layer.name)) {
    return end;
  }
  const at = layers.findLastIndex(({ start }) => start <= layer.start);
  return Math.max(...layers.slice(Math.max(0, at)).map(({ start, length }) => start + length));
}

function collect(
  fields: readonly PacketField[],
  into: Map<string, PacketField[]>,
): Map<string, PacketField[]> {
  for (const field of fields) {
    const there = into.get(field.name);
    if (there === undefined) {
      into.set(field.name, [field]);
    } else {
      there.push(field);
    }
    collect(field.children ?? [], into);
  }
  return into;
}
