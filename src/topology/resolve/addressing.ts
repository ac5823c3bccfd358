/** The addresses of interfaces: written, leased, autoconfigured or the next free one. */
import { ipv4FromNumber, type Ipv4Address } from '../../net/ipv4-address';
import {
  formatInterfaceAddress,
  formatPrefix,
  lastAddressOf,
  prefixContains,
  prefixOf,
  type Ipv4InterfaceAddress,
} from '../../net/ipv4-prefix';
import { isLinkLocalIpv6 } from '../../net/ipv6-address';
import {
  formatIpv6InterfaceAddress,
  formatIpv6Prefix,
  ipv6PrefixContains,
  type Ipv6InterfaceAddress,
} from '../../net/ipv6-prefix';
import type { ResolvedAddressing, ResolvedIpv6Addressing, TopologyPath } from '../resolved';
import { readInterfaceAddress, readInterfaceAddress6 } from './addresses';
import { membersOf } from './bridge-members';
import {
  allInterfaces,
  findInterface,
  listOf,
  placeOf,
  type AddressPlan,
  type Draft,
  type InterfaceDraft,
} from './draft';
import { assignGateways } from './gateways';

/** Gives every interface its addressing. Written addresses come first, so that `auto` finds what they leave. */
export function assignAddresses(draft: Draft): void {
  const interfaces = allInterfaces(draft);
  for (const one of interfaces) {
    readWritten(draft, one);
  }
  const counters = new Map<AddressPlan, FreeAddresses>();
  for (const one of interfaces) {
    if (listOf(one.source.address).includes('auto') && one.addressing.kind === 'none') {
      assignNext(draft, one, interfaces, counters);
    }
  }
  assignGateways(draft);
}

/** What the entries of `address` say. */
interface WrittenAddresses {
  readonly leases: boolean;
  readonly next: boolean;
  readonly autoconfiguration: boolean;
  readonly none: boolean;
  readonly ipv4: readonly Ipv4InterfaceAddress[];
  readonly ipv6: readonly Ipv6InterfaceAddress[];
}

function readEntries(draft: Draft, one: InterfaceDraft, path: TopologyPath): WrittenAddresses {
  const ipv4: Ipv4InterfaceAddress[] = [];
  const ipv6: Ipv6InterfaceAddress[] = [];
  const texts = listOf(one.source.address);
  texts.forEach((text, index) => {
    const place = placeOf(one.source.address, path, index);
    if (text.includes(':')) {
      const read = readInterfaceAddress6(text, place, draft.report);
      ipv6.push(...(read === undefined ? [] : [read]));
    } else if (text.includes('/')) {
      const read = readInterfaceAddress(text, place, draft.report);
      ipv4.push(...(read === undefined ? [] : [read]));
    }
  });
  const says = (word: string): boolean => texts.includes(word);
  const written = { leases: says('dhcp'), next: says('auto'), autoconfiguration: says('slaac') };
  if (Number(written.leases) + Number(written.next) + Number(texts.some(isIpv4Text)) > 1) {
    draft.report.add('mixed-addressing', path, []);
  }
  return { ...written, none: says('none'), ipv4, ipv6 };
}

const isIpv4Text = (text: string): boolean => text.includes('/') && !text.includes(':');

function readWritten(draft: Draft, one: InterfaceDraft): void {
  const path = [...one.path, 'address'];
  const written = readEntries(draft, one, path);
  checkSubnet(draft, one, written, path);
  one.addressing = ipv4Addressing(draft, one, written);
  const ipv6 = ipv6Addressing(draft, one, written);
  if (ipv6 !== undefined) {
    one.ipv6 = ipv6;
  }
}

function ipv4Addressing(draft: Draft, one: InterfaceDraft, written: WrittenAddresses): ResolvedAddressing {
  if (written.ipv4.length > 0) {
    return { kind: 'static', addresses: written.ipv4 };
  }
  if (written.leases) {
    return { kind: 'dhcp' };
  }
  if (one.source.address !== undefined) {
    return { kind: 'none' };
  }
  // A guest or desktop asks for a lease as soon as it has a carrier; on a network of IPv6 alone nobody answers.
  const onlyIpv6 = one.plan?.subnet6 !== undefined && one.plan.subnet === undefined;
  return { kind: asksForLease(draft, one) && !onlyIpv6 ? 'dhcp' : 'none' };
}

/**
 * IPv6 is there only where the file says something of it: on the interface or on its network. A real machine always has link-local
 * addresses, and its router solicitations and multicast reports would be in every capture; most networks that people draw have no use
 * for them.
 */
function ipv6Addressing(
  draft: Draft,
  one: InterfaceDraft,
  written: WrittenAddresses,
): ResolvedIpv6Addressing | undefined {
  const { plan, source } = one;
  const named = written.ipv6.length > 0 || written.autoconfiguration;
  const planned = plan?.subnet6 !== undefined && one.bridge === undefined && !written.none;
  const gateway = listOf(source.gateway).some(text => text.includes(':'));
  if (!named && !planned && !gateway) {
    return undefined;
  }
  const isRouter = draft.names.nodes.get(one.node)?.kind === 'router' && plan?.provider !== true;
  const takesPart = planned && !isRouter && written.ipv6.length === 0;
  const autoconfiguration = written.autoconfiguration || takesPart;
  return { addresses: written.ipv6, autoconfiguration, statelessDhcp: autoconfiguration };
}

