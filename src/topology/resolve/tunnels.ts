/** Tunnels of TUN and TAP devices: a process at each end that carries what the device gives it over UDP, bare, with nothing around it. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import { prefixContains } from '../../net/ipv4-prefix';
import type { ResolvedTunnel } from '../resolved';
import { readIp } from './addresses';
import { reportUnknownInterface } from './bridges';
import { cableBetween, DEFAULT_CABLE } from './cable-properties';
import {
  addPart,
  allInterfaces,
  domainOf,
  findInterface,
  interfaceLabel,
  interfacesOf,
  isMachine,
  listOf,
  type Draft,
  type InterfaceDraft,
} from './draft';
import { PRIVATE_NETWORKS } from './internet-addresses';
import { claimPort } from './listening';
import { findNode } from './names';

/** That of simpletun, the usual first program for TUN and TAP devices: no protocol has it, so nobody takes bare packets for messages of one. */
const DEFAULT_PORT = 55_555;

/** Gives each TUN and TAP device with a peer its process. */
export function plugTunnels(draft: Draft): void {
  for (const one of allInterfaces(draft)) {
    const isTunnel = one.link.kind === 'tun' || one.link.kind === 'tap';
    if (isTunnel && one.source.peer !== undefined) {
      plugTunnel(draft, one, one.source.peer);
    } else if (isTunnel && one.source.remote !== undefined) {
      draft.report.add('missing-key', { key: one.path }, [`Interface ${one.name}`, 'peer']);
    }
  }
}

function plugTunnel(draft: Draft, one: InterfaceDraft, written: string): void {
  const peer = peerOf(draft, one, written);
  if (peer === undefined) {
    return;
  }
  const id = `${interfaceLabel(one)}/tunnel`;
  const place = [...one.path, 'peer'];
  const localPort = one.source.port ?? DEFAULT_PORT;
  const port = one.source.port === undefined ? { key: one.path } : [...one.path, 'port'];
  claimPort(draft, one.node, 'udp', undefined, localPort, port);
  one.pluggedAt = place;
  draft.segments.join(domainOf(one), domainOf(peer));
  const ends = [
    { device: one.node, port: one.name },
    { device: id, port: 'device' },
  ] as const;
  draft.cables.push(cableBetween(ends, DEFAULT_CABLE, place));
  const carries = one.link.kind === 'tun' ? 'ip' : 'ethernet';
  addPart(draft, one.node, (): ResolvedTunnel | undefined => {
    const remote = remoteOf(draft, one, peer);
    return remote === undefined
      ? undefined
      : {
          kind: 'tunnel',
          id,
          label: 'UDP tunnel',
          inside: one.node,
          source: one.path,
          ports: [{ name: 'device', ...(carries === 'ip' && { carries }), source: one.path }],
          carries,
          packetInformation: one.source['packet-information'] ?? false,
          host: one.node,
          localPort,
          remote,
          remotePort: peer.source.port ?? DEFAULT_PORT,
        };
  });
}

/** The device at the other end: of the same kind, with this one as its own peer. */
function peerOf(draft: Draft, one: InterfaceDraft, written: string): InterfaceDraft | undefined {
  const { report, names } = draft;
  const place = [...one.path, 'peer'];
  const colon = written.indexOf(':');
  const device = written.slice(0, colon);
  const node = findNode(names, device, place, report);
  if (node === undefined) {
    return undefined;
  }
  if (!isMachine(node)) {
    report.add('wrong-kind/machine', place, [device, node.kind]);
    return undefined;
  }
  const peer = findInterface(draft, device, written.slice(colon + 1));
  if (peer === undefined) {
    reportUnknownInterface(draft, device, written.slice(colon + 1), place, name => `${device}:${name}`);
    return undefined;
  }
  const own = interfaceLabel(one);
  if (peer.link.kind !== one.link.kind || peer === one) {
    report.add('peer/type', place, [written, one.link.kind]);
    return undefined;
  }
  if (peer.source.peer !== own) {
    const id = peer.source.peer === undefined ? 'peer/one-sided' : 'peer/other';
    report.add(id, place, [written, peer.source.peer ?? own]);
    return undefined;
  }
  return peer;
}

/** What is written, or an address of the peer's machine that this one can reach, as far as the file tells. */
function remoteOf(draft: Draft, one: InterfaceDraft, peer: InterfaceDraft): IpAddress | undefined {
  const [written] = listOf(one.source.remote);
  if (written !== undefined) {
    return readIp(written, [...one.path, 'remote'], draft.report);
  }
  const places = new Set(interfacesOf(draft, one.node).map(own => draft.segments.rootOf(domainOf(own))));
  const candidates = interfacesOf(draft, peer.node)
    .filter(other => other.link.kind !== 'tun' && other.link.kind !== 'tap' && other.link.kind !== 'vxlan')
    .flatMap(other => {
      const near = other.bridge === undefined && places.has(draft.segments.rootOf(domainOf(other)));
      return addressesOf(other).map(address => ({ address, near }));
    });
  const best = candidates.find(({ near }) => near) ?? candidates.find(({ address }) => isPublic(address));
  const remote = (best ?? candidates[0])?.address;
  if (remote === undefined) {
    draft.report.add('tunnel-without-remote', { key: one.path }, [peer.node]);
  }
  return remote;
}

function addressesOf({ addressing, ipv6 }: InterfaceDraft): readonly IpAddress[] {
  const ipv4 = addressing.kind === 'static' ? addressing.addresses.map(({ address }) => address) : [];
  return [...ipv4, ...(ipv6?.addresses ?? []).map(({ address }) => address)];
}

function isPublic(address: IpAddress): boolean {
  return typeof address === 'bigint'
    ? !/^f[cde]/.test(formatIp(address))
    : !PRIVATE_NETWORKS.some(network => prefixContains(network, address));
}
