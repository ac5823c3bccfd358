/** Small edits of a topology, as a user makes them: one thing more, less or named otherwise. */
import type { ResolvedDevice, ResolvedTopology } from '../../../src/topology/resolved';
import { Dice, TopologyBuilder } from './sample-topologies';

/** Another version of the network. @param number of this edit, for names that are not there yet */
export function edited(topology: ResolvedTopology, number: number, seed: number): ResolvedTopology {
  // Neighbouring seeds are to lead to different edits.
  const dice = new Dice(Math.imul(seed, 0x9e3779b1));
  switch (dice.roll(6)) {
    case 0:
      return withHost(topology, `new-${number}`, dice);
    case 1:
      return withGuest(topology, `guest-${number}`, dice);
    case 2:
      return withLink(topology, `x${number}`, dice);
    case 3:
      return {
        ...topology,
        cables: topology.cables.filter((_, index) => index !== dice.roll(topology.cables.length)),
      };
    case 4:
      return renamed(topology, dice);
    default:
      return withoutDevice(topology, dice);
  }
}

export function change(
  topology: ResolvedTopology,
  make: (builder: TopologyBuilder) => void,
): ResolvedTopology {
  const builder = new TopologyBuilder();
  builder.devices.push(...topology.devices);
  builder.cables.push(...topology.cables);
  make(builder);
  return builder.build(topology.name);
}

export function withHost(topology: ResolvedTopology, name: string, dice: Dice): ResolvedTopology {
  return change(topology, builder => {
    const upper = one(switchesOf(builder), dice);
    builder
      .stack('host', name, { eth0: 'dhcp' })
      .cable(`${upper.id} ${socket(builder, upper, name)}`, `${name} eth0`);
  });
}

/** On a host that has guests, where there is one. */
export function withGuest(topology: ResolvedTopology, name: string, dice: Dice): ResolvedTopology {
  return change(topology, builder => {
    const hosts = builder.devices.filter(({ kind }) => kind === 'host');
    const used = hosts.filter(({ id }) => builder.devices.some(({ inside }) => inside === id));
    if (hosts.length > 0) {
      builder.natVm(name, one(used.length > 0 ? used : hosts, dice).id);
    }
  });
}

/** On a network within a host. */
export function withMember(topology: ResolvedTopology, name: string, dice: Dice): ResolvedTopology {
  return change(topology, builder => {
    const networks = builder.devices.filter(({ kind, inside }) => kind === 'switch' && inside !== undefined);
    const inner = one(networks, dice);
    builder
      .stack('vm', name, { enp0s3: 'dhcp' }, inner.inside)
      .cable(`${inner.id} ${socket(builder, inner, name)}`, `${name} enp0s3`);
  });
}

export function withLink(topology: ResolvedTopology, name: string, dice: Dice): ResolvedTopology {
  return change(topology, builder => {
    const [from, to] = [one(switchesOf(builder), dice), one(switchesOf(builder), dice)];
    if (from.id !== to.id) {
      const ends = [from, to].map(device => `${device.id} ${socket(builder, device, name)}`);
      builder.cable(ends[0]!, ends[1]!);
    }
  });
}

export function renamed(topology: ResolvedTopology, dice: Dice): ResolvedTopology {
  const chosen = one(topology.devices, dice).id;
  return {
    ...topology,
    devices: topology.devices.map(device =>
      device.id === chosen ? { ...device, label: `${device.label}x` } : device,
    ),
  };
}

function withoutDevice(topology: ResolvedTopology, dice: Dice): ResolvedTopology {
  const leaves = topology.devices.filter(
    ({ id, kind }) => kind === 'host' && topology.devices.every(({ inside }) => inside !== id),
  );
  if (leaves.length === 0) {
    return topology;
  }
  const gone = one(leaves, dice).id;
  return {
    ...topology,
    devices: topology.devices.filter(({ id }) => id !== gone),
    cables: topology.cables.filter(({ ends }) => ends.every(({ device }) => device !== gone)),
  };
}

function switchesOf(builder: TopologyBuilder): ResolvedDevice[] {
  return builder.devices.filter(({ kind, inside }) => kind === 'switch' && inside === undefined);
}

/** Makes one more. */
function socket(builder: TopologyBuilder, { id }: ResolvedDevice, name: string): string {
  const index = builder.devices.findIndex(device => device.id === id);
  const device = builder.devices[index]!;
  const port = `for-${name}`;
  builder.devices[index] = {
    ...device,
    ports: [...device.ports, { name: port, source: [] }],
  } as ResolvedDevice;
  return port;
}

function one<Item>(items: readonly Item[], dice: Dice): Item {
  return items[dice.roll(items.length)]!;
}
