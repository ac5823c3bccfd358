/** Does the actions in the simulation. */
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { SECOND } from '../../src/engine/stack/linux-policy';
import { AFTERMATH, type Action, type Service } from './action';
import type { Capture, CapturedFrame } from './capture';
import { begin, serve } from './engine-actions';
import { capturePoints, hasIpv6, type NetworkPlan } from './network-plan';
import { topologyOf } from './planned-topology';

/** ns of virtual time in one look at whether an action has ended: less than anything takes that machines do on their own. */
const STRIDE = SECOND / 1000;

/** ns until IPv6 has its addresses and has reported all its groups twice, or a spanning tree with short times stands. */
const SETTLED = 12 * SECOND;

/** ns after which an action that never ends is given up. */
const LONGEST_ACTION = 60 * SECOND;

export function runInEngine(
  plan: NetworkPlan,
  services: readonly Service[],
  actions: readonly Action[],
  seed = 1,
): Capture {
  const sightings = new Sightings();
  const network = createNetwork(topologyOf(plan), { seed, observer: sightings });
  network.boot();
  for (const service of services) {
    serve(network, service);
  }
  if (plan.machines.some(hasIpv6) || plan.bridges.some(({ spanningTree }) => spanningTree !== undefined)) {
    network.runUntil(SETTLED);
  }
  const begun: number[] = [];
  for (const action of actions) {
    begun.push(network.now);
    const progress = { ended: false };
    begin(network, action, () => (progress.ended = true));
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
  return { points: sightings.atPoints(network, capturePoints(plan)), actions: begun };
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
  atPoints(network: NetworkControl, names: readonly string[]): ReadonlyMap<string, readonly CapturedFrame[]> {
    const nameOf = (port: number): string =>
      `${network.ports[port]?.device ?? ''}:${network.ports[port]?.name ?? ''}`;
    const points = new Map<string, CapturedFrame[]>(names.map(name => [name, []]));
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
