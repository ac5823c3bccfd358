/** The internet and its servers. */
import { formatIpv4, ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
import { formatPrefix, prefixContains } from '../../net/ipv4-prefix';
import { formatIpv6, type Ipv6Address } from '../../net/ipv6-address';
import { ipv6PrefixContains } from '../../net/ipv6-prefix';
import type { InternetSource } from '../file-source';
import type { ResolvedInternet, ResolvedInternetServer, TopologyPath } from '../resolved';
import { readIp } from './addresses';
import { readRecords } from './dns-records';
import { allInterfaces, interfacesOf, listOf, placeOf, portsOf, type Draft } from './draft';
import {
  FIRST_SERVER,
  INTERNET_ACCESS,
  INTERNET_ACCESS_6,
  INTERNET_GATEWAY,
  INTERNET_GATEWAY_6,
  INTERNET_NAME_SERVER,
  INTERNET_NAME_SERVER_6,
  PRIVATE_NETWORKS,
  serverAddress6,
} from './internet-addresses';
import { keysInOrder } from './names';
import { readServices } from './services';

export function resolveInternet(draft: Draft, name: string, source: InternetSource): ResolvedInternet {
  const path = ['nodes', name];
  const zone = readRecords(draft, source.zone, [...path, 'zone']);
  return {
    kind: 'internet',
    id: name,
    label: name,
    source: path,
    ports: portsOf(draft, name),
    access: INTERNET_ACCESS,
    gateway: INTERNET_GATEWAY,
    nameServer: INTERNET_NAME_SERVER,
    servers: readServers(draft, name, source),
    ...(zone.length > 0 && { zone }),
    ...(draft.ipv6 && {
      ipv6: {
        access: INTERNET_ACCESS_6,
        gateway: INTERNET_GATEWAY_6,
        nameServer: INTERNET_NAME_SERVER_6,
        routes: customerRoutes(draft, name),
      },
    }),
  };
}

/** Each network's IPv6 subnet whose router has a written address on the access network: what a provider would have set up. */
function customerRoutes(
  draft: Draft,
  internet: string,
): NonNullable<NonNullable<ResolvedInternet['ipv6']>['routes']> {
  const plans = [...draft.plans.values()].filter(({ path }) => path[0] === 'networks');
  return plans.flatMap(({ subnet6, gateway6 }) => {
    const router = allInterfaces(draft).find(one =>
      (one.ipv6?.addresses ?? []).some(({ address }) => address === gateway6),
    );
    const outside = interfacesOf(draft, router?.node ?? '').find(one => one.plan?.name === internet);
    const [via] = outside?.ipv6?.addresses ?? [];
    return subnet6 === undefined || via === undefined ? [] : [{ to: subnet6, via: via.address }];
  });
}

interface ServerAddresses {
  readonly ipv4?: Ipv4Address;
  readonly ipv6?: Ipv6Address;
}

function readServers(draft: Draft, internet: string, source: InternetSource): ResolvedInternetServer[] {
  const names = keysInOrder(draft.root, ['nodes', internet, 'servers']);
  const owners = new Map<Ipv4Address | Ipv6Address, string>();
  const written = new Map<string, ServerAddresses>();
  for (const name of names) {
    const path = ['nodes', internet, 'servers', name, 'address'];
    const texts = source.servers?.[name]?.address;
    listOf(texts).forEach((text, index) => {
      const place = placeOf(texts, path, index);
      const address = readServerAddress(draft, text, place);
      const owner = address === undefined ? undefined : owners.get(address);
      if (owner !== undefined) {
        draft.report.add('server-address/taken', place, [text, owner]);
      } else if (address !== undefined) {
        owners.set(address, name);
        const own = typeof address === 'bigint' ? { ipv6: address } : { ipv4: address };
        written.set(name, { ...written.get(name), ...own });
      }
    });
  }
  let next = FIRST_SERVER;
  return names.map((name, index) => {
    const own = written.get(name) ?? {};
    while (own.ipv4 === undefined && owners.has(next)) {
      next = ipv4FromNumber(next + 1);
    }
    const address = own.ipv4 ?? next;
    owners.set(address, name);
    const path = ['nodes', internet, 'servers', name];
    const services = readServices(draft, name, source.servers?.[name]?.services, [...path, 'services']);
    return {
      name: name.toLowerCase(),
      address,
      ...(draft.ipv6 && { ipv6: own.ipv6 ?? serverAddress6(index) }),
      ...(services.length > 0 && { services }),
      source: path,
    };
  });
}

/** A server is outside of what customers and private networks use, or nobody could be routed to it. */
function readServerAddress(
  draft: Draft,
  text: string,
  path: TopologyPath,
): Ipv4Address | Ipv6Address | undefined {
  const address = readIp(text, path, draft.report);
  if (address === undefined) {
    return undefined;
  }
  if (typeof address === 'bigint') {
    const taken = [...draft.plans.values()].some(
      ({ subnet6 }) => subnet6 !== undefined && ipv6PrefixContains(subnet6, address),
    );
    // fc00::/7 and fe80::/10 are nobody's on the internet (RFC 4193, RFC 4291).
    if (taken || /^f[cde]/.test(formatIpv6(address))) {
      draft.report.add('server-address/private', path, [formatIpv6(address)]);
      return undefined;
    }
    return address;
  }
  const subnets = [...draft.plans.values()].flatMap(({ subnet }) => (subnet ? [subnet] : []));
  const inside = subnets.find(subnet => prefixContains(subnet, address));
  if (inside !== undefined) {
    draft.report.add('server-address', path, [formatIpv4(address), formatPrefix(inside)]);
    return undefined;
  }
  if (PRIVATE_NETWORKS.some(network => prefixContains(network, address))) {
    draft.report.add('server-address/private', path, [formatIpv4(address)]);
    return undefined;
  }
  return address;
}
