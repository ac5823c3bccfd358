import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTopology } from '../../../../src/topology/topology-file';
import { ENGLISH_STRINGS } from '../../../../webview/diagram/strings';
import { broadcastDomains } from '../../../../webview/diagram/views/broadcast-domains';
import { viewContent, VIEWS } from '../../../../webview/diagram/views/view';
import { randomNetwork } from '../random-networks';
import { TopologyBuilder } from '../sample-topologies';

const sample = (name: string) =>
  readTopology(readFileSync(`media/samples/${name}.vnet.yaml`, 'utf8')).topology!;
const written = (text: string) => readTopology(`vnet: 1\n${text}`).topology!;
const domainsOf = (topology: Parameters<typeof broadcastDomains>[0]) =>
  broadcastDomains(topology).domains.map(({ interfaces }) => [...interfaces].sort().join(' '));

describe('broadcastDomains', () => {
  it('keeps VLANs apart on one trunk and joins each over both floors', () => {
    const { domains, ofCable } = broadcastDomains(sample('vlan-trunk-stp'));
    expect(domains.map(({ vlans, interfaces }) => [vlans, [...interfaces].sort()])).toEqual([
      [[10], ['office-1:eth0', 'office-2:eth0', 'router:eth0.10']],
      [[20], ['guest-1:eth0', 'guest-2:eth0', 'router:eth0.20']],
    ]);
    const trunk = ofCable.get('floor-1:trunk-a -- floor-2:trunk-a')!;
    expect(trunk.map(({ tag }) => tag)).toEqual([10, 20]);
    const access = ofCable.get('office-1:eth0 -- floor-1:p1') ?? ofCable.get('floor-1:p1 -- office-1:eth0');
    expect(access).toEqual([{ tag: 0, domain: 0 }]);
  });

  it('goes through a Linux bridge, its TAP devices and the cables of containers', () => {
    expect(domainsOf(sample('linux-bridge-tap'))).toEqual([
      'pc:eth0 router:lan server:br0 vm1:enp0s3 web:eth0',
    ]);
  });

  it('ends at routers and at an unplugged cable', () => {
    const topology = new TopologyBuilder()
      .stack('host', 'a', { eth0: '10.0.0.1/24' })
      .segment('switch', 'left', 2)
      .stack('router', 'r', { one: '10.0.0.254/24', two: '10.0.1.254/24' })
      .segment('switch', 'right', 2)
      .stack('host', 'b', { eth0: '10.0.1.1/24' })
      .cable('a eth0', 'left 1')
      .cable('left 2', 'r one')
      .cable('r two', 'right 1')
      .cable('right 2', 'b eth0', { up: false })
      .build();
    expect(domainsOf(topology)).toEqual(['a:eth0 r:one', 'r:two', 'b:eth0']);
  });

  it('joins a VXLAN by its number, whatever lies between', () => {
    expect(broadcastDomains(sample('vxlan')).domains.map(({ segments }) => segments.length)).toEqual([
      1, 1, 2,
    ]);
  });

  it('has the native VLAN of a trunk under no tag', () => {
    const { domains, ofCable } = broadcastDomains(
      written(`
nodes:
  one: { kind: switch, ports: { t: { vlan: 5, trunk: [7] }, p: { vlan: 5 } } }
  two: { kind: switch, ports: { t: { vlan: 5, trunk: [7] }, p: { vlan: 7 } } }
  a: { kind: host, interfaces: { eth0: { address: 10.0.0.1/24 } } }
  b: { kind: host, interfaces: { eth0: { address: 10.0.1.1/24 } } }
links: [['one:t', 'two:t'], ['one:p', 'a:eth0'], ['two:p', 'b:eth0']]
`),
    );
    const [trunk] = [...ofCable.entries()].filter(([id]) => id.includes('one:t'));
    expect(trunk![1].map(({ tag, domain }) => [tag, domains[domain]!.vlans])).toEqual([
      [0, [5]],
      [7, [7]],
    ]);
  });

  it('puts every interface with an address in one domain, and cables of one domain join its members', () => {
    fc.assert(
      fc.property(randomNetwork(40), topology => {
        const { domains, ofInterface, ofCable } = broadcastDomains(topology);
        expect(domains.flatMap(({ interfaces }) => interfaces)).toHaveLength(ofInterface.size);
        for (const { id, ends, up } of topology.cables) {
          for (const { device, port } of ends) {
            const domain = ofInterface.get(`${device}:${port}`);
            if (up && domain !== undefined) {
              expect(ofCable.get(id)?.map(one => one.domain)).toContain(domain);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('viewContent', () => {
  it('marks each cable of a VLAN with its number, and trunks with all of theirs', () => {
    const { model, paint } = viewContent('domains', sample('vlan-trunk-stp'), ENGLISH_STRINGS);
    expect([...new Set(model.cables.map(({ label }) => label))].sort()).toEqual([
      'VLAN 10',
      'VLAN 20',
      'trunk 10, 20',
    ]);
    expect(paint!.legend.map(({ mark, subnets, stations }) => [mark, subnets[0], stations])).toEqual([
      ['VLAN 10', '10.0.10.0/24', 3],
      ['VLAN 20', '10.0.20.0/24', 3],
    ]);
  });

  it('marks domains without a VLAN with letters', () => {
    const { model } = viewContent('domains', sample('virtualbox-nat'), ENGLISH_STRINGS);
    const labels = model.cables.filter(({ kind }) => kind === 'cable').map(({ label }) => label);
    expect(labels.every(label => /^[A-Z]$/.test(label))).toBe(true);
    expect(new Set(labels).size).toBe(4);
  });

  it('draws a subnet for each domain, machines with addresses and default routes, and no switch', () => {
    const { model } = viewContent('subnets', sample('vlan-trunk-stp'), ENGLISH_STRINGS);
    const segments = model.nodes.filter(({ kind }) => kind === 'network');
    expect(segments.map(({ label }) => label)).toEqual(['10.0.10.0/24', '10.0.20.0/24']);
    expect(model.nodes.filter(({ kind }) => kind === 'switch')).toEqual([]);
    const router = model.nodes.find(({ id }) => id === 'router')!;
    expect(router.ports.map(({ name, address }) => `${name} ${address}`)).toEqual([
      'eth0.10 10.0.10.1/24',
      'eth0.20 10.0.20.1/24',
    ]);
    const modes = viewContent('subnets', sample('virtualbox-modes'), ENGLISH_STRINGS).model;
    expect(modes.nodes.find(({ id }) => id === 'in-1')!.details).toEqual(['default via 10.10.0.1']);
  });

  it('joins two machines with a cable of their own without a segment between', () => {
    const topology = new TopologyBuilder()
      .stack('host', 'a', { eth0: '10.0.0.1/30' })
      .stack('host', 'b', { eth0: '10.0.0.2/30' })
      .cable('a eth0', 'b eth0')
      .build();
    const { model } = viewContent('subnets', topology, ENGLISH_STRINGS);
    expect(model.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(model.cables).toMatchObject([{ ends: ['a:eth0', 'b:eth0'], label: '10.0.0.0/30' }]);
  });

  it('gives every view of any network ports and cables that fit together', () => {
    fc.assert(
      fc.property(randomNetwork(30), fc.constantFrom(...VIEWS), (topology, view) => {
        const { model } = viewContent(view, topology, ENGLISH_STRINGS);
        const ports = model.nodes.flatMap(node => node.ports.map(port => ({ ...port, node: node.id })));
        expect(new Set(ports.map(({ id }) => id)).size).toBe(ports.length);
        expect(ports.filter(({ device, node }) => device !== node)).toEqual([]);
        const known = new Set(ports.map(({ id }) => id));
        expect(model.cables.flatMap(({ ends }) => ends).filter(end => !known.has(end))).toEqual([]);
        expect(new Set(model.cables.map(({ id }) => id)).size).toBe(model.cables.length);
      }),
      { numRuns: 60 },
    );
  });
});
