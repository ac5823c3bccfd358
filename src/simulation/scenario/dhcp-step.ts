/** `dhcp: { node, action: lease | renew | release, expect }`: what the DHCP clients of a machine get within a time. */
import { formatIpv4 } from '../../net/ipv4-address';
import type { Lease } from '../../engine/stack/dhcp/client-state';
import type { ResolvedDhcpStep } from '../../topology/resolved';
import { unexpected, type StepContext, type StepEnded } from './step-context';

/** How often the leases are looked at while a step waits, in ns: the time that a user would not notice. */
const LOOK_EVERY = 10_000_000;

export function runDhcp(step: ResolvedDhcpStep, { network }: StepContext, ended: StepEnded): void {
  const { node, action, expect, within } = step;
  const stack = network.stackOf(node);
  const began = network.now;
  const before = stack?.leases ?? [];
  if (stack === undefined || !begin(action, stack)) {
    ended(false, `${node} has no DHCP client`);
    return;
  }
  const look = (): void => {
    const fresh = stack.leases.filter(lease => action !== 'renew' || !before.includes(lease));
    const done = action === 'release' || fresh.some(({ address }) => meets(expect, address));
    const late = network.now - began >= within;
    if (done || late) {
      ended(...judge(step, action === 'renew' ? fresh : stack.leases));
    } else {
      network.after(Math.min(LOOK_EVERY, began + within - network.now), look);
    }
  };
  look();
}

/** False when there is no client that could. A lease is waited for; whoever has none and does not ask for one is told to. */
function begin(action: ResolvedDhcpStep['action'], stack: LeaseHolder): boolean {
  switch (action) {
    case 'lease':
      return stack.leases.length > 0 ? true : stack.renewLeases();
    case 'renew':
      return stack.renewLeases();
    case 'release':
      return stack.releaseLeases();
  }
}

interface LeaseHolder {
  readonly leases: readonly Lease[];
  renewLeases(): boolean;
  releaseLeases(): boolean;
}

/** Whether a lease of this address ends the wait: where none may come, only the end of the time does. */
function meets(expect: ResolvedDhcpStep['expect'], address: Lease['address']): boolean {
  return expect === undefined || expect === address;
}

function judge({ node, action, expect }: ResolvedDhcpStep, leases: readonly Lease[]): [boolean, string] {
  const line =
    leases.length === 0
      ? `${node} has ${action === 'renew' ? 'no new' : 'no'} lease`
      : leases.map(leaseText).join('; ');
  const none = expect === 'none' || (expect === undefined && action === 'release');
  if (none) {
    return leases.length === 0 ? [true, line] : [false, unexpected(line, 'no lease')];
  }
  if (leases.some(({ address }) => meets(expect, address))) {
    return [true, line];
  }
  return [false, unexpected(line, expect === undefined ? 'a lease' : formatIpv4(expect))];
}

/** In the words of udhcpc. */
function leaseText({ address, prefixLength, server, granted, expiresAt }: Lease): string {
  const seconds = (expiresAt - granted) / 1e9;
  return `lease of ${formatIpv4(address)}/${prefixLength} obtained from ${formatIpv4(server)}, lease time ${seconds}`;
}
