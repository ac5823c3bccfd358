/** Finds the address behind what a user typed: a device, one of its interfaces, an address or a name. */
import { formatIp, isIpv4 } from '../net/ip-address';
import { formatIpv4, type Ipv4Address } from '../net/ipv4-address';
import type { ResolvedTarget } from '../topology/resolved';
import type { ResolverResult } from './stack/dns/resolver';
import type { Stack } from './stack/stack';

/** @param problem why there is no address, in a sentence; empty when there is one */
export type AddressFound = (address: Ipv4Address | undefined, problem: string) => void;

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
        done(
          isIpv4(target.address) ? target.address : undefined,
          isIpv4(target.address) ? '' : `${formatIp(target.address)}: IPv6 is not simulated yet.`,
        );
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
    const interfaces = this.stackOf(device)?.interfaces ?? [];
    const on = interfaces.find(candidate =>
      name === undefined ? candidate.addresses.length > 0 : candidate.name === name,
    );
    const where = name === undefined ? device : `${device}:${name}`;
    done(on?.primaryAddress, on?.primaryAddress === undefined ? `${where} has no address now.` : '');
  }
}

function lookupProblem(result: ResolverResult, name: string): string {
  switch (result.kind) {
    case 'answer':
      return '';
    case 'nxdomain':
      return `${name}: no such name, says ${formatIpv4(result.server)}.`;
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
      return `${name}: the name exists but has no IPv4 address.`;
    case 'not-sent':
      return `${name}: the question could not be sent.`;
  }
}
