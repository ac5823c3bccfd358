/** Records of DNS as a zone file has them (RFC 1035 5), for those who show them. */
import { formatIp } from '../../../net/ip-address';
import { formatIpv4 } from '../../../net/ipv4-address';
import { DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { readIpv6Address } from '../../../wire/ipv6';

const TYPE_NAMES = new Map<number, string>(
  Object.entries(DNS_TYPE).map(([name, number]) => [number, name.toUpperCase()]),
);

/** A type by its name, one without as its number. */
export function recordTypeName(type: number): string {
  return TYPE_NAMES.get(type) ?? String(type);
}

/** The data of a record. */
export function recordDataText({ data }: DnsRecord): string {
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
