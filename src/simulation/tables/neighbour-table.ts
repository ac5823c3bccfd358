/** `ip neigh`: whose hardware addresses a machine knows, or asks for, by ARP and by neighbour discovery. */
import type { IpAddress } from '../../net/ip-address';
import type { Neighbour } from '../../engine/stack/neighbour/neighbour-table';
import { isUsable } from '../../engine/stack/neighbour/neighbour-entry';
import type { NetworkInterface } from '../../engine/stack/network-interface';
import type { Stack } from '../../engine/stack/stack';
import { formatIp } from '../../net/ip-address';
import { formatMac } from '../../net/mac-address';
import type { RowDraft, TableDraft } from './device-table';

export function neighbourTable(stack: Stack): TableDraft {
  return {
    kind: 'neighbours',
    columns: ['address', 'interface', 'mac', 'state', 'flags'],
    rows: rowsOf(stack),
  };
}

function* rowsOf(stack: Stack): IterableIterator<RowDraft> {
  for (const on of stack.interfaces) {
    for (const neighbour of stack.arpOf(on)?.entries() ?? []) {
      yield row(on, neighbour);
    }
    for (const neighbour of stack.ipv6?.linkOf(on)?.cache?.entries() ?? []) {
      yield row(on, neighbour);
    }
  }
}

function row(on: NetworkInterface, { address, entry, cause, isRouter }: Neighbour<IpAddress>): RowDraft {
  const text = formatIp(address);
  return {
    key: `${on.name} ${text}`,
    cells: [
      text,
      on.name,
      isUsable(entry) ? formatMac(entry.mac) : '',
      entry.state.toUpperCase(),
      isRouter ? 'router' : '',
    ],
    cause,
  };
}
