/** What Miminet writes beside a packet that it shows. */
import type { PacketField } from '../../../src/trace/dissect/dissect';

const ICMP_NAMES: Readonly<Record<string, string>> = {
  '0/0': 'ICMP echo-reply',
  '8/0': 'ICMP echo-request',
  '3/1': 'ICMP destination host unreachable',
};

const PREFIX_LENGTHS: Readonly<Record<string, number>> = { '255.255.255.0': 24, '255.255.0.0': 16 };

/** By message type (RFC 2132 section 9.6), from the values of fields by name. */
const DHCP_LABELS: Readonly<Record<string, (of: (name: string) => string) => string>> = {
  1: () => 'DHCP Discover',
  2: of => {
    const mask = of('dhcp.option.subnet_mask');
    return `DHCP Offer ${of('dhcp.ip.your')}/${PREFIX_LENGTHS[mask] ?? mask}`;
  },
  3: of => `DHCP Request ${of('dhcp.option.requested_ip_address')}`,
  5: () => 'DHCP ACK',
};

/** The label for a packet with these fields, or what its layers are where Miminet shows none such. */
export function labelOf(layers: readonly PacketField[]): string {
  // The first of several: an ICMP error quotes a packet behind its own fields.
  const values = new Map<string, string>();
  collect(layers, values);
  const of = (name: string): string => values.get(name) ?? `no ${name}`;
  if (values.has('arp.opcode')) {
    return of('arp.opcode') === '1'
      ? `ARP-request\nWho has ${of('arp.dst.proto_ipv4')}? Tell ${of('arp.src.proto_ipv4')}`
      : `ARP-response\n${of('arp.src.proto_ipv4')} at ${of('arp.src.hw_mac')}`;
  }
  const way = `${of('ip.src')} > ${of('ip.dst')}`;
  const dhcp = DHCP_LABELS[of('dhcp.option.dhcp')];
  if (dhcp !== undefined) {
    return `${dhcp(of)}\n${way}`;
  }
  const icmp = ICMP_NAMES[`${of('icmp.type')}/${of('icmp.code')}`];
  return icmp === undefined ? layers.map(({ text }) => text).join('; ') : `${icmp}\n${way}`;
}

function collect(layers: readonly PacketField[], into: Map<string, string>): void {
  for (const { name, value, children = [] } of layers) {
    if (value !== undefined && !into.has(name)) {
      into.set(name, value);
    }
    collect(children, into);
  }
}
