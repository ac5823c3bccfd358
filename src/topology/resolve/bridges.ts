/** Linux bridges: which interfaces are members, and what that makes of them. */
import type { MachineSource } from '../file-source';
import { nearest } from '../suggestion';
import { findInterface, interfacesOf, isMachine, type Draft, type InterfaceDraft } from './draft';
import { guestInterfaceName } from './guest-interface-name';
import type { Names } from './names';

/** Membership by `node:interface`, as the file says it; the first bridge that names an interface has it. */
export function readBridges(names: Names): Map<string, string> {
  const bridges = new Map<string, string>();
  for (const [name, node] of names.nodes) {
    for (const [bridge, source] of Object.entries((isMachine(node) && node.interfaces) || {})) {
      for (const member of source?.type === 'bridge' ? (source.members ?? []) : []) {
        const key = `${name}:${memberName(node.kind, member)}`;
        bridges.set(key, bridges.get(key) ?? bridge);
      }
    }
  }
  return bridges;
}

/** A VM's adapter may be named by its slot. */
function memberName(kind: string, member: string | number): string {
  const isSlot = kind === 'vm' && /^[1-8]$/.test(String(member));
  return isSlot ? guestInterfaceName(Number(member)) : String(member);
}

/** Checks the members of every bridge. Call it when all interfaces are there. */
export function checkBridges(draft: Draft): void {
  for (const [name, node] of draft.names.nodes) {
    if (isMachine(node)) {
      for (const [bridge, source] of Object.entries(node.interfaces ?? {})) {
        (source?.members ?? []).forEach((member, index) => {
          const place = ['nodes', name, 'interfaces', bridge, 'members', index];
          if (source?.type !== 'bridge') {
            draft.report.add('key-of-type', place, ['members', 'bridge']);
          } else {
            checkMember(draft, node, name, bridge, member, place);
          }
        });
      }
    }
  }
}

function checkMember(
  draft: Draft,
  node: MachineSource,
  name: string,
  bridge: string,
  member: string | number,
  place: readonly (string | number)[],
): void {
  const found = findInterface(draft, name, member);
  const { report } = draft;
  if (found === undefined) {
    reportUnknownInterface(draft, name, String(member), place);
    return;
  }
  if (found.bridge !== bridge) {
    report.add('bridge-member/taken', place, [String(member), found.bridge ?? '']);
  } else if (!mayBeMember(found)) {
    report.add('bridge-member/type', place, [String(member), node.interfaces?.[found.name]?.type ?? '']);
  } else if (found.source.address !== undefined && found.source.address !== 'none') {
    report.add('bridge-member/address', [...found.path, 'address'], [found.name, bridge], {
      severity: 'warning',
    });
  }
}

/** Only what carries Ethernet frames, and not a bridge itself (br_add_if in net/bridge/br_if.c). */
const mayBeMember = ({ link }: InterfaceDraft): boolean =>
  link.kind !== 'bridge' && link.kind !== 'tun' && link.kind !== 'loopback';

/** Says that a machine has no such interface, and which one may be meant. */
export function reportUnknownInterface(
  draft: Draft,
  node: string,
  text: string,
  place: readonly (string | number)[],
  replacement: (name: string) => string = name => name,
): void {
  const known = interfacesOf(draft, node).flatMap(one =>
    one.slot === undefined ? [one.name] : [one.name, String(one.slot)],
  );
  const suggestion = draft.report.full ? undefined : nearest(text, known);
  if (suggestion === undefined) {
    draft.report.add('unknown-interface', place, [node, text]);
  } else {
    const options = { replacement: replacement(suggestion) };
    draft.report.add('unknown-interface/suggestion', place, [node, text, suggestion], options);
  }
}
