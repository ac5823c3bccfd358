/** Whether a packet is one that a firewall rule speaks of. */
import { isIpv4Prefix, type IpPrefix } from '../../../../net/ip-address';
import type { Ipv4Address } from '../../../../net/ipv4-address';
import { prefixContains } from '../../../../net/ipv4-prefix';
import type { ResolvedFirewallRule } from '../../../../topology/resolved';
import { readUint16 } from '../../../../wire/bytes';
import {
  destinationAddress,
  fragmentOffset,
  IP_PROTOCOL,
  protocol,
  sourceAddress,
} from '../../../../wire/ipv4';
import { IP_AT, payloadAt, payloadLength } from '../../ipv4/ip-packet';
import type { PacketState } from '../conntrack/connection';
import { hasPorts } from '../conntrack/tuple';

/** An IPv4 packet at one point of its way. */
export interface FilteredPacket {
  readonly bytes: Uint8Array;
  /** The names of the interfaces it came by and leaves by; undefined for none. */
  readonly from: string | undefined;
  readonly out: string | undefined;
}

export function matches(rule: ResolvedFirewallRule, packet: FilteredPacket, state: PacketState): boolean {
  const { bytes, from, out } = packet;
  return (
    (rule.inInterface === undefined || rule.inInterface === from) &&
    (rule.outInterface === undefined || rule.outInterface === out) &&
    (rule.states === undefined || rule.states.includes(state)) &&
    matchesProtocol(rule, protocol(bytes, IP_AT)) &&
    matchesPrefix(rule.sourcePrefix, sourceAddress(bytes, IP_AT)) &&
    matchesPrefix(rule.destinationPrefix, destinationAddress(bytes, IP_AT)) &&
    matchesPorts(rule, bytes)
  );
}

function matchesProtocol({ protocol: wanted, action }: ResolvedFirewallRule, number: number): boolean {
  // `reject with tcp reset` implies TCP (nft, libnftables evaluation).
  return (
    (wanted === undefined || IP_PROTOCOL[wanted] === number) &&
    (action !== 'reject-with-reset' || number === IP_PROTOCOL.tcp)
  );
}

function matchesPrefix(prefix: IpPrefix | undefined, address: Ipv4Address): boolean {
  return prefix === undefined || (isIpv4Prefix(prefix) && prefixContains(prefix, address));
}

function matchesPorts({ sourcePorts, destinationPorts }: ResolvedFirewallRule, bytes: Uint8Array): boolean {
  if (sourcePorts === undefined && destinationPorts === undefined) {
    return true;
  }
  // Ports stand in the first fragment only.
  if (!hasPorts(protocol(bytes, IP_AT)) || fragmentOffset(bytes, IP_AT) > 0 || payloadLength(bytes) < 4) {
    return false;
  }
  const at = payloadAt(bytes);
  return (
    isWithin(sourcePorts, readUint16(bytes, at)) && isWithin(destinationPorts, readUint16(bytes, at + 2))
  );
}

function isWithin(range: readonly [number, number] | undefined, port: number): boolean {
  return range === undefined || (port >= range[0] && port <= range[1]);
}
