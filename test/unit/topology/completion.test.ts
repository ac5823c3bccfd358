import { describe, expect, it } from 'vitest';
import { completionsAt } from '../../../src/topology/completion';
import { withCaret } from './reading';

const FILE = `vnet: 1
networks:
  home: { subnet: 192.168.1.0/24 }
nodes:
  internet: { kind: internet, servers: { web.example: {} } }
  laptop: { kind: host, interfaces: { eth0: { network: home } } }
  sw1: { kind: switch }
  vm1: { kind: vm, on: laptop }
links:
  - [laptop:eth1, sw1:1]
`;

/** The labels offered at the caret `|`. */
function offered(marked: string): string[] {
  const { text, offset } = withCaret(marked);
  return (completionsAt(text, offset)?.items ?? []).map(({ label }) => label);
}

/** The text after choosing a label at the caret. */
function chosen(marked: string, label: string): string {
  const { text, offset } = withCaret(marked);
  const completions = completionsAt(text, offset)!;
  const item = completions.items.find(one => one.label === label)!;
  return text.slice(0, completions.start) + item.text + text.slice(completions.end);
}

describe('completion of keys', () => {
  it('offers the sections that are not there yet', () => {
    expect(offered('vnet: 1\nna|')).toEqual(['name', 'networks', 'nodes', 'links', 'scenarios', 'diagram']);
    expect(offered('vnet: 1\nname: x\n|\n')).not.toContain('name');
  });

  it('begins an empty file', () => {
    expect(offered('|')).toContain('vnet');
    expect(chosen('|', 'vnet')).toBe('vnet: ');
  });

  it('asks for the kind of a node first, then offers the keys of that kind', () => {
    expect(offered(FILE.replace('links:', '  new:\n    |\nlinks:'))).toEqual(['kind']);
    const inside = offered(FILE.replace('links:', '  new:\n    kind: switch\n    |\nlinks:'));
    expect(inside).toEqual(['ports', 'vlan', 'stp', 'ageing']);
  });

  it('works between other keys, in the middle of a word, and in braces', () => {
    expect(offered('vnet: 1\nnetworks:\n  a:\n    sub|\n    gateway: 10.0.0.1\n')).toEqual([
      'subnet',
      'dhcp',
      'dns',
      'vlan',
      'mtu',
      'router-advertisements',
    ]);
    expect(offered('vnet: 1\nnetworks: { a: { su|, gateway: 10.0.0.1 } }\n')).toContain('subnet');
    expect(chosen('vnet: 1\nnetworks: { a: { s|ub: 10.0.0.0/24 } }\n', 'subnet')).toBe(
      'vnet: 1\nnetworks: { a: { subnet: 10.0.0.0/24 } }\n',
    );
  });

  it('begins a block that is indented by two more', () => {
    expect(chosen('vnet: 1\nnod|', 'nodes')).toBe('vnet: 1\nnodes:\n  ');
    expect(chosen('vnet: 1\nnodes:\n  v:\n    kind: vm\n    ad|', 'adapters')).toBe(
      'vnet: 1\nnodes:\n  v:\n    kind: vm\n    adapters:\n      ',
    );
    expect(chosen('vnet: 1\nli|', 'links')).toBe('vnet: 1\nlinks:\n  - ');
  });

  it('offers free adapter slots', () => {
    expect(
      offered('vnet: 1\nnodes:\n  v:\n    kind: vm\n    adapters:\n      1: { attach: nat }\n      |\n'),
    ).toEqual(['2', '3', '4', '5', '6', '7', '8']);
  });

  it('offers one action for a step', () => {
    expect(offered('vnet: 1\nscenarios:\n  s:\n    - |\n')).toContain('ping');
    expect(offered('vnet: 1\nscenarios:\n  s:\n    - ping: {}\n      |\n')).toEqual([]);
  });

  it('quotes in JSON', () => {
    expect(chosen('{ "vnet": 1, "no|" }', 'nodes')).toBe('{ "vnet": 1, "nodes":  }'.replace(':  }', ':  }'));
  });
});

describe('completion of values', () => {
  it('offers kinds and modes with what they are', () => {
    expect(offered('vnet: 1\nnodes:\n  a: { kind: | }\n')).toEqual([
      'host',
      'vm',
      'router',
      'switch',
      'internet',
      'container',
      'hub',
    ]);
    expect(
      offered('vnet: 1\nnodes:\n  a:\n    kind: vm\n    adapters:\n      1:\n        attach: na|\n'),
    ).toEqual([
      'nat',
      'nat-network',
      'bridged',
      'internal',
      'host-only',
      'generic',
      'tap',
      'none',
      'not-attached',
    ]);
  });

  it('offers the names that fit', () => {
    const at = (line: string) => offered(FILE.replace('links:', `  ${line}\nlinks:`));
    expect(at('pc: { kind: host, interfaces: { e: { network: | } } }')).toEqual(['home', 'internet']);
    expect(at('pc: { kind: vm, on: | }')).toEqual(['laptop']);
    expect(at('pc: { kind: router, interfaces: { wan: , lan: }, nat: { outside: | } }')).toEqual([
      'wan',
      'lan',
    ]);
  });

  it('offers cable ends, and the next free port of a switch', () => {
    expect(offered(`${FILE}  - [la|, sw1:2]\n`)).toEqual(['laptop:eth0', 'sw1:3']);
    expect(offered(`${FILE}  - [laptop:eth0, |]\n`)).toEqual(['laptop:eth0', 'sw1:2']);
    expect(chosen(`${FILE}  - [laptop:e|, sw1:2]\n`, 'laptop:eth0')).toBe(
      `${FILE}  - [laptop:eth0, sw1:2]\n`,
    );
  });

  it('offers targets of a ping', () => {
    expect(offered(`${FILE}scenarios:\n  s:\n    - ping: { from: vm1, to: | }\n`)).toEqual([
      'laptop',
      'vm1',
      'web.example',
    ]);
    expect(offered(`${FILE}scenarios:\n  s:\n    - ping: { from: vm1, to: laptop, expect: | }\n`)).toEqual([
      'reply',
      'no-reply',
    ]);
  });

  it('offers the networks of VirtualBox on the host', () => {
    const at = (attach: string) =>
      offered(
        'vnet: 1\nnodes:\n  h: { kind: host, virtualbox: { nat-networks: { red: {} }, internal: { lab: {} } } }\n' +
          '  a: { kind: vm, on: h, adapters: { 1: { attach: internal, network: dmz }, 2: { attach: host-only } } }\n' +
          `  b: { kind: vm, on: h, adapters: { 1: { attach: ${attach}, network: | } } }\n`,
      );
    expect(at('internal')).toEqual(['intnet', 'lab', 'dmz']);
    expect(at('nat-network')).toEqual(['NatNetwork', 'red']);
    expect(at('host-only')).toEqual(['vboxnet0']);
  });

  it('marks the default', () => {
    const { text, offset } = withCaret('vnet: 1\nnodes:\n  a: { kind: host, virtualbox: { version: | } }\n');
    expect(completionsAt(text, offset)!.items.map(({ label, isDefault }) => [label, isDefault])).toEqual([
      ['6.1', false],
      ['7.0', false],
      ['7.1', false],
      ['7.2', true],
    ]);
  });

  it('keeps quiet in comments and where anything may be written', () => {
    expect(offered('vnet: 1\n# no|\n')).toEqual([]);
    expect(offered('vnet: 1\nname: My |\n')).toEqual([]);
  });
});
