/** What a link costs on the way to the root. */

/**
 * Costs of the bridge of Linux 6.18 by rate in Mbit/s, fastest first (port_cost of net/bridge/br_if.c, measured with taps of each speed;
 * kernels before 6.0 and IEEE 802.1D-1998 table 8-5 have 4 for 1 Gbit/s and know nothing between).
 */
const STP_COSTS: readonly (readonly [number, number])[] = [
  [10_000, 2],
  [5000, 3],
  [2500, 4],
  [1000, 5],
  [100, 19],
];

/** Above 10 Gbit/s, and below 100 Mbit/s or unknown (same source). */
const STP_FASTEST = 1;
const STP_SLOWEST = 100;

/** @param rate in bit/s */
export function stpPathCost(rate: number): number {
  const megabits = rate / 1e6;
  if (megabits > 10_000) {
    return STP_FASTEST;
  }
  return STP_COSTS.find(([from]) => megabits >= from)?.[1] ?? STP_SLOWEST;
}

/** IEEE 802.1D-2004 table 17-3: 20,000 for 1 Gbit/s, and in proportion from 200,000,000 down to 1. */
export function rstpPathCost(rate: number): number {
  return rate <= 0 ? 200_000_000 : Math.min(Math.max(Math.round(2e13 / rate), 1), 200_000_000);
}
