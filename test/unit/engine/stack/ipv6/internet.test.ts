/** A customer with IPv6 alone: address, route and name server from the provider's advertisements, names and servers over IPv6. */
import { describe, expect, it } from 'vitest';
import { createNetwork, type LookupResult, type PingResult } from '../../../../../src/engine/network';
import { frameProblems } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, internet, ip, ip6, machine, net6, topology } from '../../topologies';

function customer(otherConfiguration = false): {
  readonly recorder: Recorder;
  readonly network: ReturnType<typeof createNetwork>;
} {
  const recorder = new Recorder();
  const provider = internet(1);
  const network = createNetwork(
    topology(
      [
        {
          ...provider,
          servers: provider.servers.map(server => ({ ...server, ipv6: ip6('2001:db8:80::10') })),
          ipv6: {
            access: net6('2001:db8:100::/64'),
            gateway: ip6('2001:db8:100::1'),
            nameServer: ip6('2001:db8:100::53'),
            routes: [{ to: net6('2001:db8:1::/64'), via: ip6('2001:db8:100::2') }],
          },
        },
        machine(
          'router',
          {
            wan: { ipv6: { addresses: ['2001:db8:100::2/64'], gateway: '2001:db8:100::1' } },
            lan: { ipv6: { addresses: ['2001:db8:1::1/64'] } },
          },
          {
            kind: 'router',
            ipv6Forwarding: true,
            routerAdvertisements: [
              {
                interface: 'lan',
                prefixes: [net6('2001:db8:1::/64')],
                lifetimeSeconds: 1800,
                nameServers: [ip6('2001:db8:100::53')],
                otherConfiguration,
                source: [],
              },
            ],
          },
        ),
        machine('pc', { eth0: { mac: '02:00:00:00:00:42', ipv6: { auto: true, statelessDhcp: true } } }),
      ],
      cables(['router:wan -- internet:1', 'router:lan -- pc:eth0']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  network.runUntil(20 * SECOND);
  return { network, recorder };
}

describe('a customer with IPv6 alone', () => {
  it('pings a server by its name, through a router that advertises', () => {
    const { network, recorder } = customer();
    expect(network.booted).toBe(true);
    let ping: PingResult | undefined;
    const target = { kind: 'name', name: 'web.example' } as const;
    network.ping('pc', target, { count: 1, within: 5 * SECOND }, got => {
      ping = got;
    });
    network.runUntil(30 * SECOND);
    expect(ping).toMatchObject({
      address: ip6('2001:db8:80::10'),
      replies: [{ result: 'reply', from: ip6('2001:db8:80::10'), ttl: 63 }],
    });
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('looks a name up at the advertised server, and puts the address first that it can reach', () => {
    const { network } = customer();
    const results: LookupResult[] = [];
    network.lookup('pc', 'web.example', 5 * SECOND, got => results.push(got));
    network.lookup('pc', 'nowhere.example', 5 * SECOND, got => results.push(got));
    network.runUntil(30 * SECOND);
    expect(results).toHaveLength(2);
    expect(results.toSorted((a, b) => b.kind.localeCompare(a.kind))).toMatchObject([
      { kind: 'nxdomain', server: ip6('2001:db8:100::53') },
      {
        kind: 'answer',
        addresses: [ip6('2001:db8:80::10'), ip('203.0.113.10')],
        server: ip6('2001:db8:100::53'),
      },
    ]);
  });

  it('asks for options by DHCPv6 where the advertisement says so, and is answered', () => {
    const { network, recorder } = customer(true);
    network.runUntil(30 * SECOND);
    const lines = recorder.lines().filter(line => line.includes(' udp 54'));
    expect(lines[0]).toMatch(/^fe80::ff:fe00:42 > ff02::1:2 udp 546 > 547 \d+$/);
    expect(lines[1]).toMatch(/^fe80::.* > fe80::ff:fe00:42 udp 547 > 546 \d+$/);
    expect(lines).toHaveLength(2);
  });
});
