import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, formatMac, macFromNumber } from '../../../../src/net/mac-address';
import {
  damaged,
  dontFragmentOf,
  echoFrame,
  frameLine,
  frameProblems,
  fromMac,
  idOf,
  IP,
  ipv4Frame,
  padded,
  pattern,
  PAYLOAD,
  sourceOf,
  toMac,
  tosOf,
  ttlOf,
  udpFrame,
  withHeaderChecksum,
  word,
} from '../packets';
import { Bench } from '../station';
import { ip } from '../topologies';

/** A router between 10.0.0.0/24 (interface 0) and 10.0.1.0/24 (interface 1), which knows both stations. */
function router(options: { readonly mtu?: number } = {}) {
  const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24'], { forwarding: true, ...options });
  bench.introduce(0);
  bench.introduce(1);
  bench.takeReasons();
  const across = bench.ends('10.0.1.2');
  return { bench, across, near: bench.station(0), far: bench.station(1) };
}

/** A host that knows its neighbour. */
function host() {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.takeReasons();
  return { bench, ends: bench.ends(), station: bench.station() };
}

/** The frame with IP options of these bytes, whose number is a multiple of 4. */
function withOptions(bytes: Uint8Array, options: readonly number[]): Uint8Array {
  const longer = Uint8Array.of(...bytes.subarray(0, PAYLOAD), ...options, ...bytes.subarray(PAYLOAD));
  longer[IP] = 0x45 + options.length / 4;
  longer[IP + 3] = bytes[IP + 3]! + options.length;
  return withHeaderChecksum(longer);
}

