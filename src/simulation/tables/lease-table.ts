/** DHCP leases: what a machine's server gave, and what its own clients have. */
import type { Stack } from '../../engine/stack/stack';
import { formatIp } from '../../net/ip-address';
import { formatMac } from '../../net/mac-address';
import type { RowDraft, TableDraft } from './device-table';
import { secondsLeft } from './time-left';

export function leaseTable(stack: Stack, now: number): TableDraft {
  return {
    kind: 'leases',
    columns: ['lease', 'address', 'client', 'name', 'expires'],
    rows: rowsOf(stack, now),
  };
}

function* rowsOf(stack: Stack, now: number): IterableIterator<RowDraft> {
  for (const lease of stack.dhcpServer.allLeases()) {
    const { mac, address, expiresAt, offered = false, hostName = '', cause } = lease;
    if (expiresAt > now) {
      const client = formatMac(mac);
      yield {
        key: `given ${client}`,
        cells: [
          offered ? 'offered' : 'given',
          formatIp(address),
          client,
          hostName,
          secondsLeft(expiresAt, now),
        ],
        cause,
      };
    }
  }
  for (const { address, server, expiresAt, cause } of stack.leases) {
    const text = formatIp(address);
    yield {
      key: `own ${text}`,
      cells: ['own', text, '', `server ${formatIp(server)}`, secondsLeft(expiresAt, now)],
      cause,
    };
  }
}
