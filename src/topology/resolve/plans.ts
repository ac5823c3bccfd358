/** The address plan of each network and of the internet. */
import { isIpv4Prefix } from '../../net/ip-address';
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import {
  addressAt,
  formatPrefix,
  lastAddressOf,
  prefixContains,
  prefixesOverlap,
  type Ipv4Prefix,
} from '../../net/ipv4-prefix';
import { formatIpv6, isLinkLocalIpv6, type Ipv6Address } from '../../net/ipv6-address';
import { formatIpv6Prefix, ipv6PrefixContains, type Ipv6Prefix } from '../../net/ipv6-prefix';
import type { NetworkSource } from '../file-source';
import type { Report } from '../report';
import type { TopologyPath } from '../resolved';
import { readIp, readIpPrefix, readIps, reservedRole } from './addresses';
import { listOf, placeOf, type AddressPlan } from './draft';
import {
  INTERNET_ACCESS,
  INTERNET_ACCESS_6,
  INTERNET_GATEWAY,
  INTERNET_GATEWAY_6,
  INTERNET_NAME_SERVER,
  INTERNET_LEASED,
} from './internet-addresses';
import type { Names } from './names';

/** Reads the plans; a network without a subnet has an empty one. */
export function readPlans(names: Names, ipv6: boolean, report: Report): Map<string, AddressPlan> {
  const plans = new Map<string, AddressPlan>();
  for (const [name, source] of names.networks) {
    plans.set(name, readPlan(name, source, report));
  }
  for (const [name, node] of names.nodes) {
    if (node.kind === 'internet') {
      plans.set(name, {
        name,
        path: ['nodes', name],
        subnet: INTERNET_ACCESS,
        gateway: INTERNET_GATEWAY,
        ...(ipv6 && { subnet6: INTERNET_ACCESS_6, gateway6: INTERNET_GATEWAY_6 }),
        nameServers: [],
        leased: INTERNET_LEASED,
        fixed: [
          { address: INTERNET_GATEWAY, owner: name },
          { address: INTERNET_NAME_SERVER, owner: name },
        ],
        provider: true,
      });
    }
  }
  return plans;
}

interface Subnets {
  readonly subnet?: Ipv4Prefix;
  readonly subnet6?: Ipv6Prefix;
}

function readPlan(name: string, source: NetworkSource, report: Report): AddressPlan {
  const path = ['networks', name];
  const subnets = readSubnets(source, path, report);
  const gateways = readGateways(name, source, subnets, report);
  const leased = readRange(name, source, subnets.subnet, gateways.gateway, report);
  const nameServers = readIps(source.dns, [...path, 'dns'], report);
  return {
    name,
    path,
    ...subnets,
    ...gateways,
    nameServers: nameServers.ipv4,
    nameServers6: nameServers.ipv6,
    ...(source.mtu !== undefined && { mtu: source.mtu }),
    ...(source.vlan !== undefined && { vlan: source.vlan }),
    ...(leased && { leased }),
    fixed: [],
  };
}

/** One subnet of each version at most. */
function readSubnets(source: NetworkSource, path: TopologyPath, report: Report): Subnets {
  const found: { subnet?: Ipv4Prefix; subnet6?: Ipv6Prefix } = {};
  listOf(source.subnet).forEach((text, index) => {
    const place = placeOf(source.subnet, [...path, 'subnet'], index);
    const prefix = readIpPrefix(text, place, report);
    if (prefix === undefined) {
      return;
    }
    if (isIpv4Prefix(prefix)) {
      if (found.subnet !== undefined) {
        report.add('second-subnet', place, ['IPv4']);
      }
      found.subnet ??= prefix;
    } else {
      if (found.subnet6 !== undefined) {
        report.add('second-subnet', place, ['IPv6']);
      }
      found.subnet6 ??= prefix;
    }
  });
  return found;
}

interface Gateways {
  readonly gateway?: Ipv4Address;
  readonly gateway6?: Ipv6Address;
}

function readGateways(name: string, source: NetworkSource, subnets: Subnets, report: Report): Gateways {
  const found: { gateway?: Ipv4Address; gateway6?: Ipv6Address } = {};
  listOf(source.gateway).forEach((text, index) => {
    const place = placeOf(source.gateway, ['networks', name, 'gateway'], index);
    const gateway = readIp(text, place, report);
    if (gateway === undefined) {
      return;
    }
    if (source.subnet === undefined) {
      report.add('missing-subnet', place, ['gateway']);
      return;
    }
    if (typeof gateway === 'bigint') {
      const { subnet6 } = subnets;
      if (subnet6 !== undefined && !isLinkLocalIpv6(gateway) && !ipv6PrefixContains(subnet6, gateway)) {
        report.add('outside-subnet', place, [formatIpv6(gateway), formatIpv6Prefix(subnet6), name]);
      } else {
        found.gateway6 ??= gateway;
      }
    } else if (subnets.subnet !== undefined && checkGateway(name, gateway, subnets.subnet, place, report)) {
      found.gateway ??= gateway;
    }
  });
  return found;
}

