/** Frames and fields in words, for people who look at a comparison. */
import { fieldsOf, type Field } from './frame-fields';

const DECIMAL = /ttl|hlim|nxt|len|seq|port|proto$|type$|code$|opcode$|size$/;
const ADDRESS = /ip\.(src|dst)$|proto_ipv4$/;
const ADDRESS6 = /ipv6\.(src|dst)$/;
const MAC = /eth\.(src|dst)$|hw_mac$/;

/** The value of a field as it was captured, before anything was normalised. */
export function fieldText(bytes: Uint8Array, fields: readonly Field[], name: string): string {
  const field = fields.find(candidate => candidate.name === name);
  if (field === undefined) {
    return '(no such field)';
  }
  const value = [...bytes.subarray(field.start, field.start + field.length)];
  const hex = value.map(byte => byte.toString(16).padStart(2, '0'));
  if (ADDRESS.test(name)) {
    return value.join('.');
  }
  if (ADDRESS6.test(name)) {
    const groups = value.flatMap((byte, at) => (at % 2 === 0 ? [byte * 256 + (value[at + 1] ?? 0)] : []));
    return groups
      .map(group => group.toString(16))
      .join(':')
      .replace(/(^|:)0(:0)+(:|$)/, '::');
  }
  if (MAC.test(name)) {
    return hex.join(':');
  }
  const isNumber = DECIMAL.test(name) && name !== 'eth.type' && value.length <= 4;
  return isNumber ? String(parseInt(hex.join(''), 16)) : `0x${hex.join('')}`;
}

/** A frame in a few words. */
export function frameText(bytes: Uint8Array): string {
  const fields = fieldsOf(bytes);
  const of = (name: string): string => fieldText(bytes, fields, name);
  const has = (name: string): boolean => fields.some(field => field.name === name);
  if (has('arp.opcode')) {
    const target = of('arp.dst.proto_ipv4');
    const sender = of('arp.src.proto_ipv4');
    const cast = of('eth.dst') === 'ff:ff:ff:ff:ff:ff' ? 'ARP' : 'unicast ARP';
    return of('arp.opcode') === '1'
      ? `${cast} who has ${target}, asks ${sender}`
      : `${sender} is at ${of('arp.src.hw_mac')}`;
  }
  if (has('ipv6.src')) {
    const about = has('icmp.type')
      ? `ICMPv6 ${of('icmp.type')}/${of('icmp.code')}`
      : `protocol ${of('ipv6.nxt')}`;
    return `${about} ${of('ipv6.src')} > ${of('ipv6.dst')} hop limit ${of('ipv6.hlim')}`;
  }
  const way = `${of('ip.src')} > ${of('ip.dst')} ttl ${of('ip.ttl')}`;
  if (has('udp.srcport')) {
    return `UDP ${way} port ${of('udp.srcport')} > ${of('udp.dstport')}`;
  }
  if (has('tcp.flags')) {
    const flags = parseInt(of('tcp.flags'), 16);
    const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'].filter((_, bit) => ((flags >>> bit) & 1) === 1);
    const data = fields.find(field => field.name === 'data')?.length ?? 0;
    return `TCP ${names.join(' ')} ${way} port ${of('tcp.srcport')} > ${of('tcp.dstport')} ${data} bytes`;
  }
  if (has('icmp.seq')) {
    const name = of('icmp.type') === '8' ? 'echo' : 'echo reply';
    return `${name} ${of('icmp.seq')} ${way} id ${of('icmp.ident')}`;
  }
  if (has('icmp.type')) {
    return `ICMP ${of('icmp.type')}/${of('icmp.code')} ${way} about ${of('quoted ip.src')} > ${of('quoted ip.dst')}`;
  }
  return has('ip.src') ? `protocol ${of('ip.proto')} ${way}` : `EtherType ${of('eth.type')}`;
}
