/** The subnets that devices and interfaces name, as written. */
import { formatPrefix, prefixOf } from '../../../src/net/ipv4-prefix';
import { formatIpv6Prefix, ipv6PrefixOf } from '../../../src/net/ipv6-prefix';
import type { ResolvedDevice, ResolvedInterface, ResolvedStackDevice } from '../../../src/topology/resolved';

export function subnetsOfDevice(device: ResolvedDevice): readonly string[] {
  switch (device.kind) {
    case 'switch':
      return [
        ...(device.subnet === undefined ? [] : [formatPrefix(device.subnet)]),
        ...(device.subnet6 === undefined ? [] : [formatIpv6Prefix(device.subnet6)]),
      ];
    case 'virtualbox-nat':
    case 'virtualbox-nat-network':
      return [formatPrefix(device.network)];
    case 'virtualbox-dhcp':
      return [formatPrefix(device.subnet)];
    case 'internet':
      return [
        formatPrefix(device.access),
        ...(device.ipv6 === undefined ? [] : [formatIpv6Prefix(device.ipv6.access)]),
      ];
    case 'hub':
    case 'virtualbox-switch':
    case 'tunnel':
    case 'host':
    case 'vm':
    case 'router':
    case 'container':
      return [];
  }
}

/** Those of its static addresses and of the DHCP server on it. */
export function subnetsOfInterface(device: ResolvedStackDevice, one: ResolvedInterface): readonly string[] {
  const { addressing, ipv6 } = one;
  const written = addressing.kind === 'static' ? addressing.addresses : [];
  return [
    ...written
      .filter(({ prefixLength }) => prefixLength < 32)
      .map(({ address, prefixLength }) => formatPrefix(prefixOf(address, prefixLength))),
    ...(ipv6?.addresses ?? []).map(({ address, prefixLength }) =>
      formatIpv6Prefix(ipv6PrefixOf(address, prefixLength)),
    ),
    ...device.dhcpServers
      .filter(server => server.interface === one.name)
      .map(({ subnet }) => formatPrefix(subnet)),
  ];
}