describe('forwarding (RFC 1812 5.2–5.3)', () => {
  it('takes one from the time to live, writes new hardware addresses and changes nothing else', () => {
    const { bench, across, far } = router();
    const sent = udpFrame(across, 1000, 2000, pattern(100), { dontFragment: true, typeOfService: 0xb8 });
    bench.inject(sent);
    const [got] = far.take();
    expect(frameProblems(got!)).toEqual([]);
    expect([fromMac(got!), toMac(got!)]).toEqual([formatMac(bench.on(1).mac), formatMac(far.mac)]);
    expect([ttlOf(sent), ttlOf(got!)]).toEqual([64, 63]);
    const unchanged = (bytes: Uint8Array) => [
      ...bytes.subarray(IP, IP + 8),
      bytes[IP + 9],
      ...bytes.subarray(IP + 12),
    ];
    expect(unchanged(got!)).toEqual(unchanged(sent));
  });

  it('cuts off the padding of the link the packet came by', () => {
    const { bench, across, far } = router();
    const sent = udpFrame(across, 1000, 2000, pattern(3));
    expect(sent).toHaveLength(45);
    bench.inject(padded(sent, 60));
    expect(far.take().map(bytes => bytes.length)).toEqual([45]);
  });

  it('forwards packets with options and fragments as they are', () => {
    const { bench, across, far } = router();
    const options = withOptions(echoFrame(across), [1, 1, 1, 0]);
    bench.inject(options);
    const first = echoFrame(across, 1, 1, { moreFragments: true });
    const later = echoFrame(across, 1, 1, { fragmentOffset: 1480 });
    bench.inject(first);
    bench.inject(later);
    const got = far.take();
    expect(got.map(ttlOf)).toEqual([63, 63, 63]);
    expect(got.map(bytes => word(bytes, IP + 6))).toEqual([0, 0x2000, 185]);
    expect(got[0]!.subarray(PAYLOAD)).toEqual(options.subarray(PAYLOAD));
    expect(got.flatMap(frameProblems)).toEqual([]);
  });

  it.each([1, 0])(
    'with time to live %i ends here: time exceeded goes back, the packet as it came quoted',
    ttl => {
      const { bench, across, near, far } = router();
      const sent = echoFrame(across, 7, 1, { timeToLive: ttl, data: pattern(56) });
      bench.inject(sent);
      expect(far.take()).toEqual([]);
      expect(bench.takeReasons()).toEqual(['ttl-expired']);
      const [error] = near.take();
      expect(frameProblems(error!)).toEqual([]);
      expect(frameLine(error!)).toBe('10.0.0.1 > 10.0.0.2 icmp 11/0');
      expect([ttlOf(error!), tosOf(error!), dontFragmentOf(error!)]).toEqual([64, 0xc0, false]);
      expect(error!.subarray(PAYLOAD + 4, PAYLOAD + 8)).toEqual(new Uint8Array(4));
      expect(error!.subarray(PAYLOAD + 8)).toEqual(sent.subarray(IP));
    },
  );

  it('with time to live 2 still arrives, with 1', () => {
    const { bench, across, far } = router();
    bench.inject(echoFrame(across, 7, 1, { timeToLive: 2 }));
    expect(far.take().map(ttlOf)).toEqual([1]);
  });

  it('without a route tells the sender that the network is unreachable', () => {
    const { bench, near } = router();
    const sent = udpFrame(bench.ends('192.0.2.9'), 1, 2);
    bench.inject(sent);
    expect(bench.takeReasons()).toEqual(['no-route']);
    const [error] = near.take();
    expect(frameLine(error!)).toBe('10.0.0.1 > 10.0.0.2 icmp 3/0');
    expect(error!.subarray(PAYLOAD + 8)).toEqual(sent.subarray(IP));
  });

  it('a next hop that does not answer: host unreachable for each packet after three seconds', () => {
    const { bench, near } = router();
    for (const sequence of [1, 2, 3]) {
      bench.inject(echoFrame(bench.ends('10.0.1.77'), 7, sequence));
    }
    const start = bench.simulator.now;
    bench.run(10);
    expect(near.heard.map(({ bytes }) => frameLine(bytes)).filter(line => line.includes('icmp'))).toEqual(
      Array(3).fill('10.0.0.1 > 10.0.0.2 icmp 3/1'),
    );
    const errors = near.heard.filter(({ bytes }) => frameLine(bytes).includes('icmp'));
    expect(errors.every(({ time }) => time > start + 2.9e9 && time < start + 3.1e9)).toBe(true);
    // The quoted packet is as it was forwarded: one hop on (measured on Linux).
    expect(errors.map(({ bytes }) => bytes[PAYLOAD + 8 + 8])).toEqual([63, 63, 63]);
    expect(errors.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    expect(bench.takeReasons()).toEqual(Array(3).fill('neighbour-unresolved'));
  });

  it('a packet larger than the next link comes back as 3/4 with that link’s MTU, if it may not be cut (RFC 1191)', () => {
    const { bench, across, near, far } = router({ mtu: 1000 });
    const sent = udpFrame(across, 1, 2, pattern(1200), { dontFragment: true });
    bench.inject(sent);
    expect(bench.takeReasons()).toEqual(['packet-too-big']);
    const [error] = near.take();
    expect(frameLine(error!)).toBe('10.0.0.1 > 10.0.0.2 icmp 3/4');
    expect(word(error!, PAYLOAD + 6)).toBe(1000);
    expect(error!).toHaveLength(590);
    expect(frameProblems(error!)).toEqual([]);
    bench.inject(udpFrame(across, 1, 2, pattern(972), { dontFragment: true }));
    expect(far.take().map(bytes => bytes.length)).toEqual([1014]);
  });

  it('passes a packet on that came by a link-layer broadcast under no circumstances (RFC 1812 5.3.4)', () => {
    const { bench, across, far, near } = router();
    bench.inject(echoFrame({ ...across, toMac: BROADCAST_MAC }));
    bench.inject(echoFrame({ ...across, toMac: macFromNumber(0x01005e000001) }));
    expect(far.take()).toEqual([]);
    expect(near.take()).toEqual([]);
    expect(bench.takeReasons()).toHaveLength(2);
  });

  it('keeps broadcasts to the link they came by', () => {
    const { bench, far } = router();
    bench.inject(echoFrame(bench.ends('255.255.255.255')));
    bench.inject(echoFrame(bench.ends('10.0.0.255')));
    expect(far.take()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['broadcast-ignored', 'broadcast-ignored']);
  });

  it('takes the most specific route, then the one with the lowest metric', () => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24', '10.0.2.1/24'], { forwarding: true });
    const route = (to: string, length: number, index: number, metric: number) => {
      bench.stack.routes.add({
        to: { network: ip(to), length },
        via: bench.station(index).address,
        on: bench.on(index),
        metric,
        origin: 'static',
      });
    };
    route('0.0.0.0', 0, 1, 0);
    route('192.0.2.0', 24, 2, 20);
    route('192.0.2.0', 24, 1, 10);
    route('192.0.2.128', 25, 2, 99);
    const outOf = (to: string) => bench.stack.routes.lookup(ip(to))?.on.name;
    expect(['8.8.8.8', '192.0.2.1', '192.0.2.129', '10.0.2.9', '192.0.2.1'].map(outOf)).toEqual([
      'eth1',
      'eth1',
      'eth2',
      'eth2',
      'eth1',
    ]);
    bench.stack.routes.remove(({ metric }) => metric === 10);
    expect(outOf('192.0.2.1')).toBe('eth2');
  });

  it('a machine that is no router keeps packets for others to itself, silently on the wire', () => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24']);
    bench.inject(echoFrame(bench.ends('10.0.1.2')));
    expect(bench.takeReasons()).toEqual(['forwarding-off']);
    expect([bench.station(0).take(), bench.station(1).take()]).toEqual([[], []]);
  });

  it('answers for the address of its far interface too', () => {
    const { bench, near } = router();
    bench.inject(echoFrame(bench.ends('10.0.1.1')));
    expect(near.lines()).toEqual(['10.0.1.1 > 10.0.0.2 echo reply 1']);
  });
});

