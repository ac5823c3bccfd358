/** What an ICMP error means to the program whose datagram it tells of. */
import { isIpv4, type IpAddress } from '../../net/ip-address';
import { ICMP_TYPE, UNREACHABLE_CODE } from '../../wire/icmp';
import { ICMPV6_TYPE } from '../../wire/icmpv6';
import type { DatagramError } from './udp-layer';

/** ECONNREFUSED, EHOSTUNREACH or ENETUNREACH. */
export type DatagramFailure = 'refused' | 'host-unreachable' | 'network-unreachable';

/** Codes of ICMPv6 type 1 that are hard errors: port unreachable, and those of policies (RFC 4443 3.1). */
const IPV6_PORT = 4;
const IPV6_PROHIBITED: readonly number[] = [1, 5, 6];

/**
 * The error that a connected socket gets; undefined for one that Linux keeps to itself, since the trouble may pass (the `fatal` ones of
 * icmp_err_convert in net/ipv4/icmp.c and of icmpv6_err_convert).
 */
export function datagramFailure({ to, type, code }: DatagramError<IpAddress>): DatagramFailure | undefined {
  if (!isIpv4(to)) {
    if (type !== ICMPV6_TYPE.destinationUnreachable) {
      return undefined;
    }
    return code === IPV6_PORT ? 'refused' : IPV6_PROHIBITED.includes(code) ? 'host-unreachable' : undefined;
  }
  if (type !== ICMP_TYPE.destinationUnreachable) {
    return undefined;
  }
  switch (code) {
    case UNREACHABLE_CODE.port:
      return 'refused';
    case UNREACHABLE_CODE.networkProhibited:
      return 'network-unreachable';
    case UNREACHABLE_CODE.hostProhibited:
    case UNREACHABLE_CODE.communicationProhibited:
      return 'host-unreachable';
    default:
      return undefined;
  }
}
