/** Routes as `ip route` and `ip -6 route` of iproute2 print them. */
import { formatIp, type IpPrefix } from '../../net/ip-address';
import { formatIpv4 } from '../../net/ipv4-address';
import { formatPrefix } from '../../net/ipv4-prefix';
import type { Stack } from '../../engine/stack/stack';
import type { Route } from '../../engine/stack/routing-table';

/** The main table, in the order of `ip route`: default first, then by destination. */
export function routeLines({ routes }: Pick<Stack, 'routes'>): readonly string[] {
  return [...routes.all].sort((one, other) => order(one) - order(other)).map(routeLine);
}

function order({ to }: Route): number {
  return to.length === 0 ? -1 : to.network;
}

function routeLine(route: Route): string {
  const { to, via, on, metric, origin } = route;
  const source = origin === 'connected' ? on.addressTowards(to.network) : undefined;
  return [
    destinationText(to),
    ...(via === undefined ? [] : ['via', formatIp(via)]),
    'dev',
    on.name,
    ...(origin === 'connected' ? ['proto', 'kernel', 'scope', 'link'] : []),
    ...(origin === 'dhcp' ? ['proto', 'dhcp'] : []),
    ...(source === undefined ? [] : ['src', formatIpv4(source)]),
    ...(metric === 0 ? [] : ['metric', String(metric)]),
  ].join(' ');
}

function destinationText(to: Extract<IpPrefix, { network: Route['to']['network'] }>): string {
  return to.length === 0 ? 'default' : to.length === 32 ? formatIpv4(to.network) : formatPrefix(to);
}