describe('what a host takes off the wire', () => {
  const good = () => echoFrame(host().ends, 7, 1, { data: pattern(32) });
  const changed = (at: number, value: number) => {
    const bytes = good();
    bytes[at] = value;
    return withHeaderChecksum(bytes);
  };

  it.each<[string, Uint8Array, string]>([
    ['another version', changed(IP, 0x65), 'malformed'],
    ['a header shorter than 20 bytes', changed(IP, 0x44), 'malformed'],
    ['a header longer than the packet', changed(IP, 0x4f).subarray(0, 70), 'malformed'],
    ['a total length beyond the frame', changed(IP + 3, 200), 'malformed'],
    ['a total length below the header', changed(IP + 3, 19), 'malformed'],
    ['less than a header', good().subarray(0, 33), 'malformed'],
    ['no payload bytes at all behind Ethernet', good().subarray(0, 14), 'malformed'],
    ['a wrong header checksum', damaged(good(), IP + 11), 'checksum-wrong'],
    ['a wrong ICMP checksum', damaged(good(), PAYLOAD + 10), 'checksum-wrong'],
    ['an ICMP message of 7 bytes', ipv4Frame(host().ends, new Uint8Array(7)), 'malformed'],
    ['a UDP length of 7', damagedLength(7), 'malformed'],
    ['a UDP length beyond the packet', damagedLength(500), 'malformed'],
    ['a wrong UDP checksum', damaged(udpFrame(host().ends, 1, 2), PAYLOAD + 9), 'checksum-wrong'],
    ['a multicast source', echoFrame({ ...host().ends, from: ip('224.0.0.5') }), 'source-invalid'],
    ['a broadcast source', echoFrame({ ...host().ends, from: ip('255.255.255.255') }), 'source-invalid'],
    ['a loopback source', echoFrame({ ...host().ends, from: ip('127.0.0.9') }), 'source-invalid'],
    ['no source, to one host', echoFrame({ ...host().ends, from: ip('0.0.0.0') }), 'source-invalid'],
    [
      'another station’s hardware address',
      echoFrame({ ...host().ends, toMac: macFromNumber(2) }),
      'not-for-this-station',
    ],
    ['an unknown EtherType', withType(good(), 0x86dd), 'ethertype-unknown'],
    ['an 802.3 length', withType(good(), 0x0040), 'ethertype-unknown'],
    [
      'a message of a spanning tree',
      withType(echoFrame({ ...host().ends, toMac: macFromNumber(0x0180c2000000) }), 0x0026),
      'multicast-not-joined',
    ],
    ['13 bytes', good().subarray(0, 13), 'malformed'],
    ['nothing', new Uint8Array(0), 'malformed'],
  ])('drops %s, says why and does not answer', (_what, bytes, reason) => {
    const { bench, station } = host();
    bench.inject(bytes);
    expect(bench.takeReasons()).toEqual([reason]);
    expect(station.take()).toEqual([]);
  });

  it('drops a packet to 127.0.0.1 from outside (RFC 1122 3.2.1.3)', () => {
    const { bench, station } = host();
    const heard: number[] = [];
    bench.stack.udp.open(53, { datagram: data => heard.push(data.length) });
    bench.inject(echoFrame(bench.ends('127.0.0.1')));
    bench.inject(udpFrame(bench.ends('127.0.0.1'), 1, 53));
    expect(station.take()).toEqual([]);
    expect(heard).toEqual([]);
    expect(bench.takeReasons()).toHaveLength(2);
  });

  it('takes a packet with options, and answers behind them', () => {
    const { bench, station, ends } = host();
    bench.inject(withOptions(echoFrame(ends), [1, 1, 1, 0]));
    expect(station.lines()).toEqual(['10.0.0.1 > 10.0.0.2 echo reply 1']);
  });

  it('takes a padded packet and does not send the padding back', () => {
    const { bench, station, ends } = host();
    bench.inject(padded(echoFrame(ends, 7, 1, { data: pattern(2) }), 60));
    expect(station.take().map(bytes => bytes.length)).toEqual([44]);
  });

  function damagedLength(length: number): Uint8Array {
    const bytes = udpFrame(host().ends, 1, 2);
    bytes[PAYLOAD + 4] = length >> 8;
    bytes[PAYLOAD + 5] = length & 255;
    return bytes;
  }

  function withType(bytes: Uint8Array, type: number): Uint8Array {
    bytes[12] = type >> 8;
    bytes[13] = type & 255;
    return bytes;
  }
});

