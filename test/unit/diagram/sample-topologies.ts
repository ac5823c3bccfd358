/** Resolved topologies for tests of the diagram, written short: only what is drawn matters. */
import { macFromNumber } from '../../../src/net/mac-address';
import { parseIpv4 } from '../../../src/net/ipv4-address';
import { parseInterfaceAddress, parsePrefix } from '../../../src/net/ipv4-prefix';
import type {
  ResolvedAddressing,
  ResolvedCable,
  ResolvedDevice,
  ResolvedTopology,
} from '../../../src/topology/resolved';

/** Port name and address: a CIDR, `dhcp`, or empty for none. */
type Ports = Readonly<Record<string, string>>;

export class TopologyBuilder {
  readonly devices: ResolvedDevice[] = [];
  readonly cables: ResolvedCable[] = [];

  internet(id: string, ports: readonly string[] = ['access']): this {
    return this.add({
      kind: 'internet',
      ...this.base(id, ports),
      access: parsePrefix('198.51.100.0/24')!,
      gateway: parseIpv4('198.51.100.1')!,
      nameServer: parseIpv4('198.51.100.53')!,
      servers: [{ name: 'web.example', address: parseIpv4('203.0.113.10')!, source: [] }],
    });
  }

  stack(kind: 'host' | 'vm' | 'router', id: string, ports: Ports, inside?: string): this {
    return this.add({
      kind,
      ...this.base(id, Object.keys(ports), inside),
      interfaces: Object.entries(ports).map(([name, address]) => ({
        name,
        mac: macFromNumber(1),
        mtu: 1500,
        addressing: addressing(address),
        source: [],
      })),
      forwarding: kind === 'router',
      ...(kind === 'router' && 'wan' in ports ? { sourceNat: { outside: 'wan', source: [] } } : {}),
      routes: [],
      nameServers: [],
      dhcpServers: [],
      dnsForwarder: false,
    });
  }

  segment(role: 'network' | 'switch', id: string, ports: number, subnet?: string, inside?: string): this {
    const names = Array.from({ length: ports }, (_, index) => String(index + 1));
    return this.add({
      kind: 'switch',
      role,
      ...this.base(id, names, inside),
      ...(subnet === undefined ? {} : { subnet: parsePrefix(subnet)! }),
      ageingSeconds: 300,
    });
  }

  /** A guest with one NAT adapter. */
  natVm(id: string, host: string): this {
    this.stack('vm', id, { enp0s3: 'dhcp' }, host);
    this.add({
      kind: 'virtualbox-nat',
      ...this.base(`${id}:1/nat`, ['guest'], host),
      label: `NAT of ${id}`,
      version: '7.2',
      network: parsePrefix('10.0.2.0/24')!,
      host,
      vmName: id,
      localhostReachable: false,
    });
    return this.cable(`${id} enp0s3`, `${id}:1/nat guest`);
  }

  /** Ends as `device port`. */
  cable(from: string, to: string, change: Partial<ResolvedCable> = {}): this {
    const [a = '', b = ''] = from.split(' ');
    const [c = '', d = ''] = to.split(' ');
    this.cables.push({
      id: `${a}:${b} -- ${c}:${d}`,
      ends: [
        { device: a, port: b },
        { device: c, port: d },
      ],
      rate: 1e9,
      delay: 500,
      jitter: 0,
      loss: 0,
      queue: 100,
      up: true,
      source: [],
      ...change,
    });
    return this;
  }

  build(name = 'sample'): ResolvedTopology {
    return { name, devices: this.devices, cables: this.cables, scenarios: [] };
  }

  private add(device: ResolvedDevice): this {
    this.devices.push(device);
    return this;
  }

  private base(id: string, ports: readonly string[], inside?: string) {
    return {
      id,
      label: id,
      ...(inside === undefined ? {} : { inside }),
      source: ['nodes', id],
      ports: ports.map(name => ({ name, source: [] })),
    };
  }
}

