/** A plan as the engine's topology. */
import type { IpAddress } from '../../src/net/ip-address';
import { parseIpv6 } from '../../src/net/ipv6-address';
import { parseIpv6InterfaceAddress, parseIpv6Prefix } from '../../src/net/ipv6-prefix';
import { parseIpv4, type Ipv4Address } from '../../src/net/ipv4-address';
import { parseInterfaceAddress, parsePrefix, prefixContains, prefixOf } from '../../src/net/ipv4-prefix';
import { parseMac, UNKNOWN_MAC } from '../../src/net/mac-address';
import type {
  ResolvedAddressing,
  ResolvedCable,
  ResolvedDevice,
  ResolvedFirewallRule,
  ResolvedInterface,
  ResolvedIpv6Addressing,
  ResolvedLink,
  ResolvedPortForward,
  ResolvedRoute,
  ResolvedRouterAdvertisement,
  ResolvedSourceNat,
  ResolvedStackDevice,
  ResolvedSwitch,
  ResolvedTopology,
  ResolvedTunnel,
} from '../../src/topology/resolved';
import {
  cableEnds,
  type NetworkPlan,
  type PlannedBridge,
  type PlannedInterface,
  type PlannedIpv6,
  type PlannedLink,
  type PlannedMachine,
  type PlannedPortForward,
  type PlannedRoute,
  type PlannedRule,
  type PlannedTunnel,
} from './network-plan';

export function topologyOf(plan: NetworkPlan): ResolvedTopology {
  const { tunnels = [] } = plan;
  const devices: ResolvedDevice[] = [
    ...plan.machines.map(machineOf),
    ...plan.bridges.map(switchOf),
    ...tunnels.map(tunnel => tunnelOf(tunnel, plan)),
  ];
  const cables = [
    ...plan.cables.map(cableOf),
    // What a process reads and writes is there at once.
    ...tunnels.map(({ host, device }) => ({
      ...cableOf(`${host}:${device} -- ${host}/${device}:device`),
      rate: Number.POSITIVE_INFINITY,
      delay: 0,
    })),
  ];
  return { name: 'kernel comparison', devices, cables, scenarios: [] };
}

function ipv4(text: string): Ipv4Address {
  return parseIpv4(text)!;
}

export function ipAddress(text: string): IpAddress {
  return parseIpv4(text) ?? parseIpv6(text)!;
}

function machineOf(machine: PlannedMachine): ResolvedStackDevice {
  const { name: id, advertises, forwards = false, routes = [], reversePathFilter } = machine;
  const interfaces = machine.interfaces.map(planned => interfaceOf(planned, machine));
  return {
    kind: forwards ? 'router' : 'host',
    id,
    label: id,
    source: [],
    ports: interfaces
      .filter(({ link }) => link?.kind !== 'vxlan')
      .map(({ name, mac, link }) => {
        return { name, mac, ...(link?.kind === 'tun' ? { carries: 'ip' as const } : {}), source: [] };
      }),
    interfaces,
    forwarding: forwards,
    ipv6Forwarding: forwards,
    ...(reversePathFilter === undefined ? {} : { reversePathFilter }),
    ...sourceNatOf(machine),
    ...(machine.firewall === undefined ? {} : { firewall: machine.firewall.map(ruleOf) }),
    ...(advertises === undefined ? {} : { routerAdvertisements: [advertisementOf(advertises)] }),
    routes: routes.map(routeOf),
    nameServers: [],
    dhcpServers: [],
    dnsForwarder: false,
  };
}

/** radvd's defaults, but for the lifetime, which it makes of its intervals. */
function advertisementOf(advertised: NonNullable<PlannedMachine['advertises']>): ResolvedRouterAdvertisement {
  return {
    interface: advertised.interface,
    prefixes: [parseIpv6Prefix(advertised.prefix)!],
    lifetimeSeconds: 1800,
    nameServers: [],
    otherConfiguration: false,
    source: [],
  };
}

function interfaceOf(planned: PlannedInterface, machine: PlannedMachine): ResolvedInterface {
  const { name, mtu = 1500, address, link, ipv6 } = planned;
  return {
    name,
    mac: link?.kind === 'tun' ? UNKNOWN_MAC : parseMac(planned.mac)!,
    mtu,
    ...linkOf(link),
    addressing: address === undefined ? { kind: 'none' } : staticAddressing(address, machine.gateway),
    ...(ipv6 === undefined ? {} : { ipv6: ipv6Of(ipv6, machine.ipv6Gateway) }),
    source: [],
  };
}

