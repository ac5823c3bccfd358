import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../../../src/simulation/replay';
import { Simulation } from '../../../src/simulation/simulation';
import type { DeviceTable, TableKind } from '../../../src/simulation/protocol';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readTopology } from '../../../src/topology/topology-file';

function topologyOf(text: string): ResolvedTopology {
  const { topology, diagnostics } = readTopology(text);
  if (topology === undefined) {
    throw new Error(JSON.stringify(diagnostics));
  }
  return topology;
}

const sample = (name: string): ResolvedTopology =>
  topologyOf(readFileSync(join('media/samples', name), 'utf8'));

/** ns: everything that is to happen has happened; a spanning tree goes on for ever. */
const MINUTE = 60e9;

function go(simulation: Simulation, moment: Moment): void {
  const replay = simulation.goTo(moment);
  while (!replay.work(10_000)) {
    // The work is done by the condition.
  }
  simulation.show(replay);
}

/** Rows of one table as text, without what only time changes. */
function rows(tables: readonly DeviceTable[], kind: TableKind): string[] {
  const table = tables.find(each => each.kind === kind);
  const expires = table?.columns.indexOf('expires') ?? -1;
  return (table?.rows ?? []).map(({ cells }) => cells.filter((_, index) => index !== expires).join(' | '));
}

const HOME = topologyOf(`vnet: 1
networks: {home: {subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true}}
nodes:
  internet: {kind: internet, servers: {web.example: {address: 203.0.113.80, services: {http: 80}}}}
  router:
    kind: router
    interfaces: {wan: {network: internet, address: dhcp}, lan: {network: home, address: 192.168.1.1/24}}
    nat: {outside: wan}
  laptop: {kind: host, interfaces: {eth0: {network: home, groups: 239.1.2.3}}}
scenarios:
  browse:
    - ping: {from: laptop, to: 203.0.113.80}
    - http: {from: laptop, to: 'http://203.0.113.80/'}
    - dns: {from: laptop, name: web.example}
`);