function addressing(text: string): ResolvedAddressing {
  if (text === '' || text === 'dhcp') {
    return { kind: text === '' ? 'none' : 'dhcp' };
  }
  return { kind: 'static', addresses: [parseInterfaceAddress(text)!] };
}

/** The sample network: two guests, each behind its own NAT, on a laptop at home. */
export function homeWithTwoNatGuests(): ResolvedTopology {
  return new TopologyBuilder()
    .internet('internet')
    .stack('router', 'home-router', { wan: 'dhcp', lan: '192.168.1.1/24' })
    .segment('network', 'home', 2, '192.168.1.0/24')
    .stack('host', 'laptop', { eth0: 'dhcp' })
    .natVm('nat-1', 'laptop')
    .natVm('nat-2', 'laptop')
    .cable('internet access', 'home-router wan')
    .cable('home-router lan', 'home 1')
    .cable('laptop eth0', 'home 2')
    .build('Two VMs behind NAT');
}

/** Every way VirtualBox connects a guest, side by side on one laptop. */
export function virtualBoxModes(): ResolvedTopology {
  return new TopologyBuilder()
    .internet('internet')
    .stack('router', 'home-router', { wan: 'dhcp', lan: '192.168.1.1/24' })
    .segment('network', 'home', 3, '192.168.1.0/24')
    .stack('host', 'laptop', { eth0: 'dhcp', vboxnet0: '192.168.56.1/24' })
    .natVm('nat-1', 'laptop')
    .natVm('nat-2', 'laptop')
    .segment('network', 'vboxnet0-net', 2, '192.168.56.0/24', 'laptop')
    .segment('network', 'intnet', 3, undefined, 'laptop')
    .stack('vm', 'ho-1', { enp0s3: 'dhcp' }, 'laptop')
    .stack('vm', 'br-1', { enp0s3: 'dhcp' }, 'laptop')
    .natVm('gw', 'laptop')
    .stack('vm', 'gw2', { enp0s8: '10.10.0.1/24' }, 'laptop')
    .stack('vm', 'in-1', { enp0s3: '10.10.0.2/24' }, 'laptop')
    .stack('vm', 'in-2', { enp0s3: '10.10.0.3/24' }, 'laptop')
    .cable('internet access', 'home-router wan')
    .cable('home-router lan', 'home 1')
    .cable('laptop eth0', 'home 2')
    .cable('br-1 enp0s3', 'home 3')
    .cable('laptop vboxnet0', 'vboxnet0-net 1')
    .cable('vboxnet0-net 2', 'ho-1 enp0s3')
    .cable('intnet 1', 'gw2 enp0s8')
    .cable('intnet 2', 'in-1 enp0s3')
    .cable('intnet 3', 'in-2 enp0s3')
    .build('VirtualBox modes side by side');
}

/** A small office: two routers, a triangle of switches, a slow and an unplugged cable, a server with guests. */
export function office(): ResolvedTopology {
  const builder = new TopologyBuilder()
    .internet('internet', ['access-1', 'access-2'])
    .stack('router', 'edge-1', { wan: 'dhcp', lan: '10.1.0.1/24' })
    .stack('router', 'edge-2', { wan: 'dhcp', lan: '10.1.0.2/24' })
    .segment('switch', 'core-a', 8)
    .segment('switch', 'core-b', 8)
    .segment('switch', 'floor-1', 8)
    .segment('switch', 'floor-2', 8)
    .stack('host', 'server', { eth0: '10.1.0.20/24' })
    .natVm('build', 'server')
    .natVm('test', 'server')
    .cable('internet access-1', 'edge-1 wan', { rate: 1e8, delay: 8e6 })
    .cable('internet access-2', 'edge-2 wan', { rate: 2e7, delay: 25e6, loss: 0.01 })
    .cable('edge-1 lan', 'core-a 1')
    .cable('edge-2 lan', 'core-b 1')
    .cable('core-a 2', 'core-b 2')
    .cable('core-a 3', 'floor-1 1')
    .cable('core-b 3', 'floor-1 2', { up: false })
    .cable('core-a 4', 'floor-2 1')
    .cable('core-b 4', 'floor-2 2')
    .cable('core-a 5', 'server eth0');
  for (let index = 1; index <= 3; index++) {
    builder
      .stack('host', `pc-1${index}`, { eth0: 'dhcp' })
      .cable(`floor-1 ${index + 2}`, `pc-1${index} eth0`);
    builder
      .stack('host', `pc-2${index}`, { eth0: 'dhcp' })
      .cable(`floor-2 ${index + 2}`, `pc-2${index} eth0`);
  }
  return builder.build('Office');
}

