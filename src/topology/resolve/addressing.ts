/** The addresses and gateways of interfaces: written, leased or the next free one. */
import { formatIpv4, type Ipv4Address } from '../../net/ipv4-address';
import {
  formatInterfaceAddress,
  formatPrefix,
  lastAddressOf,
  prefixContains,
  prefixOf,
  type Ipv4InterfaceAddress,
} from '../../net/ipv4-prefix';
import { ipv4FromNumber } from '../../net/ipv4-address';
import { readAddress, readInterfaceAddress } from './addresses';
import { allInterfaces, interfacesOf, type AddressPlan, type Draft, type InterfaceDraft } from './draft';

/** Gives every interface its addressing. Written addresses come first, so that `auto` finds what they leave. */
export function assignAddresses(draft: Draft): void {
  const interfaces = allInterfaces(draft);
  for (const one of interfaces) {
    readWritten(draft, one);
  }
  const counters = new Map<AddressPlan, FreeAddresses>();
  for (const one of interfaces) {
    if (one.source.address === 'auto') {
      assignNext(draft, one, interfaces, counters);
    }
  }
  assignGateways(draft);
}

function readWritten(draft: Draft, one: InterfaceDraft): void {
  const { address } = one.source;
  if (address === undefined) {
    // A guest or desktop asks for a lease as soon as it has a carrier.
    one.addressing = { kind: one.pluggedAt === undefined || !one.up ? 'none' : 'dhcp' };
  } else if (address === 'dhcp') {
    one.addressing = { kind: 'dhcp' };
  } else if (address !== 'auto') {
    const path = [...one.path, 'address'];
    const texts = typeof address === 'string' ? [address] : address;
    const addresses = texts.flatMap((text, index) => {
      const place = typeof address === 'string' ? path : [...path, index];
      const read = readInterfaceAddress(text, place, draft.report);
      return read === undefined ? [] : [read];
    });
    checkSubnet(draft, one, addresses, path);
    one.addressing = addresses.length === 0 ? { kind: 'none' } : { kind: 'static', addresses };
  }
}

/** Of several addresses one must be the segment's; others may be there on purpose. */
function checkSubnet(
  draft: Draft,
  one: InterfaceDraft,
  addresses: readonly Ipv4InterfaceAddress[],
  path: readonly (string | number)[],
): void {
  const { plan } = one;
  const [first] = addresses;
  const subnet = plan?.subnet;
  if (plan === undefined || subnet === undefined || first === undefined) {
    return;
  }
  if (!addresses.some(({ address }) => prefixContains(subnet, address))) {
    draft.report.add('outside-subnet', path, [
      formatInterfaceAddress(first),
      formatPrefix(subnet),
      plan.name,
    ]);
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
    if (plan === undefined || !isBrokenSubnet(draft, plan)) {
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
const isBrokenSubnet = (draft: Draft, plan: AddressPlan): boolean =>
  draft.source.networks?.[plan.name]?.subnet !== undefined;

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

/**
 * Reads written gateways. A static interface that names none gets its network's, and only the first such interface of a machine: a second
 * default route of the same metric would be refused by Linux.
 */
function assignGateways(draft: Draft): void {
  for (const node of draft.interfaces.keys()) {
    const interfaces = interfacesOf(draft, node);
    let hasGateway = interfaces.some(({ source }) => source.gateway !== undefined);
    for (const one of interfaces) {
      const written = one.source.gateway;
      if (written !== undefined) {
        setGateway(one, readGateway(draft, one, written));
      } else if (!hasGateway && one.plan?.gateway !== undefined && mayUse(one, one.plan.gateway)) {
        setGateway(one, one.plan.gateway);
        hasGateway = true;
      }
    }
  }
}

function readGateway(draft: Draft, one: InterfaceDraft, written: string): Ipv4Address | undefined {
  const place = [...one.path, 'gateway'];
  if (one.addressing.kind === 'dhcp') {
    draft.report.add('gateway-with-dhcp', { key: place }, []);
    return undefined;
  }
  const gateway = readAddress(written, place, draft.report);
  if (gateway === undefined || one.addressing.kind === 'none') {
    return undefined;
  }
  if (!mayUse(one, gateway)) {
    draft.report.add('gateway-unreachable', place, [formatIpv4(gateway)]);
    return undefined;
  }
  return gateway;
}

/** The gateway is on the interface's own network and is not the machine itself. */
function mayUse(one: InterfaceDraft, gateway: Ipv4Address): boolean {
  const addresses = staticAddresses(one);
  return (
    addresses.some(({ address, prefixLength }) => prefixContains(prefixOf(address, prefixLength), gateway)) &&
    !addresses.some(({ address }) => address === gateway)
  );
}

function setGateway(one: InterfaceDraft, gateway: Ipv4Address | undefined): void {
  if (gateway !== undefined && one.addressing.kind === 'static') {
    one.addressing = { ...one.addressing, gateway };
  }
}
