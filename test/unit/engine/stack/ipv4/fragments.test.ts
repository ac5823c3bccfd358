/** Packets larger than a link: cut by who sends them, cut by routers, put together where they end, or where NAT must see them whole. */
import { describe, expect, it } from 'vitest';
import { Netfilter } from '../../../../../src/engine/stack/netfilter/netfilter';
import {
  echoFrame,
  frameLine,
  frameProblems,
  idOf,
  IP,
  pattern,
  PAYLOAD,
  sourceOf,
  tosOf,
  ttlOf,
  udpFrame,
  word,
} from '../../packets';
import { fragmentIpv4 } from '../../../../../src/engine/stack/ipv4/fragmentation';
import { FramePool } from '../../../../../src/engine/kernel/frame-pool';
import { Bench } from '../../station';
import { ip } from '../../topologies';

const cut = (bytes: Uint8Array, mtu: number) => fragmentIpv4(bytes, IP, mtu, new FramePool());

/** IP length, offset, and flags as tcpdump writes them. */
function shape(bytes: Uint8Array): string {
  const flags = ['none', '+', 'DF', '+ DF'][bytes[IP + 6]! >> 5]!;
  return `${word(bytes, IP + 2)}@${(word(bytes, IP + 6) & 0x1fff) * 8} ${flags}`;
}

function host() {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  return { bench, ends: bench.ends(), station: bench.station() };
}

describe('a host', () => {
  it('cuts its own datagrams, without DF and under one identification', () => {
    const { bench, station } = host();
    const socket = bench.stack.udp.open(5000, { datagram: () => undefined })!;
    expect(socket.send(pattern(4000), ip('10.0.0.2'), 9)).toBe(true);
    expect(socket.send(pattern(1472), ip('10.0.0.2'), 9)).toBe(true);
    bench.run(0.001);
    const frames = station.take();
    expect(frames.map(shape)).toEqual(['1500@0 +', '1500@1480 +', '1068@2960 none', '1500@0 DF']);
    expect(new Set(frames.slice(0, 3).map(idOf)).size).toBe(1);
    expect(frames.flatMap(frameProblems)).toEqual([]);
  });

  it('refuses what is longer than a packet can be', () => {
    const { bench } = host();
    const socket = bench.stack.udp.open(5000, { datagram: () => undefined })!;
    expect(socket.send(pattern(65_507), ip('10.0.0.2'), 9)).toBe(true);
    bench.run(0.01);
    bench.takeReasons();
    expect(socket.send(pattern(65_508), ip('10.0.0.2'), 9)).toBe(false);
    expect(bench.takeReasons()).toEqual(['packet-too-big']);
  });

  it('answers an echo that came in fragments, in any order, with fragments', () => {
    const { bench, ends, station } = host();
    const request = echoFrame(ends, 7, 1, { data: pattern(4000) });
    for (const fragment of cut(request, 1500).reverse()) {
      bench.inject(fragment);
    }
    const answer = station.take();
    expect(answer.map(shape)).toEqual(['1500@0 +', '1500@1480 +', '1068@2960 none']);
    const data = answer.flatMap(bytes => [...bytes.subarray(PAYLOAD)]).slice(8);
    expect(data).toEqual([...pattern(4000)]);
    expect(bench.takeReasons()).toEqual([]);
  });

  it('gives a socket the whole datagram, and quotes it whole in errors (measured)', () => {
    const { bench, ends, station } = host();
    const heard: number[] = [];
    bench.stack.udp.open(9, { datagram: data => heard.push(data.length) });
    cut(udpFrame(ends, 1, 9, pattern(4000)), 1500).forEach(bytes => {
      bench.inject(bytes);
    });
    cut(udpFrame(ends, 1, 10, pattern(4000), { identification: 2 }), 1500).forEach(bytes => {
      bench.inject(bytes);
    });
    expect(heard).toEqual([4000]);
    const [error] = station.take();
    expect(frameLine(error!)).toBe('10.0.0.1 > 10.0.0.2 icmp 3/3');
    expect(error).toHaveLength(590);
    const quoted = PAYLOAD + 8;
    expect([word(error!, quoted + 2), word(error!, quoted + 6)]).toEqual([4028, 0]);
  });

  it('says after 30 seconds that the rest did not come, if the beginning did (RFC 1122 3.3.2)', () => {
    const { bench, ends, station } = host();
    const [first, second] = cut(echoFrame(ends, 7, 1, { data: pattern(2000) }), 1500);
    bench.inject(first!);
    bench.run(29.9);
    station.take();
    expect(bench.takeReasons()).toEqual([]);
    bench.run(0.2);
    expect(bench.takeReasons()).toEqual(['fragments-missing']);
    const [error] = station.take();
    expect([frameLine(error!), tosOf(error!)]).toEqual(['10.0.0.1 > 10.0.0.2 icmp 11/1', 0xc0]);
    expect(error!.subarray(PAYLOAD + 8)).toEqual(first!.subarray(IP, IP + 548));
    bench.inject(second!);
    bench.run(60);
    expect(bench.takeReasons()).toEqual(['fragments-missing']);
    expect(station.lines().filter(line => line.includes('icmp'))).toEqual([]);
  });

  it('says nothing of a packet whose beginning never came: there is nothing to quote', () => {
    const { bench, ends, station } = host();
    bench.inject(cut(echoFrame(ends, 7, 1, { data: pattern(2000) }), 1500)[1]!);
    bench.run(31);
    expect(bench.takeReasons()).toEqual(['fragments-missing']);
    expect(station.take()).toEqual([]);
  });

  it('records a drop for every fragment it gives up, with the cause that brought it', () => {
    const { bench, ends } = host();
    const [first, second] = cut(echoFrame(ends, 7, 1, { data: pattern(2000) }), 1500);
    const [, shifted] = cut(echoFrame(ends, 7, 1, { data: pattern(2000) }), 1400);
    bench.inject(first!);
    const before = bench.recorder.records.length;
    bench.inject(first!);
    expect(bench.takeReasons()).toEqual(['fragment-repeated']);
    bench.inject(shifted!);
    expect(bench.takeReasons()).toEqual(['fragments-overlap', 'fragments-overlap']);
    const causes = bench.recorder.drops.slice(-2).map(({ cause }) => cause);
    expect(causes[0]).toBeLessThan(before);
    expect(causes[1]).toBeGreaterThan(causes[0]!);
    bench.inject(second!);
    expect(bench.takeReasons()).toEqual([]);
  });
});

