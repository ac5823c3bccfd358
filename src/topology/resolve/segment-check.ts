/** What may not be twice on one segment: addresses and hardware addresses. */
import { formatIpv4 } from '../../net/ipv4-address';
import { formatIpv6 } from '../../net/ipv6-address';
import { formatMac } from '../../net/mac-address';
import type { MessageId } from '../messages';
import type { TopologyPath } from '../resolved';
import { staticAddresses } from './addressing';
import { allInterfaces, domainOf, interfaceLabel, type Draft } from './draft';
import { hasOwnMac } from './hardware-addresses';

interface Owner {
  readonly name: string;
  readonly path: TopologyPath;
}

/** Reports each address of a segment that has an owner already. */
export function checkSegments(draft: Draft): void {
  const owners = new Map<string, Owner>();
  const claim = (segment: string, value: string, owner: Owner, id: MessageId): void => {
    const key = `${draft.segments.rootOf(segment)} ${value}`;
    const first = owners.get(key);
    if (first === undefined) {
      owners.set(key, owner);
    } else {
      const related = { id: 'first-place', place: first.path } as const;
      draft.report.add(id, owner.path, [value, first.name], { related });
    }
  };
  for (const [segment, plan] of draft.plans) {
    for (const { address, owner } of plan.fixed) {
      claim(segment, formatIpv4(address), { name: owner, path: plan.path }, 'duplicate-address');
    }
  }
  for (const one of allInterfaces(draft)) {
    const name = interfaceLabel(one);
    const place = (key: string) => [...one.path, key];
    const domain = domainOf(one);
    for (const { address } of staticAddresses(one)) {
      claim(domain, formatIpv4(address), { name, path: place('address') }, 'duplicate-address');
    }
    for (const { address } of one.ipv6?.addresses ?? []) {
      claim(domain, formatIpv6(address), { name, path: place('address') }, 'duplicate-address');
    }
    if (hasOwnMac(draft, one)) {
      claim(domain, formatMac(one.mac), { name, path: place('mac') }, 'duplicate-mac');
    }
  }
}
