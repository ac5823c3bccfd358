/** Devices in words: for screen readers and tooltips. */
import { portOwners } from './tiers';
import type { CableKind, DiagramModel, DiagramNode } from './model';
import { fill, type DiagramStrings } from './strings';

/** Names beyond these are counted. */
const MOST_NAMES = 4;

const usesSockets = ({ kind }: DiagramNode): boolean => kind === 'nat' || kind === 'tunnel';

export class Describer {
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly guests = new Map<string, string[]>();
  /** By kind of cable and node, the nodes at the other ends, in the order of the cables. */
  private readonly neighbours: Readonly<Record<CableKind, Map<string, Set<string>>>> = {
    cable: new Map(),
    sockets: new Map(),
    member: new Map(),
  };

  constructor(
    private readonly model: DiagramModel,
    private readonly strings: DiagramStrings,
  ) {
    this.nodes = new Map(model.nodes.map(node => [node.id, node]));
    for (const { inside, label } of model.nodes) {
      if (inside !== undefined) {
        this.guests.set(inside, [...(this.guests.get(inside) ?? []), label]);
      }
    }
    const owners = portOwners(model);
    for (const { kind, ends } of model.cables) {
      const nodes = ends.map(end => owners.get(end) ?? '');
      for (const node of nodes) {
        const far = this.neighbours[kind].get(node) ?? new Set();
        nodes.filter(other => other !== node).forEach(other => far.add(other));
        this.neighbours[kind].set(node, far);
      }
    }
  }

  /** One sentence: `nat-1, virtual machine, in laptop, connected to NAT`. */
  sentence(id: string, addresses: ReadonlyMap<string, string>): string {
    const node = this.nodes.get(id);
    if (node === undefined) {
      return '';
    }
    const { inside, notConnected, connectedTo, usesSocketsOf, contains } = this.strings;
    const far = this.namesBeside(node, 'cable');
    const sockets = this.namesBeside(node, 'sockets');
    const guests = this.guests.get(id) ?? [];
    const own = node.ports.flatMap(
      port => addresses.get(port.id) ?? (port.address === '' ? [] : port.address),
    );
    return [
      // What stands in the symbol comes first and as it stands there: who speaks to the screen says what is seen (WCAG 2.5.3).
      [node.label, ...node.details].join(' '),
      this.strings[node.kind],
      ...own,
      ...(node.inside === undefined ? [] : [fill(inside, this.labelOf(node.inside))]),
      far.length === 0 ? notConnected : fill(connectedTo, this.list(far)),
      ...(usesSockets(node) && sockets.length > 0 ? [fill(usesSocketsOf, this.list(sockets))] : []),
      ...(guests.length === 0 ? [] : [fill(contains, this.list(guests))]),
    ].join(', ');
  }

  /** The full label and a line for the kind, each detail and each port. */
  tooltip(id: string, addresses: ReadonlyMap<string, string>): readonly string[] {
    const node = this.nodes.get(id);
    if (node === undefined) {
      return [];
    }
    const place = node.inside === undefined ? [] : [fill(this.strings.inside, this.labelOf(node.inside))];
    const ports = node.ports
      .filter(port => port.name !== '')
      .map(port => {
        const facts = [port.name, addresses.get(port.id) ?? port.address, port.mac, this.farEnd(port.id)];
        return facts.filter(fact => fact !== '').join('  ');
      });
    return [node.label, [this.strings[node.kind], ...place].join(' '), ...node.details, ...ports];
  }

  private labelOf(id: string): string {
    return this.nodes.get(id)?.label ?? id;
  }

  private namesBeside({ id }: DiagramNode, kind: CableKind): string[] {
    return [...(this.neighbours[kind].get(id) ?? [])].map(other => this.labelOf(other));
  }

  private farEnd(port: string): string {
    const cable = this.model.cables.find(one => one.kind === 'cable' && one.ends.includes(port));
    const far = cable?.ends.find(end => end !== port);
    return far === undefined ? '' : `→ ${far}`;
  }

  private list(names: readonly string[]): string {
    const shown = names.slice(0, MOST_NAMES).join(', ');
    return names.length <= MOST_NAMES ? shown : fill(this.strings.andMore, shown, names.length - MOST_NAMES);
  }
}
