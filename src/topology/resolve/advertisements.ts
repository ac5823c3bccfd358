/** Router advertisements: who advertises IPv6 on which network. */
import { formatIpv6Prefix, ipv6PrefixContains } from '../../net/ipv6-prefix';
import type { ResolvedRouterAdvertisement } from '../resolved';
import { parseDuration } from '../units';
import { interfacesOf, type Draft, type InterfaceDraft } from './draft';

/** radvd's AdvDefaultLifetime: three times MaxRtrAdvInterval, 600 s (RFC 4861 6.2.1). */
const DEFAULT_LIFETIME = 1800;

/** RFC 4861 6.2.1. */
const LONGEST_LIFETIME = 9000;

/** RFC 4862 5.5.3: a prefix and an interface identifier of 64 bits are 128 together. */
const PREFIX_LENGTH = 64;

/**
 * A machine that forwards advertises on each network with an IPv6 subnet of which it has an address, unless another has the gateway's
 * address, and says the subnet's name servers too.
 */
export function readAdvertisements(
  draft: Draft,
  node: string,
  forwarding: boolean,
): ResolvedRouterAdvertisement[] {
  return forwarding ? interfacesOf(draft, node).flatMap(one => advertisementOf(draft, one)) : [];
}

function advertisementOf(draft: Draft, one: InterfaceDraft): ResolvedRouterAdvertisement[] {
  const { plan } = one;
  const subnet = plan?.subnet6;
  const source = plan?.path[0] === 'networks' ? draft.names.networks.get(plan.name) : undefined;
  const own = (one.ipv6?.addresses ?? []).map(({ address }) => address);
  if (plan === undefined || subnet === undefined || source === undefined) {
    return [];
  }
  const isRouter =
    own.some(address => ipv6PrefixContains(subnet, address)) &&
    (plan.gateway6 === undefined || own.includes(plan.gateway6));
  const told = source['router-advertisements'] ?? true;
  if (!isRouter || told === false) {
    return [];
  }
  if (subnet.length !== PREFIX_LENGTH) {
    const place = [...plan.path, 'subnet'];
    draft.report.add('prefix-not-64/slaac', place, [formatIpv6Prefix(subnet)], { severity: 'warning' });
  }
  const settings = told === true ? {} : told;
  const { lifetime } = settings;
  const written = typeof lifetime === 'string' ? (parseDuration(lifetime) ?? 0) / 1e9 : lifetime;
  const lifetimeSeconds = Math.round(written ?? DEFAULT_LIFETIME);
  if (lifetimeSeconds > LONGEST_LIFETIME) {
    const place = [...plan.path, 'router-advertisements', 'lifetime'];
    draft.report.add('out-of-range', place, ['lifetime', '0', `${LONGEST_LIFETIME}s`]);
  }
  return [
    {
      interface: one.name,
      prefixes: [subnet],
      lifetimeSeconds,
      nameServers: plan.nameServers6 ?? [],
      otherConfiguration: settings['stateless-dhcp'] ?? false,
      source: [...plan.path, 'subnet'],
    },
  ];
}
