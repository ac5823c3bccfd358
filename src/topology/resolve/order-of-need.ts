/** Interfaces in the order in which Linux could make them: a bridge after its members, a VLAN after its parent. */
import { membersOf } from './bridge-members';
import { findInterface, type Draft, type InterfaceDraft } from './draft';

/** The same interfaces; file order where nothing else decides, and no end to a circle is looked for. */
export function inOrderOfNeed(draft: Draft, interfaces: readonly InterfaceDraft[]): InterfaceDraft[] {
  const ordered = new Set<InterfaceDraft>();
  const begun = new Set<InterfaceDraft>();
  const add = (one: InterfaceDraft): void => {
    if (begun.has(one)) {
      return;
    }
    begun.add(one);
    neededBy(draft, one).forEach(add);
    ordered.add(one);
  };
  interfaces.forEach(add);
  return [...ordered];
}

function neededBy(draft: Draft, one: InterfaceDraft): readonly InterfaceDraft[] {
  switch (one.link.kind) {
    case 'bridge':
      return membersOf(draft, one);
    case 'vlan': {
      const parent = findInterface(draft, one.node, one.link.parent);
      return parent === undefined ? [] : [parent];
    }
    default:
      return [];
  }
}
