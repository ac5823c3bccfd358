/** Small networks as the topology room would hand them over. */
import { parseIpv4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { macFromNumber } from '../../../src/net/mac-address';
import { parseInterfaceAddress } from '../../../src/net/ipv4-prefix';
import type {
  ResolvedCable,
  ResolvedInterface,
  ResolvedScenario,
  ResolvedStackDevice,
  ResolvedStep,
  ResolvedTopology,
} from '../../../src/topology/resolved';

export function address(text: string): Ipv4Address {
  return parseIpv4(text)!;
}

/** A host with one static interface `eth0`. */
export function host(id: string, cidr: string, number: number): ResolvedStackDevice {
  const source = ['nodes', id];
  const mac = macFromNumber(0x080027000000 + number);
  const eth0: ResolvedInterface = {
    name: 'eth0',
    mac,
    mtu: 1500,
    addressing: { kind: 'static', addresses: [parseInterfaceAddress(cidr)!] },
    source,
  };
  return {
    id,
    label: id,
    kind: 'host',
    source,
    ports: [{ name: 'eth0', mac, source }],
    interfaces: [eth0],
    forwarding: false,
    routes: [],
    nameServers: [],
    dhcpServers: [],
    dnsForwarder: false,
  };
}

/** A gigabit cable of 1 µs between `eth0` of both. */
export function cable(one: string, other: string): ResolvedCable {
  return {
    id: `${one}:eth0 -- ${other}:eth0`,
    ends: [
      { device: one, port: 'eth0' },
      { device: other, port: 'eth0' },
    ],
    rate: 1e9,
    delay: 1000,
    jitter: 0,
    loss: 0,
    queue: 100,
    up: true,
    source: ['links', 0],
  };
}

export function pingStep(from: string, to: string, expect: 'reply' | 'no-reply'): ResolvedStep {
  return {
    kind: 'ping',
    from,
    to: { kind: 'address', address: address(to) },
    expect,
    count: 1,
    within: 1e9,
    source: ['scenarios'],
  };
}

export function scenario(name: string, ...steps: ResolvedStep[]): ResolvedScenario {
  return { name, steps, source: ['scenarios', name] };
}

/** `a` 10.0.0.1 and `b` 10.0.0.2 on one cable. */
export function pair(...scenarios: ResolvedScenario[]): ResolvedTopology {
  return {
    name: 'pair',
    devices: [host('a', '10.0.0.1/24', 1), host('b', '10.0.0.2/24', 2)],
    cables: [cable('a', 'b')],
    scenarios,
  };
}
