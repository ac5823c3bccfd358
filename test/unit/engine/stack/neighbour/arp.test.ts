import { describe, expect, it } from 'vitest';
import type { EchoOutcome } from '../../../../../src/engine/stack/ping';
import { ipv4FromNumber } from '../../../../../src/net/ipv4-address';
import { BROADCAST_MAC, formatMac, macFromNumber } from '../../../../../src/net/mac-address';
import { createNetwork } from '../../../../../src/engine/network';
import { arpFrame, echoFrame, frameProblems, fromMac, toMac } from '../../packets';
import { Recorder } from '../../recorder';
import { Bench, SECOND } from '../../station';
import { cables, ip, machine, topology } from '../../topologies';

const PEER = ip('10.0.0.2');
const nothing = { datagram: () => undefined };

/** Two machines on one cable: ports 0 and 1. */
function twoHosts() {
  const recorder = new Recorder();
  const network = createNetwork(
    topology(
      [
        machine('a', { eth0: { address: '10.0.0.1/24' } }),
        machine('b', { eth0: { address: '10.0.0.2/24' } }),
      ],
      cables(['a:eth0 -- b:eth0']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  const ping = (from: string, to: string, at: number) => {
    network.runUntil(at);
    let replies: readonly { result: string }[] = [];
    network.ping(from, { kind: 'address', address: ip(to) }, { count: 1, within: SECOND }, result => {
      ({ replies } = result);
    });
    network.runUntil(at + 0.5 * SECOND);
    return replies.map(({ result }) => result);
  };
  return { recorder, network, ping };
}

describe('the first ping between two machines', () => {
  it('is request, reply, echo, reply; the next needs no question', () => {
    const { recorder, ping } = twoHosts();
    expect(ping('a', '10.0.0.2', 0)).toEqual(['reply']);
    const first = recorder.sent.map(({ port, bytes }) => [port, bytes.length]);
    expect(recorder.lines()).toEqual([
      'arp who-has 10.0.0.2 tell 10.0.0.1',
      `arp 10.0.0.2 is-at ${fromMac(recorder.sent[1]!.bytes)}`,
      '10.0.0.1 > 10.0.0.2 echo request 1',
      '10.0.0.2 > 10.0.0.1 echo reply 1',
    ]);
    expect(first).toEqual([
      [0, 42],
      [1, 42],
      [0, 98],
      [1, 98],
    ]);
    expect(toMac(recorder.sent[0]!.bytes)).toBe('ff:ff:ff:ff:ff:ff');
    expect(recorder.sent[0]!.bytes.subarray(32, 38)).toEqual(new Uint8Array(6));
    expect(toMac(recorder.sent[1]!.bytes)).toBe(fromMac(recorder.sent[0]!.bytes));
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    ping('a', '10.0.0.2', SECOND);
    expect(recorder.lines().slice(4)).toEqual([
      '10.0.0.1 > 10.0.0.2 echo request 1',
      '10.0.0.2 > 10.0.0.1 echo reply 1',
    ]);
  });

  it('makes the answerer ask back, by unicast, five seconds after it answered', () => {
    const { recorder, network, ping } = twoHosts();
    ping('a', '10.0.0.2', 0);
    const reply = recorder.sent[3]!;
    network.runUntil(20 * SECOND);
    const later = recorder.sent.slice(4);
    expect(later.map(({ port }) => port)).toEqual([1, 0]);
    expect(recorder.lines().slice(4)).toEqual([
      'arp who-has 10.0.0.1 tell 10.0.0.2',
      `arp 10.0.0.1 is-at ${fromMac(recorder.sent[0]!.bytes)}`,
    ]);
    expect(later[0]!.time).toBe(reply.time + 5 * SECOND);
    expect(toMac(later[0]!.bytes)).toBe(fromMac(recorder.sent[0]!.bytes));
    // Linux leaves the target's hardware address empty here as well (measured).
    expect(later[0]!.bytes.subarray(32, 38)).toEqual(new Uint8Array(6));
  });

  it('is believed for half to one and a half of 30 s, then used on trust and asked about 5 s later', () => {
    const { recorder, network, ping } = twoHosts();
    ping('a', '10.0.0.2', 0);
    network.runUntil(10 * SECOND);
    ping('a', '10.0.0.2', 14 * SECOND);
    network.runUntil(46 * SECOND);
    const before = recorder.sent.length;
    ping('a', '10.0.0.2', 46 * SECOND);
    network.runUntil(60 * SECOND);
    const later = recorder.sent.slice(before);
    expect(later[0]!.time).toBe(46 * SECOND);
    expect(recorder.lines().slice(before, before + 2)).toEqual([
      '10.0.0.1 > 10.0.0.2 echo request 1',
      '10.0.0.2 > 10.0.0.1 echo reply 1',
    ]);
    const question = later.find(({ port, bytes }) => port === 0 && bytes.length === 42)!;
    expect(question.time).toBe(51 * SECOND);
    expect(toMac(question.bytes)).not.toBe('ff:ff:ff:ff:ff:ff');
  });
});

describe('a neighbour that does not answer', () => {
  it('is asked for three times, a second apart; at three seconds the ping ends as host unreachable, from here', () => {
    const bench = new Bench(['10.0.0.1/24']);
    let outcomes: readonly EchoOutcome[] = [];
    const request = { destination: PEER, count: 1, interval: SECOND, within: 10 * SECOND, size: 56 };
    bench.stack.ping(request, got => {
      outcomes = got;
    });
    bench.run(20);
    expect(bench.recorder.sent.map(({ time }) => time)).toEqual([0, SECOND, 2 * SECOND]);
    expect(new Set(bench.recorder.lines())).toEqual(new Set(['arp who-has 10.0.0.2 tell 10.0.0.1']));
    expect(bench.recorder.drops).toMatchObject([
      { time: 3 * SECOND, reason: 'neighbour-unresolved', port: 0 },
    ]);
    expect(outcomes).toEqual([
      {
        sequence: 1,
        result: 'unreachable',
        time: 3 * SECOND,
        from: ip('10.0.0.1'),
        icmp: { type: 3, code: 1 },
      },
    ]);
  });

  it('is asked again when the next packet comes after the failure', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const socket = bench.stack.udp.open(0, nothing)!;
    socket.send(Uint8Array.of(1), PEER, 9);
    bench.run(3.5);
    socket.send(Uint8Array.of(1), PEER, 9);
    bench.run(10);
    expect(bench.recorder.sent.map(({ time }) => time / SECOND)).toEqual([0, 1, 2, 3.5, 4.5, 5.5]);
    expect(bench.recorder.drops.map(({ time }) => time / SECOND)).toEqual([3, 6.5]);
  });

  it('each waiting packet keeps the cause that brought it: delivered or dropped, it is not the answer’s doing', () => {
    for (const answered of [true, false]) {
      const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24'], { forwarding: true });
      const to = bench.ends(ip('10.0.1.2'), 0);
      bench.introduce(0);
      const brought = [1, 2].map(sequence => {
        const record = bench.recorder.records.length;
        bench.inject(echoFrame(to, 7, sequence));
        return record;
      });
      if (answered) {
        const station = bench.station(1);
        station.send(
          arpFrame(
            2,
            { mac: station.mac, ip: station.address },
            { mac: bench.on(1).mac, ip: ip('10.0.1.1') },
          ),
        );
      }
      bench.run(5);
      const ends = bench.recorder.records.filter(
        ({ bytes, port, reason }) => port === 1 && bytes.length > 42 && (reason !== undefined) !== answered,
      );
      expect(ends.map(({ cause }) => cause)).toEqual(brought);
    }
  });

  it('holds 101 packets back; more are dropped', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const socket = bench.stack.udp.open(0, nothing)!;
    for (let number = 0; number < 105; number++) {
      socket.send(Uint8Array.of(number), PEER, 9);
    }
    expect(bench.recorder.reasons).toEqual(Array(4).fill('neighbour-queue-full'));
    const station = bench.station();
    station.send(arpFrame(2, { mac: station.mac, ip: PEER }, { mac: bench.on().mac, ip: ip('10.0.0.1') }));
    bench.run(0.01);
    expect(station.take().filter(bytes => bytes.length === 43)).toHaveLength(101);
    expect(bench.recorder.reasons).toHaveLength(4);
  });

  it('a known neighbour that fell silent is asked three times by unicast, then given up without a broadcast', () => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.introduce();
    const start = bench.simulator.now;
    const socket = bench.stack.udp.open(0, nothing)!;
    socket.send(Uint8Array.of(1), PEER, 9);
    bench.run(20);
    const asked = bench.recorder.sent.filter(
      ({ port, bytes, time }) => port === 0 && bytes.length === 42 && time >= start,
    );
    expect(asked.map(({ time }) => (time - start) / SECOND)).toEqual([5, 6, 7]);
    expect(asked.map(({ bytes }) => toMac(bytes))).toEqual(Array(3).fill(formatMac(bench.station().mac)));
    const entries = [...bench.stack.arpOf(bench.on())!.entries()];
    expect(entries).toMatchObject([{ address: PEER, entry: { state: 'failed' } }]);
  });
});

