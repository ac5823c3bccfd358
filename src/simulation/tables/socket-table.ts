/** `ss -tuan`: the sockets of a machine. */
import type { Endpoint } from '../../engine/stack/tcp/socket';
import type { Stack } from '../../engine/stack/stack';
import { formatIp, type IpAddress } from '../../net/ip-address';
import type { RowDraft, TableDraft } from './device-table';

export function socketTable(stack: Stack): TableDraft {
  return { kind: 'sockets', columns: ['protocol', 'state', 'local', 'peer'], rows: rowsOf(stack) };
}

/** Of no peer in particular. */
const ANYBODY = '*';

function* rowsOf({ tcp, udp }: Stack): IterableIterator<RowDraft> {
  for (const { options } of tcp.listening) {
    yield row('tcp', 'LISTEN', place(options.address, options.port ?? '*'), ANYBODY);
  }
  for (const { local, remote, state, cause } of tcp.connections) {
    yield { ...row('tcp', stateText(state), end(local), end(remote)), cause };
  }
  for (const { port, address, versions } of udp.bound()) {
    const anywhere = versions === 'ipv4' ? '0.0.0.0' : versions === 'ipv6' ? '[::]' : '*';
    yield row('udp', 'UNCONN', address === undefined ? `${anywhere}:${port}` : place(address, port), ANYBODY);
  }
}

function row(protocol: string, state: string, local: string, peer: string): RowDraft {
  return { key: `${protocol} ${local} ${peer}`, cells: [protocol, state, local, peer] };
}

/** As ss names them: ESTAB, and the others of RFC 9293 with a dash. */
function stateText(state: string): string {
  return state === 'established' ? 'ESTAB' : state.toUpperCase();
}

function end({ address, port }: Endpoint): string {
  return place(address, port);
}

function place(address: IpAddress | undefined, port: number | string): string {
  if (address === undefined) {
    return `*:${port}`;
  }
  return typeof address === 'bigint' ? `[${formatIp(address)}]:${port}` : `${formatIp(address)}:${port}`;
}
