/** What the dissector test compares with tshark. */
import { FIELDS } from '../../src/trace/dissect/registry';

/** Layers of Wireshark's `frame.protocols` that the project dissects. */
export const KNOWN_LAYERS: ReadonlySet<string> = new Set([
  'eth',
  'vlan',
  'llc',
  'stp',
  'arp',
  'ip',
  'ipv6',
  'icmp',
  'udp',
  'tcp',
  'dhcp',
  'dns',
  'data',
]);

/** Names in that list that stand for no layer. */
export const TRANSPARENT_LAYERS: ReadonlySet<string> = new Set(['ethertype']);

/** Fields that Wireshark fills by other rules than "what the bytes say", each with why it is left out. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  'data.data':
    'Wireshark takes a time stamp out of echo data first, and asks protocols the project does not know',
  'data.len': 'as data.data',
  'eth.addr': 'Wireshark adds hidden ones',
  'eth.padding': 'Wireshark tells padding from trailers and check sequences by guesses',
  'ip.opt': 'Wireshark has no field for all options',
  'dhcp.option.value': 'Wireshark reads options of which the project shows the bytes',
  'dns.data': 'as dhcp.option.value',
  'dhcp.option.padding': 'pads are grouped otherwise',
};

/** Values that tshark 4.0 prints otherwise than it shows them. */
export const NORMALISED: Readonly<Record<string, (values: readonly string[]) => readonly string[]>> = {
  // The end option has the type 0 there, though its line says 255.
  'dhcp.option.type': values =>
    values.map((value, index) => (index === values.length - 1 && value === '0' ? '255' : value)),
};

/** Layers whose fields are compared. */
const COMPARED_LAYERS = /^(eth|vlan|llc|stp|arp|ip|ipv6|icmp|icmpv6|udp|tcp|dhcp|dns)\./;

export const COMPARED_FIELDS: readonly string[] = [...FIELDS.keys()].filter(
  name => COMPARED_LAYERS.test(name) && NOT_COMPARED[name] === undefined,
);
