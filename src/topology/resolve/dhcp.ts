/** The DHCP server of each network that leases: it runs on the machine that has the gateway's address, as dnsmasq on a home router does. */
import { formatIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { prefixContains } from '../../net/ipv4-prefix';
import type { DhcpSource } from '../file-source';
import type { ResolvedDhcpServer } from '../resolved';
import { parseDuration } from '../units';
import { staticAddresses } from './addressing';
import { allInterfaces, type AddressPlan, type Draft, type InterfaceDraft } from './draft';
import { findNode } from './names';

/** dnsmasq's default lease: `DEFLEASE` in its src/config.h, one hour as dnsmasq(8) says under --dhcp-range. */
const DEFAULT_LEASE_SECONDS = 3600;

/** dnsmasq(8) raises shorter leases to two minutes. */
const SHORTEST_LEASE_SECONDS = 120;

/** Option 51 is 32 bits and all ones means for ever (RFC 2132 9.2, RFC 2131 3.3). */
const LONGEST_LEASE_SECONDS = 0xfffffffe;

/** Puts the servers on their machines; says which gateways are nobody's. */
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
    } else if (plan.gateway !== undefined && owner === undefined && !isUnsimulatedGateway(draft, plan)) {
      const place = [...plan.path, 'gateway'];
      draft.report.add('gateway-not-owned', place, [name, formatIpv4(plan.gateway)], { severity: 'warning' });
    }
  }
}

function gatewayOwner(plan: AddressPlan, interfaces: readonly InterfaceDraft[]): InterfaceDraft | undefined {
  return interfaces.find(
    one => one.plan === plan && staticAddresses(one).some(({ address }) => address === plan.gateway),
  );
}

/** The gateway is a machine that is left out, which has been said at that machine. */
function isUnsimulatedGateway(draft: Draft, plan: AddressPlan): boolean {
  return [...draft.names.nodes.values()].some(
    node =>
      node.kind === 'container' &&
      Object.values(node.interfaces ?? {}).some(
        one =>
          one?.network === plan.name &&
          String(one.address).startsWith(`${formatIpv4(plan.gateway ?? (0 as Ipv4Address))}/`),
      ),
  );
}

function placeServer(
  draft: Draft,
  plan: AddressPlan,
  source: DhcpSource,
  gatewayOwnerInterface: InterfaceDraft | undefined,
  interfaces: readonly InterfaceDraft[],
): void {
  const on =
    source.server === undefined ? gatewayOwnerInterface : namedServer(draft, plan, source.server, interfaces);
  const path = [...plan.path, 'dhcp'];
  if (on === undefined) {
    if (source.server === undefined) {
      reportNoServer(draft, plan, path);
    }
    return;
  }
  const subnet = plan.subnet;
  const own = staticAddresses(on).find(
    ({ address }) => subnet !== undefined && prefixContains(subnet, address),
  )?.address;
  if (subnet === undefined || plan.leased === undefined || own === undefined) {
    return;
  }
  const [first, last] = plan.leased;
  const server: ResolvedDhcpServer = {
    interface: on.name,
    subnet,
    first,
    last,
    leaseSeconds: leaseSeconds(source.lease),
    // dnsmasq tells itself as router and name server unless it is told otherwise.
    ...(plan.gateway !== undefined && { router: plan.gateway }),
    nameServers: plan.nameServers.length > 0 ? plan.nameServers : [own],
    ...(source.domain !== undefined && { domain: source.domain }),
    source: path,
  };
  draft.dhcpServers.set(on.node, [...(draft.dhcpServers.get(on.node) ?? []), server]);
}

function reportNoServer(draft: Draft, plan: AddressPlan, path: readonly (string | number)[]): void {
  const { report } = draft;
  if (plan.gateway === undefined) {
    // A gateway that is written but wrong has been reported.
    if (draft.source.networks?.[plan.name]?.gateway === undefined) {
      report.add('dhcp-without-server/gateway', { key: path }, [plan.name]);
    }
  } else if (isUnsimulatedGateway(draft, plan)) {
    report.add('not-simulated/left-out', { key: path }, [formatIpv4(plan.gateway)]);
  } else {
    report.add('dhcp-without-server', { key: path }, [plan.name]);
  }
}

function namedServer(
  draft: Draft,
  plan: AddressPlan,
  server: string,
  interfaces: readonly InterfaceDraft[],
): InterfaceDraft | undefined {
  const place = [...plan.path, 'dhcp', 'server'];
  const node = findNode(draft.names, server, place, draft.report);
  switch (node?.kind) {
    case undefined:
      return undefined;
    case 'container':
    case 'hub':
      draft.report.add('not-simulated/left-out', place, [server]);
      return undefined;
    case 'switch':
    case 'internet':
      draft.report.add('wrong-kind/machine', place, [server, node.kind]);
      return undefined;
    case 'host':
    case 'router':
    case 'vm': {
      const on = interfaces.find(
        one => one.node === server && one.plan === plan && staticAddresses(one).length > 0,
      );
      if (on === undefined) {
        draft.report.add('dhcp-without-server/join', place, [server, plan.name]);
      }
      return on;
    }
  }
}

function leaseSeconds(text: string | undefined): number {
  const nanoseconds = text === undefined ? undefined : parseDuration(text);
  if (nanoseconds === undefined) {
    return DEFAULT_LEASE_SECONDS;
  }
  return Math.max(SHORTEST_LEASE_SECONDS, Math.min(LONGEST_LEASE_SECONDS, Math.round(nanoseconds / 1e9)));
}
