import { expect, it } from 'vitest';
import type { TracerouteHop } from '../../../../src/engine/stack/traceroute';
import { formatIp } from '../../../../src/net/ip-address';
import { Running } from '../running';
import { word, PAYLOAD, ttlOf, dontFragmentOf } from '../packets';
import { cables, ip, machine, net, topology } from '../topologies';

/** left -- r1 -- r2 -- right */
function line(forwards = true): Running {
  const route = (to: string, via: string) => ({ to: net(to), via: ip(via), metric: 0, source: [] });
  return new Running(
    topology(
      [
        machine('left', { eth0: { address: '10.0.1.2/24', gateway: '10.0.1.1' } }),
        machine(
          'r1',
          { a: { address: '10.0.1.1/24' }, b: { address: '10.0.2.1/24' } },
          { kind: 'router', forwarding: true, routes: [route('10.0.3.0/24', '10.0.2.2')] },
        ),
        machine(
          'r2',
          { a: { address: '10.0.2.2/24' }, b: { address: '10.0.3.1/24' } },
          { kind: 'router', forwarding: forwards, routes: [route('10.0.1.0/24', '10.0.2.1')] },
        ),
        machine('right', { eth0: { address: '10.0.3.2/24', gateway: '10.0.3.1' } }),
        machine('lost', { eth0: {} }),
        machine('nobody', { eth0: {} }),
      ],
      cables(['left:eth0 -- r1:a', 'r1:b -- r2:a', 'r2:b -- right:eth0', 'lost:eth0 -- nobody:eth0']),
    ),
  );
}

function traceroute(running: Running, from: string, to: string): readonly TracerouteHop[] {
  let got: readonly TracerouteHop[] | undefined;
  running.network.stackOf(from)!.traceroute(ip(to), {}, hops => (got = hops));
  running.run(60);
  return got!;
}

const text = (hops: readonly TracerouteHop[]): string[] =>
  hops.map(hop =>
    hop.map(answer => (answer === undefined ? '*' : `${formatIp(answer.from)} ${answer.kind}`)).join(', '),
  );

const three = (answer: string): string => [answer, answer, answer].join(', ');

it('every router on the way answers, and the destination says that the port is closed', () => {
  const hops = traceroute(line(), 'left', '10.0.3.2');
  expect(text(hops)).toEqual([
    three('10.0.1.1 on-the-way'),
    three('10.0.2.2 on-the-way'),
    three('10.0.3.2 arrived'),
  ]);
  expect(hops.flat().every(answer => answer!.time > 0)).toBe(true);
});

it('sends what traceroute(8) sends: 16 datagrams at once, each to the next port, from a port of its own, without DF', () => {
  const running = line();
  traceroute(running, 'left', '10.0.3.2');
  const probes = running.recorder.sent.filter(
    ({ port, bytes }) => running.network.ports[port]!.device === 'left' && bytes[23] === 17,
  );
  expect(probes.length).toBeGreaterThanOrEqual(16);
  probes.forEach(({ bytes }, index) => {
    expect([bytes.length, ttlOf(bytes), word(bytes, PAYLOAD + 2), dontFragmentOf(bytes)]).toEqual([
      74,
      Math.floor(index / 3) + 1,
      33_434 + index,
      false,
    ]);
  });
  expect(new Set(probes.map(({ bytes }) => word(bytes, PAYLOAD))).size).toBe(probes.length);
});

it('a last router without a way onward ends it', () => {
  expect(text(traceroute(line(), 'left', '10.9.9.9'))).toEqual([three('10.0.1.1 unreachable')]);
});

it('hops that keep silent are asked for 5 s each, up to the 30th', () => {
  const hops = traceroute(line(false), 'left', '10.0.3.2');
  expect(text(hops)).toEqual([three('10.0.1.1 on-the-way'), ...Array.from({ length: 29 }, () => three('*'))]);
});

it('has no hop where nothing can be sent, and leaves no socket behind', () => {
  const running = line();
  expect(traceroute(running, 'lost', '10.0.3.2')).toEqual([]);
  traceroute(running, 'left', '10.0.3.2');
  for (const name of ['lost', 'left']) {
    const { udp } = running.network.stackOf(name)!;
    expect((Reflect.get(udp, 'sockets') as Map<number, unknown>).size).toBe(0);
  }
});