describe('a router', () => {
  it('cuts what may be cut for a smaller link, fragments in place, and puts nothing together (measured)', () => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24'], { forwarding: true, mtus: [1500, 1400] });
    bench.introduce(0);
    bench.introduce(1);
    const request = echoFrame(bench.ends('10.0.1.2'), 7, 1, { data: pattern(4000) });
    for (const fragment of cut(request, 1500)) {
      bench.inject(fragment);
    }
    const passed = bench.station(1).take();
    expect(passed.map(shape)).toEqual([
      '1396@0 +',
      '124@1376 +',
      '1396@1480 +',
      '124@2856 +',
      '1068@2960 none',
    ]);
    expect([new Set(passed.map(ttlOf)), new Set(passed.map(idOf))]).toEqual([
      new Set([63]),
      new Set([0x1234]),
    ]);
    expect(passed.flatMap(frameProblems)).toEqual([]);
    expect(bench.takeReasons()).toEqual([]);
  });

  it('with NAT translates every fragment and keeps their sizes, places and identification (measured)', () => {
    const bench = new Bench(['203.0.113.1/24', '192.168.1.1/24'], { forwarding: true });
    bench.introduce(0);
    bench.introduce(1);
    const nat = { config: { outside: 'eth0', source: [] }, outside: bench.on(0) };
    bench.stack.ip.sender.hook = new Netfilter(bench.stack.ip, bench.stack.icmp, { name: 'bench', nat });
    const request = echoFrame(bench.ends('203.0.113.2', 1), 7, 1, { data: pattern(4000) });
    const fragments = cut(request, 1500);
    fragments.forEach(bytes => {
      bench.inject(bytes, 1);
    });
    const out = bench.station(0).take();
    expect(out.map(shape)).toEqual(fragments.map(shape));
    expect(new Set(out.map(bytes => `${sourceOf(bytes)} ${idOf(bytes)}`))).toEqual(
      new Set(['203.0.113.1 4660']),
    );
    const small = cut(request, 576);
    small.reverse().forEach(bytes => {
      bench.inject(bytes, 1);
    });
    expect(bench.station(0).take().map(shape)).toEqual(cut(request, 572).map(shape));
    const answer = echoFrame(bench.ends('203.0.113.1', 0), 7, 1, { type: 0, data: pattern(4000) });
    cut(answer, 1500).forEach(bytes => {
      bench.inject(bytes, 0);
    });
    expect(bench.station(1).take().map(shape)).toEqual(fragments.map(shape));
    expect(bench.takeReasons()).toEqual([]);
  });
});
