/** Which name servers a NAT engine's guest is told (slirp_dns.c and bootp.c of 7.0.10; bootp.c of libslirp). */
import { ipv4FromNumber, isLoopbackIpv4, type Ipv4Address } from '../../../net/ipv4-address';
import type { NatAddresses } from './nat-profile';

/** Who serves names: the host's own servers themselves, the engine by relaying to them, or the engine by asking the host's resolver. */
export type NameService = 'host' | 'relay' | 'host-resolver';

const LOOPBACK = ipv4FromNumber(0x7f000001);

/**
 * The host's servers; one at 127.0.0.1 is told as the address that stands for it, and where that is out of reach, or it is another of
 * 127/8, the engine relays.
 */
export function leasedNameServers(
  service: NameService,
  servers: readonly Ipv4Address[],
  { loopback, nameServer }: NatAddresses,
  loopbackReachable: boolean,
): readonly Ipv4Address[] {
  const needsRelay = servers.some(
    server => isLoopbackIpv4(server) && (server !== LOOPBACK || !loopbackReachable),
  );
  if (service !== 'host' || servers.length === 0 || needsRelay) {
    return [nameServer];
  }
  return servers.map(server => (server === LOOPBACK ? loopback : server));
}
