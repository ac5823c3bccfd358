/** DNS messages (RFC 1035 4). */
import { readUint16, readUint32 } from './bytes';
import { DnsNameWriter, readDnsName } from './dns-name';
import { pushUint16, pushUint32, readDnsData, writeDnsData, type DnsRecord } from './dns-record';
import type { WireProblem } from './problem';

export const DNS_HEADER_BYTES = 12;

/** The largest message over UDP to a client that does not say otherwise (RFC 1035 2.3.4). */
export const DNS_UDP_BYTES = 512;

/** Bits of the second word of the header (RFC 1035 4.1.1, RFC 4035 3.2). */
export const DNS_FLAG = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  authenticData: 0x0020,
  checkingDisabled: 0x0010,
} as const;

/** IANA DNS RCODEs. */
export const DNS_RCODE = {
  noError: 0,
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** IANA DNS OpCodes. */
export const DNS_OPCODE = { query: 0, status: 2, notify: 4, update: 5 } as const;

export interface DnsQuestion {
  readonly name: string;
  /** DNS_TYPE or another number. */
  readonly type: number;
  readonly class: number;
}

export interface DnsMessage {
  readonly id: number;
  /** An answer, not a question. */
  readonly response: boolean;
  /** DNS_OPCODE */
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** DNS_RCODE */
  readonly rcode: number;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

/** The identifier, for whoever only relays a message. */
export function dnsId(b: Uint8Array, at: number): number {
  return readUint16(b, at);
}

/** The flags word: DNS_FLAG bits, opcode and rcode. */
export function dnsFlags(b: Uint8Array, at: number): number {
  return readUint16(b, at + 2);
}

/** Reads a whole message of `length` bytes; bytes behind the last record are no fault. */
export function parseDns(b: Uint8Array, at: number, length: number): DnsMessage | WireProblem {
  if (length < DNS_HEADER_BYTES) {
    return 'truncated';
  }
  const end = at + length;
  const flags = dnsFlags(b, at);
  let next = at + DNS_HEADER_BYTES;
  const questions: DnsQuestion[] = [];
  for (let n = readUint16(b, at + 4); n > 0; n -= 1) {
    const read = readDnsName(b, at, end, next);
    if (typeof read === 'string') {
      return read;
    }
    if (read.next + 4 > end) {
      return 'truncated';
    }
    questions.push({ name: read.name, type: readUint16(b, read.next), class: readUint16(b, read.next + 2) });
    next = read.next + 4;
  }
  const sections: DnsRecord[][] = [];
  for (const countAt of [6, 8, 10]) {
    const section = readSection(b, at, end, next, readUint16(b, at + countAt));
    if (typeof section === 'string') {
      return section;
    }
    sections.push(section.records);
    next = section.next;
  }
  const [answers = [], authorities = [], additionals = []] = sections;
  return {
    id: dnsId(b, at),
    response: (flags & DNS_FLAG.response) !== 0,
    opcode: (flags >>> 11) & 15,
    authoritative: (flags & DNS_FLAG.authoritative) !== 0,
    truncated: (flags & DNS_FLAG.truncated) !== 0,
    recursionDesired: (flags & DNS_FLAG.recursionDesired) !== 0,
    recursionAvailable: (flags & DNS_FLAG.recursionAvailable) !== 0,
    rcode: flags & 15,
    questions,
    answers,
    authorities,
    additionals,
  };
}

function readSection(
  b: Uint8Array,
  start: number,
  end: number,
  at: number,
  count: number,
): { readonly records: DnsRecord[]; readonly next: number } | WireProblem {
  const records: DnsRecord[] = [];
  let next = at;
  for (let n = count; n > 0; n -= 1) {
    const read = readDnsName(b, start, end, next);
    if (typeof read === 'string') {
      return read;
    }
    const fixed = read.next;
    const dataAt = fixed + 10;
    const dataLength = readUint16(b, fixed + 8);
    if (dataAt > end || dataAt + dataLength > end) {
      return 'truncated';
    }
    const type = readUint16(b, fixed);
    const data = readDnsData(b, start, dataAt, dataLength, type);
    if (typeof data === 'string') {
      return data;
    }
    records.push({
      name: read.name,
      type,
      class: readUint16(b, fixed + 2),
      ttl: readUint32(b, fixed + 4),
      data,
    });
    next = dataAt + dataLength;
  }
  return { records, next };
}

/** How a message is written. */
export interface DnsForm {
  /** Records that would make it longer are left out, from the end, and the message says so by its truncation bit (RFC 2181 section 9). */
  readonly maximumBytes?: number;
  /** Names in the data of records are never shortened, as dnsmasq writes them (2.90; measured). */
  readonly wholeNamesInData?: boolean;
}

/** Largest message that length fields can describe (RFC 1035 4.2.2). */
const MESSAGE_BYTES = 0xffff;

/** The bytes of a message, with compressed names. */
export function emitDns(
  message: DnsMessage,
  { maximumBytes = MESSAGE_BYTES, wholeNamesInData = false }: DnsForm = {},
): Uint8Array {
  const out: number[] = new Array<number>(DNS_HEADER_BYTES).fill(0);
  const names = new DnsNameWriter(out, wholeNamesInData);
  for (const question of message.questions) {
    names.write(question.name);
    pushUint16(out, question.type);
    pushUint16(out, question.class);
  }
  let full = false;
  const counts = [message.answers, message.authorities, message.additionals].map(records => {
    let written = 0;
    for (const record of records) {
      const before = out.length;
      if (!full) {
        writeRecord(out, names, record);
        full = out.length > maximumBytes;
      }
      if (full) {
        names.cut(before);
        break;
      }
      written += 1;
    }
    return written;
  });
  const b = Uint8Array.from(out);
  writeHeader(b, message, message.truncated || full, [message.questions.length, ...counts]);
  return b;
}

function writeHeader(
  b: Uint8Array,
  message: DnsMessage,
  truncated: boolean,
  counts: readonly number[],
): void {
  const flags =
    (message.response ? DNS_FLAG.response : 0) |
    ((message.opcode & 15) << 11) |
    (message.authoritative ? DNS_FLAG.authoritative : 0) |
    (truncated ? DNS_FLAG.truncated : 0) |
    (message.recursionDesired ? DNS_FLAG.recursionDesired : 0) |
    (message.recursionAvailable ? DNS_FLAG.recursionAvailable : 0) |
    (message.rcode & 15);
  [message.id, flags, ...counts].forEach((word, index) => {
    b[index * 2] = word >>> 8;
    b[index * 2 + 1] = word;
  });
}

function writeRecord(out: number[], names: DnsNameWriter, record: DnsRecord): void {
  names.write(record.name);
  pushUint16(out, record.type);
  pushUint16(out, record.class);
  pushUint32(out, record.ttl);
  const lengthAt = out.length;
  pushUint16(out, 0);
  writeDnsData(out, names, record.data);
  const length = out.length - lengthAt - 2;
  out[lengthAt] = length >>> 8;
  out[lengthAt + 1] = length & 0xff;
}
