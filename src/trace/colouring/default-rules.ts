/**
 * The rules of the packet list before the user writes any. What they single out, and their order, is what Wireshark's do
 * (Wireshark User's Guide, section 11.3); the colours are those that the protocols have in the picture.
 */
import type { ColourRule } from './colour-rule';

export const DEFAULT_RULES = [
  { name: 'Dropped', filter: 'vnet.drop', colour: 'red' },
  {
    name: 'ICMP error',
    filter: 'icmp.type in {3, 5, 11, 12} or icmpv6.type in {1..4}',
    colour: 'orange',
  },
  {
    name: 'Bad TCP',
    filter:
      'tcp.analysis.retransmission or (tcp.window_size_value == 0 and tcp.flags.syn == 0 and tcp.flags.fin == 0 and tcp.flags.reset == 0)',
    colour: 'red',
  },
  {
    name: 'Wrong checksum',
    filter: [
      'ip.checksum.status == 0',
      'tcp.checksum.status == 0',
      'udp.checksum.status == 0',
      'icmp.checksum.status == 0',
      'icmpv6.checksum.status == 0',
    ].join(' or '),
    colour: 'red',
  },
  { name: 'Spanning tree change', filter: 'stp.type == 0x80', colour: 'orange' },
  { name: 'ARP', filter: 'arp', colour: 'yellow' },
  { name: 'ICMP', filter: 'icmp or icmpv6', colour: 'green' },
  { name: 'TCP reset', filter: 'tcp.flags.reset == 1', colour: 'red' },
  { name: 'Low TTL', filter: 'ip.ttl < 5 and ip.dst != 224.0.0.0/4', colour: 'orange' },
  { name: 'TCP begins or ends', filter: 'tcp.flags.syn == 1 or tcp.flags.fin == 1', colour: 'grey' },
  { name: 'TCP', filter: 'tcp', colour: 'purple' },
  { name: 'UDP', filter: 'udp', colour: 'blue' },
] as const satisfies readonly ColourRule[];
