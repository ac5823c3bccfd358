/** Runs one benchmark network in the engine and prints what it cost, as one line of JSON. */
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { dropReasonCode } from '../../src/engine/kernel/drop-reason';
import type { EventTarget } from '../../src/engine/kernel/event-queue';
import type { Simulator } from '../../src/engine/kernel/simulator';
import type { UdpSocket } from '../../src/engine/stack/udp-layer';
import type { Ipv4Address } from '../../src/net/ipv4-address';
import { PacketStore } from '../../src/trace/packet-store';
import { pcapngPieces } from '../../src/trace/pcapng';
import { line, pair, tree, type BenchScenario } from './scenarios';

const SCENARIOS: Record<string, () => BenchScenario> = { pair, tree, line, tree1000: () => tree(1000) };

/** 64 bytes of data make a frame of 106. */
const PAYLOAD = 64;
const PORT = 9;
const GAP = 10_000;

class ConstantRate implements EventTarget {
  private readonly data = new Uint8Array(PAYLOAD);
  constructor(
    private readonly simulator: Simulator,
    private readonly socket: UdpSocket,
    private readonly to: Ipv4Address,
    private left: number,
    private readonly gap: number,
  ) {}

  occur(): void {
    this.simulator.cause = -1;
    this.socket.send(this.data, this.to, PORT);
    if (--this.left > 0) {
      this.simulator.schedule(this.simulator.now + this.gap, this, null, 0);
    }
  }
}

function run(
  scenario: BenchScenario,
  packets: number,
  traced: boolean,
): Record<string, number | string | boolean> {
  const store = traced ? new PacketStore({ reasonCode: dropReasonCode }) : undefined;
  const network = createNetwork(scenario.topology, {
    seed: 1,
    ...(store === undefined ? {} : { observer: store }),
  });
  network.boot();
  let delivered = 0;
  const receiver = {
    datagram: () => {
      delivered++;
    },
  };
  const per = Math.floor(packets / scenario.flows.length);
  for (const device of scenario.topology.devices) {
    network.stackOf(device.id)?.udp.open(PORT, receiver);
  }
  scenario.flows.forEach((flow, index) => {
    const stack = network.stackOf(flow.from);
    const socket = stack?.udp.open(0, { datagram: () => undefined });
    if (stack === undefined || socket === undefined) {
      throw new Error(`${flow.from} has no stack`);
    }
    const to = flow.to as Ipv4Address;
    // One packet resolves ARP along the way, as in the ns-3 program; constant rate from one second on.
    stack.simulator.schedule(
      1_000_000 + index * 1000,
      new ConstantRate(stack.simulator, socket, to, 1, 0),
      null,
      0,
    );
    const source = new ConstantRate(stack.simulator, socket, to, per, GAP * scenario.flows.length);
    stack.simulator.schedule(1_000_000_000 + index * GAP, source, null, 0);
  });
  const before = process.cpuUsage();
  const started = performance.now();
  const events = network.runUntil(Number.MAX_SAFE_INTEGER);
  const wall = (performance.now() - started) / 1000;
  const used = process.cpuUsage(before);
  const cpu = (used.user + used.system) / 1e6;
  return {
    engine: 'vnet',
    scenario: scenario.name,
    trace: traced,
    delivered,
    frames: network.records,
    events,
    cpu_s: cpu,
    wall_s: wall,
    trace_bytes: store === undefined ? 0 : store.bytesUsed,
    trace_records: store === undefined ? 0 : store.count - store.oldest,
    rss_mb: process.resourceUsage().maxRSS / 1024,
    ...(store === undefined ? {} : exportCost(store, network.ports)),
  };
}

/** What writing the whole trace as pcapng costs; the pieces go nowhere. */
function exportCost(store: PacketStore, ports: NetworkControl['ports']): Record<string, number> {
  const points = ports.map(({ device, name, peer }) => ({
    name: `${device}:${name}`,
    description: '',
    peer,
  }));
  const before = process.cpuUsage();
  let bytes = 0;
  for (const piece of pcapngPieces(store, points, () => '')) {
    bytes += piece.length;
  }
  const used = process.cpuUsage(before);
  return {
    export_cpu_s: (used.user + used.system) / 1e6,
    export_records: store.count - store.oldest,
    export_bytes: bytes,
  };
}

const [name = 'pair', packets = '1000000', trace = 'off'] = process.argv.slice(2);
const make = SCENARIOS[name];
if (make === undefined) {
  throw new Error(`no scenario ${name}`);
}
run(make(), Math.min(Number(packets), 30_000), trace === 'on');
console.log(JSON.stringify(run(make(), Number(packets), trace === 'on')));
