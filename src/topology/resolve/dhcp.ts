/**
 * The DHCP server of each network that leases: it runs on the machine that has the gateway's address, as dnsmasq on a home router does, or
 * on another one, behind a relay where that is elsewhere.
 */
import { formatIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { prefixContains, prefixOf } from '../../net/ipv4-prefix';
import type { DhcpSource, LeaseSource, MachineSource, ServiceSource } from '../file-source';
import type { ResolvedDhcpServer, TopologyPath } from '../resolved';
import { parseDuration } from '../units';
import { readAddress, readIps } from './addresses';
import { staticAddresses } from './addressing';
import { reportUnknownInterface } from './bridges';
import { readOptions, readReservations } from './dhcp-settings';
import {
  allInterfaces,
  findInterface,
  interfacesOf,
  isMachine,
  type AddressPlan,
  type Draft,
  type InterfaceDraft,
} from './draft';
import { findNode } from './names';
import { defaultRange, readLeaseRange } from './plans';

/** dnsmasq's default lease: `DEFLEASE` in its src/config.h, one hour as dnsmasq(8) says under --dhcp-range. */
const DEFAULT_LEASE_SECONDS = 3600;

/** dnsmasq(8) raises shorter leases to two minutes. */
const SHORTEST_LEASE_SECONDS = 120;

/** Option 51 is 32 bits and all ones means for ever (RFC 2132 9.2, RFC 2131 3.3). */
const LONGEST_LEASE_SECONDS = 0xfffffffe;

/** Puts the servers on their machines; says which gateways are nobody's. Call it when all addresses are given. */
export function placeDhcpServers(draft: Draft): void {
  const interfaces = allInterfaces(draft);
  for (const [name, source] of draft.names.networks) {
    const plan = draft.plans.get(name);
    if (plan === undefined) {
      continue;
    }
    const owner = gatewayOwner(plan, interfaces);
    const dhcp = source.dhcp ?? false;
    if (dhcp !== false && plan.leased !== undefined) {
      placeServer(draft, plan, dhcp === true ? {} : dhcp, owner, interfaces);
    } else if (plan.gateway !== undefined && owner === undefined) {
      const place = [...plan.path, 'gateway'];
      draft.report.add('gateway-not-owned', place, [name, formatIpv4(plan.gateway)], { severity: 'warning' });
    }
  }
  for (const [name, node] of draft.names.nodes) {
    const service = isMachine(node) ? node.services?.['dhcp'] : undefined;
    if (service !== undefined && isMachine(node)) {
      placeService(draft, name, node, service);
    }
  }
}

function gatewayOwner(plan: AddressPlan, interfaces: readonly InterfaceDraft[]): InterfaceDraft | undefined {
  return interfaces.find(
    one => one.plan === plan && staticAddresses(one).some(({ address }) => address === plan.gateway),
  );
}

function placeServer(
  draft: Draft,
  plan: AddressPlan,
  source: DhcpSource,
  gatewayOwnerInterface: InterfaceDraft | undefined,
  interfaces: readonly InterfaceDraft[],
): void {
  const path = [...plan.path, 'dhcp'];
  const on =
    source.server === undefined
      ? gatewayOwnerInterface
      : namedServer(draft, plan, source.server, source.relay !== undefined, interfaces);
  if (on === undefined) {
    if (source.server === undefined) {
      reportNoServer(draft, plan, path);
    }
    return;
  }
  const { subnet } = plan;
  const own = ownAddress(on, plan, source.relay !== undefined);
  if (subnet === undefined || plan.leased === undefined || own === undefined) {
    return;
  }
  if (source.relay !== undefined) {
    placeRelay(draft, plan, source.relay, on, own, interfaces);
  }
  const [first, last] = plan.leased;
  addServer(draft, on.node, {
    interface: on.name,
    subnet,
    first,
    last,
    // dnsmasq tells itself as router and name server unless it is told otherwise.
    ...(plan.gateway !== undefined && { router: plan.gateway }),
    nameServers: plan.nameServers.length > 0 ? plan.nameServers : [own],
    // Home routers are set up so (OpenWrt's /etc/config/dhcp); dnsmasq started by hand, as a machine's service, is not.
    authoritative: true,
    ...leaseSettings(draft, source, subnet, path),
    source: path,
  });
}

/** The server's address on the network it serves, or any of its own where a relay asks it. */
function ownAddress(on: InterfaceDraft, plan: AddressPlan, relayed: boolean): Ipv4Address | undefined {
  const addresses = staticAddresses(on).map(({ address }) => address);
  const { subnet } = plan;
  return relayed
    ? addresses[0]
    : addresses.find(address => subnet !== undefined && prefixContains(subnet, address));
}

function addServer(draft: Draft, node: string, server: ResolvedDhcpServer): void {
  draft.dhcpServers.set(node, [...(draft.dhcpServers.get(node) ?? []), server]);
}

/** What every server is told in the same words. */
function leaseSettings(
  draft: Draft,
  source: LeaseSource,
  subnet: ResolvedDhcpServer['subnet'],
  path: TopologyPath,
): Pick<ResolvedDhcpServer, 'leaseSeconds' | 'domain' | 'options' | 'reservations'> {
  const options = readOptions(draft, source.options, [...path, 'options']);
  const reservations = readReservations(draft, source.reservations, subnet, [...path, 'reservations']);
  return {
    leaseSeconds: leaseSeconds(source.lease),
    ...(source.domain !== undefined && { domain: source.domain }),
    ...(options.length > 0 && { options }),
    ...(reservations.length > 0 && { reservations }),
  };
}

function placeRelay(
  draft: Draft,
  plan: AddressPlan,
  relay: string,
  server: InterfaceDraft,
  address: Ipv4Address,
  interfaces: readonly InterfaceDraft[],
): void {
  const place = [...plan.path, 'dhcp', 'relay'];
  const node = findNode(draft.names, relay, place, draft.report);
  if (node === undefined) {
    return;
  }
  if (!isMachine(node)) {
    draft.report.add('wrong-kind/machine', place, [relay, node.kind]);
    return;
  }
  const on = interfaces.find(
    one => one.node === relay && one.plan === plan && staticAddresses(one).length > 0,
  );
  if (on === undefined || relay === server.node) {
    draft.report.add('dhcp-without-server/relay', place, [relay, plan.name]);
    return;
  }
  const relays = draft.dhcpRelays.get(relay) ?? [];
  draft.dhcpRelays.set(relay, [...relays, { interface: on.name, server: address, source: place }]);
}

function reportNoServer(draft: Draft, plan: AddressPlan, path: TopologyPath): void {
  const { report } = draft;
  if (plan.gateway === undefined) {
    // A gateway that is written but wrong has been reported.
    if (draft.source.networks?.[plan.name]?.gateway === undefined) {
      report.add('dhcp-without-server/gateway', { key: path }, [plan.name]);
    }
  } else {
    report.add('dhcp-without-server', { key: path }, [plan.name]);
  }
}

function namedServer(
  draft: Draft,
  plan: AddressPlan,
  server: string,
  relayed: boolean,
  interfaces: readonly InterfaceDraft[],
): InterfaceDraft | undefined {
  const place = [...plan.path, 'dhcp', 'server'];
  const node = findNode(draft.names, server, place, draft.report);
  if (node === undefined) {
    return undefined;
  }
  if (!isMachine(node)) {
    draft.report.add('wrong-kind/machine', place, [server, node.kind]);
    return undefined;
  }
  const on = interfaces.find(
    one => one.node === server && (relayed || one.plan === plan) && staticAddresses(one).length > 0,
  );
  if (on === undefined) {
    draft.report.add('dhcp-without-server/join', place, [server, plan.name]);
  }
  return on;
}

/** `services: { dhcp: … }`: a server on one of the machine's own interfaces. */
function placeService(
  draft: Draft,
  node: string,
  machine: MachineSource,
  written: number | ServiceSource | null,
): void {
  const path = ['nodes', node, 'services', 'dhcp'];
  const source = typeof written === 'object' && written !== null ? written : {};
  const on = serviceInterface(draft, node, source, path);
  const [own] = on === undefined ? [] : staticAddresses(on);
  if (on === undefined || own === undefined) {
    return;
  }
  const subnet = prefixOf(own.address, own.prefixLength);
  const range =
    source.range === undefined
      ? defaultRange(subnet, own.address)
      : readLeaseRange(source.range, subnet, [...path, 'range'], draft.report);
  const routerPlace = [...path, 'router'];
  const router =
    source.router === undefined ? own.address : readAddress(source.router, routerPlace, draft.report);
  const { ipv4 } = readIps(source.dns, [...path, 'dns'], draft.report);
  if (range === undefined) {
    return;
  }
  const [first, last] = range;
  const isRouter = machine.forwarding ?? machine.kind === 'router';
  const tellsRouter = router !== undefined && (source.router !== undefined || isRouter);
  addServer(draft, node, {
    interface: on.name,
    subnet,
    first,
    last,
    ...(tellsRouter && { router }),
    nameServers: ipv4.length > 0 ? ipv4 : [own.address],
    ...leaseSettings(draft, source, subnet, path),
    source: path,
  });
}

function serviceInterface(
  draft: Draft,
  node: string,
  source: ServiceSource,
  path: TopologyPath,
): InterfaceDraft | undefined {
  const place = [...path, 'interface'];
  if (source.interface !== undefined) {
    const found = findInterface(draft, node, source.interface);
    if (found === undefined) {
      reportUnknownInterface(draft, node, String(source.interface), place);
    } else if (staticAddresses(found).length === 0) {
      draft.report.add('dhcp-without-server/join', place, [node, found.name]);
    }
    return found;
  }
  const candidates = interfacesOf(draft, node).filter(one => staticAddresses(one).length > 0);
  const [only, another] = candidates;
  if (only === undefined || another !== undefined) {
    draft.report.add('dhcp-interface', { key: path }, [node]);
    return undefined;
  }
  return only;
}

function leaseSeconds(text: string | undefined): number {
  const nanoseconds = text === undefined ? undefined : parseDuration(text);
  if (nanoseconds === undefined) {
    return DEFAULT_LEASE_SECONDS;
  }
  return Math.max(SHORTEST_LEASE_SECONDS, Math.min(LONGEST_LEASE_SECONDS, Math.round(nanoseconds / 1e9)));
}
