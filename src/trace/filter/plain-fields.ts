/** The fields that are read from a plain frame without dissecting it: those that most filters ask for. */
import { readUint16 } from '../../wire/bytes';
import { tcpHeaderLength } from '../../wire/tcp';
import type { PlainFrame } from './plain-frame';
import type { Value } from './values';

/** The values of one field in a plain frame. */
export type PlainReader = (frame: PlainFrame) => readonly Value[];

/** The reader of a field; undefined for one that needs the dissector. */
export function plainReader(name: string): PlainReader | undefined {
  return READERS.get(name);
}

/** Every field that has a reader. */
export function plainFields(): readonly string[] {
  return [...READERS.keys()];
}

const NONE: readonly Value[] = [];

type Layer = 'eth' | 'vlan' | 'arp' | 'ip' | 'ipv6' | 'icmp' | 'icmpv6' | 'tcp' | 'udp';

/** Where the layer begins; -1 where the frame has none. */
function layerAt(frame: PlainFrame, layer: Layer): number {
  switch (layer) {
    case 'eth':
      return frame.isEthernet ? 0 : -1;
    case 'vlan':
      return frame.vlanAt;
    case 'arp':
    case 'ip':
    case 'ipv6':
      return frame.network === layer ? frame.networkAt : -1;
    case 'icmp':
    case 'icmpv6':
    case 'tcp':
    case 'udp':
      return frame.transport === layer ? frame.transportAt : -1;
  }
}

/** Numbers of `size` bytes at these places in a layer. */
function numbers(layer: Layer, size: 1 | 2, ...offsets: readonly number[]): PlainReader {
  return masked(layer, size, size === 1 ? 0xff : 0xffff, ...offsets);
}

function masked(layer: Layer, size: 1 | 2, mask: number, ...offsets: readonly number[]): PlainReader {
  const lowest = 31 - Math.clz32(mask & -mask);
  return frame => {
    const at = layerAt(frame, layer);
    return at < 0
      ? NONE
      : offsets.map(offset => {
          const whole = size === 1 ? (frame.bytes[at + offset] ?? 0) : readUint16(frame.bytes, at + offset);
          return { kind: 'number', number: (whole & mask) >>> lowest, size };
        });
  };
}

/** Addresses of `size` bytes at these places in a layer. */
function addresses(layer: Layer, size: 4 | 6 | 16, ...offsets: readonly number[]): PlainReader {
  return frame => {
    const at = layerAt(frame, layer);
    return at < 0
      ? NONE
      : offsets.map(offset => ({
          kind: 'bytes',
          bytes: frame.bytes.subarray(at + offset, at + offset + size),
        }));
  };
}

/** Bytes of data in a segment: a line that covers no bytes of its own. */
const segmentLength: PlainReader = frame => {
  const at = layerAt(frame, 'tcp');
  return at < 0
    ? NONE
    : [{ kind: 'number', number: frame.end - at - tcpHeaderLength(frame.bytes, at), size: 0 }];
};

const READERS: ReadonlyMap<string, PlainReader> = new Map([
  ['eth.dst', addresses('eth', 6, 0)],
  ['eth.src', addresses('eth', 6, 6)],
  ['eth.addr', addresses('eth', 6, 0, 6)],
  ['eth.type', numbers('eth', 2, 12)],
  ['vlan.id', masked('vlan', 2, 0x0fff, 0)],
  ['arp.opcode', numbers('arp', 2, 6)],
  ['arp.src.proto_ipv4', addresses('arp', 4, 14)],
  ['arp.dst.proto_ipv4', addresses('arp', 4, 24)],
  ['ip.len', numbers('ip', 2, 2)],
  ['ip.id', numbers('ip', 2, 4)],
  ['ip.ttl', numbers('ip', 1, 8)],
  ['ip.proto', numbers('ip', 1, 9)],
  ['ip.src', addresses('ip', 4, 12)],
  ['ip.dst', addresses('ip', 4, 16)],
  ['ip.addr', addresses('ip', 4, 12, 16)],
  ['ipv6.src', addresses('ipv6', 16, 8)],
  ['ipv6.dst', addresses('ipv6', 16, 24)],
  ['ipv6.addr', addresses('ipv6', 16, 8, 24)],
  ['icmp.type', numbers('icmp', 1, 0)],
  ['icmp.code', numbers('icmp', 1, 1)],
  ['icmpv6.type', numbers('icmpv6', 1, 0)],
  ['tcp.srcport', numbers('tcp', 2, 0)],
  ['tcp.dstport', numbers('tcp', 2, 2)],
  ['tcp.port', numbers('tcp', 2, 0, 2)],
  ['tcp.len', segmentLength],
  ['tcp.flags', masked('tcp', 2, 0x0fff, 12)],
  ['tcp.flags.fin', masked('tcp', 2, 0x001, 12)],
  ['tcp.flags.syn', masked('tcp', 2, 0x002, 12)],
  ['tcp.flags.reset', masked('tcp', 2, 0x004, 12)],
  ['tcp.flags.push', masked('tcp', 2, 0x008, 12)],
  ['tcp.flags.ack', masked('tcp', 2, 0x010, 12)],
  ['udp.srcport', numbers('udp', 2, 0)],
  ['udp.dstport', numbers('udp', 2, 2)],
  ['udp.port', numbers('udp', 2, 0, 2)],
  ['udp.length', numbers('udp', 2, 4)],
]);
