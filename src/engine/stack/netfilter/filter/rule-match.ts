/** Whether a packet is one that a firewall rule speaks of. */
import { isIpv4, isIpv4Prefix, type IpAddress, type IpPrefix } from '../../../../net/ip-address';
import { ipv6PrefixContains } from '../../../../net/ipv6-prefix';
import { prefixContains } from '../../../../net/ipv4-prefix';
import type { ResolvedFirewallRule } from '../../../../topology/resolved';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import type { PacketState } from '../conntrack/connection';
import { portsOf, type PacketReader } from '../conntrack/packet-reader';

/** A packet at one point of its way. */
export interface FilteredPacket<Address extends IpAddress = IpAddress> {
  readonly reader: PacketReader<Address>;
  readonly bytes: Uint8Array;
  /** The names of the interfaces it came by and leaves by; undefined for none. */
  readonly from: string | undefined;
  readonly out: string | undefined;
}

export function matches<Address extends IpAddress>(
  rule: ResolvedFirewallRule,
  packet: FilteredPacket<Address>,
  state: PacketState,
): boolean {
  const { reader, bytes, from, out } = packet;
  return (
    (rule.inInterface === undefined || rule.inInterface === from) &&
    (rule.outInterface === undefined || rule.outInterface === out) &&
    (rule.states === undefined || rule.states.includes(state)) &&
    matchesProtocol(rule, reader.protocol(bytes)) &&
    matchesPrefix(rule.sourcePrefix, reader.source(bytes)) &&
    matchesPrefix(rule.destinationPrefix, reader.destination(bytes)) &&
    matchesPorts(rule, packet)
  );
}

function matchesProtocol({ protocol: wanted, action }: ResolvedFirewallRule, number: number): boolean {
  // `reject with tcp reset` implies TCP (nft, libnftables evaluation).
  return (
    (wanted === undefined || IP_PROTOCOL[wanted] === number) &&
    (action !== 'reject-with-reset' || number === IP_PROTOCOL.tcp)
  );
}

/** A prefix of one version of IP holds no packet of the other. */
function matchesPrefix(prefix: IpPrefix | undefined, address: IpAddress): boolean {
  if (prefix === undefined) {
    return true;
  }
  return isIpv4Prefix(prefix)
    ? isIpv4(address) && prefixContains(prefix, address)
    : !isIpv4(address) && ipv6PrefixContains(prefix, address);
}

function matchesPorts<Address extends IpAddress>(
  { sourcePorts, destinationPorts }: ResolvedFirewallRule,
  { reader, bytes }: FilteredPacket<Address>,
): boolean {
  if (sourcePorts === undefined && destinationPorts === undefined) {
    return true;
  }
  const ports = portsOf(reader, bytes);
  return ports !== undefined && isWithin(sourcePorts, ports[0]) && isWithin(destinationPorts, ports[1]);
}

function isWithin(range: readonly [number, number] | undefined, port: number): boolean {
  return range === undefined || (port >= range[0] && port <= range[1]);
}
