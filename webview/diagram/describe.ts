/** Devices in words: for screen readers and tooltips. */
import { portOwners } from './tiers';
import type { DiagramModel, DiagramNode } from './model';
import { fill, type DiagramStrings } from './strings';

/** Names beyond these are counted. */
const MOST_NAMES = 4;

const usesSockets = ({ kind }: DiagramNode): boolean => kind === 'nat' || kind === 'tunnel';

export class Describer {
  private readonly nodes: ReadonlyMap<string, DiagramNode>;
  private readonly owners: ReadonlyMap<string, string>;

  constructor(
    private readonly model: DiagramModel,
    private readonly strings: DiagramStrings,
  ) {
    this.nodes = new Map(model.nodes.map(node => [node.id, node]));
    this.owners = portOwners(model);
  }

  /** One sentence: `nat-1, virtual machine, in laptop, connected to NAT`. */
  sentence(id: string, addresses: ReadonlyMap<string, string>): string {
    const node = this.nodes.get(id);
    if (node === undefined) {
      return '';
    }
    const { inside, notConnected, connectedTo, usesSocketsOf, contains } = this.strings;
    const far = this.neighbours(node, 'cable');
    const sockets = this.neighbours(node, 'sockets');
    const guests = this.model.nodes.filter(other => other.inside === id).map(other => other.label);
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

  private neighbours(node: DiagramNode, kind: 'cable' | 'sockets'): string[] {
    const ids = this.model.cables
      .filter(cable => cable.kind === kind)
      .flatMap(({ ends }) => {
        const owners = ends.map(end => this.owners.get(end) ?? '');
        return owners.includes(node.id) ? owners.filter(owner => owner !== node.id) : [];
      });
    return [...new Set(ids)].map(id => this.labelOf(id));
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