describe('packets of a machine to itself', () => {
  it.each(['10.0.0.1', '127.0.0.1', '10.0.1.1'])('a ping to %s is answered without a frame', to => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24']);
    const results: string[] = [];
    bench.stack.ping({ destination: ip(to), count: 2, interval: 1e9, within: 1e9, size: 56 }, outcomes => {
      results.push(...outcomes.map(({ result, from }) => `${result} ${from === ip(to)}`));
    });
    bench.run(5);
    expect(results).toEqual(['reply true', 'reply true']);
    expect(bench.recorder.records).toEqual([]);
  });

  it('a datagram to a socket of its own arrives from the address it was sent to', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const heard: [string, number][] = [];
    bench.stack.udp.open(9, {
      datagram: (data, from, fromPort) => {
        heard.push([new TextDecoder().decode(data), fromPort]);
        expect(from).toBe(ip('10.0.0.1'));
      },
    });
    const socket = bench.stack.udp.open(5000, { datagram: () => undefined })!;
    socket.send(new TextEncoder().encode('self'), ip('10.0.0.1'), 9);
    expect(heard).toEqual([]);
    bench.run(0.001);
    expect(heard).toEqual([['self', 5000]]);
  });

  it('a datagram to a port of its own that nobody listens on comes back as an error', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const errors: unknown[] = [];
    const socket = bench.stack.udp.open(5000, {
      datagram: () => undefined,
      unreachable: error => errors.push(error),
    })!;
    socket.send(pattern(3), ip('127.0.0.1'), 9);
    bench.run(0.001);
    expect(errors).toEqual([{ to: ip('127.0.0.1'), toPort: 9, from: ip('127.0.0.1'), type: 3, code: 3 }]);
  });
});

