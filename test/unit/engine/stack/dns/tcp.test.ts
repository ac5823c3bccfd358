import { expect, it } from 'vitest';
import { createNetwork, type LookupResult } from '../../../../../src/engine/network';
import { DnsStream, onConnection } from '../../../../../src/engine/stack/dns/tcp-stream';
import type { TcpSocket } from '../../../../../src/engine/stack/tcp/socket';
import type { ResolvedDnsRecord } from '../../../../../src/topology/resolved';
import { frameLine, frameProblems } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip, machine, topology } from '../../topologies';

/** More addresses than 512 bytes hold: 30 of them, as dnsmasq gives. */
const RECORDS: readonly ResolvedDnsRecord[] = Array.from({ length: 60 }, (_, n) => ({
  type: 'A',
  name: 'big.lab.test',
  address: ip(`10.9.1.${n + 1}`),
  ttl: 60,
}));

function lab(forwarder = false) {
  const service = { kind: 'dns', port: 53, records: RECORDS, source: [] } as const;
  const recorder = new Recorder();
  const devices = [
    machine('server', { eth0: { address: '10.0.0.1/24' } }, { services: [service] }),
    machine(
      'router',
      { eth0: { address: '10.0.0.3/24' }, eth1: { address: '10.0.1.3/24' } },
      { nameServers: [ip('10.0.0.1')], dnsForwarder: forwarder },
    ),
    machine('client', { eth0: { address: '10.0.1.2/24' } }, { nameServers: [ip('10.0.1.3')] }),
    machine('near', { eth0: { address: '10.0.0.2/24' } }, { nameServers: [ip('10.0.0.1')] }),
  ];
  const plan = topology(
    devices,
    cables([
      forwarder ? 'server:eth0 -- router:eth0' : 'server:eth0 -- near:eth0',
      'router:eth1 -- client:eth0',
    ]),
  );
  const network = createNetwork(plan, { seed: 1, observer: recorder });
  network.boot();
  const look = (from: string) => {
    const results: LookupResult[] = [];
    network.lookup(from, 'big.lab.test', 5 * SECOND, result => results.push(result));
    network.runUntil(network.now + 10 * SECOND);
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    return results;
  };
  return { network, recorder, look };
}

it('an answer that was cut is asked for again over TCP: both questions on one connection', () => {
  const { recorder, look } = lab();
  const [result] = look('near');
  expect(result).toMatchObject({
    kind: 'answer',
    addresses: RECORDS.map(each => 'address' in each && each.address),
  });
  const lines = recorder.lines().filter(line => line.includes('10.0.0.1') && !line.includes('arp'));
  // 12 bytes of header, 18 of the question and 30 records of 16 bytes.
  expect(lines.filter(line => line.includes('udp 53 >')).map(line => line.split(' ').at(-1))).toContain(
    '510',
  );
  expect(lines.filter(line => line.includes('tcp') && line.includes('> 53')).length).toBeGreaterThan(3);
});

it('a forwarder relays over TCP what it is asked over TCP, and remembers it', () => {
  const { network, recorder, look } = lab(true);
  const [result] = look('client');
  expect(result?.kind === 'answer' && result.addresses).toHaveLength(60);
  expect(network.cachedNamesOf('router').filter(({ type }) => type === 1)).toHaveLength(60);
  expect(network.cachedNamesOf('router').map(({ type }) => type)).toContain(28);
  const before = recorder.records.length;
  look('client');
  const later = recorder.records.slice(before).map(({ bytes }) => frameLine(bytes));
  expect(later.filter(line => line.includes('10.0.0.1') && line.includes('53'))).toEqual([]);
});

it('a client that asks thousands of questions at once is answered in their order or cut off, and others go on', () => {
  const { network, look } = lab();
  const question = Uint8Array.of(0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 120, 0, 0, 1, 0, 1);
  const stream = new DnsStream();
  const identifiers: number[] = [];
  let sent = 0;
  const push = (socket: TcpSocket) => {
    while (sent < 5000) {
      const message = question.slice();
      message.set([sent >>> 8, sent & 255]);
      const bytes = onConnection([message]);
      if (socket.room < bytes.length) {
        return;
      }
      socket.send(bytes);
      sent++;
    }
  };
  network.stackOf('near')!.tcp.connect({
    remote: { address: ip('10.0.0.1'), port: 53 },
    handler: {
      connected: push,
      writable: push,
      data: (_socket, data) => {
        identifiers.push(...stream.take(data).map(([high = 0, low = 0]) => high * 256 + low));
      },
    },
  });
  network.runUntil(network.now + 200 * SECOND);
  expect(identifiers.length).toBeGreaterThan(1000);
  expect(identifiers).toEqual(identifiers.map((_, index) => index));
  expect(look('near')).toMatchObject([{ kind: 'answer' }]);
});

it('messages are found in any pieces of a stream', () => {
  const messages = [new Uint8Array(0), Uint8Array.of(1), new Uint8Array(300).fill(7)];
  const bytes = onConnection(messages);
  for (let size = 1; size <= bytes.length; size += 37) {
    const stream = new DnsStream();
    const found: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(...stream.take(bytes.subarray(at, at + size)));
    }
    expect(found).toEqual(messages);
  }
});
