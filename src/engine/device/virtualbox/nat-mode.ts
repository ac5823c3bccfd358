/**
 * VirtualBox's mode NAT: each adapter of each VM has an engine, and a 10.0.2.15, of its own, so two VMs behind NAT never meet.
 * Addresses are offsets in the adapter's network (slirp/ctl.h; DrvNATlibslirp.cpp): .2 gateway, DHCP server and host, .3 names, .4 TFTP,
 * .15 the guest.
 */
import { isIpv4 } from '../../../net/ip-address';
import { addressAt } from '../../../net/ipv4-prefix';
import type { Ipv6Prefix } from '../../../net/ipv6-prefix';
import type { ResolvedVirtualBoxNat } from '../../../topology/resolved';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { Stack } from '../../stack/stack';
import type { GuestLink } from './guest-link';
import { NatDhcp } from './nat-dhcp';
import { NatEngine } from './nat-engine';
import { NatHostResolver } from './nat-host-resolver';
import { NatIpv6 } from './nat-ipv6';
import { leasedNameServers, type NameService } from './nat-name-servers';
import { NAT_OFFSET, NAT_PROFILES, natAddresses, natIdentity } from './nat-profile';

export function virtualBoxNat(simulator: Simulator, config: ResolvedVirtualBoxNat, host: Stack): NatEngine {
  const profile = NAT_PROFILES[config.version];
  const { network, localhostReachable } = config;
  const addresses = natAddresses(network);
  const nameService = (): NameService => {
    if (profile.dns === 'relay' || config.dnsProxy === true) {
      return 'relay';
    }
    // A host that knows no server is asked itself (slirp_dns.c).
    return config.dnsHostResolver === true || host.resolver.ipv4Servers.length === 0
      ? 'host-resolver'
      : 'host';
  };
  return new NatEngine(
    simulator,
    {
      name: config.id,
      profile,
      network,
      addresses,
      identity: natIdentity(profile, addresses),
      localhostReachable,
      forwards: config.forwards ?? [],
      firstGuest: addressAt(network, NAT_OFFSET.firstLease),
      bindAddress: config.bindAddress,
    },
    host,
    link => ({
      dhcp: new NatDhcp(link, profile, network, addresses, config.vmName, {
        nameServers: () =>
          leasedNameServers(
            nameService(),
            host.resolver.ipv4Servers,
            addresses,
            localhostReachable || !profile.guardsLoopback,
          ),
        // The host resolver knows the host's domains itself (bootp.c).
        domain: () => (nameService() === 'host-resolver' ? undefined : host.domain),
      }),
      ...(config.ipv6 !== undefined && { ipv6: ipv6Side(simulator, config.ipv6, config.id, link, host) }),
      ...(profile.dns === 'choosable' && {
        hostResolver: new NatHostResolver(
          link,
          host,
          addresses.nameServer,
          () => nameService() === 'host-resolver',
        ),
      }),
    }),
  );
}

/** IPv6 from 7.1 on, where the topology has IPv6 at all. */
function ipv6Side(
  simulator: Simulator,
  prefix: Ipv6Prefix,
  name: string,
  link: GuestLink,
  host: Stack,
): NatIpv6 {
  const wire = {
    send: (bytes: Uint8Array): void => link.port?.send(simulator.frame(bytes)),
    drop: (frame: Frame, reason: DropReason): void => {
      link.drop(frame, reason);
    },
  };
  const hasNameServer = (): boolean => host.resolver.servers.some(server => !isIpv4(server));
  const side = new NatIpv6(simulator, wire, prefix, hasNameServer, simulator.random(`ipv6 ${name}`));
  side.start();
  return side;
}
