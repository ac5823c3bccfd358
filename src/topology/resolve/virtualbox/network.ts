/** A network that VirtualBox makes on a host: a switch of its own with what is plugged into it, and perhaps services. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import type { Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { Ipv6Prefix } from '../../../net/ipv6-prefix';
import { macFromNumber, UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import type { AdapterSource } from '../../file-source';
import type {
  ResolvedDevice,
  ResolvedPortForward,
  ResolvedVirtualBoxSwitch,
  ResolvedVirtualBoxSwitchPort,
  TopologyPath,
  VirtualBoxVersion,
} from '../../resolved';
import { DEFAULT_CABLE, cableBetween } from '../cable-properties';
import { readReservations } from '../dhcp-settings';
import type { Draft, InterfaceDraft } from '../draft';
import { plugTogether } from '../plugging';

export interface VirtualBoxNetwork {
  readonly id: string;
  readonly host: string;
  /** As VirtualBox calls it: `intnet`, `HostInterfaceNetworking-vboxnet0`. */
  readonly network: string;
  /** As the file calls it. */
  readonly label: string;
  readonly role: ResolvedVirtualBoxSwitch['role'];
  readonly source: TopologyPath;
  readonly ports: VirtualBoxPort[];
  sharedMacOnWire?: boolean;
  dhcp?: VirtualBoxDhcpDraft;
  nat?: VirtualBoxNatDraft;
  /** Of the DHCP server; given with all others that are made. */
  dhcpMac: MacAddress;
}

interface VirtualBoxPort {
  readonly name: string;
  readonly role: ResolvedVirtualBoxSwitchPort['role'];
  readonly promiscuous: ResolvedVirtualBoxSwitchPort['promiscuous'];
  readonly station?: InterfaceDraft;
  readonly source: TopologyPath;
}

export interface VirtualBoxDhcpDraft {
  readonly subnet: Ipv4Prefix;
  readonly server: Ipv4Address;
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
  readonly router?: Ipv4Address;
  readonly tellsHostNameServers: boolean;
  readonly reservations?: Readonly<Record<string, string>>;
  readonly source: TopologyPath;
}

export interface VirtualBoxNatDraft {
  readonly network: Ipv4Prefix;
  readonly gateway: Ipv4Address;
  readonly loopback: Ipv4Address;
  readonly forwards: readonly ResolvedPortForward[];
  readonly ipv6?: { readonly prefix: Ipv6Prefix; readonly defaultRoute: boolean };
  readonly source: TopologyPath;
}

/** The network of this name, made when it is first asked for. */
export function virtualBoxNetwork(
  draft: Draft,
  host: string,
  name: string,
  make: () => Pick<VirtualBoxNetwork, 'label' | 'role' | 'source'>,
): { readonly network: VirtualBoxNetwork; readonly isNew: boolean } {
  const id = `${host}/${name}`;
  const known = draft.virtualBoxNetworks.get(id);
  const network: VirtualBoxNetwork = known ?? {
    ...make(),
    id,
    host,
    network: name,
    ports: [],
    dhcpMac: UNKNOWN_MAC,
  };
  draft.virtualBoxNetworks.set(id, network);
  return { network, isNew: known === undefined };
}

/** Plugs a VM's adapter into the next port. */
export function plugAdapter(
  draft: Draft,
  network: VirtualBoxNetwork,
  on: InterfaceDraft,
  source: AdapterSource,
): void {
  const name = String(network.ports.filter(({ role }) => role === 'adapter').length + 1);
  const promiscuous = source.promiscuous ?? 'deny';
  network.ports.push({ name, role: 'adapter', promiscuous, station: on, source: on.path });
  const end = { device: network.id, port: name };
  plugTogether(draft, on, end, network.id, on.path, { ...DEFAULT_CABLE, up: on.up });
}

/** Plugs the host's own interface in: the trunk that may see everything. */
export function plugHost(draft: Draft, network: VirtualBoxNetwork, on: InterfaceDraft): void {
  network.ports.push({ name: 'host', role: 'host', promiscuous: 'allow-all', station: on, source: on.path });
  plugTogether(draft, on, { device: network.id, port: 'host' }, network.id, on.path, DEFAULT_CABLE);
}

