/** Attached to NAT: an engine of its own for each adapter. */
import { ipv4FromNumber, type Ipv4Address } from '../../../net/ipv4-address';
import { addressAt, formatPrefix, prefixOf, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import { ipv6FromBigInt } from '../../../net/ipv6-address';
import type { Ipv6Prefix } from '../../../net/ipv6-prefix';
import { macFromNumber, type MacAddress } from '../../../net/mac-address';
import type { ResolvedPortForward, ResolvedVirtualBoxNat, VirtualBoxVersion } from '../../resolved';
import { readAddress, readPrefix } from '../addresses';
import { DEFAULT_CABLE } from '../cable-properties';
import { addPart, type Draft, type InterfaceDraft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { claimPort } from '../listening';
import { plugTogether } from '../plugging';
import { readForwards } from '../port-forwards';
import { versionOf } from './network';

/** slirp_init keeps five host bits. */
const LONGEST_PREFIX = 27;

/** Ports that only root may listen on (Linux `net.ipv4.ip_unprivileged_port_start`). */
const UNPRIVILEGED = 1024;

/** Releases with an older engine of their own, and those with libslirp. */
const hasLibslirp = (version: VirtualBoxVersion): boolean => version === '7.1' || version === '7.2';

export function attachNat(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const network = engineNetwork(draft, on, source.network);
  if (network === undefined) {
    return;
  }
  const version = versionOf(draft, host);
  const id = `${on.node}:${on.slot ?? 1}/nat`;
  const gateway = addressAt(network, 2);
  const forwards = readForwards(source.forwards, [...on.path, 'forwards'], true, draft.report);
  claimForwards(draft, host, forwards);
  const bindAddress = readBindAddress(draft, on, source['bind-ip']);
  const ipv6 = draft.ipv6 && hasLibslirp(version) ? virtualBoxPrefix(network) : undefined;
  const dnsProxy = dnsFlag(draft, on, version, 'dns-proxy', source['dns-proxy']);
  const dnsHostResolver = dnsFlag(draft, on, version, 'dns-host-resolver', source['dns-host-resolver']);
  const engine: ResolvedVirtualBoxNat = {
    kind: 'virtualbox-nat',
    id,
    label: 'NAT',
    inside: host,
    source: on.path,
    ports: [{ name: 'guest', mac: engineMac(version, gateway), source: on.path }],
    version,
    network,
    host,
    vmName: on.node,
    // New in 7.0; before, the loopback was always reachable (NATEngineImpl.cpp).
    localhostReachable: version === '6.1' || (source['localhost-reachable'] ?? false),
    ...(forwards.length > 0 && { forwards }),
    ...(dnsProxy && { dnsProxy }),
    ...(dnsHostResolver && { dnsHostResolver }),
    ...(bindAddress !== undefined && { bindAddress }),
    ...(ipv6 && { ipv6 }),
  };
  if (version === '6.1' && source['localhost-reachable'] === false) {
    const place = [...on.path, 'localhost-reachable'];
    draft.report.add('not-in-release', { key: place }, ['localhost-reachable: false', version], {
      severity: 'warning',
    });
  }
  addPart(draft, on.node, () => engine);
  on.plan = {
    name: `${on.node} NAT`,
    path: on.path,
    subnet: network,
    ...(ipv6 && { subnet6: ipv6 }),
    gateway,
    nameServers: [],
    fixed: [2, 3].map(offset => ({ address: addressAt(network, offset), owner: 'NAT' })),
  };
  draft.plans.set(id, on.plan);
  plugTogether(draft, on, { device: id, port: 'guest' }, id, on.path, { ...DEFAULT_CABLE, up: on.up });
}

/** 10.0.(slot+1).0/24 (ConsoleImpl2.cpp), or what the adapter says. */
function engineNetwork(
  draft: Draft,
  on: InterfaceDraft,
  written: string | undefined,
): Ipv4Prefix | undefined {
  if (written === undefined) {
    return prefixOf(ipv4FromNumber(0x0a000000 + (((on.slot ?? 1) + 1) << 8)), 24);
  }
  const place = [...on.path, 'network'];
  const prefix = readPrefix(written, place, draft.report);
  if (prefix !== undefined && prefix.length > LONGEST_PREFIX) {
    draft.report.add('subnet-too-small', place, [formatPrefix(prefix), 'VirtualBox NAT', LONGEST_PREFIX]);
    return undefined;
  }
  return prefix;
}

/** Takes the host's ports, and says which ones VirtualBox would need root for. */
export function claimForwards(draft: Draft, host: string, forwards: readonly ResolvedPortForward[]): void {
  for (const { protocol, outsideAddress, outsidePort, source } of forwards) {
    claimPort(draft, host, protocol, outsideAddress, outsidePort, source);
    if (outsidePort < UNPRIVILEGED) {
      draft.report.add('forward-privileged', source, [outsidePort], { severity: 'warning' });
    }
  }
}

function readBindAddress(
  draft: Draft,
  on: InterfaceDraft,
  written: string | undefined,
): Ipv4Address | undefined {
  return written === undefined ? undefined : readAddress(written, [...on.path, 'bind-ip'], draft.report);
}

/** 7.1 and later log these settings as unsupported and ignore them (DrvNATlibslirp.cpp). */
function dnsFlag(
  draft: Draft,
  on: InterfaceDraft,
  version: VirtualBoxVersion,
  key: 'dns-proxy' | 'dns-host-resolver',
  written: boolean | undefined,
): boolean {
  if (written === true && hasLibslirp(version)) {
    draft.report.add('not-in-release', { key: [...on.path, key] }, [key, version], { severity: 'warning' });
    return false;
  }
  return written ?? false;
}

/** fd17:625c:f037:XXYY::/64 with the second and third byte of the IPv4 network (DrvNATlibslirp.cpp, NATNetworkImpl.cpp). */
export function virtualBoxPrefix(network: Ipv4Prefix): Ipv6Prefix {
  const subnet = BigInt((network.network >>> 8) & 0xffff);
  return { network: ipv6FromBigInt((0xfd17_625c_f037_0000n + subnet) << 64n), length: 64 };
}

/** Up to 7.0 the old engine's fixed address; since 7.1 libslirp's: 52:55 and the gateway's IPv4 address (libslirp `slirp.c`). */
function engineMac(version: VirtualBoxVersion, gateway: number): MacAddress {
  return hasLibslirp(version)
    ? macFromNumber(0x52_55 * 2 ** 32 + gateway)
    : macFromNumber(0x52_54_00_12_35_02);
}
