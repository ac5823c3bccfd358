/** Hosts, VMs, routers and containers: what their stacks are told besides addresses. */
import { formatIp, type IpAddress, type IpPrefix } from '../../net/ip-address';
import { ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
import { prefixContains, prefixOf, type Ipv4Prefix } from '../../net/ipv4-prefix';
import { isLinkLocalIpv6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../net/ipv6-address';
import { ipv6PrefixContains, ipv6PrefixOf, type Ipv6Prefix } from '../../net/ipv6-prefix';
import type { MachineSource } from '../file-source';
import type { ResolvedInterface, ResolvedRoute, ResolvedStackDevice } from '../resolved';
import { readIp, readIpPrefix, readIps, type BothAddresses } from './addresses';
import { staticAddresses } from './addressing';
import { readAdvertisements } from './advertisements';
import { reportUnknownInterface } from './bridges';
import { claimOwnPorts } from './listening';
import { findInterface, hasPort, interfacesOf, listOf, type Draft, type InterfaceDraft } from './draft';
import { readFirewall } from './firewall';
import { mtuOf } from './mtu';
import { readGroups } from './multicast-groups';
import { inOrderOfNeed } from './order-of-need';
import { readServices } from './services';
import { readSourceNat } from './source-nat';

const EVERYWHERE: Ipv4Prefix = prefixOf(ipv4FromNumber(0), 0);
const EVERYWHERE_6: Ipv6Prefix = { network: UNSPECIFIED_IPV6, length: 0 };

const REVERSE_PATH_FILTER = { off: 0, strict: 1, loose: 2 } as const;

export function resolveMachine(draft: Draft, name: string, source: MachineSource): ResolvedStackDevice {
  const path = ['nodes', name];
  const drafts = inOrderOfNeed(draft, interfacesOf(draft, name));
  const inside = draft.hosts.get(name);
  const sourceNat = readSourceNat(draft, name, source);
  const firewall = readFirewall(draft, name, source);
  const services = readServices(draft, name, source.services, [...path, 'services']);
  const dhcpServers = draft.dhcpServers.get(name) ?? [];
  const dhcpRelays = draft.dhcpRelays.get(name) ?? [];
  const nameServers = readNameServers(draft, name, source, drafts);
  const searchDomains = listOf(source.search);
  const forwarding = source.forwarding ?? source.kind === 'router';
  const routerAdvertisements = readAdvertisements(draft, name, forwarding);
  const rpFilter = source['rp-filter'];
  // A server that tells clients to ask it must answer them, if not by a DNS service of its own.
  const asked = dhcpServers.find(server => tellsItself(server.nameServers, drafts));
  const dnsForwarder = services.some(({ kind }) => kind === 'dns') ? undefined : asked;
  claimOwnPorts(draft, name, {
    dhcp: dhcpServers[0]?.source ?? dhcpRelays[0]?.source,
    dnsForwarder: dnsForwarder?.source,
    vxlans: drafts.flatMap(one =>
      one.link.kind === 'vxlan' ? [{ port: one.link.port, path: one.path }] : [],
    ),
  });
  return {
    kind: source.kind,
    id: name,
    label: name,
    ...(inside !== undefined && { inside }),
    source: path,
    ports: drafts.filter(hasPort).map(one => ({
      name: one.name,
      ...(one.link.kind === 'tun' ? { carries: 'ip' as const } : { mac: one.mac }),
      source: one.path,
    })),
    interfaces: drafts.map(one => resolveInterface(draft, one)),
    forwarding,
    ...(forwarding && drafts.some(one => one.ipv6 !== undefined) && { ipv6Forwarding: true }),
    ...(rpFilter !== undefined && { reversePathFilter: REVERSE_PATH_FILTER[rpFilter] }),
    ...(sourceNat && { sourceNat }),
    ...(firewall.length > 0 && { firewall }),
    routes: readRoutes(draft, name, source, drafts),
    nameServers: nameServers.ipv4,
    ...(nameServers.ipv6.length > 0 && { ipv6NameServers: nameServers.ipv6 }),
    ...(searchDomains.length > 0 && { searchDomains }),
    dhcpServers,
    ...(dhcpRelays.length > 0 && { dhcpRelays }),
    ...(routerAdvertisements.length > 0 && { routerAdvertisements }),
    dnsForwarder: dnsForwarder !== undefined,
    ...(services.length > 0 && { services }),
  };
}

function resolveInterface(draft: Draft, one: InterfaceDraft): ResolvedInterface {
  const groups = readGroups(one.source.groups, [...one.path, 'groups'], draft.report);
  return {
    name: one.name,
    ...(one.slot !== undefined && { slot: one.slot }),
    ...(one.link.kind !== 'port' && { link: one.link }),
    ...(one.bridge !== undefined && { bridge: one.bridge }),
    ...(!one.up && one.slot === undefined && { up: false }),
    mac: one.mac,
    mtu: mtuOf(draft, one),
    addressing: one.addressing,
    ...(one.ipv6 && { ipv6: one.ipv6 }),
    ...(groups.length > 0 && { groups }),
    source: one.path,
  };
}

/** The machine's own resolvers; with a static address and none of its own, those of its network. */
function readNameServers(
  draft: Draft,
  name: string,
  source: MachineSource,
  drafts: readonly InterfaceDraft[],
): BothAddresses {
  if (source.dns !== undefined) {
    return readIps(source.dns, ['nodes', name, 'dns'], draft.report);
  }
  const planned = drafts.find(
    one => one.addressing.kind === 'static' && (one.plan?.nameServers.length ?? 0) > 0,
  );
  const own = drafts.flatMap(staticAddresses).map(({ address }) => address);
  const planned6 = drafts.find(
    one => (one.ipv6?.addresses.length ?? 0) > 0 && (one.plan?.nameServers6?.length ?? 0) > 0,
  );
  const own6 = drafts.flatMap(one => one.ipv6?.addresses ?? []).map(({ address }) => address);
  return {
    ipv4: (planned?.plan?.nameServers ?? []).filter(address => !own.includes(address)),
    ipv6: (planned6?.plan?.nameServers6 ?? []).filter(address => !own6.includes(address)),
  };
}

const tellsItself = (nameServers: readonly Ipv4Address[], drafts: readonly InterfaceDraft[]): boolean =>
  drafts.flatMap(staticAddresses).some(({ address }) => nameServers.includes(address));

function readRoutes(
  draft: Draft,
  name: string,
  source: MachineSource,
  drafts: readonly InterfaceDraft[],
): ResolvedRoute[] {
  return (source.routes ?? []).flatMap((route, index): ResolvedRoute[] => {
    const path = ['nodes', name, 'routes', index];
    const viaPlace = [...path, 'via'];
    const via = route.via === undefined ? undefined : readIp(route.via, viaPlace, draft.report);
    const to = readDestination(draft, route.to, via, [...path, 'to']);
    const dev = route.dev === undefined ? undefined : findInterface(draft, name, route.dev);
    if (route.dev !== undefined && dev === undefined) {
      reportUnknownInterface(draft, name, String(route.dev), [...path, 'dev']);
    }
    const metric = route.metric ?? 0;
    if (route.type !== undefined) {
      return to === undefined ? [] : [{ to, metric, type: route.type, source: path }];
    }
    if (route.via === undefined && route.dev === undefined) {
      draft.report.add('route-without-way', path, []);
    }
    if (via !== undefined && !mayReach(drafts, via)) {
      draft.report.add('route-unreachable', viaPlace, [formatIp(via), name]);
    }
    if (to === undefined || (via === undefined && dev === undefined)) {
      return [];
    }
    if (via !== undefined && typeof via !== typeof to.network) {
      draft.report.add('mixed-versions', viaPlace, [route.to, formatIp(via)]);
    }
    const way = { ...(via !== undefined && { via }), ...(dev !== undefined && { interface: dev.name }) };
    return [{ to, ...way, metric, source: path }];
  });
}

/** `default` is of the version of the next router. */
function readDestination(
  draft: Draft,
  text: string,
  via: IpAddress | undefined,
  place: readonly (string | number)[],
): IpPrefix | undefined {
  if (text === 'default') {
    return typeof via === 'bigint' ? EVERYWHERE_6 : EVERYWHERE;
  }
  return readIpPrefix(text, place, draft.report);
}

/** Whether the next router may be on a link of the machine; what a lease or an advertisement brings can't be told beforehand. */
function mayReach(drafts: readonly InterfaceDraft[], via: IpAddress): boolean {
  return typeof via === 'bigint'
    ? drafts.some(one => mayReach6(one, via))
    : drafts.some(
        one =>
          one.addressing.kind === 'dhcp' ||
          staticAddresses(one).some(({ address, prefixLength }) =>
            prefixContains(prefixOf(address, prefixLength), via),
          ),
      );
}

function mayReach6({ ipv6 }: InterfaceDraft, via: Ipv6Address): boolean {
  return (
    ipv6 !== undefined &&
    (ipv6.autoconfiguration ||
      isLinkLocalIpv6(via) ||
      ipv6.addresses.some(({ address, prefixLength }) =>
        ipv6PrefixContains(ipv6PrefixOf(address, prefixLength), via),
      ))
  );
}
