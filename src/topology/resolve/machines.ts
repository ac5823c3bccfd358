/** Hosts, VMs and routers: what their stacks are told besides addresses. */
import { ipv4FromNumber, formatIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { prefixContains, prefixOf, type Ipv4Prefix } from '../../net/ipv4-prefix';
import type { MachineSource } from '../file-source';
import type { ResolvedInterface, ResolvedRoute, ResolvedStackDevice, TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { readAddress, readAddresses, readPrefix } from './addresses';
import { staticAddresses } from './addressing';
import { findInterface, interfacesOf, type Draft, type InterfaceDraft } from './draft';

/** Ethernet's MTU (RFC 894). */
const DEFAULT_MTU = 1500;

const EVERYWHERE: Ipv4Prefix = prefixOf(ipv4FromNumber(0), 0);

export function resolveMachine(draft: Draft, name: string, source: MachineSource): ResolvedStackDevice {
  const path = ['nodes', name];
  const drafts = interfacesOf(draft, name);
  const inside = draft.hosts.get(name);
  const sourceNat = readSourceNat(draft, name, source);
  const dhcpServers = draft.dhcpServers.get(name) ?? [];
  return {
    kind: source.kind,
    id: name,
    label: name,
    ...(inside !== undefined && { inside }),
    source: path,
    ports: drafts.map(one => ({ name: one.name, mac: one.mac, source: one.path })),
    interfaces: drafts.map(resolveInterface),
    forwarding: source.forwarding ?? source.kind === 'router',
    ...(sourceNat && { sourceNat }),
    routes: readRoutes(draft, name, source, drafts),
    nameServers: readNameServers(draft, source, drafts, path),
    dhcpServers,
    // A server that tells clients to ask it must answer them.
    dnsForwarder: dhcpServers.some(server => tellsItself(server.nameServers, drafts)),
  };
}

function resolveInterface(one: InterfaceDraft): ResolvedInterface {
  return {
    name: one.name,
    ...(one.slot !== undefined && { slot: one.slot }),
    mac: one.mac,
    mtu: one.source.mtu ?? one.plan?.mtu ?? DEFAULT_MTU,
    addressing: one.addressing,
    source: one.path,
  };
}

/** The machine's own resolvers; with a static address and none of its own, those of its network. */
function readNameServers(
  draft: Draft,
  source: MachineSource,
  drafts: readonly InterfaceDraft[],
  path: TopologyPath,
): readonly Ipv4Address[] {
  if (source.dns !== undefined) {
    return readAddresses(source.dns, [...path, 'dns'], draft.report);
  }
  const planned = drafts.find(
    one => one.addressing.kind === 'static' && (one.plan?.nameServers.length ?? 0) > 0,
  );
  const own = drafts.flatMap(staticAddresses).map(({ address }) => address);
  return (planned?.plan?.nameServers ?? []).filter(address => !own.includes(address));
}

const tellsItself = (nameServers: readonly Ipv4Address[], drafts: readonly InterfaceDraft[]): boolean =>
  drafts.flatMap(staticAddresses).some(({ address }) => nameServers.includes(address));

function readSourceNat(draft: Draft, name: string, source: MachineSource): ResolvedStackDevice['sourceNat'] {
  if (source.nat === undefined) {
    return undefined;
  }
  const place = ['nodes', name, 'nat', 'outside'];
  const outside = interfaceNamed(draft, name, source, source.nat.outside, place);
  return outside && { outside: outside.name, source: ['nodes', name, 'nat'] };
}

/** An interface that the machine's own text names. */
function interfaceNamed(
  draft: Draft,
  node: string,
  source: MachineSource,
  written: string | number,
  place: TopologyPath,
): InterfaceDraft | undefined {
  const found = findInterface(draft, node, written);
  const text = String(written);
  if (found !== undefined) {
    return found;
  }
  if (Object.hasOwn(source.interfaces ?? {}, text)) {
    draft.report.add('not-simulated/left-out', place, [text]);
    return undefined;
  }
  const known = interfacesOf(draft, node).flatMap(one =>
    one.slot === undefined ? [one.name] : [one.name, String(one.slot)],
  );
  const suggestion = nearest(text, known);
  if (suggestion === undefined) {
    draft.report.add('unknown-interface', place, [node, text]);
  } else {
    const options = { replacement: suggestion };
    draft.report.add('unknown-interface/suggestion', place, [node, text, suggestion], options);
  }
  return undefined;
}

function readRoutes(
  draft: Draft,
  name: string,
  source: MachineSource,
  drafts: readonly InterfaceDraft[],
): ResolvedRoute[] {
  return (source.routes ?? []).flatMap((route, index) => {
    const path = ['nodes', name, 'routes', index];
    const to = route.to === 'default' ? EVERYWHERE : readPrefix(route.to, [...path, 'to'], draft.report);
    const viaPlace = [...path, 'via'];
    const via = route.via === undefined ? undefined : readAddress(route.via, viaPlace, draft.report);
    const devPlace = [...path, 'dev'];
    const dev =
      route.dev === undefined ? undefined : interfaceNamed(draft, name, source, route.dev, devPlace);
    if (route.via === undefined && route.dev === undefined) {
      draft.report.add('route-without-way', path, []);
    }
    if (via !== undefined && !mayReach(drafts, via)) {
      draft.report.add('route-unreachable', viaPlace, [formatIpv4(via), name]);
    }
    if (to === undefined || (via === undefined && dev === undefined)) {
      return [];
    }
    const way = { ...(via !== undefined && { via }), ...(dev !== undefined && { interface: dev.name }) };
    return [{ to, ...way, metric: route.metric ?? 0, source: path }];
  });
}

/** Whether the next router may be on a link of the machine; what a lease brings can't be told beforehand. */
function mayReach(drafts: readonly InterfaceDraft[], via: Ipv4Address): boolean {
  return drafts.some(
    one =>
      one.addressing.kind === 'dhcp' ||
      staticAddresses(one).some(({ address, prefixLength }) =>
        prefixContains(prefixOf(address, prefixLength), via),
      ),
  );
}
