/** Records of DNS as a zone file has them (RFC 1035 5), for those who show them. */
import { formatIp } from '../../../net/ip-address';
import { formatIpv4 } from '../../../net/ipv4-address';
import { readUint16 } from '../../../wire/bytes';
import { readDnsName } from '../../../wire/dns-name';
import { DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { readIpv6Address } from '../../../wire/ipv6';

/** Types that are shown and asked for by name, whether their data is known or not (IANA DNS resource record types). */
const TYPE_NUMBERS: ReadonlyMap<string, number> = new Map([
  ...Object.entries(DNS_TYPE).map(([name, number]) => [name.toUpperCase(), number] as const),
  ['HINFO', 13],
  ['NAPTR', 35],
  ['DNAME', 39],
  ['DS', 43],
  ['SSHFP', 44],
  ['RRSIG', 46],
  ['NSEC', 47],
  ['DNSKEY', 48],
  ['NSEC3', 50],
  ['TLSA', 52],
  ['SVCB', 64],
  ['HTTPS', 65],
  ['CAA', 257],
]);

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  [...TYPE_NUMBERS].map(([name, number]) => [number, name] as const),
);

/** A type by its name, one without as its number. */
export function recordTypeName(type: number): string {
  return TYPE_NAMES.get(type) ?? String(type);
}

/** The number of a type by its name in letters of either case, or as TYPE1234 (RFC 3597 5); undefined for what is no type. */
export function recordTypeNumber(name: string): number | undefined {
  const upper = name.toUpperCase();
  const number = TYPE_NUMBERS.get(upper) ?? Number(/^TYPE(\d{1,5})$/.exec(upper)?.[1] ?? Number.NaN);
  return upper !== 'OPT' && number <= 0xffff ? number : undefined;
}

/** A name that is not to be completed: it ends with the root's dot. */
export function absoluteName(name: string): string {
  return `${name}.`;
}

/** The data of a record, its names without the dot of the root. */
export function recordDataText(record: DnsRecord): string {
  return dataText(record, name => name);
}

/** The data of a record as it stands in a zone file. */
export function zoneDataText(record: DnsRecord): string {
  return dataText(record, absoluteName);
}

function dataText({ type, data }: DnsRecord, nameText: (name: string) => string): string {
  switch (data.kind) {
    case 'ipv4':
      return formatIpv4(data.address);
    case 'ipv6':
      return formatIp(readIpv6Address(data.address, 0));
    case 'name':
      return nameText(data.name);
    case 'mail-exchange':
      return `${data.preference} ${nameText(data.name)}`;
    case 'start-of-authority': {
      const { primary, mailbox, serial, refresh, retry, expire, minimum } = data;
      return [nameText(primary), nameText(mailbox), serial, refresh, retry, expire, minimum].join(' ');
    }
    case 'text':
      return data.strings.map(quoted).join(' ');
    case 'raw':
      return (
        (type === DNS_TYPE.srv ? serviceText(data.bytes, nameText) : undefined) ?? unknownText(data.bytes)
      );
  }
}

/** A string in quotes: what can't be printed as `\DDD` (RFC 1035 5.1). */
function quoted(bytes: Uint8Array): string {
  const characters = Array.from(bytes, byte => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') {
      return `\\${character}`;
    }
    return byte >= 0x20 && byte < 0x7f ? character : `\\${String(byte).padStart(3, '0')}`;
  });
  return `"${characters.join('')}"`;
}

/** SRV (RFC 2782): priority, weight, port, target. */
function serviceText(bytes: Uint8Array, nameText: (name: string) => string): string | undefined {
  const target = bytes.length < 7 ? 'truncated' : readDnsName(bytes, 0, bytes.length, 6);
  return typeof target === 'string'
    ? undefined
    : [readUint16(bytes, 0), readUint16(bytes, 2), readUint16(bytes, 4), nameText(target.name)].join(' ');
}

/** Data of an unknown form (RFC 3597 5). */
function unknownText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, byte => byte.toString(16).padStart(2, '0').toUpperCase());
  return ['\\#', String(bytes.length), ...(bytes.length === 0 ? [] : [digits.join('')])].join(' ');
}
