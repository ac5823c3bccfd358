/** The internet and its servers. */
import { formatIpv4, ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
import { formatPrefix, prefixContains } from '../../net/ipv4-prefix';
import type { InternetSource } from '../file-source';
import type { ResolvedInternet, ResolvedInternetServer, TopologyPath } from '../resolved';
import { readAddress } from './addresses';
import { portsOf, type Draft } from './draft';
import {
  FIRST_SERVER,
  INTERNET_ACCESS,
  INTERNET_GATEWAY,
  INTERNET_NAME_SERVER,
  PRIVATE_NETWORKS,
} from './internet-addresses';
import { keysInOrder } from './names';

export function resolveInternet(draft: Draft, name: string, source: InternetSource): ResolvedInternet {
  return {
    kind: 'internet',
    id: name,
    label: name,
    source: ['nodes', name],
    ports: portsOf(draft, name),
    access: INTERNET_ACCESS,
    gateway: INTERNET_GATEWAY,
    nameServer: INTERNET_NAME_SERVER,
    servers: readServers(draft, name, source),
  };
}

function readServers(draft: Draft, internet: string, source: InternetSource): ResolvedInternetServer[] {
  const names = keysInOrder(draft.root, ['nodes', internet, 'servers']);
  const owners = new Map<Ipv4Address, string>();
  const written = new Map<string, Ipv4Address>();
  for (const name of names) {
    const text = source.servers?.[name]?.address;
    const path = ['nodes', internet, 'servers', name, 'address'];
    const address = text === undefined ? undefined : readServerAddress(draft, text, path);
    const owner = address === undefined ? undefined : owners.get(address);
    if (owner !== undefined) {
      draft.report.add('server-address/taken', path, [text ?? '', owner]);
    } else if (address !== undefined) {
      owners.set(address, name);
      written.set(name, address);
    }
  }
  let next = FIRST_SERVER;
  return names.map(name => {
    while (!written.has(name) && owners.has(next)) {
      next = ipv4FromNumber(next + 1);
    }
    const address = written.get(name) ?? next;
    owners.set(address, name);
    return { name: name.toLowerCase(), address, source: ['nodes', internet, 'servers', name] };
  });
}

/** A server is outside of what customers and private networks use, or nobody could be routed to it. */
function readServerAddress(draft: Draft, text: string, path: TopologyPath): Ipv4Address | undefined {
  const address = readAddress(text, path, draft.report);
  if (address === undefined) {
    return undefined;
  }
  const subnets = [...draft.plans.values()].flatMap(({ subnet }) => (subnet ? [subnet] : []));
  const inside = subnets.find(subnet => prefixContains(subnet, address));
  if (inside !== undefined) {
    draft.report.add('server-address', path, [formatIpv4(address), formatPrefix(inside)]);
    return undefined;
  }
  if (PRIVATE_NETWORKS.some(network => prefixContains(network, address))) {
    draft.report.add('server-address/private', path, [formatIpv4(address)]);
    return undefined;
  }
  return address;
}
