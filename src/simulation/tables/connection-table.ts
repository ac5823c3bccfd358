/** `conntrack -L`: the connections that a machine tracks, with what NAT makes of them. */
import type { Connection } from '../../engine/stack/netfilter/conntrack/connection';
import type { Tuple } from '../../engine/stack/netfilter/conntrack/tuple';
import { kindOfTuple, trackedProtocolName } from '../../engine/stack/netfilter/conntrack/tuple-words';
import type { Netfilter } from '../../engine/stack/netfilter/netfilter';
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { RowDraft, TableDraft } from './device-table';
import { secondsLeft } from './time-left';

export function connectionTable(netfilter: Netfilter, now: number): TableDraft {
  return {
    kind: 'connections',
    columns: ['protocol', 'state', 'original', 'reply', 'flags', 'expires'],
    rows: rowsOf(netfilter, now),
  };
}

function* rowsOf({ connections, ipv6 }: Netfilter, now: number): IterableIterator<RowDraft> {
  for (const connection of connections.live(now)) {
    yield row(connection, now);
  }
  for (const connection of ipv6?.connections.live(now) ?? []) {
    yield row(connection, now);
  }
}

function row<Address extends IpAddress>(connection: Connection<Address>, now: number): RowDraft {
  const { original, reply, replied, assured, expires, tcp, cause } = connection;
  const protocol = trackedProtocolName(original.protocol) ?? `unknown ${original.protocol}`;
  const flags = [
    ...(replied ? [] : ['UNREPLIED']),
    ...(assured ? ['ASSURED'] : []),
    ...(connection.sourceTranslated ? ['SNAT'] : []),
    ...(connection.destinationTranslated ? ['DNAT'] : []),
  ];
  const begun = ends(original);
  return {
    key: `${protocol} ${begun}`,
    cells: [
      protocol,
      tcp === undefined ? '' : tcp.state.replace('-', '_').toUpperCase(),
      begun,
      ends(reply),
      flags.join(' '),
      secondsLeft(expires, now),
    ],
    cause,
  };
}

function ends<Address extends IpAddress>(tuple: Tuple<Address>): string {
  const { source, sourcePort, destination, destinationPort } = tuple;
  const kind = kindOfTuple(tuple);
  const end = (address: Address, port: number): string =>
    kind === 'ports'
      ? typeof address === 'bigint'
        ? `[${formatIp(address)}]:${port}`
        : `${formatIp(address)}:${port}`
      : formatIp(address);
  return `${end(source, sourcePort)} → ${end(destination, destinationPort)}${kind === 'query' ? ` id ${sourcePort}` : ''}`;
}
