/** What a route that refuses packets is to them (ip-route(8): unreachable, prohibit, blackhole). */
export const ROUTE_REFUSAL = {
  unreachable: 'route-unreachable',
  prohibit: 'route-prohibited',
  blackhole: 'route-blackhole',
} as const;
