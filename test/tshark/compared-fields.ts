/** What the dissector test compares with tshark. */
import { FIELDS } from '../../src/trace/dissect/registry';

/** Layers of Wireshark's `frame.protocols` that the project dissects. */
export const KNOWN_LAYERS: ReadonlySet<string> = new Set([
  'eth',
  'raw',
  'null',
  'sll',
  'vlan',
  'llc',
  'stp',
  'arp',
  'ip',
  'ipv6',
  'icmp',
  'igmp',
  'icmpv6',
  'udp',
  'tcp',
  'dhcp',
  'dns',
  'http',
  'ssh',
  'data',
]);

/** Names in that list that stand for no layer. */
export const TRANSPARENT_LAYERS: ReadonlySet<string> = new Set(['ethertype', 'raw']);

/** Fields that Wireshark fills by other rules than "what the bytes say", each with why it is left out. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  'data.data':
    'Wireshark takes a time stamp out of echo data first, and asks protocols the project does not know',
  'data.len': 'as data.data',
  'eth.addr': 'Wireshark adds hidden ones',
  'eth.padding': 'Wireshark tells padding from trailers and check sequences by guesses',
  'tcp.options.unknown': 'Wireshark knows more of them',
  'dhcp.option.value': 'Wireshark reads options of which the project shows the bytes',
  'dns.data': 'as dhcp.option.value',
  'dhcp.option.padding': 'pads are grouped otherwise',
  'llc.control': 'as many digits as the longer form has',
  'ipv6.flow': 'as many digits as 24 bits have',
};

/** Values that tshark 4.0 prints otherwise than it shows them. */
export const NORMALISED: Readonly<Record<string, (values: readonly string[]) => readonly string[]>> = {
  // The end option has the type 0 there, though its line says 255.
  'dhcp.option.type': values =>
    values.map((value, index) => (index === values.length - 1 && value === '0' ? '255' : value)),
  // Behind the end of the options each byte is one more end.
  'tcp.options.eol': values => values.slice(0, 1),
  'tcp.option_kind': values =>
    values.filter((value, index) => value !== '0' || values.indexOf('0') === index),
};

/** Captures of what the project does not dissect, or of what was broken on purpose in ways that dissectors may see differently. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'tcpdump/arp-oobr.pcap': 'fuzzed ARP for other kinds of address',
  'tcpdump/accecn_handshake.pcap': 'flags that change their meaning by what was agreed before',
  'tcpdump/icmp-rfc8335.pcap': 'extended echo (RFC 8335)',
  'tcpdump/ipv6-bad-version.pcap': 'Wireshark takes another version for no IPv6 at all',
  'tcpdump/ipv6_jumbogram_1.pcap': 'jumbograms (RFC 2675)',
  'tcpdump/icmp6-rfc8335.pcap': 'extended echo (RFC 8335)',
  'tcpdump/rpvstp-trunk-native-vid5.pcap': 'spanning tree inside of SNAP, Cisco’s own',
  'zeek/arp-leak.pcap': 'ARP with hardware addresses that are too long',
  'zeek/dns__dns-invalid-names.pcap': 'names that loop: Wireshark shows its own words for them',
  'zeek/ipv4__fragmented-syn.pcap': 'a TCP header cut by fragmentation',
  'tcpdump/bootp_asan.pcap': 'a message cut within its fixed fields',
  'tcpdump/icmpv6_opt24.pcap': 'route information (RFC 4191)',
  'zeek/icmp__icmp6-redirect-hdr-opt.pcap': 'a packet quoted in an option of a redirect',
  'tcpdump/ipv4_invalid_hdr_length.pcap': 'Wireshark shows no field behind a bad header length',
};

/** Layers whose fields are compared. */
const COMPARED_LAYERS = /^(eth|null|sll|vlan|llc|stp|arp|ip|ipv6|icmp|igmp|icmpv6|udp|tcp|dhcp|dns)\./;

export const COMPARED_FIELDS: readonly string[] = [...FIELDS.keys()].filter(
  name => COMPARED_LAYERS.test(name) && NOT_COMPARED[name] === undefined,
);
