/** Netfilter in whole networks: two NATs in series, as behind a provider with too few addresses; rules of the topology switched at run time. */
import { describe, expect, it } from 'vitest';
import { createNetwork, type NetworkControl, type PingReply } from '../../../../../src/engine/network';
import type { ResolvedSourceNat } from '../../../../../src/topology/resolved';
import { frameLine, frameProblems } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip, machine, net, switchOf, topology } from '../../topologies';
import { rule } from './router';

/** `host` behind `home` behind `carrier`, on whose outside are `server` and `peer`. */
function inSeries(home: Partial<ResolvedSourceNat>, carrier: Partial<ResolvedSourceNat>) {
  const recorder = new Recorder();
  const router = { kind: 'router' as const, forwarding: true };
  const plan = topology(
    [
      machine('host', { eth0: { address: '192.168.1.10/24', gateway: '192.168.1.1' } }),
      machine(
        'home',
        { lan: { address: '192.168.1.1/24' }, wan: { address: '100.64.0.2/24', gateway: '100.64.0.1' } },
        {
          ...router,
          sourceNat: { outside: 'wan', source: [], ...home },
          firewall: [rule('forward', 'drop', { name: 'no ping', protocol: 'icmp' })],
        },
      ),
      machine(
        'carrier',
        { customers: { address: '100.64.0.1/24' }, core: { address: '203.0.113.1/24' } },
        {
          ...router,
          sourceNat: { outside: 'core', source: [], ...carrier },
          routes: [{ to: net('198.51.100.0/24'), via: ip('203.0.113.9'), metric: 0, source: [] }],
        },
      ),
      machine('server', { eth0: { address: '203.0.113.80/24' } }),
      machine('peer', { eth0: { address: '203.0.113.90/24' } }),
      switchOf('core-net', 3),
    ],
    cables([
      'host:eth0 -- home:lan',
      'home:wan -- carrier:customers',
      'carrier:core -- core-net:1',
      'server:eth0 -- core-net:2',
      'peer:eth0 -- core-net:3',
    ]),
  );
  const network = createNetwork(plan, { seed: 1, observer: recorder });
  network.boot();
  network.runUntil(SECOND);
  network.enableRule('home', 'no ping', false);
  return { network, recorder };
}

function ping(network: NetworkControl, from: string, to: string): readonly PingReply[] {
  let replies: readonly PingReply[] = [];
  network.ping(from, { kind: 'address', address: ip(to) }, { count: 1, within: 4 * SECOND }, result => {
    replies = result.replies;
  });
  network.runUntil(network.now + 5 * SECOND);
  return replies;
}

const CARRIER: Partial<ResolvedSourceNat> = {
  mapping: 'endpoint-independent',
  filtering: 'address-dependent',
  hairpin: true,
};

describe.each<[string, Partial<ResolvedSourceNat>]>([
  ['two Linux routers', {}],
  ['a Linux router behind a carrier’s', CARRIER],
])('%s in series', (_what, carrier) => {
  it('a ping goes through both, and so does its answer', () => {
    const { network, recorder } = inSeries({}, carrier);
    expect(ping(network, 'host', '203.0.113.80')).toMatchObject([{ result: 'reply', ttl: 62 }]);
    const sources = recorder.sent
      .map(({ bytes }) => frameLine(bytes))
      .filter(line => line.includes('echo request'))
      .map(line => line.split(' ')[0]);
    expect([...new Set(sources)]).toEqual(['192.168.1.10', '100.64.0.2', '203.0.113.1']);
    expect(recorder.reasons).toEqual([]);
  });

  it('so do a TCP connection and 100 kB', () => {
    const { network, recorder } = inSeries({}, carrier);
    const data = Uint8Array.from({ length: 100_000 }, (_, index) => index & 255);
    let heard = 0;
    let peer: string | undefined;
    const ends: string[] = [];
    network.stackOf('server')!.tcp.listen({
      port: 80,
      accept: () => ({
        data: (socket, bytes) => {
          heard += bytes.length;
          peer ??= String(socket.remote.port);
        },
        peerClosed: socket => {
          socket.close();
        },
      }),
    });
    network.stackOf('host')!.tcp.connect({
      remote: { address: ip('203.0.113.80'), port: 80 },
      handler: {
        connected: socket => {
          socket.send(data);
          socket.close();
        },
        closed: () => ends.push('closed'),
        failed: (_socket, why) => ends.push(why),
      },
    });
    network.runUntil(network.now + 20 * SECOND);
    expect(heard).toBe(data.length);
    expect(peer).toBeDefined();
    expect(ends).toEqual(['closed']);
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    for (const id of ['home', 'carrier']) {
      const [connection] = network.netfilterOf(id)!.connections.live(network.now);
      expect(connection).toMatchObject({
        sourceTranslated: true,
        assured: true,
        tcp: { state: 'time-wait' },
      });
    }
  });

  it('an ICMP error is untranslated twice and reaches the socket that it is about', () => {
    const { network, recorder } = inSeries({}, carrier);
    const heard: string[] = [];
    const socket = network.stackOf('host')!.udp.open(4000, {
      datagram: () => undefined,
      unreachable: ({ toPort, type, code }) => heard.push(`${toPort} ${type}/${code}`),
    })!;
    socket.send(new Uint8Array(20), ip('203.0.113.80'), 9);
    network.runUntil(network.now + SECOND);
    expect(heard).toEqual(['9 3/3']);
    // A router behind both NATs is named by what it is, and one between them too.
    expect(ping(network, 'host', '203.0.113.77')).toMatchObject([
      { result: 'unreachable', from: ip('203.0.113.1'), icmp: { type: 3, code: 1 } },
    ]);
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('a forwarded port must be forwarded by both', () => {
    const forward = {
      name: 'web',
      protocol: 'udp' as const,
      outsidePort: 7000,
      insidePort: 7000,
      source: [],
    };
    const { network } = inSeries(
      { forwards: [{ ...forward, insideAddress: ip('192.168.1.10'), insidePort: 7 }] },
      { ...carrier, forwards: [{ ...forward, insideAddress: ip('100.64.0.2') }] },
    );
    const heard: string[] = [];
    const service = network.stackOf('host')!.udp.open(7, {
      datagram: (data, from, fromPort) => {
        heard.push(`${data.length} from ${fromPort}`);
        service.send(data, from, fromPort);
      },
    })!;
    const client = network.stackOf('peer')!.udp.open(40_040, {
      datagram: (data, _from, fromPort) => heard.push(`${data.length} back from ${fromPort}`),
    })!;
    client.send(new Uint8Array(3), ip('203.0.113.1'), 7000);
    network.runUntil(network.now + SECOND);
    expect(heard).toEqual(['3 from 40040', '3 back from 7000']);
  });
});

it('a rule of the topology is switched by its name while the network runs, and every drop names it', () => {
  const { network, recorder } = inSeries({}, {});
  expect(ping(network, 'host', '203.0.113.80')).toMatchObject([{ result: 'reply' }]);
  expect(network.enableRule('home', 'no ping', true)).toBe(true);
  expect(ping(network, 'host', '203.0.113.80')).toMatchObject([{ result: 'timeout' }]);
  expect(recorder.records.flatMap(({ reason, rule: text }) => (reason ? [[reason, text]] : []))).toEqual([
    ['firewall', 'no ping'],
  ]);
  expect(network.enableRule('home', 'no such rule', true)).toBe(false);
  expect(network.enableRule('server', 'no ping', true)).toBe(false);
  expect(network.enableRule('nobody', 'no ping', true)).toBe(false);
});
