/** Finding devices by what a user remembers of them: a name, an address, a part of either. */
import type { DiagramModel, DiagramNode } from './model';

/**
 * The nodes that match, those whose name begins with the text first, then in the model's order; none for an empty text.
 * @param addresses addresses by port id that replace what the file says
 */
export function findNodes(
  { nodes }: DiagramModel,
  text: string,
  addresses: ReadonlyMap<string, string>,
): readonly string[] {
  const wanted = text.trim().toLocaleLowerCase();
  if (wanted === '') {
    return [];
  }
  return nodes
    .map((node, order) => ({ id: node.id, order, rank: rankOf(node, wanted, addresses) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((one, other) => one.rank - other.rank || one.order - other.order)
    .map(({ id }) => id);
}

const NO_MATCH = 4;

/** 0 for the very name, then beginnings of names, parts of names, and anything else that stands at the node. */
function rankOf(node: DiagramNode, wanted: string, addresses: ReadonlyMap<string, string>): number {
  const names = [node.label, node.id].map(name => name.toLocaleLowerCase());
  if (names.includes(wanted)) {
    return 0;
  }
  if (names.some(name => name.startsWith(wanted))) {
    return 1;
  }
  if (names.some(name => name.includes(wanted))) {
    return 2;
  }
  const facts = [
    ...node.details,
    ...node.ports.flatMap(port => [addresses.get(port.id) ?? port.address, port.mac]),
  ];
  return facts.some(fact => fact.toLocaleLowerCase().includes(wanted)) ? 3 : NO_MATCH;
}