describe('what a machine sends', () => {
  it('without a route is recorded as the packet that it would have been, from nobody yet', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const request = { destination: ip('192.0.2.1'), count: 1, interval: 1e9, within: 1e9, size: 56 };
    bench.stack.ping(request, () => undefined);
    bench.stack.udp.open(5000, { datagram: () => undefined })!.send(pattern(3), ip('192.0.2.1'), 9);
    const dropped = bench.recorder.records.map(({ bytes }) => bytes);
    expect(dropped.map(frameLine)).toEqual([
      '0.0.0.0 > 192.0.2.1 echo request 1',
      '0.0.0.0 > 192.0.2.1 udp 5000 > 9 3',
    ]);
    expect(dropped.flatMap(frameProblems)).toEqual([]);
    expect(dropped.map(fromMac)).toEqual(dropped.map(() => formatMac(bench.on().mac)));
  });

  it('without a route, or without an address, is a drop with that reason', () => {
    const routeless = new Bench(['10.0.0.1/24']);
    const outcomes: string[] = [];
    const request = { destination: ip('192.0.2.1'), count: 1, interval: 1e9, within: 1e9, size: 56 };
    routeless.stack.ping(request, got => outcomes.push(...got.map(({ result }) => result)));
    expect(routeless.takeReasons()).toEqual(['no-route']);
    const bare = new Bench(['']);
    bare.stack.routes.add({
      to: { network: ip('0.0.0.0'), length: 0 },
      via: ip('10.0.0.2'),
      on: bare.on(),
      metric: 0,
      origin: 'static',
    });
    bare.stack.ping(request, got => outcomes.push(...got.map(({ result }) => result)));
    expect(bare.takeReasons()).toEqual(['interface-has-no-address']);
    expect(outcomes).toEqual(['not-sent', 'not-sent']);
  });

  it('identifies its packets to one peer by a counter, to another by another', () => {
    const { bench, station, ends } = host();
    for (const sequence of [1, 2, 3]) {
      bench.inject(echoFrame(ends, 7, sequence));
    }
    const ids = station.take().map(idOf);
    expect([ids[1]! - ids[0]!, ids[2]! - ids[1]!].map(step => step & 0xffff)).toEqual([1, 1]);
  });

  it('comes from the address on the network of its next hop', () => {
    const bench = new Bench(['10.0.0.1/24 172.16.0.1/16']);
    bench.introduce(0);
    bench.introduce(0, ip('172.16.0.9'));
    const socket = bench.stack.udp.open(5000, { datagram: () => undefined })!;
    socket.send(pattern(1), ip('10.0.0.2'), 9);
    socket.send(pattern(1), ip('172.16.0.9'), 9);
    bench.run(0.001);
    expect(bench.station().take().map(sourceOf)).toEqual(['10.0.0.1', '172.16.0.1']);
  });
});

it('an address that is taken away is no longer answered for, and its routes go', () => {
  const { bench, station, ends } = host();
  bench.stack.setAddresses(bench.on(), [{ address: ip('10.9.0.1'), prefixLength: 16 }]);
  bench.inject(echoFrame(ends));
  expect(bench.takeReasons()).toEqual(['forwarding-off']);
  expect(station.take()).toEqual([]);
  expect(bench.stack.routes.lookup(ip('10.0.0.2'))).toBeUndefined();
  expect(bench.stack.routes.lookup(ip('10.9.3.3'))?.origin).toBe('connected');
});
