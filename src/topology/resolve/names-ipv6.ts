/** Whether a file says anything of IPv6: an address, a network, or `slaac`. */
import { parseIpv6 } from '../../net/ipv6-address';
import type { SourceNode } from '../source-tree';

export function namesIpv6(node: SourceNode): boolean {
  const pending: SourceNode[] = [node];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    switch (next.kind) {
      case 'map':
        for (const { key, node: child } of next.entries.values()) {
          if (key === 'ipv6' && child.value !== false) {
            return true;
          }
          pending.push(child);
        }
        break;
      case 'list':
        pending.push(...next.items);
        break;
      case 'scalar':
        if (typeof next.value === 'string' && isIpv6(next.value)) {
          return true;
        }
        break;
    }
  }
  return false;
}

function isIpv6(text: string): boolean {
  return (
    text === 'slaac' ||
    (text.includes(':') && text.length < 60 && parseIpv6(text.split('/')[0] ?? '') !== undefined)
  );
}
