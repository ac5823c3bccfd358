/** What hosts learn of the way to a destination, and what routes refuse. */
import { describe, expect, it } from 'vitest';
import {
  echoFrame,
  errorFrame,
  frameLine,
  pattern,
  PAYLOAD,
  toMac,
  ttlOf,
  udpFrame,
  word,
} from '../../packets';
import { formatMac } from '../../../../../src/net/mac-address';
import type { Route } from '../../../../../src/engine/stack/routing-table';
import { Bench } from '../../station';
import { ip, net } from '../../topologies';

/** A host whose gateway is station 0, and which has just sent a datagram of 1472 bytes to 192.0.2.1. */
function sender() {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.stack.addDefaultRoute(ip('10.0.0.2'), bench.on(), 'static');
  const socket = bench.stack.udp.open(5000, { datagram: () => undefined })!;
  const send = (size: number) => {
    socket.send(pattern(size), ip('192.0.2.1'), 9);
    bench.run(0.001);
    return bench.station().take();
  };
  const [sent] = send(1472);
  const tooBig = (mtu: number) => {
    bench.inject(errorFrame(bench.ends('10.0.0.1', 0, '198.51.100.1'), 3, 4, sent!, { rest: mtu }));
  };
  return { bench, send, tooBig };
}

describe('path MTU discovery (RFC 1191)', () => {
  it('cuts what no longer fits, keeps DF on what does, and forgets after ten minutes', () => {
    const { bench, send, tooBig } = sender();
    tooBig(1400);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.1'))).toBe(1400);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.2'))).toBe(1500);
    expect(send(1472).map(bytes => [word(bytes, 16), word(bytes, 20)])).toEqual([
      [1396, 0x2000],
      [124, 172],
    ]);
    expect(send(1372).map(bytes => word(bytes, 20))).toEqual([0x4000]);
    bench.run(599);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.1'))).toBe(1400);
    bench.run(1);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.1'))).toBe(1500);
  });

  it('believes no less than 552 bytes, and gives up DF then; nor more than it knew', () => {
    const { bench, send, tooBig } = sender();
    tooBig(9000);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.1'))).toBe(1500);
    tooBig(0);
    expect(bench.stack.ip.sender.pathMtu(ip('192.0.2.1'))).toBe(552);
    expect(send(100).map(bytes => word(bytes, 20))).toEqual([0]);
  });

  it('refuses locally what must not be cut', () => {
    const { bench, tooBig } = sender();
    tooBig(1400);
    bench.takeReasons();
    const options = { timeToLive: 64, typeOfService: 0, dontFragment: true, neverFragment: true };
    expect(bench.stack.icmp.sendEcho(1, 1, ip('192.0.2.1'), pattern(1373), options)).toBe(false);
    expect(bench.takeReasons()).toEqual(['packet-too-big']);
    expect(bench.stack.icmp.sendEcho(1, 1, ip('192.0.2.1'), pattern(1372), options)).toBe(true);
    const [sent] = bench.station().take();
    bench.run(0.001);
    expect(sent ?? bench.station().take()[0]).toSatisfy(
      (bytes: Uint8Array) => word(bytes, 18) === 0 && word(bytes, 20) === 0x4000,
    );
  });
});

describe('redirects', () => {
  it('a router passes the packet on and tells the host of the better next hop (measured)', () => {
    const bench = new Bench(['10.60.0.1/24'], { forwarding: true });
    bench.introduce(0);
    bench.introduce(0, ip('10.60.0.3'));
    bench.stack.routes.add({
      to: net('10.50.0.0/16'),
      via: ip('10.60.0.3'),
      on: bench.on(),
      metric: 0,
      origin: 'static',
    });
    bench.inject(echoFrame(bench.ends('10.50.0.1')));
    const [redirect, onward] = bench.station().take();
    expect(frameLine(redirect!)).toBe('10.60.0.1 > 10.60.0.2 icmp 5/1');
    expect([...redirect!.subarray(PAYLOAD + 4, PAYLOAD + 8)]).toEqual([10, 60, 0, 3]);
    expect([redirect![PAYLOAD + 8 + 8], ttlOf(onward!)]).toEqual([63, 63]);
    bench.station().answersArp = true;
    // Twice the pause after each; after nine in vain none.
    let told = 0;
    for (let times = 0; times < 12; times++) {
      bench.run(10.5);
      bench.inject(echoFrame(bench.ends('10.50.0.1')));
      told += bench
        .station()
        .lines()
        .filter(line => line.includes('icmp 5/1')).length;
    }
    expect(told).toBe(8);
  });

  it('a host takes the next hop it was told of once it knows its hardware address, for 300 seconds', () => {
    const { bench, send } = sender();
    const router = bench.station().address;
    const [sent] = send(100);
    const advice = errorFrame(bench.ends('10.0.0.1'), 5, 1, sent!, { rest: ip('10.0.0.3') });
    bench.inject(advice);
    expect(bench.station().lines()).toEqual(['arp who-has 10.0.0.3 tell 10.0.0.1']);
    expect(send(100).map(toMac)).toEqual([formatMac(bench.station().mac)]);
    bench.introduce(0, ip('10.0.0.3'));
    bench.inject(advice);
    const next = () =>
      bench.stack.routes.nextHop(
        bench.stack.routes.lookup(ip('192.0.2.1'))!,
        ip('192.0.2.1'),
        bench.simulator.now,
      );
    expect(next()).toBe(ip('10.0.0.3'));
    bench.run(301);
    expect(next()).toBe(router);
  });

  it('a host takes none from anyone but its next hop', () => {
    const { bench, send } = sender();
    const [sent] = send(100);
    bench.introduce(0, ip('10.0.0.3'));
    bench.inject(errorFrame(bench.ends('10.0.0.1', 0, '10.0.0.9'), 5, 1, sent!, { rest: ip('10.0.0.3') }));
    expect(bench.stack.routes.exceptions.some).toBe(false);
    expect(bench.takeReasons()).toEqual(['protocol-unreachable']);
  });
});

