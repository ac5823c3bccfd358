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
import { checkIgmp } from '../../src/wire/igmp';
import { checkIpv4, headerLength, isFragment, totalLength } from '../../src/wire/ipv4';
import { checkTcp, TCP_FLAG, tcpDestinationPort, tcpFlags, tcpHeaderLength } from '../../src/wire/tcp';
import { checkUdp, destinationPort } from '../../src/wire/udp';
import { IP, long } from '../unit/engine/packets';
import { Recorder, type TrafficRecord } from '../unit/engine/recorder';
import { everything, INJECTORS, vocabularyOf, work } from './everything';
import { FrameMutation } from './frame-mutation';

const SECOND = 1_000_000_000;
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const ROUNDS = 80;
const FRAMES = 400;

/** Events that one frame may lead to; more is a loop in virtual time. */
const EVENTS = 20_000;

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
  // Reports and queries of groups are listened to.
  if (bytes[IP + 9] === 2) {
    return isLocal && checkIgmp(bytes, at, length) === undefined;
  }
  // The end of a connection to a name server: an acknowledgement or a reset asks for nothing. Without a connection the first would be reset.
  if (bytes[IP + 9] === 6 && checkTcp(bytes, at, length, from, to) === undefined) {
    const flags = tcpFlags(bytes, at);
    const isBare = length === tcpHeaderLength(bytes, at) && flags === TCP_FLAG.ack;
    const isReset = (flags & TCP_FLAG.rst) !== 0;
    return isLocal && (isBare || isReset) && tcpDestinationPort(bytes, at) === 53;
  }
  return false;
}

/** Port and packet that a fragment belongs to; undefined for a whole packet. */
function fragmentKey(port: number, bytes: Uint8Array): string | undefined {
  return checkIpv4(bytes, IP, bytes.length - IP) === undefined && isFragment(bytes, IP)
    ? `${port} ${bytes.subarray(IP + 4, IP + 6).join()} ${bytes[IP + 9]} ${bytes.subarray(IP + 12, IP + 20).join()}`
    : undefined;
}

/** Frames that arrived somewhere and of which nothing is known since. */
function unaccounted(network: NetworkControl, records: readonly TrafficRecord[]): TrafficRecord[] {
  const causes = new Set(records.map(({ cause }) => cause));
  const answered = new Set(
    records.filter((_, index) => causes.has(index)).map(({ port, bytes }) => fragmentKey(port, bytes)),
  );
  return records.filter(({ arrival, port, bytes, reason }, index) => {
    if (reason !== undefined || !(arrival <= network.now) || causes.has(index)) {
      return false;
    }
    const key = fragmentKey(port, bytes);
    if (key !== undefined && answered.has(key)) {
      // What is said of a packet in fragments is said of the one that made it whole, or of the first.
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
    const hook = stack?.ip.sender.hook;
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
  const mutation = new FrameMutation(new RandomStream(seed, 'fuzz'), vocabularyOf(network, ids));
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
      ({ port, bytes }) =>
        `${network.ports[port]!.device} sent ${network.ports[network.ports[port]!.peer]!.device} ${Buffer.from(bytes).toString('hex')}`,
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
