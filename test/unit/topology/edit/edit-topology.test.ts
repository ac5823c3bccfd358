/** What a change on the picture does to the file. */
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMessage } from '../../../../src/topology/diagnostic';
import { applyChanges } from '../../../../src/topology/edit/edited-text';
import { editTopology } from '../../../../src/topology/edit/edit-topology';
import { ADDABLE_KINDS, ATTACHMENTS, type TopologyEdit } from '../../../../src/topology/edit/topology-edit';
import { readTopology } from '../../../../src/topology/topology-file';

/** The file after an edit, or why there is none. */
function edited(before: string, ...edits: TopologyEdit[]): string {
  return edits.reduce((text, edit) => {
    const outcome = editTopology(text, edit);
    return outcome.refused
      ? `refused: ${[outcome.refused, outcome.because].flatMap(each => (each ? [formatMessage(each)] : [])).join(' ')}`
      : applyChanges(text, outcome.changes);
  }, before);
}

/** The lines that are new, as `+ …`, and those that are gone, as `- …`. */
function difference(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter(line => !now.includes(line)).map(line => `- ${line.trim()}`),
    ...now.filter(line => !old.includes(line)).map(line => `+ ${line.trim()}`),
  ];
}

const changed = (before: string, ...edits: TopologyEdit[]): string[] => {
  const after = edited(before, ...edits);
  return after.startsWith('refused: ') ? [after] : difference(before, after);
};

const HOME = `vnet: 1
name: Home # sweet home
networks:
  lan: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }
  cellar: { subnet: 192.168.7.0/24 }

nodes:
  internet: { kind: internet }
  # The box from the provider.
  router:
    kind: router
    interfaces:
      wan: { network: internet }
      lan: { network: lan, address: 192.168.1.1/24 } # inside
    nat: { outside: wan }
  laptop: { kind: host, interfaces: { eth0: { network: lan } } }
  vm1: { kind: vm, on: laptop }
  vm2:
    kind: vm
    on: laptop
    adapters:
      1: { attach: nat, forwards: ['tcp 2222 -> 22'] }
  sw1: { kind: switch, ports: 2 }
  pc1: { kind: host }

links:
  - [pc1:eth0, sw1:1] # the blue one

scenarios:
  all is well:
    - ping: { from: laptop, to: router }
    - ping: { from: vm1, to: router }
`;

describe('adding', () => {
  it('puts a node with the next free name at the end of the nodes', () => {
    expect(changed(HOME, { type: 'add', kind: 'host' })).toEqual(['+ pc2: { kind: host }']);
    expect(changed(HOME, { type: 'add', kind: 'switch' })).toEqual(['+ sw2: { kind: switch }']);
    expect(changed(HOME, { type: 'add', kind: 'vm' })).toEqual(['+ vm3: { kind: vm, on: laptop }']);
  });

  it('gives a network addresses of its own', () => {
    expect(changed(HOME, { type: 'add', kind: 'network' })).toEqual(['+ net1: { subnet: 192.168.2.0/24 }']);
  });

  it('tells the new device', () => {
    expect(editTopology(HOME, { type: 'add', kind: 'router' })).toMatchObject({ device: 'r1' });
  });

  it('begins sections where there are none', () => {
    expect(edited('vnet: 1\n', { type: 'add', kind: 'host' }, { type: 'add', kind: 'network' })).toBe(
      'vnet: 1\nnetworks:\n  net1: { subnet: 192.168.1.0/24 }\nnodes:\n  pc1: { kind: host }\n',
    );
    expect(edited('{"vnet": 1}', { type: 'add', kind: 'host' })).toBe(
      '{"vnet": 1, "nodes": { "pc1": { "kind": "host" } }}',
    );
  });

  it('makes the bridge that a container needs', () => {
    expect(changed(HOME, { type: 'add', kind: 'container', on: 'laptop' })).toEqual([
      '- laptop: { kind: host, interfaces: { eth0: { network: lan } } }',
      '+ laptop: { kind: host, interfaces: { eth0: { network: lan }, br0: { type: bridge } } }',
      '+ c1: { kind: container, on: laptop }',
    ]);
  });

  it('says what is missing', () => {
    expect(changed('vnet: 1\n', { type: 'add', kind: 'vm' })).toEqual([
      'refused: It needs a machine to run on: add a host first.',
    ]);
    expect(changed(HOME, { type: 'add', kind: 'internet' })).toEqual([
      'refused: There is one internet in a file, and this file has it.',
    ]);
    expect(
      changed(
        HOME,
        { type: 'add', kind: 'vm', on: 'router' },
        { type: 'add', kind: 'vm', on: 'pc1' },
        { type: 'add', kind: 'vm' },
      ),
    ).toEqual(['refused: There are several machines it could run on: choose one of laptop, pc1.']);
  });
});

