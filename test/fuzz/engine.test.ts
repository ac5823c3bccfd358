/**
 * Throws mutated and random frames at every kind of device: nothing may throw, loop or grow without bound, and every frame that arrives
 * is delivered, forwarded, or dropped with a reason. A fixed number of rounds; FUZZ_SECONDS=600 goes on that long, FUZZ_SEED=7 begins
 * with another round. A failure names its round.
 */
import { expect, it } from 'vitest';
import { createNetwork, type NetworkControl } from '../../src/engine/network';
import { RandomStream } from '../../src/engine/kernel/random-stream';
import { MAXIMUM_CONNECTIONS } from '../../src/engine/stack/netfilter/conntrack/connection-table';
import { Netfilter } from '../../src/engine/stack/netfilter/netfilter';
import { isMulticastIpv4, type Ipv4Address } from '../../src/net/ipv4-address';
import type { ResolvedTopology } from '../../src/topology/resolved';
import { parseArp } from '../../src/wire/arp';
import { checkIcmp, icmpType, isIcmpError } from '../../src/wire/icmp';
import { checkIpv4, headerLength, isFragment, totalLength } from '../../src/wire/ipv4';
import { checkUdp, destinationPort } from '../../src/wire/udp';
import { IP, long } from '../unit/engine/packets';
import { Recorder, type TrafficRecord } from '../unit/engine/recorder';
import { cables, internet, ip, machine, natEngine, net, switchOf, topology } from '../unit/engine/topologies';
import { FrameMutation } from './frame-mutation';

const SECOND = 1_000_000_000;
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const ROUNDS = 80;
const FRAMES = 400;

/** Events that one frame may lead to; more is a loop in virtual time. */
const EVENTS = 20_000;

/** Machines whose interface sends whatever the test says. */
const INJECTORS = [
  'lan-attacker',
  'wan-attacker',
  'left-attacker',
  'right-attacker',
  'near-attacker',
  'nat-1',
  'nat-2',
];

