/** `ip address`: the interfaces of a machine. */
import type { Stack } from '../../engine/stack/stack';
import { formatIp, formatIpInterfaceAddress } from '../../net/ip-address';
import { formatMac } from '../../net/mac-address';
import type { TableDraft } from './device-table';

export function interfaceTable(stack: Stack): TableDraft {
  return {
    kind: 'interfaces',
    columns: ['interface', 'state', 'mac', 'mtu', 'address', 'groups'],
    rows: stack.interfaces.map(on => ({
      key: on.name,
      cells: [
        on.name,
        on.up ? (on.running ? 'UP' : 'NO-CARRIER') : 'DOWN',
        on.resolvesNeighbours ? formatMac(on.mac) : '',
        String(on.mtu),
        stack.addressesOf(on).map(formatIpInterfaceAddress).join(' '),
        stack.igmp.groupsOf(on).map(formatIp).join(' '),
      ],
    })),
  };
}
