import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTopology } from '../../../src/topology/topology-file';
import { Describer } from '../../../webview/diagram/describe';
import { addressText, diagramModel } from '../../../webview/diagram/model';
import { ENGLISH_STRINGS, fill, translateStrings } from '../../../webview/diagram/strings';
import { homeWithTwoNatGuests, office, TopologyBuilder, virtualBoxModes } from './sample-topologies';

const home = diagramModel(homeWithTwoNatGuests());
const nodeOf = (id: string) => home.nodes.find(node => node.id === id)!;

describe('diagramModel', () => {
  it('draws each device as what it is', () => {
    expect(home.nodes.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'internet internet',
      'home-router router',
      'home network',
      'laptop host',
      'nat-1 vm',
      'nat-1:1/nat nat',
      'nat-2 vm',
      'nat-2:1/nat nat',
    ]);
  });

  it('says what a network and a NAT translate in a line under the name', () => {
    expect(nodeOf('home').details).toEqual(['192.168.1.0/24']);
    expect(nodeOf('nat-1:1/nat').details).toEqual(['10.0.2.0/24']);
    expect(nodeOf('home-router').details).toEqual(['NAT out of wan']);
  });

  it('joins each NAT engine with the outgoing port of its host by a sockets line', () => {
    const sockets = home.cables.filter(cable => cable.kind === 'sockets');
    expect(sockets.map(cable => cable.ends[0])).toEqual(['laptop:eth0', 'laptop:eth0']);
    expect(sockets.map(cable => cable.ends[1])).toEqual(['nat-1:1/nat~sockets', 'nat-2:1/nat~sockets']);
  });

  it('takes the port with a gateway for the outgoing one, before a plugged and a first one', () => {
    const builder = new TopologyBuilder()
      .stack('host', 'laptop', { lo: '127.0.0.1/8', eth0: '10.0.0.2/24', wlan0: 'dhcp' })
      .segment('switch', 'sw', 2)
      .natVm('vm', 'laptop')
      .cable('laptop eth0', 'sw 1')
      .cable('laptop wlan0', 'sw 2');
    const end = () => diagramModel(builder.build()).cables.find(cable => cable.kind === 'sockets')?.ends[0];
    expect(end()).toBe('laptop:wlan0');
    const laptop = builder.devices[0]!;
    if ('interfaces' in laptop) {
      const addressing = { ...laptop.interfaces[1]!.addressing, gateway: 1 } as never;
      const interfaces = laptop.interfaces.map(one => (one.name === 'eth0' ? { ...one, addressing } : one));
      builder.devices[0] = { ...laptop, interfaces };
    }
    expect(end()).toBe('laptop:eth0');
  });

  it('draws a cable as pulled out where the interface that names its network is off', () => {
    const pulled = (text: string): readonly boolean[] =>
      diagramModel(readTopology(`vnet: 1\n${text}`).topology!).cables.map(({ up }) => !up);
    const network = (up: boolean): string =>
      `networks: { lan: {} }\nnodes: { pc: { kind: host, interfaces: { eth0: { network: lan, up: ${up} } } } }\n`;
    expect(pulled(network(true))).toEqual([false]);
    expect(pulled(network(false))).toEqual([true]);
    // A cable of its own is plugged in whatever its interfaces are.
    const off = 'pc: { kind: host, interfaces: { eth0: { up: false } } }';
    expect(pulled(`nodes: { ${off}, sw: { kind: switch } }\nlinks: [['pc:eth0', 'sw:1']]\n`)).toEqual([
      false,
    ]);
  });

  it('keeps room for the widest leased address', () => {
    const port = nodeOf('laptop').ports[0]!;
    expect(port).toMatchObject({ address: 'DHCP', widestAddress: '255.255.255.255/24' });
    expect(nodeOf('home-router').ports[1]).toMatchObject({
      address: '192.168.1.1/24',
      widestAddress: '192.168.1.1/24',
    });
  });

  it('names what is unusual about a cable only', () => {
    const labels = diagramModel(office()).cables.map(cable => cable.label);
    expect(labels.filter(label => label !== '')).toEqual([
      '100 Mbit/s · 8 ms',
      '20 Mbit/s · 25 ms · 1 % lost',
      'unplugged',
    ]);
  });

  it('leaves out ports of a switch that nothing is plugged into, but not those of a machine', () => {
    const topology = new TopologyBuilder()
      .segment('switch', 'sw', 24)
      .stack('host', 'pc', { eth0: 'dhcp', eth1: '' })
      .cable('sw 7', 'pc eth0')
      .build();
    const ports = diagramModel(topology).nodes.map(node => node.ports.map(port => port.name));
    expect(ports).toEqual([['7'], ['eth0', 'eth1']]);
  });

  it('survives containers that are missing or circular, and cables to nowhere', () => {
    const builder = new TopologyBuilder()
      .stack('host', 'a', { eth0: '' }, 'b')
      .stack('host', 'b', { eth0: '' }, 'a')
      .stack('vm', 'c', { eth0: '' }, 'nobody')
      .cable('a eth0', 'nobody eth0')
      .cable('a eth0', 'a eth0');
    const model = diagramModel(builder.build());
    expect(model.cables).toEqual([]);
    expect(model.nodes.map(node => [node.id, node.inside])).toEqual([
      ['b', undefined],
      ['c', undefined],
      ['a', 'b'],
    ]);
  });
});

