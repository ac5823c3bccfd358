/** Does the actions in the simulation. */
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { NO_CAUSE } from '../../src/engine/kernel/traffic-observer';
import { Ping } from '../../src/engine/stack/ping';
import { LINUX, SECOND } from '../../src/engine/stack/linux-policy';
import type { Stack } from '../../src/engine/stack/stack';
import { parseInterfaceAddress } from '../../src/net/ipv4-prefix';
import { parseIpv4, type Ipv4Address } from '../../src/net/ipv4-address';
import { parseMac } from '../../src/net/mac-address';
import type {
  ResolvedCable,
  ResolvedDevice,
  ResolvedStackDevice,
  ResolvedSwitch,
  ResolvedTopology,
} from '../../src/topology/resolved';
import {
  AFTERMATH,
  PING_INTERVAL,
  PING_PATIENCE,
  type Action,
  type DatagramAction,
  type EchoService,
  type PingAction,
} from './action';
import type { Capture, CapturedFrame } from './capture';
import { cableEnds, type NetworkPlan, type PlannedBridge, type PlannedMachine } from './network-plan';

/** ns of virtual time in one look at whether an action has ended: less than anything takes that machines do on their own. */
const STRIDE = SECOND / 1000;

/** ns after which an action that never ends is given up. */
const LONGEST_ACTION = 60 * SECOND;

export function runInEngine(
  plan: NetworkPlan,
  services: readonly EchoService[],
  actions: readonly Action[],
  seed = 1,
): Capture {
  const sightings = new Sightings();
  const network = createNetwork(topologyOf(plan), { seed, observer: sightings });
  network.boot();
  for (const { on, port } of services) {
    serveEcho(stackOf(network, on), port);
  }
  const begun: number[] = [];
  for (const action of actions) {
    begun.push(network.now);
    const progress = { ended: false };
    act(network, action, () => (progress.ended = true));
    const latest = network.now + LONGEST_ACTION;
    while (!progress.ended && network.now < latest) {
      network.runUntil(network.now + STRIDE);
      progress.ended ||=
        action.kind === 'wait' && network.now >= (begun.at(-1) ?? 0) + action.seconds * SECOND;
    }
    // Actions of real programs never begin in the same instant.
    network.runUntil(network.now + STRIDE);
  }
  network.runUntil(network.now + AFTERMATH * SECOND);
  return { points: sightings.atPoints(network), actions: begun };
}

function act(network: NetworkControl, action: Action, ended: () => void): void {
  if (action.kind === 'wait') {
    return;
  }
  const stack = stackOf(network, action.from);
  stack.simulator.cause = NO_CAUSE;
  if (action.kind === 'ping') {
    ping(stack, action, ended);
  } else {
    sendDatagram(stack, action, ended);
  }
}

function ping(stack: Stack, action: PingAction, ended: () => void): void {
  const { identifier, count, size = 56, timeToLive = LINUX.timeToLive } = action;
  const request = {
    destination: address(action.to),
    count,
    interval: PING_INTERVAL * SECOND,
    within: PING_PATIENCE * SECOND,
    size,
    identifier,
  };
  if (timeToLive === LINUX.timeToLive) {
    new Ping(stack.simulator, stack.icmp, request, ended).start();
    return;
  }
  // The simulated ping has no option for the time to live, so one request is sent by hand.
  stack.icmp.openEcho(identifier, { echoReply: ended, echoFailed: ended });
  const data = Uint8Array.from({ length: size }, (_, index) => index);
  const options = { timeToLive, typeOfService: 0, dontFragment: true };
  stack.icmp.sendEcho(identifier, 1, request.destination, data, options);
}

function sendDatagram(stack: Stack, action: DatagramAction, ended: () => void): void {
  const end = (): void => {
    socket?.close();
    ended();
  };
  const socket = stack.udp.open(action.fromPort, { datagram: end });
  socket?.send(new TextEncoder().encode(action.text), address(action.to), action.toPort);
  if (!action.answered) {
    end();
  }
}

function serveEcho(stack: Stack, port: number): void {
  const socket = stack.udp.open(port, {
    datagram: (data, from, fromPort, to) => {
      socket?.send(data, from, fromPort, to);
    },
  });
}

/** Collects what leaves and what arrives at every port. */
class Sightings {
  private readonly seen: { port: number; departure: number; arrival: number; frame: CapturedFrame }[] = [];
  private records = 0;

  transmitted(
    departure: number,
    arrival: number,
    port: number,
    frame: { bytes: Uint8Array },
    cause: number,
  ): void {
    const record = this.records++;
    this.seen.push({
      port,
      departure,
      arrival,
      frame: { time: departure, bytes: frame.bytes, record, cause },
    });
  }

  dropped(): void {
    this.records++;
  }

  /** A frame is seen where it departs and, unless the cable lost it or time ended first, where it arrives. */
  atPoints(network: NetworkControl): ReadonlyMap<string, readonly CapturedFrame[]> {
    const nameOf = (port: number): string =>
      `${network.ports[port]?.device ?? ''}:${network.ports[port]?.name ?? ''}`;
    const points = new Map<string, CapturedFrame[]>(network.ports.map((_, port) => [nameOf(port), []]));
    for (const { port, arrival, frame } of this.seen) {
      points.get(nameOf(port))?.push(frame);
      if (arrival <= network.now) {
        points.get(nameOf(network.ports[port]?.peer ?? -1))?.push({ ...frame, time: arrival });
      }
    }
    points.forEach(frames => frames.sort((one, other) => one.time - other.time));
    return points;
  }
}

function stackOf(network: NetworkControl, device: string): Stack {
  const stack = network.stackOf(device);
  if (stack === undefined) {
    throw new Error(`${device} has no stack`);
  }
  return stack;
}

function topologyOf(plan: NetworkPlan): ResolvedTopology {
  const devices: ResolvedDevice[] = [...plan.machines.map(machineOf), ...plan.bridges.map(switchOf)];
  return { name: 'kernel comparison', devices, cables: plan.cables.map(cableOf), scenarios: [] };
}

function machineOf(machine: PlannedMachine): ResolvedStackDevice {
  const { name: id, gateway, masquerade, forwards = false } = machine;
  const interfaces = machine.interfaces.map(planned => {
    const { name } = planned;
    const addresses = [parseInterfaceAddress(planned.address)!];
    const route = gateway === undefined ? {} : { gateway: address(gateway) };
    const addressing = { kind: 'static', addresses, ...route } as const;
    return { name, mac: parseMac(planned.mac)!, mtu: 1500, addressing, source: [] };
  });
  return {
    kind: forwards ? 'router' : 'host',
    id,
    label: id,
    source: [],
    ports: interfaces.map(({ name, mac }) => ({ name, mac, source: [] })),
    interfaces,
    forwarding: forwards,
    ...(masquerade === undefined ? {} : { sourceNat: { outside: masquerade, source: [] } }),
    routes: [],
    nameServers: [],
    dhcpServers: [],
    dnsForwarder: false,
  };
}

function switchOf({ name: id, ports }: PlannedBridge): ResolvedSwitch {
  return {
    kind: 'switch',
    role: 'switch',
    id,
    label: id,
    source: [],
    ports: ports.map(({ name }) => ({ name, source: [] })),
    ageingSeconds: 300,
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

function address(text: string): Ipv4Address {
  return parseIpv4(text)!;
}
