/** Attached to a host-only network: VMs and their host, by an interface `vboxnetN` that VirtualBox gives the host. */
import { isIpv4Prefix } from '../../../net/ip-address';
import { formatIpv4, ipv4FromNumber } from '../../../net/ipv4-address';
import {
  formatInterfaceAddress,
  parseInterfaceAddress,
  prefixContains,
  prefixOf,
  type Ipv4InterfaceAddress,
  type Ipv4Prefix,
} from '../../../net/ipv4-prefix';
import { formatMac, macFromNumber } from '../../../net/mac-address';
import type { MachineSource } from '../../file-source';
import type { TopologyPath } from '../../resolved';
import { formatIpPrefix, readInterfaceAddress, readIpPrefix } from '../addresses';
import { isMachine, listOf, placeOf, type Draft } from '../draft';
import { draftInterface, type AdapterDraft } from '../interfaces';
import { readVirtualBoxDhcp } from './dhcp-server';
import { plugAdapter, plugHost, virtualBoxNetwork, type VirtualBoxNetwork } from './network';
import { warnOfSimilarName } from './similar-names';

type HostOnlySource = NonNullable<NonNullable<NonNullable<MachineSource['virtualbox']>['host-only']>[string]>;

const DEFAULT_NAME = 'vboxnet0';

/** The first interface comes with a DHCP server in a fresh installation, those that a user adds do not (Settings.cpp). */
const WITH_DHCP = 'vboxnet0';

/** The DHCP server of vboxnet0: .100, leasing from .101 on (Settings.cpp). */
const DHCP_SERVER = 100;

/** What is allowed without /etc/vbox/networks.conf, since 6.1.28 (user manual, "Host-Only Networking"). */
const ALLOWED: Ipv4Prefix = prefixOf(ipv4FromNumber(0xc0a83800), 21);

const NAME = /^vboxnet(\d{1,3})$/;

/** Makes the host-only interfaces that a host lists. */
export function draftHostOnly(draft: Draft, host: string, node: MachineSource): void {
  for (const [name, source] of Object.entries(node.virtualbox?.['host-only'] ?? {})) {
    const path = ['nodes', host, 'virtualbox', 'host-only', name];
    makeHostOnly(draft, host, name, source ?? {}, path, { key: path });
  }
}

export function attachHostOnly(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const name = source.network ?? DEFAULT_NAME;
  const place = [...on.path, 'network'];
  const number = Number(NAME.exec(name)?.[1] ?? Number.NaN);
  if (!(number <= 127)) {
    draft.report.add('host-only-name', place, [name]);
    return;
  }
  warnOfSimilarName(draft, host, 'host-only', name, on.path);
  const network = makeHostOnly(draft, host, name, {}, on.path, place);
  if (network !== undefined) {
    plugAdapter(draft, network, on, source);
  }
}

function makeHostOnly(
  draft: Draft,
  host: string,
  name: string,
  source: HostOnlySource,
  path: TopologyPath,
  namePlace: TopologyPath | { readonly key: TopologyPath },
): VirtualBoxNetwork | undefined {
  const { network, isNew } = virtualBoxNetwork(draft, host, `HostInterfaceNetworking-${name}`, () => ({
    label: name,
    role: 'host-only',
    source: path,
  }));
  if (!isNew) {
    return network;
  }
  const own = draft.interfaces.get(host)?.get(name);
  if (own !== undefined) {
    draft.report.add('interface-is-host-only', { key: own.path }, [name]);
    draft.virtualBoxNetworks.delete(network.id);
    return undefined;
  }
  const number = Number(NAME.exec(name)?.[1] ?? 0);
  const address = readOwnAddress(draft, host, source.address, number, path, namePlace);
  if (address === undefined) {
    return network;
  }
  const subnet = prefixOf(address.address, address.prefixLength);
  // VBOXNET_IPV4ADDR_DEFAULT and VBoxNetAdp.c.
  const mac = formatMac(macFromNumber(0x0a_00_27_00_00_00 + number));
  const on = draftInterface(draft, host, name, path, { address: formatInterfaceAddress(address), mac }, true);
  draft.plans.set(network.id, { name, path, subnet, nameServers: [], fixed: [] });
  plugHost(draft, network, on);
  const isUsual = source.address === undefined;
  const dhcp = source.dhcp ?? (name === WITH_DHCP && isUsual);
  if (dhcp !== false) {
    const usual = parseInterfaceAddress(
      `${formatIpv4(ipv4FromNumber(subnet.network + DHCP_SERVER))}/${address.prefixLength}`,
    );
    const place = source.dhcp === undefined ? path : [...path, 'dhcp'];
    readVirtualBoxDhcp(draft, network, dhcp === true ? {} : dhcp, usual, place);
  }
  return network;
}

/** 192.168.(56+N).1/24, or what is written; VirtualBox refuses what is not in the allowed ranges. */
function readOwnAddress(
  draft: Draft,
  host: string,
  written: string | undefined,
  number: number,
  path: TopologyPath,
  namePlace: TopologyPath | { readonly key: TopologyPath },
): Ipv4InterfaceAddress | undefined {
  const usual = { address: ipv4FromNumber(0xc0a80001 + ((56 + number) << 8)), prefixLength: 24 };
  const place = [...path, 'address'];
  const address = written === undefined ? usual : readInterfaceAddress(written, place, draft.report);
  if (address === undefined) {
    return undefined;
  }
  const allowed = allowedRanges(draft, host);
  if (!allowed.some(range => prefixContains(range, address.address))) {
    const values = [formatInterfaceAddress(address), allowed.map(formatIpPrefix).join(', ')];
    draft.report.add('host-only-range', written === undefined ? namePlace : place, values);
  }
  return address;
}

function allowedRanges(draft: Draft, host: string): readonly Ipv4Prefix[] {
  const node = draft.names.nodes.get(host);
  const written = isMachine(node) ? node.virtualbox?.['host-only-ranges'] : undefined;
  if (written === undefined) {
    return [ALLOWED];
  }
  return listOf(written).flatMap((text, index) => {
    const place = placeOf(written, ['nodes', host, 'virtualbox', 'host-only-ranges'], index);
    const prefix = readIpPrefix(text, place, draft.report);
    return prefix !== undefined && isIpv4Prefix(prefix) ? [prefix] : [];
  });
}
