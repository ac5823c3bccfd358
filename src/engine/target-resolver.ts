/** Finds the address behind what a user typed: a device, one of its interfaces, an address or a name. */
import { formatIp, isIpv4, type IpAddress, type IpInterfaceAddress } from '../net/ip-address';
import { isLinkLocalIpv6 } from '../net/ipv6-address';
import type { ResolvedTarget } from '../topology/resolved';
import type { ResolverResult } from './stack/dns/resolver';
import type { Stack } from './stack/stack';

/** @param problem why there is no address, in a sentence; empty when there is one */
export type AddressFound = (address: IpAddress | undefined, problem: string) => void;

export class TargetResolver {
  constructor(private readonly stackOf: (device: string) => Stack | undefined) {}

  /**
   * @param asker whose resolver looks names up
   * @param within ns a look-up may take
   * @param done called once, now or in virtual time
   */
  resolve(asker: Stack, target: ResolvedTarget, within: number, done: AddressFound): void {
    switch (target.kind) {
      case 'address':
        done(target.address, '');
        return;
      case 'device':
        this.resolveDevice(target.device, target.interface, done);
        return;
      case 'name':
        asker.resolver.lookup(target.name, within, result => {
          const [address] = result.kind === 'answer' ? result.addresses : [];
          done(address, lookupProblem(result, target.name));
        });
    }
  }

  private resolveDevice(device: string, name: string | undefined, done: AddressFound): void {
    const stack = this.stackOf(device);
    const interfaces = stack?.interfaces.filter(on => name === undefined || on.name === name) ?? [];
    const address = firstAddress(interfaces.flatMap(on => stack?.addressesOf(on) ?? []));
    const where = name === undefined ? device : `${device}:${name}`;
    done(address, address === undefined ? `${where} has no address now.` : '');
  }
}

/** IPv4 before IPv6, since not every machine has IPv6; of IPv6, one that does not end at its link. */
function firstAddress(addresses: readonly IpInterfaceAddress[]): IpAddress | undefined {
  const list = addresses.map(({ address }) => address);
  return list.find(isIpv4) ?? list.find(address => isIpv4(address) || !isLinkLocalIpv6(address)) ?? list[0];
}

function lookupProblem(result: ResolverResult, name: string): string {
  switch (result.kind) {
    case 'answer':
      return '';
    case 'nxdomain':
      return `${name}: no such name, says ${formatIp(result.server)}.`;
    case 'failed':
      return resolverProblem(result.why, name);
  }
}

/** Why a look-up gave nothing, in a sentence. */
export function resolverProblem(
  why: Extract<ResolverResult, { kind: 'failed' }>['why'],
  name: string,
): string {
  switch (why) {
    case 'no-server':
      return `${name}: this machine knows no name server.`;
    case 'timeout':
      return `${name}: no name server answered.`;
    case 'server-failure':
      return `${name}: the name server could not answer.`;
    case 'no-data':
      return `${name}: the name exists but has no address.`;
    case 'not-sent':
      return `${name}: the question could not be sent.`;
  }
}
