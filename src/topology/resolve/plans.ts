/** The address plan of each network and of the internet. */
import { formatIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import {
  addressAt,
  formatPrefix,
  lastAddressOf,
  prefixContains,
  prefixesOverlap,
  type Ipv4Prefix,
} from '../../net/ipv4-prefix';
import type { NetworkSource } from '../file-source';
import type { Report } from '../report';
import { readAddress, readAddresses, readPrefix, reservedRole } from './addresses';
import type { AddressPlan } from './draft';
import {
  INTERNET_ACCESS,
  INTERNET_GATEWAY,
  INTERNET_NAME_SERVER,
  INTERNET_LEASED,
} from './internet-addresses';
import type { Names } from './names';

/** Reads the plans; a network without a subnet has an empty one. */
export function readPlans(names: Names, report: Report): Map<string, AddressPlan> {
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
        nameServers: [],
        leased: INTERNET_LEASED,
        fixed: [
          { address: INTERNET_GATEWAY, owner: name },
          { address: INTERNET_NAME_SERVER, owner: name },
        ],
      });
    }
  }
  return plans;
}

function readPlan(name: string, source: NetworkSource, report: Report): AddressPlan {
  const path = ['networks', name];
  const subnet =
    source.subnet === undefined ? undefined : readPrefix(source.subnet, [...path, 'subnet'], report);
  const gateway = readGateway(name, source, subnet, report);
  const leased = readRange(name, source, subnet, gateway, report);
  return {
    name,
    path,
    ...(subnet && { subnet }),
    ...(gateway !== undefined && { gateway }),
    nameServers: readAddresses(source.dns, [...path, 'dns'], report),
    ...(source.mtu !== undefined && { mtu: source.mtu }),
    ...(leased && { leased }),
    fixed: [],
  };
}

function readGateway(
  name: string,
  source: NetworkSource,
  subnet: Ipv4Prefix | undefined,
  report: Report,
): Ipv4Address | undefined {
  const place = ['networks', name, 'gateway'];
  const gateway = source.gateway === undefined ? undefined : readAddress(source.gateway, place, report);
  if (gateway === undefined) {
    return undefined;
  }
  if (subnet === undefined) {
    if (source.subnet === undefined) {
      report.add('missing-subnet', place, ['gateway']);
    }
    return undefined;
  }
  if (!prefixContains(subnet, gateway)) {
    report.add('outside-subnet', place, [formatIpv4(gateway), formatPrefix(subnet), name]);
    return undefined;
  }
  const role = reservedRole(subnet, gateway);
  if (role !== undefined) {
    report.add('bad-address/reserved', place, [formatIpv4(gateway), role, formatPrefix(subnet)]);
    return undefined;
  }
  return gateway;
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
  if (written === undefined) {
    return defaultRange(subnet, gateway);
  }
  const [first, last] = written.split('-').map(part => parseIpv4(part.trim()));
  if (
    first === undefined ||
    last === undefined ||
    first > last ||
    [first, last].some(one => !prefixContains(subnet, one) || reservedRole(subnet, one) !== undefined)
  ) {
    report.add('dhcp-range', [...path, 'range'], [formatPrefix(subnet)]);
    return undefined;
  }
  return [first, last];
}

/**
 * What a home router leases when nobody chose: .100 to .199, since a router's list of a hundred addresses from .100 on is what most
 * people have at home (OpenWrt's `start` is 100 too), and the addresses below stay free for fixed ones. dnsmasq itself has no default
 * range. A subnet too small for that leases its upper half. The gateway is never leased.
 */
function defaultRange(
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
