/** VirtualBox's own DHCP server, as `VBoxManage dhcpserver add` sets it up. */
import { formatIpv4, ipv4FromNumber } from '../../../net/ipv4-address';
import { formatPrefix, lastAddressOf, prefixContains, prefixOf } from '../../../net/ipv4-prefix';
import type { Ipv4InterfaceAddress } from '../../../net/ipv4-prefix';
import type { VirtualBoxDhcpSource } from '../../file-source';
import type { TopologyPath } from '../../resolved';
import { readAddress, readInterfaceAddress } from '../addresses';
import type { Draft } from '../draft';
import { readLeaseRange } from '../plans';
import type { VirtualBoxNetwork } from './network';

/**
 * Gives a network its DHCP server, and the addresses of the network with it.
 * @param usual the server's address when none is written
 */
export function readVirtualBoxDhcp(
  draft: Draft,
  network: VirtualBoxNetwork,
  source: VirtualBoxDhcpSource,
  usual: Ipv4InterfaceAddress | undefined,
  path: TopologyPath,
): void {
  const { report } = draft;
  if (source.server === undefined && usual === undefined) {
    report.add('missing-key', { key: path }, ['DHCP', 'server']);
    return;
  }
  const serverPlace = [...path, 'server'];
  const server =
    source.server === undefined ? usual : readInterfaceAddress(source.server, serverPlace, report);
  if (server === undefined) {
    return;
  }
  const subnet = prefixOf(server.address, server.prefixLength);
  const highest = lastAddressOf(subnet) - 1;
  if (source.range === undefined && server.address >= highest) {
    report.add('dhcp-range', { key: path }, [formatPrefix(subnet)]);
    return;
  }
  const range =
    source.range === undefined
      ? ([ipv4FromNumber(server.address + 1), ipv4FromNumber(highest)] as const)
      : readLeaseRange(source.range, subnet, [...path, 'range'], report);
  if (range === undefined) {
    return;
  }
  const routerPlace = [...path, 'router'];
  const router = source.router === undefined ? undefined : readAddress(source.router, routerPlace, report);
  if (router !== undefined && !prefixContains(subnet, router)) {
    report.add('outside-subnet', routerPlace, [formatIpv4(router), formatPrefix(subnet), network.label]);
  }
  const [first, last] = range;
  network.dhcp = {
    subnet,
    server: server.address,
    first,
    last,
    ...(router !== undefined && { router }),
    tellsHostNameServers: false,
    ...(source.reservations && { reservations: source.reservations }),
    source: path,
  };
  const fixed = [{ address: server.address, owner: 'DHCP' }];
  const known = draft.plans.get(network.id);
  draft.plans.set(network.id, {
    ...(known ?? { name: network.label, path, subnet, nameServers: [] }),
    ...(router !== undefined && { gateway: router }),
    leased: range,
    fixed: [...(known?.fixed ?? []), ...fixed],
  });
}
