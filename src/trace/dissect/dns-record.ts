/** Resource records of DNS messages. */
import { formatIpv4, ipv4FromNumber } from '../../net/ipv4-address';
import { readUint16, readUint32 } from '../../wire/bytes';
import { readDnsName } from '../../wire/dns-name';
import { DNS_TYPE, readDnsData, type DnsData } from '../../wire/dns-record';
import { className, typeDescription, typeName } from './dns-names';
import { durationText } from './duration-text';
import { bytesLine, groupLine, hex, numberLine, textLine, type FieldDeclaration } from './field';
import { formatIpv6 } from './ipv6-text';
import type { PacketField } from './packet-field';

export const DNS_RECORD_FIELDS = {
  name: { name: 'dns.resp.name', label: 'Name', type: 'text' },
  type: { name: 'dns.resp.type', label: 'Type', type: 'number' },
  class: { name: 'dns.resp.class', label: 'Class', type: 'hex' },
  ttl: { name: 'dns.resp.ttl', label: 'Time to live', type: 'number' },
  length: { name: 'dns.resp.len', label: 'Data length', type: 'number' },
  payloadSize: { name: 'dns.rr.udp_payload_size', label: 'UDP payload size', type: 'number' },
  a: { name: 'dns.a', label: 'Address', type: 'ipv4' },
  aaaa: { name: 'dns.aaaa', label: 'AAAA Address', type: 'ipv6' },
  cname: { name: 'dns.cname', label: 'CNAME', type: 'text' },
  ns: { name: 'dns.ns', label: 'Name Server', type: 'text' },
  ptr: { name: 'dns.ptr.domain_name', label: 'Domain Name', type: 'text' },
  preference: { name: 'dns.mx.preference', label: 'Preference', type: 'number' },
  exchange: { name: 'dns.mx.mail_exchange', label: 'Mail Exchange', type: 'text' },
  primary: { name: 'dns.soa.mname', label: 'Primary name server', type: 'text' },
  mailbox: { name: 'dns.soa.rname', label: "Responsible authority's mailbox", type: 'text' },
  serial: { name: 'dns.soa.serial_number', label: 'Serial Number', type: 'number' },
  refresh: { name: 'dns.soa.refresh_interval', label: 'Refresh Interval', type: 'number' },
  retry: { name: 'dns.soa.retry_interval', label: 'Retry Interval', type: 'number' },
  expire: { name: 'dns.soa.expire_limit', label: 'Expire limit', type: 'number' },
  minimum: { name: 'dns.soa.minimum_ttl', label: 'Minimum TTL', type: 'number' },
  text: { name: 'dns.txt', label: 'TXT', type: 'text' },
  textLength: { name: 'dns.txt.length', label: 'TXT Length', type: 'number' },
  data: { name: 'dns.data', label: 'Data', type: 'bytes' },
} as const satisfies Record<string, FieldDeclaration>;

/** An entry of a section, what Info says of it, and where the next one begins. */
export interface ReadRecord {
  readonly line: PacketField;
  readonly info: string;
  readonly next: number;
}

/** A name as people see it. */
export function shownName(name: string): string {
  return name === '' ? '<Root>' : name;
}

/** The record at `at` of a message from `start` to `end`; undefined when it does not fit. */
export function dissectRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  at: number,
): ReadRecord | undefined {
  const read = readDnsName(bytes, start, end, at);
  if (typeof read === 'string' || read.next + 10 > end) {
    return undefined;
  }
  const fixed = read.next;
  const type = readUint16(bytes, fixed);
  const dnsClass = readUint16(bytes, fixed + 2);
  const ttl = readUint32(bytes, fixed + 4);
  const length = readUint16(bytes, fixed + 8);
  const dataAt = fixed + 10;
  if (dataAt + length > end) {
    return undefined;
  }
  const name = shownName(read.name);
  const data = readDnsData(bytes, start, dataAt, length, type);
  const isOption = type === DNS_TYPE.opt;
  const summary = typeof data === 'string' ? '' : summaryOf(data, type);
  const lines = [
    textLine(DNS_RECORD_FIELDS.name, at, fixed - at, name),
    numberLine(DNS_RECORD_FIELDS.type, fixed, 2, type, { shown: `${typeDescription(type)} (${type})` }),
    // An OPT record says how much its sender can take, and has flags, where others have class and life (RFC 6891 6.1.2).
    ...(isOption
      ? [numberLine(DNS_RECORD_FIELDS.payloadSize, fixed + 2, 2, dnsClass)]
      : [
          numberLine(DNS_RECORD_FIELDS.class, fixed + 2, 2, dnsClass, { shown: classText(dnsClass) }),
          numberLine(DNS_RECORD_FIELDS.ttl, fixed + 4, 4, ttl, { shown: `${ttl} (${durationText(ttl)})` }),
        ]),
    numberLine(DNS_RECORD_FIELDS.length, fixed + 8, 2, length),
    ...(typeof data === 'string'
      ? [
          bytesLine(DNS_RECORD_FIELDS.data, bytes, dataAt, length, {
            problem: 'the data does not fit its type',
          }),
        ]
      : dataLines(data, bytes, dataAt, length, type)),
  ];
  const text = `${name}: type ${typeName(type)}${isOption ? '' : `, class ${className(dnsClass)}`}${summary}`;
  return {
    line: groupLine('dns.record', at, dataAt + length - at, text, { children: lines }),
    info: ` ${typeName(type)}${typeof data === 'string' ? '' : infoOf(data)}`,
    next: dataAt + length,
  };
}

