import { expect, it } from 'vitest';
import { candidateNames } from '../../../../../src/engine/stack/dns/search-list';
import { createNetwork, type LookupResult } from '../../../../../src/engine/network';
import { SECOND } from '../../station';
import { cables, ip, machine, topology } from '../../topologies';

it.each<[string, readonly string[]]>([
  ['web', ['web.a.test', 'web.b.test', 'web']],
  ['web.sub', ['web.sub', 'web.sub.a.test', 'web.sub.b.test']],
  ['web.', ['web']],
  ['web.sub.', ['web.sub']],
])('%s stands for %j in this order', (name, candidates) => {
  expect(candidateNames(name, ['a.test', 'b.test.'])).toEqual(candidates);
});

it('a list is tried once each and no longer than six domains', () => {
  const many = Array.from({ length: 9 }, (_, index) => `d${index}.test`);
  expect(candidateNames('x', ['d0.test', ...many])).toHaveLength(7);
});

it('a machine finds a short name in its search domains', () => {
  const record = { type: 'A', name: 'web.b.test', address: ip('10.0.0.9'), ttl: 60 } as const;
  const network = createNetwork(
    topology(
      [
        machine(
          'server',
          { eth0: { address: '10.0.0.1/24' } },
          { services: [{ kind: 'dns', port: 53, records: [record], source: [] }] },
        ),
        machine(
          'client',
          { eth0: { address: '10.0.0.2/24' } },
          { nameServers: [ip('10.0.0.1')], searchDomains: ['a.test', 'b.test'] },
        ),
      ],
      cables(['server:eth0 -- client:eth0']),
    ),
    { seed: 1 },
  );
  network.boot();
  const results: LookupResult[] = [];
  for (const name of ['web', 'web.', 'web.b.test']) {
    network.lookup('client', name, SECOND, result => results.push(result));
  }
  network.runUntil(5 * SECOND);
  expect(results.map(({ kind }) => kind).sort()).toEqual(['answer', 'answer', 'nxdomain']);
});