describe('what VirtualBox and Linux make', () => {
  const modelOf = (sample: string) =>
    diagramModel(readTopology(readFileSync(`media/samples/${sample}.vnet.yaml`, 'utf8')).topology!);
  const modes = modelOf('virtualbox-modes');
  const lines = (model: ReturnType<typeof modelOf>, inside: string) =>
    model.nodes
      .filter(node => node.inside === inside)
      .map(({ kind, label, details }) => [kind, label, ...details].join(' '));

  it('is drawn inside the host, each network with its services', () => {
    expect(lines(modes, 'laptop').filter(line => !line.startsWith('vm '))).toEqual([
      'virtual-switch NatNetwork NAT network',
      'nat NAT 10.0.2.0/24',
      'dhcp DHCP 10.0.2.3',
      'virtual-switch vboxnet0 host-only',
      'dhcp DHCP 192.168.56.100',
      'virtual-switch eth0 bridged',
      'virtual-switch intnet internal',
      'nat NAT 10.0.2.0/24',
      'nat NAT 10.0.2.0/24',
      'nat NAT 10.0.2.0/24',
    ]);
  });

  it('draws the cable of a bridged card straight to the filter', () => {
    const cable = modes.cables.find(({ id }) => id === 'laptop:eth0 -- home:2')!;
    expect(cable.ends).toEqual(['laptop/HostInterfaceNetworking-eth0:wire', 'home:2']);
  });

  it('says in words what each is', () => {
    const words = new Describer(modes, ENGLISH_STRINGS);
    expect(words.sentence('laptop/intnet', new Map())).toBe(
      'intnet internal, VirtualBox network, in laptop, connected to gw, in-1, in-2',
    );
    expect(words.sentence('laptop/NatNetwork/nat', new Map())).toBe(
      'NAT 10.0.2.0/24, VirtualBox NAT, in laptop, connected to NatNetwork, uses the sockets of laptop',
    );
  });

  it('has tunnels inside their machines, on the sockets of these', () => {
    const vpn = modelOf('vpn-over-tun');
    expect(lines(vpn, 'north-router')).toEqual(['tunnel UDP tunnel 55555 → 198.51.100.20:55555']);
    expect(vpn.cables.filter(({ kind }) => kind === 'sockets').map(({ ends }) => ends[0])).toEqual([
      'north-router:wan',
      'south-router:wan',
    ]);
  });

  it('shows the subnets of both versions', () => {
    const node = modelOf('ipv6-home').nodes.find(({ id }) => id === 'home')!;
    expect(node.details).toEqual(['192.168.1.0/24 · 2001:db8:1::/64']);
  });

  it('lists interfaces without a port under the name of their machine', () => {
    const router = modelOf('vlan-trunk-stp').nodes.find(({ id }) => id === 'router')!;
    expect(router.details).toEqual(['eth0.10 10.0.10.1/24', 'eth0.20 10.0.20.1/24']);
  });

  it('draws a Linux bridge as a switch in its machine, with what leads inwards plugged into it', () => {
    const model = modelOf('linux-bridge-tap');
    const portsOf = (id: string) => model.nodes.find(node => node.id === id)!.ports.map(port => port.id);
    expect(portsOf('server')).toEqual(['server:eth0']);
    expect(portsOf('server/br0')).toEqual(['server/br0~eth0', 'server:tap0', 'server:veth-web']);
    expect(model.cables.filter(({ kind }) => kind === 'member').map(({ ends }) => ends)).toEqual([
      ['server:eth0', 'server/br0~eth0'],
    ]);
    expect(lines(modelOf('linux-bridge-tap'), 'server')).toEqual([
      'bridge br0 192.168.10.5/24',
      'vm vm1',
      'container web',
    ]);
  });
});