/** Whether an interface that nobody gave an address asks for one. */
function asksForLease(draft: Draft, one: InterfaceDraft): boolean {
  if (!one.up || one.bridge !== undefined) {
    return false;
  }
  switch (one.link.kind) {
    case 'port':
      return one.pluggedAt !== undefined && !(one.source.type === 'veth' && isHostSide(draft, one));
    case 'bridge':
      return membersOf(draft, one).some(member => member.up && hasCable(member) && isCard(member));
    case 'vlan': {
      const parent = findInterface(draft, one.node, one.link.parent);
      return parent !== undefined && parent.up && hasCable(parent);
    }
    case 'tap':
    case 'tun':
    case 'vxlan':
    case 'loopback':
    case 'dummy':
      return false;
  }
}

/** A network card, or a VM's adapter: behind it there may be somebody who leases. */
const isCard = ({ source }: InterfaceDraft): boolean => (source.type ?? 'physical') === 'physical';

const hasCable = (one: InterfaceDraft): boolean => one.pluggedAt !== undefined;

/** A veth pair's end on the machine itself, where nobody asks for leases. */
const isHostSide = (draft: Draft, one: InterfaceDraft): boolean =>
  draft.names.nodes.get(one.node)?.kind !== 'container';

/** Of several addresses one must be the segment's; others may be there on purpose. */
function checkSubnet(
  draft: Draft,
  one: InterfaceDraft,
  { ipv4, ipv6 }: WrittenAddresses,
  path: TopologyPath,
): void {
  const { plan } = one;
  const subnet = plan?.subnet;
  const [first] = ipv4;
  if (
    plan !== undefined &&
    subnet !== undefined &&
    first !== undefined &&
    !ipv4.some(({ address }) => prefixContains(subnet, address))
  ) {
    const values = [formatInterfaceAddress(first), formatPrefix(subnet), plan.name];
    draft.report.add('outside-subnet', path, values);
  }
  const subnet6 = plan?.subnet6;
  const [first6] = ipv6;
  if (
    plan !== undefined &&
    subnet6 !== undefined &&
    first6 !== undefined &&
    !ipv6.some(({ address }) => isLinkLocalIpv6(address) || ipv6PrefixContains(subnet6, address))
  ) {
    const values = [formatIpv6InterfaceAddress(first6), formatIpv6Prefix(subnet6), plan.name];
    draft.report.add('outside-subnet', path, values);
  }
}

function assignNext(
  draft: Draft,
  one: InterfaceDraft,
  interfaces: readonly InterfaceDraft[],
  counters: Map<AddressPlan, FreeAddresses>,
): void {
  const { plan } = one;
  const place = [...one.path, 'address'];
  if (plan?.subnet === undefined) {
    // On a network of IPv6 alone the next free address is what autoconfiguration makes.
    if (plan?.subnet6 === undefined && (plan === undefined || !isBrokenSubnet(draft, plan))) {
      draft.report.add('auto-without-subnet', place, []);
    }
    return;
  }
  const free = counters.get(plan) ?? new FreeAddresses(plan, interfaces);
  counters.set(plan, free);
  const address = free.next();
  if (address === undefined) {
    draft.report.add('subnet-full', place, [formatPrefix(plan.subnet)]);
    return;
  }
  one.addressing = { kind: 'static', addresses: [{ address, prefixLength: plan.subnet.length }] };
}

/** The subnet is written and was refused, so a second message about it would only be noise. */
const isBrokenSubnet = (draft: Draft, { path, name }: AddressPlan): boolean =>
  path[0] === 'networks' && draft.source.networks?.[name]?.subnet !== undefined;

/** The addresses of a plan that nobody has, from the lowest on. Leased ones, the gateway's and those of the network itself are left out. */
class FreeAddresses {
  private candidate: number;
  private readonly end: number;
  private readonly taken: ReadonlySet<number>;

  constructor(
    private readonly plan: AddressPlan,
    interfaces: readonly InterfaceDraft[],
  ) {
    const subnet = plan.subnet ?? prefixOf(ipv4FromNumber(0), 32);
    const edge = subnet.length > 30 ? 0 : 1;
    this.candidate = subnet.network + edge;
    this.end = lastAddressOf(subnet) - edge;
    this.taken = new Set(
      interfaces
        .filter(one => one.plan === plan)
        .flatMap(staticAddresses)
        .map(({ address }) => address)
        .concat(plan.fixed.map(({ address }) => address))
        .concat(plan.gateway ?? []),
    );
  }

  next(): Ipv4Address | undefined {
    const [first, last] = this.plan.leased ?? [Infinity, -Infinity];
    while (this.candidate <= this.end) {
      const address = ipv4FromNumber(this.candidate);
      if (address >= first && address <= last) {
        this.candidate = last + 1;
        continue;
      }
      this.candidate++;
      if (!this.taken.has(address)) {
        return address;
      }
    }
    return undefined;
  }
}

/** The addresses an interface has without asking anybody. */
export function staticAddresses(one: InterfaceDraft): readonly Ipv4InterfaceAddress[] {
  return one.addressing.kind === 'static' ? one.addressing.addresses : [];
}
