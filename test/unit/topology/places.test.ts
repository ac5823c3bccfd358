import { describe, expect, it } from 'vitest';
import { formatMessage } from '../../../src/topology/diagnostic';
import { hoverAt } from '../../../src/topology/hover';
import { checkNewName, occurrenceAt, occurrencesIn, samePlaces } from '../../../src/topology/occurrences';
import { outlineOf, type OutlineItem } from '../../../src/topology/outline';
import type { TopologyPath } from '../../../src/topology/resolved';
import { nearest } from '../../../src/topology/suggestion';
import { readTopology } from '../../../src/topology/topology-file';
import { parseDuration, parsePercentage, parseRate } from '../../../src/topology/units';
import { withCaret } from './reading';

const FILE = `vnet: 1
networks:
  home: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }
nodes:
  # the box on the shelf
  router:
    kind: router
    interfaces:
      lan: { network: home, address: 192.168.1.1/24 }
    # and a comment inside
  laptop: { kind: host, interfaces: { eth0: { network: home } } } # mine
  vm1:
    kind: vm
    on: laptop
    adapters:
      1: { attach: nat }

links:
  - [router:spare, "laptop:eth1"]
scenarios:
  works:
    - ping: { from: vm1, to: "laptop:eth0" }
`;

const at = (marked: string) => {
  const { text, offset } = withCaret(FILE.replace(marked.replace('|', ''), marked));
  return { file: readTopology(text), offset, text };
};

describe('places', () => {
  it.each([
    ['ho|me: { subnet', 'home'],
    ['router|:\n', 'router'],
    ['# and a com|ment inside', 'router'],
    ['# mi|ne', 'laptop'],
    ['on: lap|top', 'vm1'],
    ['attach: n|at', 'vm1:1/nat'],
    ['router:sp|are', 'router'],
    ['"laptop:e|th1"', 'laptop'],
    ['ping: { fr|om', undefined],
    ['vn|et: 1', undefined],
  ])('at %s stands device %s', (marked, device) => {
    const { file, offset } = at(marked);
    expect(file.diagnostics).toEqual([]);
    expect(file.deviceAt(offset)).toBe(device);
  });

  it('of devices and cables are found from their paths', () => {
    const file = readTopology(FILE);
    const { topology } = file;
    const textOf = (path: TopologyPath) => {
      const { start, end } = file.locate(path)!;
      return FILE.slice(start.offset, end.offset);
    };
    expect(topology!.devices.map(({ source }) => textOf(source))).toEqual([
      'home',
      'router',
      'laptop',
      'vm1',
      '1',
    ]);
    expect(topology!.cables.map(({ source }) => textOf(source))).toEqual([
      'network',
      'network',
      '[router:spare, "laptop:eth1"]',
      '1',
    ]);
    expect(textOf(['nodes', 'laptop', 'dns', 3])).toBe('laptop');
    expect(file.locate(['nowhere'])).toBeUndefined();
  });

  it('are paths too', () => {
    const { file, offset } = at('on: lap|top');
    expect(file.pathAt(offset)).toEqual(['nodes', 'vm1', 'on']);
  });
});

describe('names', () => {
  const spots = (marked: string) => {
    const { file, offset, text } = at(marked);
    const all = occurrencesIn(file, text);
    const here = occurrenceAt(all, offset);
    return here === undefined
      ? undefined
      : samePlaces(all, here).map(({ span }) => {
          const { line, column } = file.lines.position(span[0]);
          return `${line}:${column}`;
        });
  };

  it.each([
    ['on: lap|top', ['11:3', '14:9', '19:21', '22:31']],
    ['lap|top: {', ['11:3', '14:9', '19:21', '22:31']],
    ['network: ho|me }', ['3:3', '9:23', '11:56']],
    ['from: vm|1', ['12:3', '22:21']],
    ['"laptop:eth|0"', ['11:39', '22:38']],
    ['at|tach', undefined],
  ])('from %s lead to every place', (marked, places) => {
    expect(spots(marked)).toEqual(places);
  });

  it('may be changed to one that is free and well formed', () => {
    const { file, offset, text } = at('on: lap|top');
    const all = occurrencesIn(file, text);
    const here = occurrenceAt(all, offset)!;
    expect(checkNewName(all, here, 'desktop')).toBeUndefined();
    expect(checkNewName(all, here, 'laptop')).toBeUndefined();
    expect(checkNewName(all, here, 'home')).toBe('name-taken');
    expect(checkNewName(all, here, 'a b')).toBe('bad-name');
  });
});

