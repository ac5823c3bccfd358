import { describe, expect, it } from 'vitest';
import {
  createNetwork,
  type LookupResult,
  type NetworkControl,
  type PingResult,
} from '../../../src/engine/network';
import { formatIp } from '../../../src/net/ip-address';
import type { ResolvedTarget, ResolvedTopology } from '../../../src/topology/resolved';
import { dhcpOf } from './stack/dhcp/dhcp-frames';
import { frameLine, frameProblems, ttlOf } from './packets';
import { Recorder } from './recorder';
import { SECOND } from './station';
import { cables, internet, ip, machine, natTopology, switchOf, topology } from './topologies';

const WEB: ResolvedTarget = { kind: 'name', name: 'web.example' };

/** A network, booted for a while. */
function booted(plan: ResolvedTopology, seed = 1, until = 30 * SECOND) {
  const recorder = new Recorder();
  const network = createNetwork(plan, { seed, observer: recorder });
  network.boot();
  network.runUntil(until);
  return { recorder, network };
}

function ping(network: NetworkControl, from: string, to: ResolvedTarget, count = 1): PingResult {
  let got: PingResult | undefined;
  network.ping(from, to, { count, within: 2 * SECOND }, result => {
    got = result;
  });
  network.runUntil(network.now + (count + 4) * SECOND);
  return got!;
}

function lookUp(network: NetworkControl, from: string, name: string): LookupResult {
  let got: LookupResult | undefined;
  network.lookup(from, name, 5 * SECOND, result => {
    got = result;
  });
  network.runUntil(network.now + 10 * SECOND);
  return got!;
}

/** Two hosts, two routers in a row and a lossy, jittery cable between them. */
function routedTopology(more: readonly ReturnType<typeof machine>[] = []): ResolvedTopology {
  const fixed = (index: number) => `02:00:00:00:10:0${index}`;
  return topology(
    [
      ...more,
      machine('a', { eth0: { address: '10.0.1.2/24', gateway: '10.0.1.1', mac: fixed(1) } }),
      machine(
        'r1',
        {
          l: { address: '10.0.1.1/24', mac: fixed(2) },
          r: { address: '10.0.9.1/30', gateway: '10.0.9.2', mac: fixed(3) },
        },
        { kind: 'router', forwarding: true },
      ),
      machine(
        'r2',
        {
          l: { address: '10.0.9.2/30', gateway: '10.0.9.1', mac: fixed(4) },
          r: { address: '10.0.2.1/24', mac: fixed(5) },
        },
        { kind: 'router', forwarding: true },
      ),
      machine('b', { eth0: { address: '10.0.2.2/24', gateway: '10.0.2.1', mac: fixed(6) } }),
      machine('c', { eth0: { address: 'dhcp', mac: fixed(7) } }),
      switchOf('sw', 3),
    ],
    [
      ...cables(['a:eth0 -- sw:1', 'r1:l -- sw:2', 'c:eth0 -- sw:3', 'r2:r -- b:eth0']),
      ...cables(['r1:r -- r2:l'], { loss: 0.2, jitter: 3_000_000, delay: 5_000_000 }),
    ],
  );
}

describe('a run repeats itself', () => {
  const logOf = (plan: ResolvedTopology, seed: number, act: (network: NetworkControl) => void) => {
    const { recorder, network } = booted(plan, seed);
    act(network);
    return recorder;
  };
  const traffic = (network: NetworkControl) => {
    ping(network, 'nat-1', WEB, 3);
    ping(network, 'nat-2', { kind: 'device', device: 'laptop' }, 2);
  };

  it.each(['7.0', '7.2'] as const)('to the byte and nanosecond, with one seed; NAT %s', version => {
    const plan = natTopology(version);
    const one = logOf(plan, 5, traffic);
    const other = logOf(plan, 5, traffic);
    expect(one.log.length).toBeGreaterThan(60);
    expect(other.log).toEqual(one.log);
  });

  it('and differs with another seed: the transactions of DHCP, for one', () => {
    const xids = [5, 6].map(seed =>
      logOf(natTopology(), seed, traffic)
        .sent.filter(({ bytes }) => bytes.length === 342)
        .map(({ bytes }) => dhcpOf(bytes).transactionId),
    );
    expect(xids[0]!.length).toBeGreaterThan(4);
    expect(xids[0]!.filter(xid => xids[1]!.includes(xid))).toEqual([]);
  });

  it('however it is cut into steps', () => {
    const plan = natTopology();
    const whole = booted(plan, 3, 60 * SECOND).recorder;
    const recorder = new Recorder();
    const network = createNetwork(plan, { seed: 3, observer: recorder });
    network.boot();
    for (let record = 1; record <= 15; record++) {
      expect(network.step()).toBe(true);
      expect(network.records).toBeGreaterThanOrEqual(record);
    }
    while (network.nextEventTime !== undefined && network.nextEventTime <= 60 * SECOND) {
      network.runUntil(60 * SECOND, 3);
    }
    expect(recorder.log).toEqual(whole.log);
  });

  it('lossy cables and jitter included, and a new device leaves the others’ chances as they were', () => {
    const act = (network: NetworkControl) =>
      ping(network, 'a', { kind: 'address', address: ip('10.0.2.2') }, 30);
    // The stranger comes first in the file: all ports get other numbers.
    const stranger = machine('stranger', { eth0: { address: 'dhcp', mac: '02:00:00:00:99:99' } });
    const plain = logOf(routedTopology(), 1, act);
    const again = logOf(routedTopology(), 1, act);
    const more = logOf(routedTopology([stranger]), 1, act);
    expect(plain.reasons.filter(reason => reason === 'cable-loss').length).toBeGreaterThan(3);
    expect(again.log).toEqual(plain.log);
    const story = (recorder: Recorder, shift: number) =>
      recorder.records
        .filter(({ port }) => port >= shift)
        .map(({ time, arrival, port, bytes, reason }) => [
          time,
          arrival,
          port - shift,
          Buffer.from(bytes).toString('hex'),
          reason,
        ]);
    expect(story(more, 1)).toEqual(story(plain, 0));
  });
});

