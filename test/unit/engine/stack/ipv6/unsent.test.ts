/** IPv6 packets that no interface was given: the trace says what is known of them. */
import { expect, it } from 'vitest';
import { SECOND } from '../../station';
import { ip6 } from '../../topologies';
import { pattern } from '../../packets';
import { ipv6Line } from '../../ipv6-packets';
import { Ipv6Bench } from './ipv6-bench';

/** The drops since the bench was ready, each in a line, with the type of its frame. */
function dropsAfter(act: (bench: Ipv6Bench) => void): [string, number, string][] {
  const bench = Ipv6Bench.ready(['2001:db8::1/64']);
  const before = bench.recorder.drops.length;
  act(bench);
  return bench.recorder.drops
    .slice(before)
    .map(({ bytes, reason }) => [ipv6Line(bytes), (bytes[12]! << 8) | bytes[13]!, reason!]);
}

it('a datagram without a route', () => {
  const drops = dropsAfter(bench => {
    const socket = bench.stack.udp.openDual(5000, { datagram: () => undefined })!;
    socket.send(pattern(3), ip6('2001:db8:9::9'), 9);
  });
  expect(drops).toEqual([[':: > 2001:db8:9::9 udp 5000 > 9 3', 0x86dd, 'no-route']]);
});

it('an echo request without a route', () => {
  const drops = dropsAfter(bench => {
    const address = ip6('2001:db8:9::9');
    bench.stack.ping(
      { destination: address, count: 1, size: 8, interval: SECOND, within: SECOND },
      () => undefined,
    );
  });
  expect(drops).toEqual([[':: > 2001:db8:9::9 echo request 1', 0x86dd, 'no-route']]);
});

it('a datagram that is larger than any packet', () => {
  const drops = dropsAfter(bench => {
    const socket = bench.stack.udp.openDual(5000, { datagram: () => undefined })!;
    socket.send(pattern(65_530), ip6('2001:db8::2'), 9);
  });
  expect(drops.map(([line, , reason]) => [line.replace(/ udp.*/, ''), reason])).toEqual([
    ['2001:db8::1 > 2001:db8::2', 'packet-too-big'],
  ]);
});