describe('what a machine learns and answers (RFC 826)', () => {
  const known = (bench: Bench) =>
    [...bench.stack.arpOf(bench.on())!.entries()].map(({ address, entry: { mac, state } }) => [
      address,
      mac,
      state,
    ]);
  const OTHER = { mac: macFromNumber(0x0200000000ee), ip: ip('10.0.0.9') };

  it('answers a request for its own address to the asker alone, and keeps who asked', () => {
    const bench = new Bench(['10.0.0.1/24 10.0.0.5/24']);
    const station = bench.station();
    for (const own of ['10.0.0.1', '10.0.0.5']) {
      bench.inject(arpFrame(1, { mac: station.mac, ip: station.address }, { ip: ip(own) }));
      const [reply] = station.take();
      expect(reply).toEqual(
        arpFrame(2, { mac: bench.on().mac, ip: ip(own) }, { mac: station.mac, ip: station.address }),
      );
    }
    expect(known(bench)).toEqual([[station.address, station.mac, 'stale']]);
  });

  it.each([
    ['a request for somebody else', arpFrame(1, OTHER, { ip: ip('10.0.0.77') })],
    ['a gratuitous request', arpFrame(1, OTHER, { ip: OTHER.ip })],
    [
      'a reply nobody asked for',
      arpFrame(2, OTHER, { mac: macFromNumber(0x020000000100), ip: ip('10.0.0.1') }),
    ],
    ['an announcement to everyone', arpFrame(2, OTHER, { mac: BROADCAST_MAC, ip: OTHER.ip })],
  ])('neither answers nor learns from %s', (_what, bytes) => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.inject(bytes);
    expect(bench.station().take()).toEqual([]);
    expect(known(bench)).toEqual([]);
  });

  it('answers a probe, whose sender is 0.0.0.0, without learning (RFC 5227 2.1.1)', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const station = bench.station();
    bench.inject(arpFrame(1, { mac: station.mac, ip: ip('0.0.0.0') }, { ip: ip('10.0.0.1') }));
    expect(station.lines()).toEqual([`arp 10.0.0.1 is-at ${formatMac(bench.on().mac)}`]);
    expect(known(bench)).toEqual([]);
  });

  it('believes news of a neighbour it knows: a gratuitous request with another hardware address', () => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.introduce();
    const moved = macFromNumber(0x0200000000dd);
    bench.inject(arpFrame(1, { mac: moved, ip: PEER }, { ip: PEER }));
    expect(known(bench)).toEqual([[PEER, moved, 'stale']]);
    bench.stack.udp.open(0, nothing)!.send(Uint8Array.of(1), PEER, 9);
    bench.run(0.001);
    expect(toMac(bench.station().take()[0]!)).toBe(formatMac(moved));
  });

  it.each([
    ['a reply to everybody', arpFrame(2, { ...OTHER, ip: PEER }, { mac: BROADCAST_MAC, ip: ip('10.0.0.1') })],
    ['a request for somebody else', arpFrame(1, { ...OTHER, ip: PEER }, { ip: ip('10.0.0.77') })],
  ])('takes another hardware address from %s only when the present one is a second old', (_what, bytes) => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.introduce();
    bench.run(0.9);
    bench.inject(bytes);
    expect(known(bench)).toEqual([[PEER, bench.station().mac, 'stale']]);
    bench.run(0.2);
    bench.inject(bytes);
    expect(known(bench)).toEqual([[PEER, OTHER.mac, 'stale']]);
  });

  it('is sure of a neighbour after a reply to itself alone, whatever it is about, but not after one to everybody', () => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.introduce();
    const { mac } = bench.station();
    bench.inject(arpFrame(2, { mac, ip: PEER }, { mac: BROADCAST_MAC, ip: ip('10.0.0.1') }));
    expect(known(bench)).toEqual([[PEER, mac, 'stale']]);
    bench.inject(arpFrame(2, { mac, ip: PEER }, { mac: bench.on().mac, ip: OTHER.ip }));
    expect(known(bench)).toEqual([[PEER, mac, 'reachable']]);
  });

  it('neither answers nor learns from who claims its own address', () => {
    const bench = new Bench(['10.0.0.1/24']);
    for (const operation of [1, 2] as const) {
      const claimed = { mac: OTHER.mac, ip: ip('10.0.0.1') };
      bench.inject(arpFrame(operation, claimed, { mac: bench.on().mac, ip: claimed.ip }));
    }
    expect(bench.takeReasons()).toEqual(['source-invalid', 'source-invalid']);
    expect(bench.station().take()).toEqual([]);
    expect(known(bench)).toEqual([]);
  });

  it('does not answer for 127.0.0.1, which is no address of a link (RFC 1122 3.2.1.3)', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const station = bench.station();
    bench.inject(arpFrame(1, { mac: station.mac, ip: station.address }, { ip: ip('127.0.0.1') }));
    expect(station.take()).toEqual([]);
  });

  it.each([
    ['too short', arpFrame(1, OTHER, { ip: ip('10.0.0.1') }).subarray(0, 41)],
    ['of another hardware type', arpFrame(1, OTHER, { ip: ip('10.0.0.1') }).fill(6, 15, 16)],
    ['with addresses of another length', arpFrame(1, OTHER, { ip: ip('10.0.0.1') }).fill(8, 18, 19)],
  ])('drops a packet that is %s as malformed', (_what, bytes) => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.inject(bytes);
    expect(bench.takeReasons()).toEqual(['malformed']);
    expect(bench.station().take()).toEqual([]);
  });

  it('takes a padded request, as most cards send it', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const longer = new Uint8Array(60);
    longer.set(arpFrame(1, OTHER, { ip: ip('10.0.0.1') }));
    bench.inject(longer);
    expect(bench.station().take()).toHaveLength(1);
  });
});

