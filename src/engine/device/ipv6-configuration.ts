/** Gives the stack of a machine the IPv6 that the topology says: addresses, advertisements and routes. */
import { isIpv4, isIpv4Prefix } from '../../net/ip-address';
import type { Ipv6Prefix } from '../../net/ipv6-prefix';
import type { ResolvedRoute, ResolvedStackDevice } from '../../topology/resolved';
import { FOREVER } from '../stack/ipv6/ipv6-address-entry';
import { LINUX_IPV6 } from '../stack/ipv6/linux-ipv6-policy';
import type { NetworkInterface } from '../stack/network-interface';
import type { Stack } from '../stack/stack';

/** Addresses come when the links work and nobody else is found to have them. */
export function configureIpv6(
  stack: Stack,
  config: ResolvedStackDevice,
  byName: ReadonlyMap<string, NetworkInterface>,
): void {
  for (const { name, ipv6 } of config.interfaces) {
    const on = byName.get(name);
    if (on !== undefined && ipv6 !== undefined) {
      const advertised = config.routerAdvertisements?.find(each => each.interface === name);
      const advertisement = advertised && { ...advertised, lifetime: advertised.lifetimeSeconds };
      const link = advertisement === undefined ? ipv6 : { ...ipv6, advertisement };
      stack.enableIpv6(on, link, config.ipv6Forwarding ?? false);
    }
  }
  for (const route of config.routes) {
    const { to } = route;
    if (!isIpv4Prefix(to)) {
      addRoute(stack, route, to, byName);
    }
  }
}

function addRoute(
  stack: Stack,
  { via, interface: name, metric, type }: ResolvedRoute,
  to: Ipv6Prefix,
  byName: ReadonlyMap<string, NetworkInterface>,
): void {
  const { ipv6 } = stack;
  if (ipv6 === undefined || (via !== undefined && isIpv4(via))) {
    return;
  }
  const named = name === undefined ? undefined : byName.get(name);
  // A route that refuses leads nowhere, so any interface will do.
  const fallback = type === undefined ? undefined : ipv6.sender.anyInterface();
  const on = named ?? (via === undefined ? undefined : ipv6.interfaceTowards(via)) ?? fallback;
  if (on !== undefined) {
    ipv6.addRoute({
      to,
      via,
      on,
      // Metric 0 stands for the default (Linux ip6_route_add).
      metric: metric === 0 ? LINUX_IPV6.routeMetric : metric,
      origin: 'static',
      until: FOREVER,
      ...(type === undefined ? {} : { refuses: type }),
    });
  }
}