describe('the tables of a device', () => {
  const simulation = new Simulation(HOME);
  simulation.runOn(MINUTE);
  const laptop = simulation.tables('laptop');
  const router = simulation.tables('router');

  it('say what a host has and knows', () => {
    expect(rows(laptop, 'interfaces')[0]).toMatch(
      /^eth0 \| UP \| [0-9a-f:]{17} \| 1500 \| 192\.168\.1\.1\d\d\/24 \| 239\.1\.2\.3$/,
    );
    expect(rows(laptop, 'neighbours')).toEqual([
      expect.stringMatching(/^192\.168\.1\.1 \| eth0 \| [0-9a-f:]{17} \| (REACHABLE|STALE|DELAY) \| $/),
    ]);
    expect(rows(laptop, 'routes')).toEqual([
      'default | 192.168.1.1 | eth0 | 0 | dhcp',
      '192.168.1.0/24 |  | eth0 | 0 | kernel',
    ]);
    expect(rows(laptop, 'leases')).toEqual([
      expect.stringMatching(/^own \| 192\.168\.1\.1\d\d \|  \| server 192\.168\.1\.1$/),
    ]);
    expect(rows(laptop, 'sockets').some(row => row.startsWith('tcp | TIME-WAIT | 192.168.1.1'))).toBe(true);
  });

  it('say what a router tracks and gave', () => {
    const connections = rows(router, 'connections');
    expect(connections.find(row => row.startsWith('icmp'))).toMatch(
      /^icmp \|  \| 192\.168\.1\.1\d\d → 203\.0\.113\.80 id \d+ \| 203\.0\.113\.80 → .* \| SNAT$/,
    );
    expect(connections.find(row => row.startsWith('tcp'))).toMatch(
      /^tcp \| TIME_WAIT \| 192\.168\.1\.1\d\d:\d+ → 203\.0\.113\.80:80 \| 203\.0\.113\.80:80 → .* \| ASSURED SNAT$/,
    );
    expect(rows(router, 'leases')).toEqual([
      expect.stringMatching(/^given \| 192\.168\.1\.1\d\d \| [0-9a-f:]{17} \| laptop$/),
      expect.stringMatching(/^own \| 198\.51\.100\.\d+ \|  \| server 198\.51\.100\.1$/),
    ]);
  });

  it('name the packet that made a row', () => {
    const [neighbour] = laptop.find(({ kind }) => kind === 'neighbours')!.rows;
    const packet = simulation.packet(neighbour!.record!);
    expect(packet?.row).toMatchObject({ protocol: 'ARP', to: 'laptop:eth0' });
  });

  /** For each row, what it is and the packet that it names. */
  function madeBy(device: string, kind: TableKind): readonly (readonly [string, string])[] {
    const table = simulation.tables(device).find(each => each.kind === kind)!;
    return table.rows.map(({ cells, record }) => {
      const packet = record === undefined ? undefined : simulation.packet(record)!.row;
      return [`${cells[0]} ${cells[1]}`, packet === undefined ? '' : `${packet.info} to ${packet.to}`];
    });
  }

  it('name the acknowledgement that brought a lease and its routes, and the request that a lease was given for', () => {
    const acknowledged = expect.stringMatching(/^DHCP ACK .* to laptop:eth0$/);
    expect(madeBy('laptop', 'leases')).toEqual([[expect.stringMatching(/^own 192/), acknowledged]]);
    expect(madeBy('laptop', 'routes')).toEqual([
      ['default 192.168.1.1', acknowledged],
      ['192.168.1.0/24 ', acknowledged],
    ]);
    expect(madeBy('router', 'leases')).toEqual([
      [expect.stringMatching(/^given 192/), expect.stringMatching(/^DHCP Request .* to router:lan$/)],
      [expect.stringMatching(/^own 198/), expect.stringMatching(/^DHCP ACK .* to router:wan$/)],
    ]);
    // What the file says no packet brought.
    const written = madeBy('router', 'routes').find(([route]) => route.startsWith('192.168.1.0/24'));
    expect(written).toEqual(['192.168.1.0/24 ', '']);
  });

  it('name the answer that a name was learned from', () => {
    const names = madeBy('router', 'names');
    expect(names).toEqual([
      [
        'web.example A',
        expect.stringMatching(/^Standard query response .* A web\.example A 203\.0\.113\.80 to router:wan$/),
      ],
      // That there is none was an answer as well.
      [
        'web.example AAAA',
        expect.stringMatching(/^Standard query response .* AAAA web\.example SOA .* to router:wan$/),
      ],
    ]);
  });

  it('name the segment that brought a connection into its state', () => {
    const [connection] = madeBy('laptop', 'sockets').filter(([socket]) => socket.startsWith('tcp TIME-WAIT'));
    expect(connection?.[1]).toMatch(/^80 → .*ACK\].* to laptop:eth0$/);
  });

  it('name the advertisement that brought an IPv6 route', () => {
    const home = new Simulation(sample('ipv6-home.vnet.yaml'));
    home.runOn(MINUTE);
    const routes = home.tables('laptop').find(({ kind }) => kind === 'routes')!.rows;
    const advertised = routes.filter(({ cells }) => cells[4] === 'ra');
    expect(advertised.map(({ cells }) => cells[0])).toContain('default');
    for (const { record } of advertised) {
      expect(home.packet(record!)?.row).toMatchObject({
        info: expect.stringContaining('Router Advertisement'),
        to: 'laptop:eth0',
      });
    }
  });

  it('are those of switches and their spanning trees', () => {
    const vlans = new Simulation(sample('vlan-trunk-stp.vnet.yaml'));
    vlans.runOn(MINUTE);
    const floor = vlans.tables('floor-1');
    expect(floor.map(({ kind }) => kind)).toEqual(['stations', 'spanning-tree']);
    expect(
      rows(floor, 'spanning-tree').some(row => / \| (root|designated) \| forwarding \| /.test(row)),
    ).toBe(true);
    expect(rows(floor, 'stations').some(row => row.endsWith(' | 10 | p1'))).toBe(true);
  });

  it('are none of a device that is not there', () => {
    expect(simulation.tables('nobody')).toEqual([]);
  });
});

describe('a row that has just changed', () => {
  it('is marked until the next packet reaches the device', () => {
    const simulation = new Simulation(HOME);
    const marked = new Set<string>();
    const neighbours = (): DeviceTable =>
      simulation.tables('laptop').find(({ kind }) => kind === 'neighbours')!;
    for (let steps = 0; steps < 60 && simulation.step(); steps++) {
      for (const { cells, changed, record } of neighbours().rows) {
        if (changed === true) {
          marked.add(`${cells[3]} by ${simulation.packet(record!)!.row.protocol}`);
        }
      }
    }
    expect([...marked]).toContain('REACHABLE by ARP');
    simulation.runOn(MINUTE);
    expect(neighbours().rows.some(({ changed }) => changed)).toBe(false);
  });
});

describe('going back', () => {
  it('shows the tables of a fresh run at that moment', () => {
    const topologies = ['vlan-trunk-stp.vnet.yaml', 'virtualbox-modes.vnet.yaml'].map(sample).concat(HOME);
    const moment = fc.record({
      topology: fc.nat(topologies.length - 1),
      ahead: fc.nat(120),
      back: fc.nat(60),
    });
    fc.assert(
      fc.property(moment, ({ topology: which, ahead, back }) => {
        const topology = topologies[which]!;
        const all = (simulation: Simulation): unknown =>
          topology.devices.map(({ id }) => [id, simulation.tables(id)]);
        const travelled = new Simulation(topology);
        for (let steps = 0; steps < ahead; steps++) {
          travelled.step();
        }
        for (let steps = 0; steps < back && travelled.position.events > 0; steps++) {
          go(travelled, { kind: 'before', records: travelled.records.end });
        }
        const fresh = new Simulation(topology);
        go(fresh, { kind: 'position', position: travelled.position });
        expect(fresh.records.end).toBe(travelled.records.end);
        expect(all(travelled)).toEqual(all(fresh));
      }),
      { numRuns: 20 },
    );
  });
});
