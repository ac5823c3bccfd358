/** The members of each bridge, found once for a file. */
import { allInterfaces, type Draft, type InterfaceDraft } from './draft';

const MEMBERS = new WeakMap<Draft, ReadonlyMap<string, readonly InterfaceDraft[]>>();

/** The members of a bridge, in file order. Ask only when all interfaces are there. */
export function membersOf(draft: Draft, bridge: InterfaceDraft): readonly InterfaceDraft[] {
  const members = MEMBERS.get(draft) ?? membersByBridge(draft);
  MEMBERS.set(draft, members);
  return members.get(`${bridge.node}:${bridge.name}`) ?? [];
}

function membersByBridge(draft: Draft): ReadonlyMap<string, readonly InterfaceDraft[]> {
  const members = new Map<string, InterfaceDraft[]>();
  for (const one of allInterfaces(draft)) {
    if (one.bridge !== undefined) {
      const key = `${one.node}:${one.bridge}`;
      const others = members.get(key) ?? [];
      others.push(one);
      members.set(key, others);
    }
  }
  return members;
}
