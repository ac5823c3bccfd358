/** `ip route` and `ip -6 route`: where a machine sends what. */
import { NO_CAUSE } from '../../engine/kernel/traffic-observer';
import type { Route } from '../../engine/stack/routing-table';
import type { Ipv6Route } from '../../engine/stack/ipv6/ipv6-routing-table';
import type { Stack } from '../../engine/stack/stack';
import { formatIp } from '../../net/ip-address';
import { formatPrefix } from '../../net/ipv4-prefix';
import { formatIpv6Prefix } from '../../net/ipv6-prefix';
import type { RowDraft, TableDraft } from './device-table';
import { secondsLeft } from './time-left';

export function routeTable(stack: Stack, now: number): TableDraft {
  const ipv4 = [...stack.routes.all].sort((one, other) => order(one) - order(other));
  const ipv6 = (stack.ipv6?.routes.all ?? []).filter(({ until }) => until > now);
  return {
    kind: 'routes',
    columns: ['destination', 'gateway', 'interface', 'metric', 'origin', 'expires'],
    rows: [...ipv4.map(route4), ...ipv6.map(route => route6(route, now))],
  };
}

/** As `ip route` has them: default first, then by destination. */
function order({ to }: Route): number {
  return to.length === 0 ? -1 : to.network;
}

const ORIGINS = { connected: 'kernel', static: 'static', dhcp: 'dhcp', advertised: 'ra' } as const;

function route4({ to, via, on, metric, origin, type, cause = NO_CAUSE }: Route): RowDraft {
  const prefix = to.length === 0 ? 'default' : formatPrefix(to);
  const destination = type === undefined ? prefix : `${type} ${prefix}`;
  const gateway = via === undefined ? '' : formatIp(via);
  return {
    key: `${destination} ${gateway} ${on.name} ${metric}`,
    cells: [destination, gateway, on.name, String(metric), ORIGINS[origin], ''],
    cause,
  };
}

function route6(route: Ipv6Route, now: number): RowDraft {
  const { to, via, on, metric, origin, refuses, until, cause = NO_CAUSE } = route;
  const prefix = to.length === 0 ? 'default' : formatIpv6Prefix(to);
  const destination = refuses === undefined ? prefix : `${refuses} ${prefix}`;
  const gateway = via === undefined ? '' : formatIp(via);
  return {
    key: `${destination} ${gateway} ${on.name} ${metric}`,
    cells: [destination, gateway, on.name, String(metric), ORIGINS[origin], secondsLeft(until, now)],
    cause,
  };
}