describe('hover', () => {
  const hover = (marked: string) => {
    const { file, offset } = at(marked);
    return hoverAt(file, offset)?.paragraphs.map(one => formatMessage(one));
  };

  it('says what a key means and what its default is', () => {
    expect(hover('add|ress: 192')).toEqual([
      expect.stringContaining('How the interface gets its address'),
      'Default: `dhcp`.',
      'For example `dhcp`, `auto`, `slaac`, `192.168.1.10/24`.',
    ]);
  });

  it('says what became of a machine', () => {
    expect(hover('lap|top: {')![0]).toMatch(/^`laptop:eth0` · `02:[0-9a-f:]+` · address leased by DHCP$/);
    expect(hover('la|n: {')![0]).toMatch(/^`router:lan` · `02:[0-9a-f:]+` · `192.168.1.1\/24`$/);
  });

  it('says what IPv6 became of a machine', () => {
    const text =
      "vnet: 1\nnetworks: {n: {subnet: 'fd00::/64', gateway: 'fd00::1'}}\nnodes:\n  p: {kind: host, interfaces: {e: {network: n, address: ['fd00::2/64', slaac]}}}\n";
    const paragraphs = hoverAt(readTopology(text), text.indexOf('e: {network'))!.paragraphs;
    expect(paragraphs.slice(0, 3).map(one => formatMessage(one))).toEqual([
      expect.stringMatching(/^`p:e` · `02:[0-9a-f:]+` · no address$/),
      '`p:e` · IPv6 `fd00::2/64` · gateway `fd00::1`',
      '`p:e` · IPv6 by autoconfiguration',
    ]);
  });

  it('says the meaning of a kind', () => {
    expect(hover('kind: v|m')).toEqual([expect.stringContaining('A virtual machine on a host.')]);
  });

  it('keeps quiet in comments', () => {
    expect(hover('# mi|ne')).toBeUndefined();
  });
});

describe('outline', () => {
  it('names what the file holds', () => {
    const lines = (items: readonly OutlineItem[], indent = ''): string[] =>
      items.flatMap(({ name, detail, children }) => [
        `${indent}${name} ${detail}`.trimEnd(),
        ...lines(children, `${indent}  `),
      ]);
    expect(lines(outlineOf(readTopology(FILE)))).toEqual([
      'networks',
      '  home 192.168.1.0/24',
      'nodes',
      '  router router',
      '    lan home',
      '  laptop host',
      '    eth0 home',
      '  vm1 vm',
      '    1 nat',
      'links',
      '  router:spare — laptop:eth1',
      'scenarios',
      '  works',
      '    ping vm1 → laptop:eth0',
    ]);
  });

  it('has every name inside its own text, as VS Code demands', () => {
    const check = (items: readonly OutlineItem[]): void => {
      for (const { range, selection, children } of items) {
        expect(range.start.offset).toBeLessThanOrEqual(selection.start.offset);
        expect(range.end.offset).toBeGreaterThanOrEqual(selection.end.offset);
        check(children);
      }
    };
    check(outlineOf(readTopology(FILE)));
    check(outlineOf(readTopology('nodes: {a: &x {kind: host}, b: *x}\nlinks:\n')));
  });
});

describe('amounts', () => {
  it.each([
    ['5ms', 5e6],
    ['1.5 s', 1.5e9],
    ['10us', 1e4],
    ['10µs', 1e4],
    ['7ns', 7],
    ['2min', 120e9],
    ['12h', 43_200e9],
    ['5', undefined],
    ['5 parsecs', undefined],
    ['9999999d', 365 * 86_400e9],
  ])('of time: %s', (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each([
    ['100Mbit', 1e8],
    ['1 Gbit/s', 1e9],
    ['56kbit', 56_000],
    ['8bit', 8],
    ['0bit', 1],
    ['1MB', undefined],
  ])('of rate: %s', (text, bits) => {
    expect(parseRate(text)).toBe(bits);
  });

  it.each([
    ['1%', 0.01],
    ['100 %', 1],
    ['101%', undefined],
    ['0.5', undefined],
  ])('of share: %s', (text, share) => {
    expect(parsePercentage(text)).toBe(share);
  });
});

describe('suggestions', () => {
  it.each([
    ['adress', 'address'],
    ['Adress', 'address'],
    ['addrses', 'address'],
    ['nat_network', 'nat-network'],
    ['gatewya', 'gateway'],
    ['zebra', undefined],
    ['x', undefined],
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, ['network', 'address', 'gateway', 'nat-network', 'mac'])).toBe(expected);
  });
});