function everything(): ResolvedTopology {
  const home = net('192.168.1.0/24');
  const scope = {
    interface: 'lan',
    subnet: home,
    first: ip('192.168.1.100'),
    last: ip('192.168.1.110'),
    leaseSeconds: 600,
    router: ip('192.168.1.1'),
    nameServers: [ip('192.168.1.1')],
    source: [],
  };
  return topology(
    [
      internet(2),
      machine(
        'home-router',
        { wan: { address: 'dhcp' }, lan: { address: '192.168.1.1/24' } },
        {
          kind: 'router',
          forwarding: true,
          sourceNat: { outside: 'wan', source: [] },
          dnsForwarder: true,
          dhcpServers: [scope],
          routes: [{ to: net('10.7.0.0/16'), via: ip('192.168.1.2'), metric: 0, source: [] }],
        },
      ),
      switchOf('home', 5),
      machine('laptop', { eth0: { address: 'dhcp' } }),
      machine(
        'inner-router',
        {
          up: { address: '192.168.1.2/24', gateway: '192.168.1.1' },
          left: { address: '10.7.1.1/24' },
          right: { address: '10.7.2.1/24' },
        },
        { kind: 'router', forwarding: true },
      ),
      machine('near', { eth0: { address: 'dhcp' } }),
      machine('nat-1', { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:01' } }, { kind: 'vm' }),
      natEngine('nat-1', 'laptop', '7.2'),
      machine('nat-2', { enp0s3: { address: 'dhcp', mac: '08:00:27:00:00:02' } }, { kind: 'vm' }),
      { ...natEngine('nat-2', 'laptop', '7.0'), localhostReachable: true },
      machine('lan-attacker', { eth0: {} }),
      machine('wan-attacker', { eth0: {} }),
      machine('left-attacker', { eth0: {} }),
      machine('right-attacker', { eth0: {} }),
      machine('near-attacker', { eth0: {} }),
    ],
    cables([
      'home-router:wan -- internet:1',
      'wan-attacker:eth0 -- internet:2',
      'home-router:lan -- home:1',
      'laptop:eth0 -- home:2',
      'lan-attacker:eth0 -- home:3',
      'inner-router:up -- home:4',
      'left-attacker:eth0 -- inner-router:left',
      'right-attacker:eth0 -- inner-router:right',
      'near-attacker:eth0 -- near:eth0',
      'nat-1:enp0s3 -- nat-1:1/nat:guest',
      'nat-2:enp0s3 -- nat-2:1/nat:guest',
    ]),
  );
}

/** Some honest traffic, so that tables have something to confuse. */
function work(network: NetworkControl): void {
  for (const from of ['laptop', 'nat-1', 'nat-2']) {
    network.ping(from, { kind: 'name', name: 'web.example' }, { count: 2, within: SECOND }, () => undefined);
  }
  network.ping(
    'home-router',
    { kind: 'address', address: ip('10.7.1.9') },
    { count: 1, within: SECOND },
    () => undefined,
  );
}

/** Whether a frame may end at a device without any record: it told the device something, and asked for nothing. */
function isTaken(bytes: Uint8Array, network: NetworkControl, device: string): boolean {
  if (bytes[12] === 8 && bytes[13] === 6) {
    return typeof parseArp(bytes, 14, bytes.length - 14) !== 'string';
  }
  if (checkIpv4(bytes, IP, bytes.length - IP) !== undefined || isFragment(bytes, IP)) {
    return false;
  }
  const at = IP + headerLength(bytes, IP);
  const length = IP + totalLength(bytes, IP) - at;
  const from = long(bytes, IP + 12) as Ipv4Address;
  const to = long(bytes, IP + 16) as Ipv4Address;
  // A NAT engine hands datagrams for its host to the host's own sockets.
  const stack = network.stackOf(device.endsWith('/nat') ? 'laptop' : device);
  const isLocal =
    stack?.ip.isLocal(to) === true ||
    to === 0xffffffff ||
    isMulticastIpv4(to) ||
    stack?.interfaces.some(on => on.isDirectedBroadcast(to)) === true;
  if (bytes[IP + 9] === 17 && checkUdp(bytes, at, length, from, to) === undefined) {
    const port = destinationPort(bytes, at);
    return (
      port === 68 || ((port === 53 || port === 67 || port >= 32_768) && (isLocal || device.endsWith('/nat')))
    );
  }
  if (bytes[IP + 9] === 1 && checkIcmp(bytes, at, length) === undefined) {
    const type = icmpType(bytes, at);
    return isLocal && (type === 0 || isIcmpError(type));
  }
  return false;
}

/** Frames that arrived somewhere and of which nothing is known since. */
function unaccounted(network: NetworkControl, records: readonly TrafficRecord[]): TrafficRecord[] {
  const causes = new Set(records.map(({ cause }) => cause));
  return records.filter(({ arrival, port, bytes, reason }, index) => {
    if (reason !== undefined || !(arrival <= network.now) || causes.has(index)) {
      return false;
    }
    const { device } = network.ports[network.ports[port]!.peer]!;
    return !isTaken(bytes, network, device);
  });
}

/** Whether the headers of a frame are right: those of a stack or a NAT engine must be, whatever it was sent. */
function hasRightHeaders(bytes: Uint8Array): boolean {
  return bytes[13] === 6
    ? typeof parseArp(bytes, 14, bytes.length - 14) !== 'string'
    : checkIpv4(bytes, IP, bytes.length - IP) === undefined;
}

function checkBounds(network: NetworkControl, devices: readonly string[]): void {
  for (const device of devices) {
    const stack = network.stackOf(device);
    for (const on of stack?.interfaces ?? []) {
      expect([...stack!.arpOf(on)!.entries()].length).toBeLessThanOrEqual(1024);
    }
    const sockets = Reflect.get(stack?.udp ?? {}, 'sockets') as Map<number, unknown> | undefined;
    expect(sockets?.size ?? 0).toBeLessThanOrEqual(2 * 1000 + 200);
    const hook = stack?.ip.hook;
    if (hook instanceof Netfilter) {
      expect(hook.connections.size).toBeLessThanOrEqual(MAXIMUM_CONNECTIONS);
    }
  }
}

function round(plan: ResolvedTopology, seed: number): number {
  const recorder = new Recorder();
  const network = createNetwork(plan, { seed, observer: recorder });
  network.boot();
  network.runUntil(25 * SECOND);
  work(network);
  network.runUntil(30 * SECOND);
  const ids = plan.devices.map(({ id }) => id);
  const stacks = ids.flatMap(id => network.stackOf(id) ?? []);
  const interfaces = stacks.flatMap(stack => stack.interfaces);
  const mutation = new FrameMutation(new RandomStream(seed, 'fuzz'), {
    macs: [
      ...interfaces.map(({ mac }) => mac),
      0x52550a000202,
      0x525400123502,
    ] as (typeof interfaces)[0]['mac'][],
    addresses: [
      ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
      ...[
        '10.0.2.2',
        '10.0.2.3',
        '10.0.2.4',
        '10.0.2.77',
        '203.0.113.10',
        '192.168.1.255',
        '10.7.1.9',
        '8.8.8.8',
      ].map(ip),
    ],
    ports: [7, 53, 67, 68, 5000],
  });
  const seen = recorder.sent.map(({ bytes }) => bytes);
  const injectors = INJECTORS.map(id => network.stackOf(id)!.interfaces[0]!);
  for (let number = 0; number < FRAMES; number++) {
    const on = mutation.pick(injectors);
    on.simulator.cause = -1;
    on.send(mutation.next(seen));
    if (number % 100 === 50) {
      work(network);
    }
    const until = network.now + mutation.pick([1000, 100_000, 10_000_000]);
    expect(network.runUntil(until, EVENTS)).toBeLessThan(EVENTS);
  }
  // Until the last question of ARP has its answer or none, and the last fragment has waited in vain (30 s).
  expect(network.runUntil(network.now + 40 * SECOND, 10 * EVENTS)).toBeLessThan(10 * EVENTS);
  const lost = unaccounted(network, recorder.records);
  expect(
    lost.map(
      ({ port, bytes }) => `${network.ports[port]!.device} sent ${Buffer.from(bytes).toString('hex')}`,
    ),
  ).toEqual([]);
  expect(recorder.changedFrames).toEqual([]);
  const careful = recorder.sent.filter(({ port }) => {
    const { device } = network.ports[port]!;
    return !INJECTORS.includes(device) && device !== 'home' && device !== 'internet';
  });
  expect(careful.filter(({ bytes }) => !hasRightHeaders(bytes))).toEqual([]);
  checkBounds(network, ids);
  return recorder.records.length;
}

it(
  'every device bears every frame',
  () => {
    const plan = everything();
    const end = Date.now() + SECONDS * 1000;
    let records = 0;
    let rounds = 0;
    for (let seed = FIRST_SEED; rounds < ROUNDS || Date.now() < end; seed++, rounds++) {
      try {
        records += round(plan, seed);
      } catch (error) {
        throw new Error(`round ${seed} of the fuzz run (FUZZ_SEED=${seed} repeats it): ${String(error)}`, {
          cause: error,
        });
      }
    }
    console.log(`${rounds} rounds, ${rounds * FRAMES} frames thrown, ${records} records`);
  },
  SECONDS * 1000 + 120_000,
);
