import { expect, it } from 'vitest';
import { orderDestinations } from '../../../../../src/engine/stack/dns/destination-order';
import { formatIp, isIpv4, parseIp } from '../../../../../src/net/ip-address';

/** Orders addresses for a machine with these, of which it speaks from the first of the same version. */
function order(sources: readonly string[], addresses: readonly string[]): string[] {
  const parsed = addresses.map(text => parseIp(text)!);
  const from = sources.map(text => parseIp(text)!);
  return orderDestinations(parsed, to => from.find(source => isIpv4(source) === isIpv4(to))).map(formatIp);
}

it.each<[string, string[], string[], string[]]>([
  [
    'IPv6 where both work',
    ['192.168.1.5', '2001:db8::5'],
    ['203.0.113.1', '2001:db8:1::1'],
    ['2001:db8:1::1', '203.0.113.1'],
  ],
  [
    'IPv4 where there is no IPv6',
    ['192.168.1.5'],
    ['2001:db8:1::1', '203.0.113.1'],
    ['203.0.113.1', '2001:db8:1::1'],
  ],
  [
    'IPv4 where the only IPv6 address does not leave its link',
    ['192.168.1.5', 'fe80::5'],
    ['2001:db8:1::1', '203.0.113.1'],
    ['203.0.113.1', '2001:db8:1::1'],
  ],
  [
    'IPv4 before a public address from a local one',
    ['192.168.1.5', 'fd00::5'],
    ['2001:db8:1::1', '203.0.113.1'],
    ['203.0.113.1', '2001:db8:1::1'],
  ],
  [
    'a local address from a local one',
    ['192.168.1.5', 'fd00::5'],
    ['10.0.0.1', 'fd00::1'],
    ['fd00::1', '10.0.0.1'],
  ],
  [
    'the one that shares more bits',
    ['2001:db8:1::5'],
    ['2001:db8:f::1', '2001:db8:1::1'],
    ['2001:db8:1::1', '2001:db8:f::1'],
  ],
  [
    'the order of the answer otherwise',
    ['192.168.1.5'],
    ['203.0.113.9', '192.168.1.1'],
    ['203.0.113.9', '192.168.1.1'],
  ],
])('prefers %s', (_what, sources, addresses, expected) => {
  expect(order(sources, addresses)).toEqual(expected);
});
