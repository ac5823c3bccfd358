/** A plan as the engine's topology. */
import { parseIpv4, type Ipv4Address } from '../../src/net/ipv4-address';
import { parseInterfaceAddress, parsePrefix } from '../../src/net/ipv4-prefix';
import { parseMac } from '../../src/net/mac-address';
import type {
  ResolvedCable,
  ResolvedDevice,
  ResolvedInterface,
  ResolvedPortForward,
  ResolvedRoute,
  ResolvedSourceNat,
  ResolvedStackDevice,
  ResolvedSwitch,
  ResolvedTopology,
} from '../../src/topology/resolved';
import {
  cableEnds,
  type NetworkPlan,
  type PlannedBridge,
  type PlannedInterface,
  type PlannedMachine,
  type PlannedPortForward,
  type PlannedRoute,
} from './network-plan';

export function topologyOf(plan: NetworkPlan): ResolvedTopology {
  const devices: ResolvedDevice[] = [...plan.machines.map(machineOf), ...plan.bridges.map(switchOf)];
  return { name: 'kernel comparison', devices, cables: plan.cables.map(cableOf), scenarios: [] };
}

export function ipv4(text: string): Ipv4Address {
  return parseIpv4(text)!;
}

function machineOf(machine: PlannedMachine): ResolvedStackDevice {
  const { name: id, gateway, forwards = false, routes = [], reversePathFilter } = machine;
  const interfaces = machine.interfaces.map(planned => interfaceOf(planned, gateway));
  return {
    kind: forwards ? 'router' : 'host',
    id,
    label: id,
    source: [],
    ports: interfaces.map(({ name, mac }) => ({ name, mac, source: [] })),
    interfaces,
    forwarding: forwards,
    ...(reversePathFilter === undefined ? {} : { reversePathFilter }),
    ...sourceNatOf(machine),
    routes: routes.map(routeOf),
    nameServers: [],
    dhcpServers: [],
    dnsForwarder: false,
  };
}

function interfaceOf(planned: PlannedInterface, gateway: string | undefined): ResolvedInterface {
  const { name, mtu = 1500 } = planned;
  const addresses = [parseInterfaceAddress(planned.address)!];
  const route = gateway === undefined ? {} : { gateway: ipv4(gateway) };
  const addressing = { kind: 'static', addresses, ...route } as const;
  return { name, mac: parseMac(planned.mac)!, mtu, addressing, source: [] };
}

function routeOf({ to, via, type }: PlannedRoute): ResolvedRoute {
  return {
    to: parsePrefix(to)!,
    ...(via === undefined ? {} : { via: ipv4(via) }),
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

function switchOf({ name: id, ports, ageing = 300 }: PlannedBridge): ResolvedSwitch {
  return {
    kind: 'switch',
    role: 'switch',
    id,
    label: id,
    source: [],
    ports: ports.map(({ name }) => ({ name, source: [] })),
    ageingSeconds: ageing,
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
    rate: 1e9,
    delay: 2000,
    jitter: 0,
    loss: 0,
    queue: 100,
    up: true,
    source: [],
  };
}
