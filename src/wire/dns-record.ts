/** Resource records of DNS messages (RFC 1035 3.2, 4.1.3). */
import { ipv4FromNumber, type Ipv4Address } from '../net/ipv4-address';
import { readUint16, readUint32 } from './bytes';
import { readDnsName, type DnsNameWriter } from './dns-name';
import type { WireProblem } from './problem';

/** IANA DNS resource record types. */
export const DNS_TYPE = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  ptr: 12,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  /** RFC 6891 */
  opt: 41,
  any: 255,
} as const;

/** IANA DNS classes. */
export const DNS_CLASS = { internet: 1, any: 255 } as const;

/** What a record says. */
export type DnsData =
  /** A */
  | { readonly kind: 'ipv4'; readonly address: Ipv4Address }
  /** AAAA (RFC 3596), 16 bytes */
  | { readonly kind: 'ipv6'; readonly address: Uint8Array }
  /** CNAME, NS, PTR */
  | { readonly kind: 'name'; readonly name: string }
  /** MX */
  | { readonly kind: 'mail-exchange'; readonly preference: number; readonly name: string }
  /** SOA */
  | {
      readonly kind: 'start-of-authority';
      readonly primary: string;
      readonly mailbox: string;
      readonly serial: number;
      /** Seconds, as the three that follow; `minimum` is the life of a negative answer (RFC 2308). */
      readonly refresh: number;
      readonly retry: number;
      readonly expire: number;
      readonly minimum: number;
    }
  /** TXT: one or more strings of at most 255 bytes */
  | { readonly kind: 'text'; readonly strings: readonly Uint8Array[] }
  /** Any other type (RFC 3597), OPT among them. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

export interface DnsRecord {
  readonly name: string;
  /** DNS_TYPE or another number. */
  readonly type: number;
  readonly class: number;
  /** Seconds. */
  readonly ttl: number;
  readonly data: DnsData;
}

/** Reads record data of `length` bytes at `at` of a message that lies from `start` on. */
export function readDnsData(
  b: Uint8Array,
  start: number,
  at: number,
  length: number,
  type: number,
): DnsData | WireProblem {
  const end = at + length;
  switch (type) {
    case DNS_TYPE.a:
      return length === 4 ? { kind: 'ipv4', address: ipv4FromNumber(readUint32(b, at)) } : 'bad-length';
    case DNS_TYPE.aaaa:
      return length === 16 ? { kind: 'ipv6', address: b.slice(at, end) } : 'bad-length';
    case DNS_TYPE.cname:
    case DNS_TYPE.ns:
    case DNS_TYPE.ptr: {
      const read = readDnsName(b, start, end, at);
      return typeof read === 'string' ? read : whole(read.next, end, { kind: 'name', name: read.name });
    }
    case DNS_TYPE.mx: {
      const read = readDnsName(b, start, end, at + 2);
      if (typeof read === 'string') {
        return read;
      }
      const preference = readUint16(b, at);
      return whole(read.next, end, { kind: 'mail-exchange', preference, name: read.name });
    }
    case DNS_TYPE.soa:
      return readStartOfAuthority(b, start, at, end);
    case DNS_TYPE.txt:
      return readText(b, at, end);
    default:
      return { kind: 'raw', bytes: b.slice(at, end) };
  }
}

/** The data, when it filled its length exactly. */
function whole(next: number, end: number, data: DnsData): DnsData | WireProblem {
  return next === end ? data : 'bad-length';
}

function readStartOfAuthority(b: Uint8Array, start: number, at: number, end: number): DnsData | WireProblem {
  const primary = readDnsName(b, start, end, at);
  if (typeof primary === 'string') {
    return primary;
  }
  const mailbox = readDnsName(b, start, end, primary.next);
  if (typeof mailbox === 'string') {
    return mailbox;
  }
  const numbers = mailbox.next;
  return whole(numbers + 20, end, {
    kind: 'start-of-authority',
    primary: primary.name,
    mailbox: mailbox.name,
    serial: readUint32(b, numbers),
    refresh: readUint32(b, numbers + 4),
    retry: readUint32(b, numbers + 8),
    expire: readUint32(b, numbers + 12),
    minimum: readUint32(b, numbers + 16),
  });
}

function readText(b: Uint8Array, at: number, end: number): DnsData | WireProblem {
  const strings: Uint8Array[] = [];
  let i = at;
  while (i < end) {
    const next = i + 1 + (b[i] ?? 0);
    if (next > end) {
      return 'bad-length';
    }
    strings.push(b.slice(i + 1, next));
    i = next;
  }
  return strings.length > 0 ? { kind: 'text', strings } : 'bad-length';
}

/** Appends record data. Names are compressed only in the types of RFC 1035 (RFC 3597 section 4). */
export function writeDnsData(out: number[], names: DnsNameWriter, data: DnsData): void {
  switch (data.kind) {
    case 'ipv4':
      pushUint32(out, data.address);
      return;
    case 'ipv6':
      out.push(...data.address);
      return;
    case 'name':
      names.writeInData(data.name);
      return;
    case 'mail-exchange':
      pushUint16(out, data.preference);
      names.writeInData(data.name);
      return;
    case 'start-of-authority':
      names.writeInData(data.primary);
      names.writeInData(data.mailbox);
      for (const value of [data.serial, data.refresh, data.retry, data.expire, data.minimum]) {
        pushUint32(out, value);
      }
      return;
    case 'text':
      for (const text of data.strings) {
        const piece = text.subarray(0, 255);
        out.push(piece.length, ...piece);
      }
      return;
    case 'raw':
      out.push(...data.bytes);
  }
}

/** Appends the low 16 bits. */
export function pushUint16(out: number[], value: number): void {
  out.push((value >>> 8) & 0xff, value & 0xff);
}

/** Appends the low 32 bits. */
export function pushUint32(out: number[], value: number): void {
  out.push((value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