describe('connecting', () => {
  const connect = (from: string, to: string): string[] => changed(HOME, { type: 'connect', from, to });

  it('joins a network with a card that is free, or a new one', () => {
    expect(connect('pc1', 'lan')).toEqual([
      '- pc1: { kind: host }',
      '+ pc1: { kind: host, interfaces: { eth1: { network: lan } } }',
    ]);
    expect(connect('cellar', 'router')).toEqual(['+ eth0: { network: cellar, address: auto }']);
  });

  it('gives a router the address of the gateway that nobody has', () => {
    const text = HOME.replace('subnet: 192.168.7.0/24', 'subnet: 192.168.7.0/24, gateway: 192.168.7.254');
    expect(changed(text, { type: 'connect', from: 'router', to: 'cellar' })).toEqual([
      '+ eth0: { network: cellar, address: 192.168.7.254/24 }',
    ]);
  });

  it('lays a cable between machines and switches', () => {
    expect(connect('laptop', 'pc1')).toEqual(['+ - [laptop:eth1, pc1:eth1]']);
    expect(connect('sw1', 'laptop')).toEqual(['+ - [sw1:2, laptop:eth1]']);
  });

  it('knows when all ports are taken', () => {
    const text = HOME.replace('ports: 2', 'ports: 1');
    expect(changed(text, { type: 'connect', from: 'laptop', to: 'sw1' })).toEqual([
      'refused: All ports of `sw1` are in use.',
    ]);
  });

  it('gives a VM another adapter', () => {
    expect(connect('vm1', 'vm2')).toEqual([
      '- vm1: { kind: vm, on: laptop }',
      '+ vm1: { kind: vm, on: laptop, adapters: { 1: { attach: nat }, 2: { attach: internal, network: intnet } } }',
      '+ 2: { attach: internal, network: intnet }',
    ]);
    expect(connect('lan', 'vm2')).toEqual(['+ 2: { attach: bridged, to: eth0 }']);
    expect(connect('vm2', 'laptop')).toEqual(['+ 2: { attach: bridged, to: eth0 }']);
  });

  it('says why some things can’t be plugged together', () => {
    expect(connect('vm1', 'sw1')).toEqual([
      'refused: `vm1` is a VM: it reaches the outside by its host `laptop`. Connect `laptop` with `sw1` first.',
    ]);
    expect(connect('lan', 'sw1')).toEqual([
      'refused: `lan` is a network, which is a switch of its own: plug machines into it, or use a switch instead of it.',
    ]);
    expect(connect('lan', 'cellar')[0]).toContain('join them by a router');
    expect(connect('vm1', 'vm1')).toEqual(['refused: A cable joins two different devices.']);
    expect(connect('vm1:1/nat', 'pc1')[0]).toContain('No cable can be plugged into');
  });
});

describe('renaming', () => {
  it('changes every place that names it, and no other', () => {
    expect(changed(HOME, { type: 'rename', device: 'pc1', name: 'desk' })).toEqual([
      '- pc1: { kind: host }',
      '- - [pc1:eth0, sw1:1] # the blue one',
      '+ desk: { kind: host }',
      '+ - [desk:eth0, sw1:1] # the blue one',
    ]);
    const after = edited(HOME, { type: 'rename', device: 'laptop', name: 'mac-book' });
    expect(after.match(/mac-book/g)).toHaveLength(4);
    expect(after).not.toContain('laptop');
  });

  it('says why a name can’t be', () => {
    expect(changed(HOME, { type: 'rename', device: 'pc1', name: 'lan' })).toEqual([
      'refused: `lan` is the name of something else.',
    ]);
    expect(changed(HOME, { type: 'rename', device: 'pc1', name: 'a b' })[0]).toContain('A name starts with');
    expect(changed(HOME, { type: 'rename', device: 'vm1:1/nat', name: 'x' })[0]).toContain(
      'something else in the file needs it',
    );
  });
});

