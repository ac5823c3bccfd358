/** Random networks that a person could have drawn: valid, and with everything that makes a drawing hard. */
import fc from 'fast-check';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { Dice, TopologyBuilder } from './sample-topologies';

/** Of 3 to `most` devices: an outside, switches in a tree with rings and parallel cables, buses, hosts in hosts. */
export function randomNetwork(most: number): fc.Arbitrary<ResolvedTopology> {
  return fc
    .record({
      devices: fc.oneof(fc.integer({ min: 3, max: Math.min(most, 12) }), fc.integer({ min: 3, max: most })),
      seed: fc.nat(1e6),
      outside: fc.constantFrom('none', 'router', 'internet'),
      /** Of ten: how many devices are switches, hosts with guests, and how many switches have a second cable. */
      switches: fc.integer({ min: 1, max: 6 }),
      nesting: fc.integer({ min: 0, max: 5 }),
      rings: fc.integer({ min: 0, max: 4 }),
      longNames: fc.boolean(),
    })
    .map(wish => network(wish));
}

interface Wish {
  readonly devices: number;
  readonly seed: number;
  readonly outside: string;
  readonly switches: number;
  readonly nesting: number;
  readonly rings: number;
  readonly longNames: boolean;
}

/** So many sockets as a switch here may come to need. */
const SOCKETS = 260;

function network({ devices, seed, outside, switches, nesting, rings, longNames }: Wish): ResolvedTopology {
  const dice = new Dice(seed);
  const builder = new TopologyBuilder();
  const free = new Map<string, number>();
  const segments: string[] = [];
  const name = (kind: string): string =>
    `${kind}-${builder.devices.length}${longNames && dice.roll(3) === 0 ? '-in-the-back-room' : ''}`;
  const socket = (segment: string): string => {
    const next = (free.get(segment) ?? 0) + 1;
    free.set(segment, next);
    return `${segment} ${next}`;
  };
  const address = (): string =>
    ['dhcp', '', `192.168.${dice.roll(255)}.${1 + dice.roll(250)}/24`][dice.roll(3)]!;
  const segment = (id: string, inside?: string): string => {
    const network = dice.roll(2) === 0;
    builder.segment(
      network ? 'network' : 'switch',
      id,
      SOCKETS,
      network ? '10.20.0.0/16' : undefined,
      inside,
    );
    return id;
  };

  segments.push(segment('core'));
  if (outside !== 'none') {
    builder.stack('router', 'edge', { wan: 'dhcp', lan: '10.20.0.1/16' }).cable('edge lan', socket('core'));
  }
  if (outside === 'internet') {
    builder.internet('internet').cable('internet access', 'edge wan');
  }
  while (builder.devices.length < devices) {
    const upper = segments[dice.roll(segments.length)]!;
    if (dice.roll(10) < switches) {
      const lower = segment(name('switch'));
      // One, or several in parallel.
      for (let cables = dice.roll(5) === 0 ? 3 : 1; cables > 0; cables--) {
        builder.cable(socket(upper), socket(lower), dice.roll(6) === 0 ? { rate: 1e8, delay: 5e6 } : {});
      }
      const second = segments[dice.roll(segments.length)]!;
      if (dice.roll(10) < rings && second !== upper) {
        builder.cable(socket(second), socket(lower), dice.roll(4) === 0 ? { up: false } : {});
      }
      segments.push(lower);
    } else {
      const host = name('host');
      builder.stack('host', host, { eth0: address(), ...(dice.roll(6) === 0 ? { eth1: address() } : {}) });
      builder.cable(socket(upper), `${host} eth0`);
      if (dice.roll(10) < nesting) {
        guests(builder, dice, host, name, 2, socket, upper);
      }
    }
  }
  const kept = builder.devices.map(device =>
    device.kind === 'switch' ? { ...device, ports: device.ports.slice(0, free.get(device.id) ?? 0) } : device,
  );
  return { ...builder.build(`${devices} devices, seed ${seed}`), devices: kept };
}

function guests(
  builder: TopologyBuilder,
  dice: Dice,
  host: string,
  name: (kind: string) => string,
  depth: number,
  socket: (segment: string) => string,
  outer: string,
): void {
  for (let count = 1 + dice.roll(3); count > 0; count--) {
    builder.natVm(name('vm'), host);
  }
  if (dice.roll(2) === 0) {
    const inner = name('inner');
    builder.segment('network', inner, SOCKETS, undefined, host);
    for (let count = 1 + dice.roll(4); count > 0; count--) {
      const guest = name('guest');
      builder.stack('vm', guest, { enp0s3: '10.9.0.1/24' }, host).cable(socket(inner), `${guest} enp0s3`);
      if (depth > 1 && dice.roll(4) === 0) {
        guests(builder, dice, guest, name, depth - 1, socket, inner);
      }
    }
  }
  if (dice.roll(3) === 0) {
    const bridged = name('bridged');
    builder.stack('vm', bridged, { enp0s3: 'dhcp' }, host).cable(socket(outer), `${bridged} enp0s3`);
  }
}