/** Small numbers in a fixed but varied order. */
export class Dice {
  constructor(private state: number) {}

  /** From 0 to `below` - 1 (the generator of Numerical Recipes, ranqd1). */
  roll(below: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * below);
  }
}

/** A network of about this many devices: a site has switches with computers, some of which run guests. */
export function generatedTopology(devices: number, seed: number): ResolvedTopology {
  const dice = new Dice(seed);
  const builder = new TopologyBuilder().internet('internet', [
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12',
  ]);
  let site = 0;
  while (builder.devices.length < devices && site < 12) {
    site++;
    const router = `router-${site}`;
    builder
      .stack('router', router, { wan: 'dhcp', lan: `10.${site}.0.1/16` })
      .cable(`internet ${site}`, `${router} wan`);
    let upper = `${router} lan`;
    const switches = 1 + dice.roll(3);
    let previous = '';
    for (let index = 1; index <= switches; index++) {
      const name = `sw-${site}-${index}`;
      builder.segment(
        index === 1 ? 'network' : 'switch',
        name,
        16,
        index === 1 ? `10.${site}.0.0/16` : undefined,
      );
      builder.cable(upper, `${name} 1`);
      upper = `${name} 2`;
      if (index === 3 && dice.roll(2) === 0) {
        builder.cable(`${previous} 15`, `${name} 15`);
      }
      previous = name;
      const computers = 1 + dice.roll(Math.max(2, Math.min(6, devices / 6)));
      for (let number = 1; number <= computers && builder.devices.length < devices; number++) {
        computer(builder, dice, `pc-${site}-${index}-${number}`, `${name} ${number + 2}`);
      }
    }
  }
  return builder.build(`${devices} devices, seed ${seed}`);
}

function computer(builder: TopologyBuilder, dice: Dice, name: string, port: string): void {
  const address = dice.roll(2) === 0 ? 'dhcp' : `10.${dice.roll(200)}.${dice.roll(200)}.${dice.roll(200)}/16`;
  builder.stack('host', name, { eth0: address }).cable(port, `${name} eth0`);
  if (dice.roll(3) > 0) {
    return;
  }
  const guests = 1 + dice.roll(3);
  for (let guest = 1; guest <= guests; guest++) {
    builder.natVm(`${name}-vm${guest}`, name);
  }
  if (dice.roll(2) === 0) {
    builder.segment('network', `${name}-int`, 4, undefined, name);
    builder
      .stack('vm', `${name}-a`, { enp0s3: '10.9.0.1/24' }, name)
      .cable(`${name}-int 1`, `${name}-a enp0s3`);
    builder
      .stack('vm', `${name}-b`, { enp0s3: '10.9.0.2/24' }, name)
      .cable(`${name}-int 2`, `${name}-b enp0s3`);
  }
}