describe('addressText', () => {
  it('shows the first address and counts the others', () => {
    expect(addressText([], ENGLISH_STRINGS)).toBe('');
    expect(addressText(['10.0.0.1/8'], ENGLISH_STRINGS)).toBe('10.0.0.1/8');
    expect(addressText(['10.0.0.1/8', '10.0.0.2/8', '10.0.0.3/8'], ENGLISH_STRINGS)).toBe('10.0.0.1/8 +2');
  });
});

describe('Describer', () => {
  const describer = new Describer(home, ENGLISH_STRINGS);

  it('says a device in a sentence', () => {
    expect(describer.sentence('nat-1', new Map([['nat-1:enp0s3', '10.0.2.15/24']]))).toBe(
      'nat-1, virtual machine, 10.0.2.15/24, in laptop, connected to NAT',
    );
    expect(describer.sentence('nat-1:1/nat', new Map())).toBe(
      'NAT 10.0.2.0/24, VirtualBox NAT, in laptop, connected to nat-1, uses the sockets of laptop',
    );
    expect(describer.sentence('laptop', new Map())).toBe(
      'laptop, host, DHCP, connected to home, contains nat-1, NAT, nat-2, NAT',
    );
  });

  it('counts neighbours beyond four', () => {
    const sentence = new Describer(diagramModel(virtualBoxModes()), ENGLISH_STRINGS).sentence(
      'laptop',
      new Map(),
    );
    expect(sentence).toContain('and 9 more');
  });

  it('has the ports and what they are plugged into in its tooltip', () => {
    expect(describer.tooltip('home-router', new Map([['home-router:wan', '198.51.100.7/24']]))).toEqual([
      'home-router',
      'router',
      'NAT out of wan',
      'wan  198.51.100.7/24  → internet:access',
      'lan  192.168.1.1/24  → home:1',
    ]);
  });

  it('says nothing of what is not there', () => {
    expect(describer.sentence('nobody', new Map())).toBe('');
    expect(describer.tooltip('nobody', new Map())).toEqual([]);
  });
});

describe('strings', () => {
  it('fills places, and leaves a place without a value', () => {
    expect(fill('{0} and {1}, {0}, {2}', 'a', 3)).toBe('a and 3, a, {2}');
  });

  it('translates all of them and nothing else', () => {
    expect(translateStrings(text => text)).toEqual(ENGLISH_STRINGS);
    expect(translateStrings(text => `<${text}>`).router).toBe('<router>');
  });
});
