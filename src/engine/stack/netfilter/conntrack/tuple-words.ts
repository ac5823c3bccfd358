/** A tuple in the words of conntrack-tools, for those who show connections. */
import type { IpAddress } from '../../../../net/ip-address';
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import type { Tuple } from './tuple';

/** As `conntrack -L` names protocols (getprotobynumber(3)). */
const NAMES: Readonly<Record<number, string>> = {
  [IP_PROTOCOL.icmp]: 'icmp',
  [IP_PROTOCOL.tcp]: 'tcp',
  [IP_PROTOCOL.udp]: 'udp',
  [IP_PROTOCOL.gre]: 'gre',
  [IP_PROTOCOL.icmpv6]: 'icmpv6',
};

/** The name of an IP protocol, undefined if conntrack-tools has none. */
export function trackedProtocolName(protocol: number): string | undefined {
  return NAMES[protocol];
}

/** What the two 16-bit values of a tuple are: ports, an ICMP query's type, code and identifier, or nothing. */
export function kindOfTuple({ protocol }: Tuple<IpAddress>): 'ports' | 'query' | 'addresses' {
  switch (protocol) {
    case IP_PROTOCOL.tcp:
    case IP_PROTOCOL.udp:
      return 'ports';
    case IP_PROTOCOL.icmp:
    case IP_PROTOCOL.icmpv6:
      return 'query';
    default:
      return 'addresses';
  }
}