describe('the chain of causes', () => {
  it('leads from the echo reply at the guest through every hop back to its request', () => {
    const { recorder, network } = booted(natTopology());
    ping(network, 'nat-1', WEB);
    const before = recorder.records.length;
    expect(ping(network, 'nat-1', { kind: 'address', address: ip('203.0.113.10') }).replies).toMatchObject([
      { result: 'reply' },
    ]);
    const names = network.ports.map(({ device, name }) => `${device}:${name}`);
    const reply = recorder.records.findLastIndex(
      ({ port, bytes }) => names[port] === 'nat-1:1/nat:guest' && frameLine(bytes).includes('echo reply'),
    );
    expect(reply).toBeGreaterThanOrEqual(before);
    const chain = recorder.causes(reply).toReversed();
    const address = (device: string) =>
      network
        .addressesOf(device)
        .map(each => each.address)
        .map(formatIp);
    const [laptop] = address('laptop');
    const [wan] = address('home-router');
    expect(
      chain.map(
        each => `${names[recorder.records[each]!.port]!} ${frameLine(recorder.records[each]!.bytes)}`,
      ),
    ).toEqual([
      'nat-1:enp0s3 10.0.2.15 > 203.0.113.10 echo request 1',
      `laptop:eth0 ${laptop!} > 203.0.113.10 echo request 1`,
      `home:1 ${laptop!} > 203.0.113.10 echo request 1`,
      `home-router:wan ${wan!} > 203.0.113.10 echo request 1`,
      `internet:1 203.0.113.10 > ${wan!} echo reply 1`,
      `home-router:lan 203.0.113.10 > ${laptop!} echo reply 1`,
      `home:2 203.0.113.10 > ${laptop!} echo reply 1`,
      'nat-1:1/nat:guest 203.0.113.10 > 10.0.2.15 echo reply 1',
    ]);
    expect(chain.map(each => ttlOf(recorder.records[each]!.bytes))).toEqual([
      64, 64, 64, 63, 64, 63, 63, 255,
    ]);
    expect(recorder.records[chain[0]!]!.cause).toBe(-1);
  });

  it('never points forward, and every frame but a first one arrives before what it causes', () => {
    const { recorder, network } = booted(routedTopology());
    ping(network, 'a', { kind: 'address', address: ip('10.0.2.2') }, 10);
    recorder.records.forEach((record, index) => {
      expect(record.cause).toBeLessThan(index);
      const cause = recorder.records[record.cause];
      if (cause !== undefined && !Number.isNaN(cause.arrival)) {
        expect(record.time).toBeGreaterThanOrEqual(cause.arrival);
      }
    });
  });
});

