/** Attached to a NAT network: VMs share a switch, a DHCP server and a NAT (NATNetworkImpl.cpp for every default). */
import { formatIpv6Prefix, type Ipv6Prefix } from '../../../net/ipv6-prefix';
import { addressAt, formatPrefix, lastAddressOf, prefixOf } from '../../../net/ipv4-prefix';
import { isIpv4Prefix } from '../../../net/ip-address';
import { ipv4FromNumber } from '../../../net/ipv4-address';
import type { Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { MachineSource, NatNetworkSource } from '../../file-source';
import type { TopologyPath } from '../../resolved';
import { readIpPrefix, readPrefix } from '../addresses';
import type { Draft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { readForwards } from '../port-forwards';
import { claimForwards, virtualBoxPrefix } from './nat-engine';
import { plugAdapter, virtualBoxNetwork, type VirtualBoxNetwork } from './network';
import { warnOfSimilarName } from './similar-names';

/** VirtualBox's own name for the first NAT network. */
const DEFAULT_NAME = 'NatNetwork';

/** 10.0.2.0/24 (Settings.cpp). */
const DEFAULT_SUBNET: Ipv4Prefix = prefixOf(ipv4FromNumber(0x0a000200), 24);

/** With the gateway, the loopback and the DHCP server, one address must be left to lease. */
const LONGEST_WITH_DHCP = 29;
const LONGEST = 30;

/** Makes the NAT networks that a host lists. */
export function draftNatNetworks(draft: Draft, host: string, node: MachineSource): void {
  for (const [name, source] of Object.entries(node.virtualbox?.['nat-networks'] ?? {})) {
    const path = ['nodes', host, 'virtualbox', 'nat-networks', name];
    makeNatNetwork(draft, host, name, source ?? {}, path);
  }
}

export function attachNatNetwork(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const name = source.network ?? DEFAULT_NAME;
  warnOfSimilarName(draft, host, 'nat-networks', name, on.path);
  const network = makeNatNetwork(draft, host, name, {}, on.path);
  if (network.role !== 'nat-network') {
    draft.report.add('network-role', [...on.path, 'network'], [name, network.role, 'nat-network']);
    return;
  }
  plugAdapter(draft, network, on, source);
}

function makeNatNetwork(
  draft: Draft,
  host: string,
  name: string,
  source: NatNetworkSource,
  path: TopologyPath,
): VirtualBoxNetwork {
  const { network, isNew } = virtualBoxNetwork(draft, host, name, () => ({
    label: name,
    role: 'nat-network',
    source: path,
  }));
  if (isNew) {
    setUp(draft, network, source, path);
  }
  return network;
}

function setUp(draft: Draft, network: VirtualBoxNetwork, source: NatNetworkSource, path: TopologyPath): void {
  const dhcp = source.dhcp ?? true;
  const subnet = readSubnet(draft, source.subnet, dhcp, path);
  const [gateway, loopback, server, first] = [1, 2, 3, 4].map(offset => addressAt(subnet, offset));
  if (gateway === undefined || loopback === undefined || server === undefined || first === undefined) {
    return;
  }
  const last = ipv4FromNumber(lastAddressOf(subnet) - 1);
  const forwards = readForwards(source.forwards, [...path, 'forwards'], false, draft.report);
  claimForwards(draft, network.host, forwards);
  const prefix = readIpv6(draft, source.ipv6, subnet, [...path, 'ipv6']);
  const ipv6 = prefix && { prefix, defaultRoute: source['ipv6-default-route'] ?? false };
  network.nat = { network: subnet, gateway, loopback, forwards, ...(ipv6 && { ipv6 }), source: path };
  if (dhcp) {
    const settings = { subnet, server, first, last, router: gateway, tellsHostNameServers: true };
    network.dhcp = { ...settings, source: path };
  }
  draft.plans.set(network.id, {
    name: network.label,
    path,
    subnet,
    ...(prefix && { subnet6: prefix }),
    gateway,
    nameServers: [],
    ...(dhcp && { leased: [first, last] }),
    fixed: [gateway, loopback, ...(dhcp ? [server] : [])].map(address => ({ address, owner: network.label })),
  });
}

function readSubnet(
  draft: Draft,
  written: string | undefined,
  dhcp: boolean,
  path: TopologyPath,
): Ipv4Prefix {
  const place = [...path, 'subnet'];
  const subnet = written === undefined ? undefined : readPrefix(written, place, draft.report);
  const longest = dhcp ? LONGEST_WITH_DHCP : LONGEST;
  if (subnet !== undefined && (subnet.length > longest || subnet.length < 1)) {
    draft.report.add('subnet-too-small', place, [formatPrefix(subnet), 'a NAT network', longest]);
    return DEFAULT_SUBNET;
  }
  return subnet ?? DEFAULT_SUBNET;
}

/** Only a /64 is accepted (NATNetworkImpl.cpp). */
function readIpv6(
  draft: Draft,
  written: boolean | string | undefined,
  subnet: Ipv4Prefix,
  place: TopologyPath,
): Ipv6Prefix | undefined {
  if (written === undefined || typeof written === 'boolean') {
    return written === true ? virtualBoxPrefix(subnet) : undefined;
  }
  const prefix = readIpPrefix(written, place, draft.report);
  if (prefix === undefined || isIpv4Prefix(prefix)) {
    if (prefix !== undefined) {
      draft.report.add('bad-address/ipv6-prefix', place, [written]);
    }
    return undefined;
  }
  if (prefix.length !== 64) {
    draft.report.add('prefix-not-64', place, [formatIpv6Prefix(prefix)]);
    return undefined;
  }
  return prefix;
}
