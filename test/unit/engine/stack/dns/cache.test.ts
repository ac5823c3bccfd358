import { expect, it } from 'vitest';
import { CACHE_SIZE, DnsCache } from '../../../../../src/engine/stack/dns/cache';
import type { DnsMessage } from '../../../../../src/wire/dns';
import { DNS_TYPE, type DnsRecord } from '../../../../../src/wire/dns-record';
import { SECOND } from '../../station';
import { ip } from '../../topologies';
import { query } from '../../../wire/dns-query';

const answerTo = (name: string, answers: readonly DnsRecord[]): DnsMessage => ({
  ...query(name),
  response: true,
  answers,
});

const record = (name: string, ttl: number): DnsRecord => ({
  name,
  type: DNS_TYPE.a,
  class: 1,
  ttl,
  data: { kind: 'ipv4', address: ip('192.0.2.1') },
});

const alias = (name: string, to: string, ttl = 60): DnsRecord => ({
  name,
  type: DNS_TYPE.cname,
  class: 1,
  ttl,
  data: { kind: 'name', name: to },
});

it('follows aliases to their end, while each of them lives', () => {
  const cache = new DnsCache();
  cache.store(
    answerTo('www.example', [alias('www.example', 'web.example', 10), record('web.example', 60)]),
    0,
  );
  expect(cache.answer(query('www.example'), 5 * SECOND)?.answers).toEqual([
    alias('www.example', 'web.example', 5),
    record('web.example', 55),
  ]);
  expect(cache.answer(query('web.example'), 5 * SECOND)?.answers).toHaveLength(1);
  expect(cache.answer(query('www.example'), 10 * SECOND)).toBeUndefined();
});

it('comes to an end where aliases go in a circle', () => {
  const cache = new DnsCache();
  cache.store(answerTo('a.example', [alias('a.example', 'b.example'), alias('b.example', 'a.example')]), 0);
  expect(cache.answer(query('a.example'), 0)).toBeUndefined();
});

it('keeps so many records, and lets go of those longest unused', () => {
  const cache = new DnsCache();
  for (let n = 0; n < CACHE_SIZE; n++) {
    cache.store(answerTo(`n${n}.example`, [record(`n${n}.example`, 60)]), 0);
  }
  expect(cache.answer(query('n0.example'), 0)).toBeDefined();
  cache.store(answerTo('more.example', [record('more.example', 60)]), 0);
  expect([...cache.list(0)]).toHaveLength(CACHE_SIZE);
  expect(cache.answer(query('n0.example'), 0)).toBeDefined();
  expect(cache.answer(query('n1.example'), 0)).toBeUndefined();
});

it('lists what it holds, with the seconds that are left', () => {
  const cache = new DnsCache();
  cache.store(answerTo('a.example', [record('a.example', 60)]), 0, 17);
  expect([...cache.list(20 * SECOND)]).toEqual([
    { name: 'a.example', type: DNS_TYPE.a, ttl: 40, record: record('a.example', 60), cause: 17 },
  ]);
  expect([...cache.list(60 * SECOND)]).toEqual([]);
});