describe('what a user asks for', () => {
  it('names: an answer, no such name, and no answer', () => {
    const { network, recorder } = booted(natTopology());
    expect(lookUp(network, 'nat-1', 'web.example')).toEqual({
      kind: 'answer',
      addresses: [ip('203.0.113.10')],
      server: ip('10.0.2.3'),
    });
    expect(lookUp(network, 'nat-1', 'WEB.Example.')).toMatchObject({ kind: 'answer' });
    expect(lookUp(network, 'laptop', 'nowhere.example')).toEqual({
      kind: 'nxdomain',
      server: ip('192.168.1.1'),
    });
    expect(lookUp(network, 'home', 'web.example')).toMatchObject({ kind: 'no-answer' });
    expect(lookUp(network, 'nobody', 'web.example')).toMatchObject({ kind: 'no-answer' });
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('pings by name, device, interface and address', () => {
    const { network } = booted(natTopology());
    const results = (
      [
        WEB,
        { kind: 'device', device: 'home-router' },
        { kind: 'device', device: 'home-router', interface: 'wan' },
        { kind: 'address', address: ip('192.168.1.1') },
      ] satisfies ResolvedTarget[]
    ).map(target => ping(network, 'laptop', target));
    expect(results.map(({ replies }) => replies.map(({ result }) => result))).toEqual(
      Array(4).fill(['reply']),
    );
    expect(results[1]!.address).toBe(network.addressesOf('home-router')[0]!.address);
    expect(ping(network, 'laptop', { kind: 'name', name: 'nowhere.example' })).toMatchObject({
      address: undefined,
      replies: [],
    });
    expect(ping(network, 'laptop', { kind: 'device', device: 'home' }).problem).toBeTypeOf('string');
    expect(ping(network, 'home', WEB).problem).toBeTypeOf('string');
  });

  it('asks nobody when it knows no name server, and gives up when none answers', () => {
    const plan = topology(
      [
        machine('a', { eth0: { address: '10.0.0.1/24' } }, { nameServers: [ip('10.0.0.2')] }),
        machine('b', { eth0: { address: '10.0.0.2/24' } }),
      ],
      cables(['a:eth0 -- b:eth0']),
    );
    const { network, recorder } = booted(plan);
    expect(lookUp(network, 'b', 'x.example')).toMatchObject({ kind: 'no-answer' });
    expect(recorder.records).toEqual([]);
    const start = network.now;
    expect(lookUp(network, 'a', 'x.example')).toMatchObject({ kind: 'no-answer' });
    // A closed port says so at once: asked twice for both kinds of address, and no waiting.
    const asked = recorder.sent.filter(({ bytes }) => frameLine(bytes).includes('> 53'));
    expect(asked).toHaveLength(4);
    expect(recorder.sent.filter(({ bytes }) => frameLine(bytes).includes('icmp 3/3'))).toHaveLength(4);
    expect(asked[3]!.time - start).toBeLessThan(SECOND / 100);
  });

  it('bad names are an answer of some kind, never an exception', () => {
    const { network } = booted(natTopology());
    for (const name of [
      '',
      '.',
      '..',
      'a..b',
      'x'.repeat(64),
      `${'x.'.repeat(200)}y`,
      'ü.example',
      '\\300.x',
      '\u0000',
    ]) {
      expect(lookUp(network, 'laptop', name).kind).toMatch(/^(answer|nxdomain|no-answer)$/);
    }
  });
});

describe('building', () => {
  it('numbers ports in the order of the file and knows both ends of each cable', () => {
    const { network } = booted(natTopology(), 1, 0);
    expect(network.ports.map(({ device, name }) => `${device}:${name}`)).toEqual([
      'internet:1',
      'home-router:wan',
      'home-router:lan',
      'home:1',
      'home:2',
      'laptop:eth0',
      'nat-1:enp0s3',
      'nat-1:1/nat:guest',
      'nat-2:enp0s3',
      'nat-2:1/nat:guest',
    ]);
    expect(network.ports.map(({ peer }) => peer)).toEqual([1, 0, 3, 2, 5, 4, 7, 6, 9, 8]);
  });

  it('does nothing before boot, and tells when everybody has an address', () => {
    const heard: string[] = [];
    const network = createNetwork(natTopology(), {
      seed: 1,
      listener: {
        addressesChanged: (device, port, addresses) => heard.push(`${device}:${port} ${addresses.length}`),
      },
    });
    network.runUntil(SECOND);
    expect([network.records, heard.length, network.nextEventTime]).toEqual([0, 0, undefined]);
    network.boot();
    network.runUntil(network.now + 5 * SECOND);
    expect(network.booted).toBe(true);
    expect(heard.sort()).toEqual([
      'home-router:lan 1',
      'home-router:wan 1',
      'laptop:eth0 1',
      'nat-1:enp0s3 1',
      'nat-2:enp0s3 1',
    ]);
  });

  it('bears what a half-written file may hold: cables to nowhere, a NAT without its host, ports without cables', () => {
    const plain = natTopology();
    const { network } = booted(
      {
        ...plain,
        devices: plain.devices.filter(({ id }) => id !== 'laptop'),
        cables: [...plain.cables, ...cables(['nobody:x -- home:2', 'home:2 -- home:2'])],
      },
      1,
      60 * SECOND,
    );
    expect(network.booted).toBe(true);
    expect(network.addressesOf('nat-1')).toEqual([]);
    expect(booted(topology([internet(0)], [])).recorder.records).toEqual([]);
    expect(booted(topology([], [])).network.booted).toBe(true);
  });

  it('a switch with a loop does not stop virtual time: each frame takes its time on the cable', () => {
    const plan = topology(
      [machine('a', { eth0: { address: '10.0.0.1/24' } }), switchOf('s', 3), switchOf('t', 2)],
      cables(['a:eth0 -- s:1', 's:2 -- t:1', 's:3 -- t:2']),
    );
    const { network, recorder } = booted(plan);
    network.ping(
      'a',
      { kind: 'address', address: ip('10.0.0.9') },
      { count: 1, within: SECOND },
      () => undefined,
    );
    const events = network.runUntil(network.now + 10_000_000);
    expect(events).toBeGreaterThan(100);
    expect(events).toBeLessThan(100_000);
    expect(recorder.records.length).toBeGreaterThan(100);
  });
});
