/** What a machine's DNS forwarder remembers. */
import type { CachedName } from '../../engine/stack/dns/cache';
import { DNS_TYPE, type DnsRecord } from '../../wire/dns-record';
import { formatIpv4 } from '../../net/ipv4-address';
import { formatIp } from '../../net/ip-address';
import { readIpv6Address } from '../../wire/ipv6';
import type { TableDraft } from './device-table';

const TYPE_NAMES = new Map<number, string>(
  Object.entries(DNS_TYPE).map(([name, number]) => [number, name.toUpperCase()]),
);

export function nameTable(names: readonly CachedName[]): TableDraft {
  return {
    kind: 'names',
    columns: ['name', 'type', 'record', 'expires'],
    rows: names.map(({ name, type, ttl, record }, index) => {
      const typeText = type === undefined ? '' : (TYPE_NAMES.get(type) ?? String(type));
      const text = record === undefined ? (type === undefined ? 'NXDOMAIN' : 'NODATA') : dataText(record);
      return { key: `${name} ${typeText} ${text} ${index}`, cells: [name, typeText, text, `${ttl}s`] };
    }),
  };
}

/** The data of a record as a zone file has it (RFC 1035 5). */
function dataText({ data }: DnsRecord): string {
  switch (data.kind) {
    case 'ipv4':
      return formatIpv4(data.address);
    case 'ipv6':
      return formatIp(readIpv6Address(data.address, 0));
    case 'name':
      return data.name;
    case 'mail-exchange':
      return `${data.preference} ${data.name}`;
    case 'start-of-authority':
      return 'SOA';
    case 'text':
      return data.strings.map(bytes => `"${new TextDecoder().decode(bytes)}"`).join(' ');
    case 'raw':
      return `${data.bytes.length} B`;
  }
}
