/** VLAN and VXLAN interfaces, whose text names other interfaces: filled in when all of them are there. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { InterfaceSource } from '../file-source';
import type { ResolvedLink, TopologyPath } from '../resolved';
import { readIp, readIps } from './addresses';
import { reportUnknownInterface } from './bridges';
import { allInterfaces, findInterface, type Draft, type InterfaceDraft } from './draft';

/** Linux's default UDP port of a VXLAN (`vxlan_port` in drivers/net/vxlan/vxlan_core.c). IANA's is 4789. */
const VXLAN_PORT = 8472;

/** Number ranges: IEEE 802.1Q 9.6, RFC 7348 section 5. */
const LARGEST_VLAN = 4094;
const LARGEST_VXLAN = 2 ** 24 - 1;

/** The keys that only interfaces of some types have. */
const KEYS_OF_TYPES: readonly (readonly [key: keyof InterfaceSource, types: readonly string[]])[] = [
  ['stp', ['bridge']],
  ['ageing', ['bridge']],
  ['peer', ['veth', 'tap', 'tun']],
  ['parent', ['vlan', 'vxlan']],
  ['id', ['vlan', 'vxlan']],
  ['remote', ['vxlan', 'tap', 'tun']],
  ['local', ['vxlan']],
  ['port', ['vxlan', 'tap', 'tun']],
  ['packet-information', ['tap', 'tun']],
  ['bridge', ['veth']],
  ['wifi', ['physical']],
];

/** Completes the links and checks that each interface has only the keys of its type. */
export function completeLinks(draft: Draft): void {
  for (const one of allInterfaces(draft)) {
    checkKeys(draft, one);
    switch (one.link.kind) {
      case 'vlan':
        one.link = readVlan(draft, one);
        break;
      case 'vxlan':
        one.link = readVxlan(draft, one);
        break;
      default:
        break;
    }
  }
  refuseCircles(draft);
}

function checkKeys(draft: Draft, one: InterfaceDraft): void {
  const container = draft.names.nodes.get(one.node)?.kind === 'container';
  const type = one.source.type ?? (container ? 'veth' : 'physical');
  for (const [key, types] of KEYS_OF_TYPES) {
    if (one.source[key] !== undefined && !types.includes(type)) {
      draft.report.add('key-of-type', { key: [...one.path, key] }, [key, types.join(', ')]);
    }
  }
}

/** `eth0.10` says its parent and number by its name, as people have named VLANs since vconfig. */
function readVlan(draft: Draft, one: InterfaceDraft): ResolvedLink {
  const { source, path, node } = one;
  const [, namedParent, namedId] = /^(.+)\.(\d{1,4})$/.exec(one.name) ?? [];
  const written = source.parent ?? namedParent;
  const id = source.id ?? one.plan?.vlan ?? (namedId === undefined ? undefined : Number(namedId));
  if (written === undefined) {
    draft.report.add('missing-key', { key: path }, [`Interface ${one.name}`, 'parent']);
  }
  if (id === undefined) {
    draft.report.add('missing-key', { key: path }, [`Interface ${one.name}`, 'id']);
  } else if (id < 1 || id > LARGEST_VLAN) {
    draft.report.add('out-of-range', [...path, 'id'], ['id', 1, LARGEST_VLAN]);
  }
  const parent = written === undefined ? undefined : findInterface(draft, node, written);
  if (written !== undefined && parent === undefined) {
    reportUnknownInterface(draft, node, String(written), [...path, 'parent']);
  } else if (parent?.link.kind === 'tun' || parent?.link.kind === 'loopback') {
    draft.report.add('vlan-parent', [...path, 'parent'], [parent.name]);
  }
  return { kind: 'vlan', parent: parent?.name ?? '', id: id ?? 1 };
}

function readVxlan(draft: Draft, one: InterfaceDraft): ResolvedLink {
  const { source, path, node } = one;
  const [, namedId] = /^vxlan(\d{1,8})$/.exec(one.name) ?? [];
  const id = source.id ?? (namedId === undefined ? undefined : Number(namedId));
  if (id === undefined) {
    draft.report.add('missing-key', { key: path }, [`Interface ${one.name}`, 'id']);
  } else if (id < 1 || id > LARGEST_VXLAN) {
    draft.report.add('out-of-range', [...path, 'id'], ['id', 1, LARGEST_VXLAN]);
  }
  if (source.remote === undefined) {
    draft.report.add('missing-key', { key: path }, [`Interface ${one.name}`, 'remote']);
  }
  const remotes = readIps(source.remote, [...path, 'remote'], draft.report);
  const localPlace = [...path, 'local'];
  const local = source.local === undefined ? undefined : readIp(source.local, localPlace, draft.report);
  checkVersions(draft, [...remotes.ipv4, ...remotes.ipv6], local, path);
  if (source.parent !== undefined && findInterface(draft, node, source.parent) === undefined) {
    reportUnknownInterface(draft, node, String(source.parent), [...path, 'parent']);
  }
  return {
    kind: 'vxlan',
    id: id ?? 1,
    remotes: [...remotes.ipv4, ...remotes.ipv6],
    ...(local !== undefined && { local }),
    port: source.port ?? VXLAN_PORT,
  };
}

/** The outer packets of a tunnel are of one version. */
function checkVersions(
  draft: Draft,
  remotes: readonly IpAddress[],
  local: IpAddress | undefined,
  path: TopologyPath,
): void {
  const [first] = remotes;
  const other = [...remotes, ...(local === undefined ? [] : [local])].find(
    one => typeof one !== typeof first,
  );
  if (first !== undefined && other !== undefined) {
    draft.report.add('mixed-versions', { key: path }, [formatIp(first), formatIp(other)]);
  }
}

/** An interface that would carry itself. */
function refuseCircles(draft: Draft): void {
  for (const one of allInterfaces(draft)) {
    const seen = new Set<InterfaceDraft>();
    let at: InterfaceDraft | undefined = one;
    while (at?.link.kind === 'vlan' && !seen.has(at)) {
      seen.add(at);
      at = findInterface(draft, at.node, at.link.parent);
    }
    if (at === one && seen.size > 0) {
      draft.report.add('vlan-circle', [...one.path, 'parent'], [one.name]);
    }
  }
}