function checkGateway(
  name: string,
  gateway: Ipv4Address,
  subnet: Ipv4Prefix,
  place: TopologyPath,
  report: Report,
): boolean {
  if (!prefixContains(subnet, gateway)) {
    report.add('outside-subnet', place, [formatIpv4(gateway), formatPrefix(subnet), name]);
    return false;
  }
  const role = reservedRole(subnet, gateway);
  if (role !== undefined) {
    report.add('bad-address/reserved', place, [formatIpv4(gateway), role, formatPrefix(subnet)]);
    return false;
  }
  return true;
}

function readRange(
  name: string,
  source: NetworkSource,
  subnet: Ipv4Prefix | undefined,
  gateway: Ipv4Address | undefined,
  report: Report,
): readonly [Ipv4Address, Ipv4Address] | undefined {
  const path = ['networks', name, 'dhcp'];
  if (source.dhcp === undefined || source.dhcp === false || source.dhcp === null) {
    return undefined;
  }
  if (subnet === undefined) {
    if (source.subnet === undefined) {
      report.add('missing-subnet', { key: path }, ['dhcp']);
    }
    return undefined;
  }
  if (subnet.length > 30) {
    report.add('subnet-too-small', { key: path }, [formatPrefix(subnet), 'dhcp', 30]);
    return undefined;
  }
  const written = source.dhcp === true ? undefined : source.dhcp.range;
  return written === undefined
    ? defaultRange(subnet, gateway)
    : readLeaseRange(written, subnet, [...path, 'range'], report);
}

/** Reads `192.168.1.100-192.168.1.199`, which must lie inside the subnet. */
export function readLeaseRange(
  written: string,
  subnet: Ipv4Prefix,
  place: TopologyPath,
  report: Report,
): readonly [Ipv4Address, Ipv4Address] | undefined {
  const [first, last] = written.split('-').map(part => parseIpv4(part.trim()));
  if (
    first === undefined ||
    last === undefined ||
    first > last ||
    [first, last].some(one => !prefixContains(subnet, one) || reservedRole(subnet, one) !== undefined)
  ) {
    report.add('dhcp-range', place, [formatPrefix(subnet)]);
    return undefined;
  }
  return [first, last];
}

/**
 * What a home router leases when nobody chose: .100 to .199, since a router's list of a hundred addresses from .100 on is what most
 * people have at home (OpenWrt's `start` is 100 too), and the addresses below stay free for fixed ones. dnsmasq itself has no default
 * range. A subnet too small for that leases its upper half. The gateway is never leased.
 */
export function defaultRange(
  subnet: Ipv4Prefix,
  gateway: Ipv4Address | undefined,
): readonly [Ipv4Address, Ipv4Address] {
  const highest = lastAddressOf(subnet) - subnet.network - 1;
  const first = highest >= 100 ? 100 : Math.ceil((highest + 1) / 2);
  const last = highest >= 100 ? Math.min(199, highest) : highest;
  const taken = gateway === undefined ? -1 : gateway - subnet.network;
  if (taken < first || taken > last || first === last) {
    return [addressAt(subnet, first), addressAt(subnet, last)];
  }
  // Keep the larger side of the gateway.
  return taken - first > last - taken
    ? [addressAt(subnet, first), addressAt(subnet, taken - 1)]
    : [addressAt(subnet, taken + 1), addressAt(subnet, last)];
}

/**
 * Reports subnets that share addresses: an error when one machine is on both, since its routes could not tell them apart; a warning
 * otherwise, since two homes behind NAT may well use the same private network.
 * @param isOnBoth a node that has interfaces on both networks
 */
export function reportOverlaps(
  plans: ReadonlyMap<string, AddressPlan>,
  isOnBoth: (one: string, other: string) => string | undefined,
  report: Report,
): void {
  const earlier: { readonly name: string; readonly subnet: Ipv4Prefix }[] = [];
  for (const [name, { path, subnet }] of plans) {
    if (subnet === undefined || path[0] !== 'networks') {
      continue;
    }
    const overlapping = earlier.filter(one => prefixesOverlap(one.subnet, subnet)).slice(0, COMPARED);
    const values = (other: (typeof earlier)[number]) => [
      formatPrefix(subnet),
      formatPrefix(other.subnet),
      other.name,
    ];
    const related = (other: string) => ({ id: 'first-place', place: ['networks', other, 'subnet'] }) as const;
    const place = [...path, 'subnet'];
    const joined = overlapping.flatMap(other => {
      const node = isOnBoth(name, other.name);
      return node === undefined ? [] : [{ other, node }];
    })[0];
    const apart = overlapping[0];
    if (joined !== undefined) {
      const options = { related: related(joined.other.name) };
      report.add('overlapping-subnets', place, [...values(joined.other), joined.node], options);
    } else if (apart !== undefined) {
      const options = { severity: 'warning', related: related(apart.name) } as const;
      report.add('overlapping-subnets/apart', place, values(apart), options);
    }
    earlier.push({ name, subnet });
  }
}

/** Overlapping networks looked at for each network; one of them is told. */
const COMPARED = 16;
