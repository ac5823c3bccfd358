/** A resolver, dnsmasq that knows names, and dnsmasq that passes questions on, and their counterparts in the simulation. */
import { describe, expect, test } from 'vitest';
import { DNS_TYPE } from '../../src/wire/dns-record';
import type { LookupAction, NameService, QuestionAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import type { NetworkPlan } from './network-plan';

const NETWORK: NetworkPlan = {
  machines: [
    {
      name: 'client',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:05:02', address: '10.5.0.2/24' }],
      gateway: '10.5.0.1',
    },
    {
      name: 'router',
      forwards: true,
      interfaces: [
        { name: 'lan', mac: '02:00:00:00:05:01', address: '10.5.0.1/24' },
        { name: 'wan', mac: '02:00:00:00:06:01', address: '10.6.0.1/24' },
      ],
    },
    {
      name: 'server',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:06:02', address: '10.6.0.53/24' }],
      gateway: '10.6.0.1',
    },
  ],
  bridges: [],
  cables: ['client:eth0 -- router:lan', 'router:wan -- server:eth0'],
};

const SERVER: NameService = {
  kind: 'names',
  on: 'server',
  addresses: [
    { name: 'web.lab.test', addresses: ['10.6.0.80', '2001:db8:6::80'] },
    { name: 'old.lab.test', addresses: ['10.6.0.81'] },
  ],
  aliases: [{ name: 'www.lab.test', of: 'web.lab.test' }],
  texts: [{ name: 'note.lab.test', text: 'of interest' }],
};

const FORWARDER: NameService = { kind: 'names', on: 'router', server: '10.6.0.53' };

function lookup(name: string, server = '10.6.0.53'): LookupAction {
  return { kind: 'lookup', from: 'client', name, server };
}

function question(name: string, type: number, server = '10.6.0.53'): QuestionAction {
  return { kind: 'question', from: 'client', fromPort: 40053, server, name, type };
}

const CASES: readonly KernelCase[] = [
  {
    name: 'a resolver gets the address of a name, and of an alias',
    plan: NETWORK,
    services: [SERVER],
    actions: [lookup('web.lab.test'), lookup('www.lab.test')],
  },
  {
    name: 'a server answers what it knows: names of addresses, texts, everything',
    plan: NETWORK,
    services: [SERVER],
    actions: [
      question('80.0.6.10.in-addr.arpa', DNS_TYPE.ptr),
      question('note.lab.test', DNS_TYPE.txt),
      question('WEB.lab.TEST', DNS_TYPE.a),
      question('www.lab.test', DNS_TYPE.aaaa),
    ],
  },
  {
    name: 'a server that knows nobody to ask refuses what it does not know',
    plan: NETWORK,
    services: [SERVER],
    actions: [question('nothing.lab.test', DNS_TYPE.a), question('old.lab.test', DNS_TYPE.aaaa)],
  },
  {
    name: 'a forwarder asks for its client',
    plan: NETWORK,
    services: [SERVER, FORWARDER],
    actions: [lookup('web.lab.test', '10.5.0.1'), question('note.lab.test', DNS_TYPE.txt, '10.5.0.1')],
  },
];

describe.skipIf(obstacle !== undefined)('names', () => {
  test.concurrent.each(CASES)('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