/** Any cabling at all between a handful of devices of any kind: nothing a person would draw, everything a file may say. */
export function wildTopology(devices: number, cables: number, seed: number): ResolvedTopology {
  const dice = new Dice(seed);
  const builder = new TopologyBuilder();
  const hosts: string[] = [];
  const names: string[] = [];
  for (let index = 0; index < devices; index++) {
    const name = `d${index}${'x'.repeat(dice.roll(12))}`;
    const inside = hosts.length > 0 && dice.roll(3) === 0 ? hosts[dice.roll(hosts.length)] : undefined;
    const ports = Object.fromEntries(Array.from({ length: cables }, (_, port) => [`p${port}`, '']));
    const kind = dice.roll(4);
    if (kind === 0 && inside === undefined) {
      builder.stack('host', name, { ...ports, p0: 'dhcp' });
      hosts.push(name);
    } else if (kind === 1) {
      builder.segment('switch', name, cables, undefined, inside);
    } else if (kind === 2) {
      builder.stack('vm', name, { ...ports, p0: `10.0.0.${index}/8` }, inside);
    } else {
      builder.stack('router', name, ports, inside);
    }
    names.push(name);
  }
  for (let index = 0; index < cables; index++) {
    const ends = [0, 0].map(() => names[dice.roll(names.length)]!);
    const [from, to] = ends.map(name => {
      const device = builder.devices.find(one => one.id === name)!;
      return `${name} ${device.ports[index]!.name}`;
    });
    if (ends[0] !== ends[1]) {
      builder.cable(from!, to!);
    }
  }
  const used = new Set(builder.cables.flatMap(cable => cable.ends.map(end => `${end.device} ${end.port}`)));
  const trimmed = builder.devices.map(device => {
    const kept = (name: string) => name === 'p0' || used.has(`${device.id} ${name}`);
    const ports = device.ports.filter(port => kept(port.name));
    return 'interfaces' in device
      ? { ...device, ports, interfaces: device.interfaces.filter(one => kept(one.name)) }
      : ({ ...device, ports } as ResolvedDevice);
  });
  return { ...builder.build(`wild ${seed}`), devices: trimmed };
}

/** One segment with very many members, some of which run guests. */
export function officeFloor(members: number): ResolvedTopology {
  const builder = new TopologyBuilder()
    .internet('internet')
    .stack('router', 'router', { wan: 'dhcp', lan: '10.0.0.1/16' })
    .segment('network', 'floor', members + 1, '10.0.0.0/16')
    .cable('internet access', 'router wan')
    .cable('router lan', 'floor 1');
  for (let index = 1; index <= members; index++) {
    builder.stack('host', `pc-${index}`, { eth0: `10.0.1.${index}/16` });
    builder.cable(`floor ${index + 1}`, `pc-${index} eth0`);
    if (index % 9 === 0) {
      builder.natVm(`vm-${index}`, `pc-${index}`);
    }
  }
  return builder.build(`${members} on one floor`);
}

/** A large site: floors with switches of computers under two cores, every tenth computer with guests. */
export function campus(devices: number): ResolvedTopology {
  const builder = new TopologyBuilder()
    .internet('internet')
    .stack('router', 'edge', { wan: 'dhcp', lan: '10.0.0.1/8' })
    .segment('switch', 'core', 200)
    .cable('internet access', 'edge wan')
    .cable('edge lan', 'core 1');
  for (let floor = 1; builder.devices.length < devices; floor++) {
    builder.segment('switch', `floor-${floor}`, 60).cable(`core ${floor + 1}`, `floor-${floor} 1`);
    for (let room = 1; room <= 5 && builder.devices.length < devices; room++) {
      const name = `room-${floor}-${room}`;
      builder.segment('network', name, 30).cable(`floor-${floor} ${room + 1}`, `${name} 1`);
      for (let seat = 1; seat <= 14 && builder.devices.length < devices; seat++) {
        const computer = `pc-${floor}-${room}-${seat}`;
        builder.stack('host', computer, { eth0: `10.${floor}.${room}.${seat}/8` });
        builder.cable(`${name} ${seat + 1}`, `${computer} eth0`);
        if (seat % 10 === 0) {
          builder.natVm(`vm-${floor}-${room}-${seat}`, computer);
        }
      }
    }
  }
  return builder.build(`campus of ${devices}`);
}