/** The version of VirtualBox on a host. */
export function versionOf(draft: Draft, host: string): VirtualBoxVersion {
  const node = draft.names.nodes.get(host);
  return (node !== undefined && 'virtualbox' in node ? node.virtualbox?.version : undefined) ?? '7.2';
}

/**
 * The service's address on a NAT network: fixed up to 7.1 (VBoxNetLwipNAT.cpp); since 7.2, with libslirp, 52:55 and the IPv4 address
 * (libslirp `slirp.c`).
 */
function natNetworkMac(version: VirtualBoxVersion, gateway: Ipv4Address): MacAddress {
  return version === '7.2' ? macFromNumber(0x52_55 * 2 ** 32 + gateway) : macFromNumber(0x52_54_00_12_35_00);
}

/** The switch and the services of each network of a host. */
export function virtualBoxDevices(draft: Draft, host: string): ResolvedDevice[] {
  return [...draft.virtualBoxNetworks.values()]
    .filter(network => network.host === host)
    .flatMap(network => [
      switchDevice(draft, network),
      ...natDevice(draft, network),
      ...dhcpDevice(draft, network),
    ]);
}

/** Adds the cables of the services: part of resolving the cables, so before the devices. */
export function plugServices(draft: Draft): void {
  for (const network of draft.virtualBoxNetworks.values()) {
    const services = [
      ...(network.nat ? [{ name: 'nat', source: network.nat.source }] : []),
      ...(network.dhcp ? [{ name: 'dhcp', source: network.dhcp.source }] : []),
    ];
    for (const { name, source } of services) {
      network.ports.push({ name, role: 'service', promiscuous: 'deny', source });
      const ends = [
        { device: `${network.id}/${name}`, port: 'network' },
        { device: network.id, port: name },
      ] as const;
      draft.cables.push(cableBetween(ends, DEFAULT_CABLE, source));
    }
  }
}

function switchDevice(draft: Draft, network: VirtualBoxNetwork): ResolvedVirtualBoxSwitch {
  const version = versionOf(draft, network.host);
  const serviceMacs: Readonly<Record<string, MacAddress>> = {
    dhcp: network.dhcpMac,
    ...(network.nat && { nat: natNetworkMac(version, network.nat.gateway) }),
  };
  return {
    kind: 'virtualbox-switch',
    role: network.role,
    network: network.network,
    id: network.id,
    label: network.label,
    inside: network.host,
    source: network.source,
    ...(network.sharedMacOnWire === true && { sharedMacOnWire: true }),
    ports: network.ports.map(({ name, role, promiscuous, station, source }) => {
      const stationMac = station?.mac ?? serviceMacs[name];
      return { name, role, promiscuous, ...(stationMac !== undefined && { stationMac }), source };
    }),
  };
}

function natDevice(draft: Draft, network: VirtualBoxNetwork): ResolvedDevice[] {
  if (network.nat === undefined) {
    return [];
  }
  const { source, ...settings } = network.nat;
  const version = versionOf(draft, network.host);
  const mac = natNetworkMac(version, settings.gateway);
  return [
    {
      kind: 'virtualbox-nat-network',
      id: `${network.id}/nat`,
      label: network.label,
      inside: network.host,
      source,
      ports: [{ name: 'network', mac, source }],
      version,
      mac,
      host: network.host,
      ...settings,
    },
  ];
}

function dhcpDevice(draft: Draft, network: VirtualBoxNetwork): ResolvedDevice[] {
  if (network.dhcp === undefined) {
    return [];
  }
  const { source, tellsHostNameServers, reservations, ...settings } = network.dhcp;
  const place = [...source, 'reservations'];
  const fixed = readReservations(draft, reservations, settings.subnet, place);
  return [
    {
      kind: 'virtualbox-dhcp',
      id: `${network.id}/dhcp`,
      label: 'DHCP',
      inside: network.host,
      source,
      ports: [{ name: 'network', mac: network.dhcpMac, source }],
      version: versionOf(draft, network.host),
      mac: network.dhcpMac,
      ...settings,
      ...(tellsHostNameServers && { nameServersOf: network.host }),
      ...(fixed.length > 0 && { reservations: fixed }),
    },
  ];
}