describe('deleting', () => {
  it('takes a node with its cables, and keeps the comments of others', () => {
    expect(changed(HOME, { type: 'delete', device: 'pc1' })).toEqual([
      '- pc1: { kind: host }',
      '- links:',
      '- - [pc1:eth0, sw1:1] # the blue one',
    ]);
  });

  it('takes a host with its guests and the steps that name them', () => {
    expect(changed(HOME, { type: 'delete', device: 'laptop' })).toEqual([
      '- laptop: { kind: host, interfaces: { eth0: { network: lan } } }',
      '- vm1: { kind: vm, on: laptop }',
      '- vm2:',
      '- kind: vm',
      '- on: laptop',
      '- adapters:',
      "- 1: { attach: nat, forwards: ['tcp 2222 -> 22'] }",
      '- scenarios:',
      '- all is well:',
      '- - ping: { from: laptop, to: router }',
      '- - ping: { from: vm1, to: router }',
    ]);
  });

  it('leaves the machines of a network their interfaces', () => {
    const after = edited(HOME, { type: 'delete', device: 'lan' });
    expect(difference(HOME, after)).toEqual([
      '- lan: { subnet: 192.168.1.0/24, gateway: 192.168.1.1, dhcp: true }',
      '- lan: { network: lan, address: 192.168.1.1/24 } # inside',
      '- laptop: { kind: host, interfaces: { eth0: { network: lan } } }',
      '+ lan: { address: 192.168.1.1/24 } # inside',
      '+ laptop: { kind: host, interfaces: { eth0: {} } }',
    ]);
  });
});

describe('cables', () => {
  it('are pulled and plugged in again without a trace', () => {
    const pulled = edited(HOME, { type: 'cable', cable: 'pc1:eth0 -- sw1:1', up: false });
    expect(difference(HOME, pulled)).toEqual([
      '- - [pc1:eth0, sw1:1] # the blue one',
      '+ - { between: [pc1:eth0, sw1:1], up: false } # the blue one',
    ]);
    expect(edited(pulled, { type: 'cable', cable: 'pc1:eth0 -- sw1:1', up: true })).toBe(HOME);
    const adapter = { type: 'cable', cable: 'vm2:enp0s3 -- vm2:1/nat:guest' } as const;
    expect(changed(HOME, { ...adapter, up: false })).toEqual([
      "- 1: { attach: nat, forwards: ['tcp 2222 -> 22'] }",
      "+ 1: { attach: nat, forwards: ['tcp 2222 -> 22'], cable: false }",
    ]);
    expect(edited(HOME, { ...adapter, up: false }, { ...adapter, up: true })).toBe(HOME);
    const card = { type: 'cable', cable: 'laptop:eth0 -- lan:2' } as const;
    expect(edited(HOME, { ...card, up: false })).toContain('eth0: { network: lan, up: false }');
    expect(edited(HOME, { ...card, up: false }, { ...card, up: true })).toBe(HOME);
  });

  it('are taken away as they were written', () => {
    expect(changed(HOME, { type: 'delete-cable', cable: 'pc1:eth0 -- sw1:1' })).toEqual([
      '- links:',
      '- - [pc1:eth0, sw1:1] # the blue one',
    ]);
    expect(edited(HOME, { type: 'delete-cable', cable: 'laptop:eth0 -- lan:2' })).toContain(
      'laptop: { kind: host, interfaces: { eth0: {} } }',
    );
    expect(edited(HOME, { type: 'delete-cable', cable: 'vm1:enp0s3 -- vm1:1/nat:guest' })).toContain(
      'vm1: { kind: vm, on: laptop, adapters: { 1: { attach: not-attached } } }',
    );
  });
});

describe('addresses', () => {
  const address = (device: string, name: string, text: string): string[] =>
    changed(HOME, { type: 'address', device, interface: name, address: text });

  it('are written where they belong', () => {
    expect(address('laptop', 'eth0', '192.168.1.20/24')).toEqual([
      '- laptop: { kind: host, interfaces: { eth0: { network: lan } } }',
      '+ laptop: { kind: host, interfaces: { eth0: { network: lan, address: 192.168.1.20/24 } } }',
    ]);
    expect(address('pc1', 'eth0', '10.0.0.1/24, fd00::1/64')).toEqual([
      '- pc1: { kind: host }',
      '+ pc1: { kind: host, interfaces: { eth0: { address: [10.0.0.1/24, fd00::1/64] } } }',
    ]);
    expect(address('vm1', 'enp0s3', '10.0.2.99/24')).toEqual([
      '- vm1: { kind: vm, on: laptop }',
      '+ vm1: { kind: vm, on: laptop, adapters: { 1: { attach: nat, address: 10.0.2.99/24 } } }',
    ]);
  });

  it('are checked as in the text', () => {
    expect(address('laptop', 'eth0', '192.168.1.20')[0]).toContain('refused: This can’t be.');
    expect(address('laptop', 'eth0', '192.168.1.1/24')[0]).toContain('already the address of');
    expect(address('lan', '1', '192.168.1.1/24')[0]).toContain('no address of its own');
  });

  it('can be taken away', () => {
    const written = edited(HOME, {
      type: 'address',
      device: 'laptop',
      interface: 'eth0',
      address: '192.168.1.9/24',
    });
    expect(edited(written, { type: 'address', device: 'laptop', interface: 'eth0', address: '' })).toBe(HOME);
  });
});