describe('routes that refuse (measured)', () => {
  it.each<[Exclude<Route['type'], undefined>, string, string[]]>([
    ['unreachable', 'route-unreachable', ['10.0.0.1 > 10.0.0.2 icmp 3/1']],
    ['prohibit', 'route-prohibited', ['10.0.0.1 > 10.0.0.2 icmp 3/13']],
    ['blackhole', 'route-blackhole', []],
  ])('%s', (type, reason, answer) => {
    const bench = new Bench(['10.0.0.1/24'], { forwarding: true });
    bench.introduce();
    const to = net('10.99.0.0/16');
    bench.stack.routes.add({ to, via: undefined, on: bench.on(), metric: 0, origin: 'static', type });
    bench.inject(udpFrame(bench.ends('10.99.1.1'), 1, 2));
    expect([bench.takeReasons(), bench.station().lines()]).toEqual([[reason], answer]);
  });
});

describe('the reverse path filter (RFC 3704)', () => {
  it.each<[0 | 1 | 2, string, string[]]>([
    [0, '10.0.1.9', []],
    [1, '10.0.1.9', ['reverse-path']],
    [2, '10.0.1.9', []],
    [2, '192.0.2.9', ['reverse-path']],
    [1, '10.0.0.9', []],
  ])('set to %i, a packet from %s that comes by 10.0.0.0/24', (mode, from, reasons) => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24']);
    bench.stack.ip.sources.reversePathFilter = mode;
    bench.inject(echoFrame(bench.ends('10.0.0.1', 0, from)));
    expect(bench.takeReasons().filter(reason => reason === 'reverse-path')).toEqual(reasons);
  });
});

describe('sources that cannot be (fib_validate_source; each line measured on Linux 6.18)', () => {
  const LAN = 0;
  it.each<[string, string, string[]]>([
    // From the first network, for the router itself, for the other network, and back out to the same one.
    ['10.0.0.1', '10.0.0.1', ['source-invalid']],
    ['10.0.1.1', '10.0.0.1', ['source-invalid']],
    ['10.0.0.1', '10.0.1.2', ['source-invalid']],
    ['10.0.0.255', '10.99.0.5', ['source-invalid']],
    ['10.0.0.255', '10.0.1.2', []],
    ['10.0.1.255', '10.0.1.2', []],
    ['10.0.0.50', '10.99.0.5', []],
    ['10.0.0.255', '10.0.0.1', []],
    ['10.0.1.255', '10.0.0.1', []],
  ])('%s to %s', (from, to, reasons) => {
    const bench = new Bench(['10.0.0.1/24', '10.0.1.1/24'], { forwarding: true });
    bench.introduce(LAN);
    bench.introduce(1);
    const back = { to: net('10.99.0.0/16'), via: ip('10.0.0.2'), on: bench.on(LAN) };
    bench.stack.routes.add({ ...back, metric: 0, origin: 'static' });
    bench.inject(echoFrame(bench.ends(to, LAN, from)));
    expect(bench.takeReasons()).toEqual(reasons);
  });

  it('a filter refuses broadcast addresses as sources too', () => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.stack.ip.sources.reversePathFilter = 2;
    bench.inject(echoFrame(bench.ends('10.0.0.1', 0, '10.0.0.255')));
    expect(bench.takeReasons()).toEqual(['source-invalid']);
  });
});

describe('packets that no interface was given', () => {
  const datagramOf = (size: number, to: string): [string, string[]] => {
    const bench = new Bench(['10.0.0.1/24']);
    bench.stack.udp.open(5000, { datagram: () => undefined })!.send(pattern(size), ip(to), 9);
    const [drop] = bench.recorder.drops;
    return [frameLine(drop!.bytes), bench.takeReasons()];
  };

  it('are recorded with what is known of them', () => {
    expect(datagramOf(3, '192.0.2.1')).toEqual(['0.0.0.0 > 192.0.2.1 udp 5000 > 9 3', ['no-route']]);
  });

  it('also where they are larger than any packet', () => {
    const [line, reasons] = datagramOf(65_508, '10.0.0.2');
    expect(line).toMatch(/^10\.0\.0\.1 > 10\.0\.0\.2 udp 5000 > 9/);
    expect(reasons).toEqual(['packet-too-big']);
  });
});
