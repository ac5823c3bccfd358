/** The default routers of interfaces. */
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { Ipv4Address } from '../../net/ipv4-address';
import { prefixContains, prefixOf } from '../../net/ipv4-prefix';
import { isLinkLocalIpv6, type Ipv6Address } from '../../net/ipv6-address';
import { ipv6PrefixContains, ipv6PrefixOf } from '../../net/ipv6-prefix';
import type { TopologyPath } from '../resolved';
import { readIp } from './addresses';
import { interfacesOf, listOf, placeOf, type Draft, type InterfaceDraft } from './draft';

/**
 * Reads written gateways. A static interface that names none gets its network's, and only the first such interface of a machine: a second
 * default route of the same metric would be refused by Linux.
 */
export function assignGateways(draft: Draft): void {
  for (const node of draft.interfaces.keys()) {
    const interfaces = interfacesOf(draft, node);
    interfaces.forEach(one => {
      readWrittenGateways(draft, one);
    });
    const planned = interfaces.find(
      ({ plan, ...one }) => plan?.gateway !== undefined && mayUse(one, plan.gateway),
    );
    if (planned?.plan?.gateway !== undefined && !namesGateway(interfaces, false)) {
      setGateway(planned, planned.plan.gateway);
    }
    const planned6 = interfaces.find(
      ({ plan, ...one }) => plan?.gateway6 !== undefined && mayUse6(one, plan.gateway6),
    );
    if (planned6?.plan?.gateway6 !== undefined && !namesGateway(interfaces, true)) {
      setGateway(planned6, planned6.plan.gateway6);
    }
  }
}

const namesGateway = (interfaces: readonly InterfaceDraft[], ipv6: boolean): boolean =>
  interfaces.some(({ source }) => listOf(source.gateway).some(text => text.includes(':') === ipv6));

function readWrittenGateways(draft: Draft, one: InterfaceDraft): void {
  listOf(one.source.gateway).forEach((text, index) => {
    const path = [...one.path, 'gateway'];
    const gateway = readWritten(draft, one, text, placeOf(one.source.gateway, path, index));
    if (gateway !== undefined) {
      setGateway(one, gateway);
    }
  });
}

function readWritten(
  draft: Draft,
  one: InterfaceDraft,
  text: string,
  place: TopologyPath,
): IpAddress | undefined {
  if (!text.includes(':') && one.addressing.kind === 'dhcp') {
    draft.report.add('gateway-with-dhcp', { key: [...one.path, 'gateway'] }, []);
    return undefined;
  }
  const gateway = readIp(text, place, draft.report);
  if (gateway === undefined || (typeof gateway === 'number' && one.addressing.kind === 'none')) {
    return undefined;
  }
  const reachable = typeof gateway === 'bigint' ? mayUse6(one, gateway) : mayUse(one, gateway);
  if (!reachable) {
    draft.report.add('gateway-unreachable', place, [formatIp(gateway)]);
    return undefined;
  }
  return gateway;
}

type Addressed = Pick<InterfaceDraft, 'addressing' | 'ipv6'>;

/** The gateway is on the interface's own network and is not the machine itself. */
function mayUse({ addressing }: Addressed, gateway: Ipv4Address): boolean {
  const addresses = addressing.kind === 'static' ? addressing.addresses : [];
  return (
    addresses.some(({ address, prefixLength }) => prefixContains(prefixOf(address, prefixLength), gateway)) &&
    !addresses.some(({ address }) => address === gateway)
  );
}

/** A link-local router is on any link. */
function mayUse6({ ipv6 }: Addressed, gateway: Ipv6Address): boolean {
  const addresses = ipv6?.addresses ?? [];
  const onLink = addresses.some(({ address, prefixLength }) =>
    ipv6PrefixContains(ipv6PrefixOf(address, prefixLength), gateway),
  );
  return (onLink || isLinkLocalIpv6(gateway)) && !addresses.some(({ address }) => address === gateway);
}

function setGateway(one: InterfaceDraft, gateway: IpAddress): void {
  if (typeof gateway === 'bigint') {
    if (one.ipv6 !== undefined) {
      one.ipv6 = { ...one.ipv6, gateway };
    }
  } else if (one.addressing.kind === 'static') {
    one.addressing = { ...one.addressing, gateway };
  }
}