function staticAddressing(text: string, gateway: string | undefined): ResolvedAddressing {
  const address = parseInterfaceAddress(text)!;
  const isOnLink =
    gateway !== undefined && prefixContains(prefixOf(address.address, address.prefixLength), ipv4(gateway));
  return { kind: 'static', addresses: [address], ...(isOnLink ? { gateway: ipv4(gateway) } : {}) };
}

function ipv6Of(
  { address, autoconfiguration = false }: PlannedIpv6,
  gateway: string | undefined,
): ResolvedIpv6Addressing {
  return {
    addresses: address === undefined ? [] : [parseIpv6InterfaceAddress(address)!],
    ...(gateway === undefined ? {} : { gateway: parseIpv6(gateway)! }),
    autoconfiguration,
    statelessDhcp: false,
  };
}

function linkOf(link: PlannedLink | undefined): { readonly link: ResolvedLink } | object {
  switch (link?.kind) {
    case undefined:
      return {};
    case 'tun':
    case 'tap':
      return { link };
    case 'vxlan': {
      const { id, remote, port } = link;
      return { link: { kind: 'vxlan', id, remotes: [ipAddress(remote)], port } };
    }
  }
}

function tunnelOf({ host, device, remote, port }: PlannedTunnel, { machines }: NetworkPlan): ResolvedTunnel {
  const link = machines
    .find(({ name }) => name === host)
    ?.interfaces.find(({ name }) => name === device)?.link;
  const carries = link?.kind === 'tap' ? 'ethernet' : 'ip';
  return {
    kind: 'tunnel',
    id: `${host}/${device}`,
    label: device,
    inside: host,
    source: [],
    ports: [{ name: 'device', carries, source: [] }],
    carries,
    packetInformation: false,
    host,
    localPort: port,
    remote: ipAddress(remote),
    remotePort: port,
  };
}

function routeOf({ to, via, type }: PlannedRoute): ResolvedRoute {
  return {
    to: parsePrefix(to) ?? parseIpv6Prefix(to)!,
    ...(via === undefined ? {} : { via: ipAddress(via) }),
    ...(type === undefined ? {} : { type }),
    metric: 0,
    source: [],
  };
}

function sourceNatOf({
  masquerade,
  forwardedPorts = [],
}: PlannedMachine): { sourceNat: ResolvedSourceNat } | object {
  if (masquerade === undefined) {
    return {};
  }
  const hairpin = forwardedPorts.some(forward => forward.hairpin !== undefined);
  const sourceNat = { outside: masquerade, hairpin, forwards: forwardedPorts.map(forwardOf), source: [] };
  return { sourceNat };
}

function forwardOf(forward: PlannedPortForward): ResolvedPortForward {
  const { protocol, outside, port, inside, insidePort } = forward;
  return {
    name: `${protocol} ${port}`,
    protocol,
    outsideAddress: ipv4(outside),
    outsidePort: port,
    insideAddress: ipv4(inside),
    insidePort,
    source: [],
  };
}

function ruleOf({ port, ...rule }: PlannedRule): ResolvedFirewallRule {
  return { ...rule, ...(port === undefined ? {} : { destinationPorts: [port, port] }), source: [] };
}

function switchOf({
  name: id,
  ports,
  ageing = 300,
  vlanAware = false,
  spanningTree,
}: PlannedBridge): ResolvedSwitch {
  return {
    kind: 'switch',
    role: 'switch',
    id,
    label: id,
    source: [],
    ports: ports.map(({ name, vlan, trunk }) => ({
      name,
      ...(vlan === undefined ? {} : { accessVlan: vlan }),
      ...(trunk === undefined ? {} : { trunk }),
      source: [],
    })),
    ageingSeconds: ageing,
    vlanAware,
    ...(spanningTree === undefined
      ? {}
      : {
          mac: parseMac(spanningTree.mac)!,
          spanningTree: {
            protocol: 'stp',
            priority: spanningTree.priority,
            helloSeconds: spanningTree.hello,
            maximumAgeSeconds: spanningTree.maximumAge,
            forwardDelaySeconds: spanningTree.forwardDelay,
          },
        }),
  };
}

function cableOf(id: string): ResolvedCable {
  const [one, other] = cableEnds(id).map(end => {
    const [device = '', port = ''] = end.split(':');
    return { device, port };
  });
  return {
    id,
    ends: [one!, other!],
    // What a veth pair says of itself.
    rate: 1e10,
    delay: 2000,
    jitter: 0,
    loss: 0,
    queue: 100,
    up: true,
    source: [],
  };
}