describe('the neighbour table', () => {
  it('holds 1024 at most, and forgets the one that nothing depends on', () => {
    const bench = new Bench(['10.0.0.1/16']);
    const station = bench.station();
    const entries = () => [...bench.stack.arpOf(bench.on())!.entries()];
    for (let number = 0; number < 1500; number++) {
      const sender = {
        mac: macFromNumber(0x020000010000 + number),
        ip: ipv4FromNumber(ip('10.0.1.0') + number),
      };
      station.send(arpFrame(1, sender, { ip: ip('10.0.0.1') }));
      bench.run(0.000_01);
    }
    bench.run(1);
    expect(entries()).toHaveLength(1024);
    expect(entries().at(-1)!.address).toBe(ip('10.0.1.0') + 1499);
  });

  it('drops a packet for yet another neighbour while all are being asked for', () => {
    const bench = new Bench(['10.0.0.1/16']);
    const socket = bench.stack.udp.open(0, nothing)!;
    for (let number = 0; number < 1030; number++) {
      socket.send(Uint8Array.of(1), ipv4FromNumber(ip('10.0.1.0') + number), 9);
    }
    bench.run(0.5);
    expect(bench.recorder.reasons.filter(reason => reason === 'table-full')).toHaveLength(6);
    expect([...bench.stack.arpOf(bench.on())!.entries()]).toHaveLength(1024);
  });
});

describe('broadcasts need no neighbour', () => {
  it('a datagram to the directed broadcast goes to everyone at once', () => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.stack.udp.open(0, nothing)!.send(Uint8Array.of(1), ip('10.0.0.255'), 9);
    bench.run(0.01);
    expect(bench.station().heard.map(({ bytes }) => toMac(bytes))).toEqual(['ff:ff:ff:ff:ff:ff']);
  });
});