describe('port forwards', () => {
  it('go to the NAT adapter, the NAT engine or the router', () => {
    const forward = 'tcp 8080 -> 80';
    expect(edited(HOME, { type: 'forward', device: 'vm2', forward })).toContain(
      "forwards: ['tcp 2222 -> 22', 'tcp 8080 -> 80']",
    );
    expect(edited(HOME, { type: 'forward', device: 'vm1:1/nat', forward })).toContain(
      "adapters: { 1: { attach: nat, forwards: ['tcp 8080 -> 80'] } }",
    );
    expect(
      edited(HOME, { type: 'forward', device: 'router', forward: 'tcp 8080 -> 192.168.1.2:80' }),
    ).toContain("nat: { outside: wan, forwards: ['tcp 8080 -> 192.168.1.2:80'] }");
  });

  it('of a NAT network are written with the host', () => {
    const text = HOME.replace(
      'vm1: { kind: vm, on: laptop }',
      'vm1: { kind: vm, on: laptop, adapters: { 1: { attach: nat-network } } }',
    );
    expect(
      edited(text, { type: 'forward', device: 'laptop/NatNetwork/nat', forward: 'tcp 8080 -> 10.0.2.4:80' }),
    ).toContain(
      "eth0: { network: lan } }, virtualbox: { nat-networks: { NatNetwork: { forwards: ['tcp 8080 -> 10.0.2.4:80'] } } } }",
    );
  });

  it('are checked', () => {
    expect(changed(HOME, { type: 'forward', device: 'vm2', forward: 'tcp 2222 -> 80' })[0]).toContain(
      'forwarded already',
    );
    expect(changed(HOME, { type: 'forward', device: 'vm2', forward: 'nonsense' })[0]).toContain(
      'refused: This can’t be.',
    );
    expect(changed(HOME, { type: 'forward', device: 'pc1', forward: 'tcp 1 -> 2' })[0]).toContain(
      'translates no addresses',
    );
  });
});

describe('attaching an adapter', () => {
  it('drops the keys that the new mode does not have', () => {
    expect(changed(HOME, { type: 'attach', device: 'vm2', slot: 1, attach: 'bridged' })).toEqual([
      "- 1: { attach: nat, forwards: ['tcp 2222 -> 22'] }",
      '+ 1: { attach: bridged }',
    ]);
  });
});

describe('any edit of any file', () => {
  const files = ['media/samples', 'media/templates'].flatMap(folder =>
    readdirSync(folder)
      .filter(name => name.endsWith('.yaml'))
      .map(name => readFileSync(`${folder}/${name}`, 'utf8')),
  );

  it('leaves a file that is right, or says why not; undone, every character is back', () => {
    const which = fc.nat(1000);
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.nat(8),
        which,
        which,
        which,
        (before, type, one, two, three) => {
          const topology = readTopology(before).topology!;
          const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length]!;
          const device = pick(topology.devices, one);
          const cable = pick(topology.cables, one).id;
          const edits: TopologyEdit[] = [
            {
              type: 'add',
              kind: pick(ADDABLE_KINDS, one),
              ...(two % 2 === 0 && { on: pick(topology.devices, three).id }),
            },
            { type: 'connect', from: device.id, to: pick(topology.devices, two).id },
            { type: 'rename', device: device.id, name: pick(['new', 'x-1', 'über', '1', ''], two) },
            { type: 'delete', device: device.id },
            { type: 'delete-cable', cable },
            { type: 'cable', cable, up: two % 2 === 0 },
            {
              type: 'address',
              device: device.id,
              interface: pick([...device.ports.map(port => port.name), 'eth9'], two),
              address: pick(['dhcp', 'auto', '', '10.9.9.9/24', 'none', '10.0.0.1', 'fd00::5/64'], three),
            },
            {
              type: 'forward',
              device: device.id,
              forward: pick(['tcp 9999 -> 22', 'udp 5 -> 10.0.2.15:7'], two),
            },
            { type: 'attach', device: device.id, slot: 1 + (two % 8), attach: pick(ATTACHMENTS, three) },
          ];
          const outcome = editTopology(before, pick(edits, type));
          if (outcome.refused) {
            expect(formatMessage(outcome.refused)).not.toMatch(/\{\d\}|can’t be changed from here/);
            return;
          }
          const after = applyChanges(before, outcome.changes);
          expect(readTopology(after).topology).toBeDefined();
          let shift = 0;
          const back = outcome.changes.map(({ offset, length, text }) => {
            const at = offset + shift;
            shift += text.length - length;
            return { offset: at, length: text.length, text: before.slice(offset, offset + length) };
          });
          expect(applyChanges(after, back)).toBe(before);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});
