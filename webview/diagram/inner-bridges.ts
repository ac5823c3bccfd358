/**
 * Linux bridges as switches inside their machine. A member that leads inwards (a TAP device, a veth to a container) is a port of the
 * bridge itself; one that leads outwards (a network card) stays on the machine's border and is joined with the bridge by a short line.
 */
import type { ResolvedInterface, ResolvedStackDevice } from '../../src/topology/resolved';
import type { DiagramCable, DiagramModel, DiagramNode, DiagramPort } from './model';
import { portOwners } from './tiers';

/** Whether an interface is drawn as a node of its own and not as a line in its machine. */
export function isBridge(one: ResolvedInterface): boolean {
  return one.link?.kind === 'bridge';
}

/** The id of a bridge's node. Names of devices hold no slash. */
export function bridgeId(device: string, bridge: string): string {
  return `${device}/${bridge}`;
}

/**
 * The model with the bridges of all machines drawn.
 * @param addressOf what an interface shows of its address
 */
export function withBridges(
  model: DiagramModel,
  machines: readonly ResolvedStackDevice[],
  addressOf: (one: ResolvedInterface) => string,
): DiagramModel {
  const owners = portOwners(model);
  const containers = new Map(model.nodes.map(node => [node.id, node.inside]));
  const isWithin = (id: string | undefined, box: string): boolean =>
    id !== undefined && (containers.get(id) === box || isWithin(containers.get(id), box));
  const farEnds = new Map(
    model.cables
      .filter(({ kind }) => kind === 'cable')
      .flatMap(({ ends: [one, other] }) => [[one, other] as const, [other, one] as const]),
  );
  const leadsInwards = (machine: string, member: ResolvedInterface, port: string): boolean => {
    const far = farEnds.get(port);
    return far === undefined ? member.link?.kind === 'tap' : isWithin(owners.get(far), machine);
  };

  const added: DiagramNode[] = [];
  const memberships: DiagramCable[] = [];
  const moved = new Map<string, string>();
  for (const machine of machines) {
    const ports = new Map(
      model.nodes.find(({ id }) => id === machine.id)?.ports.map(port => [port.name, port]),
    );
    for (const bridge of machine.interfaces.filter(isBridge)) {
      const id = bridgeId(machine.id, bridge.name);
      const own: DiagramPort[] = [];
      for (const member of machine.interfaces.filter(one => one.bridge === bridge.name)) {
        const port = ports.get(member.name);
        if (port === undefined) {
          continue;
        }
        if (leadsInwards(machine.id, member, port.id)) {
          own.push({ ...port, device: id });
          moved.set(port.id, id);
        } else {
          const end = `${id}~${member.name}`;
          own.push({ id: end, device: id, name: '', mac: '', address: '', widestAddress: '' });
          memberships.push({
            id: `${end}~member`,
            kind: 'member',
            ends: [port.id, end],
            label: '',
            up: true,
          });
        }
      }
      const address = addressOf(bridge);
      added.push({
        id,
        kind: 'bridge',
        label: bridge.name,
        details: address === '' ? [] : [address],
        inside: machine.id,
        ports: own,
        source: bridge.source,
      });
    }
  }
  const nodes = model.nodes.map(node => ({ ...node, ports: node.ports.filter(port => !moved.has(port.id)) }));
  return {
    ...model,
    nodes: inserted(nodes, added),
    cables: [...model.cables, ...memberships],
  };
}

/** Each bridge right after its machine, so that containers still come before what is inside them. */
function inserted(nodes: readonly DiagramNode[], added: readonly DiagramNode[]): DiagramNode[] {
  return nodes.flatMap(node => [node, ...added.filter(({ inside }) => inside === node.id)]);
}