/** `IN (0x0001)` */
export function classText(dnsClass: number): string {
  return `${className(dnsClass)} (${hex(dnsClass, 4)})`;
}

/** What stands before the name that is a record's data. */
const NAME_WORDS: Readonly<Record<number, string>> = { [DNS_TYPE.cname]: 'cname ', [DNS_TYPE.ns]: 'ns ' };

function summaryOf(data: DnsData, type: number): string {
  switch (data.kind) {
    case 'ipv4':
      return `, addr ${formatIpv4(data.address)}`;
    case 'ipv6':
      return `, addr ${formatIpv6(data.address, 0)}`;
    case 'name':
      return `, ${NAME_WORDS[type] ?? ''}${shownName(data.name)}`;
    case 'mail-exchange':
      return `, preference ${data.preference}, mx ${shownName(data.name)}`;
    case 'start-of-authority':
      return `, mname ${shownName(data.primary)}`;
    case 'text':
    case 'raw':
      return '';
  }
}

/** What Wireshark's Info says behind the type. */
function infoOf(data: DnsData): string {
  switch (data.kind) {
    case 'ipv4':
      return ` ${formatIpv4(ipv4FromNumber(data.address))}`;
    case 'ipv6':
      return ` ${formatIpv6(data.address, 0)}`;
    case 'name':
      return ` ${shownName(data.name)}`;
    case 'mail-exchange':
      return ` ${data.preference} ${shownName(data.name)}`;
    case 'start-of-authority':
      return ` ${shownName(data.primary)}`;
    case 'text':
    case 'raw':
      return '';
  }
}

function dataLines(
  data: DnsData,
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
): readonly PacketField[] {
  switch (data.kind) {
    case 'ipv4':
      return [bytesLine(DNS_RECORD_FIELDS.a, bytes, at, 4)];
    case 'ipv6':
      return [bytesLine(DNS_RECORD_FIELDS.aaaa, bytes, at, 16)];
    case 'name':
      return [textLine(nameField(type), at, length, shownName(data.name))];
    case 'mail-exchange':
      return [
        numberLine(DNS_RECORD_FIELDS.preference, at, 2, data.preference),
        textLine(DNS_RECORD_FIELDS.exchange, at + 2, length - 2, shownName(data.name)),
      ];
    case 'start-of-authority': {
      const numbers = at + length - 20;
      const seconds = (field: FieldDeclaration, offset: number, value: number): PacketField =>
        numberLine(field, numbers + offset, 4, value, { shown: `${value} (${durationText(value)})` });
      return [
        textLine(DNS_RECORD_FIELDS.primary, at, length - 20, shownName(data.primary)),
        textLine(DNS_RECORD_FIELDS.mailbox, at, length - 20, shownName(data.mailbox)),
        numberLine(DNS_RECORD_FIELDS.serial, numbers, 4, data.serial),
        seconds(DNS_RECORD_FIELDS.refresh, 4, data.refresh),
        seconds(DNS_RECORD_FIELDS.retry, 8, data.retry),
        seconds(DNS_RECORD_FIELDS.expire, 12, data.expire),
        seconds(DNS_RECORD_FIELDS.minimum, 16, data.minimum),
      ];
    }
    case 'text':
      return textLines(bytes, at, data.strings);
    case 'raw':
      return length === 0 ? [] : [bytesLine(DNS_RECORD_FIELDS.data, bytes, at, length)];
  }
}

function nameField(type: number): FieldDeclaration {
  switch (type) {
    case DNS_TYPE.cname:
      return DNS_RECORD_FIELDS.cname;
    case DNS_TYPE.ns:
      return DNS_RECORD_FIELDS.ns;
    default:
      return DNS_RECORD_FIELDS.ptr;
  }
}

function textLines(bytes: Uint8Array, at: number, strings: readonly Uint8Array[]): readonly PacketField[] {
  const lines: PacketField[] = [];
  let i = at;
  for (const string of strings) {
    lines.push(
      numberLine(DNS_RECORD_FIELDS.textLength, i, 1, string.length),
      bytesLine(DNS_RECORD_FIELDS.text, bytes, i + 1, string.length),
    );
    i += 1 + string.length;
  }
  return lines;
}
