/**
 * The service behind a NAT network (NetworkServices/NAT: VBoxNetLwipNAT.cpp up to 7.1, VBoxNetSlirpNAT.cpp in 7.2): a router at .1 with the
 * sockets of the host behind it, and .2 for the host's 127.0.0.1. Guests speak to each other over the network's switch, not through it.
 */
import { addressAt, lastAddressOf } from '../../../net/ipv4-prefix';
import type { ResolvedVirtualBoxNatNetwork } from '../../../topology/resolved';
import type { Simulator } from '../../kernel/simulator';
import type { Stack } from '../../stack/stack';
import { NatEngine } from './nat-engine';
import { NAT_NETWORK_PROFILES, type NatAddresses } from './nat-profile';

/** Rules name their guest; where one does not, the first address of the pool (NATNetworkImpl.cpp). */
const FIRST_LEASE = 4;

export function virtualBoxNatNetwork(
  simulator: Simulator,
  config: ResolvedVirtualBoxNatNetwork,
  host: Stack,
): NatEngine {
  const profile = NAT_NETWORK_PROFILES[config.version];
  const { network, gateway, loopback, mac } = config;
  const addresses: NatAddresses = {
    gateway,
    loopback,
    // pxdns.c: the gateway relays names.
    nameServer: gateway,
    tftp: undefined,
    broadcast: lastAddressOf(network),
  };
  return new NatEngine(
    simulator,
    {
      name: config.id,
      profile,
      network,
      addresses,
      identity: {
        address: gateway,
        // The loopback address by proxy ARP (pxremap.c).
        answersFor: address => address === gateway || address === loopback,
        macOf: () => mac,
        arpReplyBytes: profile.arpReplyBytes,
        learnsFromAll: false,
        errors: profile.errors,
      },
      localhostReachable: true,
      forwards: config.forwards,
      firstGuest: addressAt(network, FIRST_LEASE),
      bindAddress: undefined,
    },
    host,
  );
}
