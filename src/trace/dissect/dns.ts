/** DNS messages. */
import { readUint16 } from '../../wire/bytes';
import { DNS_FLAG, DNS_HEADER_BYTES, dnsFlags, dnsId } from '../../wire/dns';
import { dnsLabels, readDnsName } from '../../wire/dns-name';
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { className, OPCODE_NAMES, RCODE_NAMES, typeDescription, typeName } from './dns-names';
import { classText, dissectRecord, shownName, type ReadRecord } from './dns-record';
import { groupLine, hex, numberLine, textLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

export const DNS_FIELDS = {
  id: { name: 'dns.id', label: 'Transaction ID', type: 'hex' },
  flags: { name: 'dns.flags', label: 'Flags', type: 'hex' },
  response: {
    name: 'dns.flags.response',
    label: 'Response',
    type: 'boolean',
    mask: 0x8000,
    names: { 0: 'Message is a query', 1: 'Message is a response' },
  },
  opcode: { name: 'dns.flags.opcode', label: 'Opcode', type: 'number', mask: 0x7800, names: OPCODE_NAMES },
  authoritative: {
    name: 'dns.flags.authoritative',
    label: 'Authoritative',
    type: 'boolean',
    mask: DNS_FLAG.authoritative,
    names: { 0: 'Server is not an authority for domain', 1: 'Server is an authority for domain' },
  },
  truncated: {
    name: 'dns.flags.truncated',
    label: 'Truncated',
    type: 'boolean',
    mask: DNS_FLAG.truncated,
    names: { 0: 'Message is not truncated', 1: 'Message is truncated' },
  },
  recursionDesired: {
    name: 'dns.flags.recdesired',
    label: 'Recursion desired',
    type: 'boolean',
    mask: DNS_FLAG.recursionDesired,
    names: { 0: "Don't do query recursively", 1: 'Do query recursively' },
  },
  recursionAvailable: {
    name: 'dns.flags.recavail',
    label: 'Recursion available',
    type: 'boolean',
    mask: DNS_FLAG.recursionAvailable,
    names: { 0: "Server can't do recursive queries", 1: 'Server can do recursive queries' },
  },
  replyCode: {
    name: 'dns.flags.rcode',
    label: 'Reply code',
    type: 'number',
    mask: 0x000f,
    names: RCODE_NAMES,
  },
  questions: { name: 'dns.count.queries', label: 'Questions', type: 'number' },
  answers: { name: 'dns.count.answers', label: 'Answer RRs', type: 'number' },
  authorities: { name: 'dns.count.auth_rr', label: 'Authority RRs', type: 'number' },
  additionals: { name: 'dns.count.add_rr', label: 'Additional RRs', type: 'number' },
  length: { name: 'dns.length', label: 'Length', type: 'number' },
  queryName: { name: 'dns.qry.name', label: 'Name', type: 'text' },
  nameLength: { name: 'dns.qry.name.len', label: 'Name Length', type: 'number' },
  labelCount: { name: 'dns.count.labels', label: 'Label Count', type: 'number' },
  queryType: { name: 'dns.qry.type', label: 'Type', type: 'number' },
  queryClass: { name: 'dns.qry.class', label: 'Class', type: 'hex' },
} as const satisfies Record<string, FieldDeclaration>;

/** Bytes of the length in front of a message over TCP. */
const LENGTH_BYTES = 2;

/** Entries of one section that get lines; what lies behind them is not read. */
const MOST_ENTRIES = 1000;

const SECTIONS = [
  { field: DNS_FIELDS.answers, title: 'Answers', countAt: 6 },
  { field: DNS_FIELDS.authorities, title: 'Authoritative nameservers', countAt: 8 },
  { field: DNS_FIELDS.additionals, title: 'Additional records', countAt: 10 },
] as const;

export function dissectDns(packet: PacketInProgress, at: number, end: number): number {
  return dissectMessage(packet, at, end, []);
}

/** Over TCP a message has its length in front (RFC 1035 4.2.2). One that goes on in another segment is data here. */
export function dissectDnsOverTcp(packet: PacketInProgress, at: number, end: number): number {
  const length = end - at < LENGTH_BYTES ? 0 : readUint16(packet.bytes, at);
  const message = at + LENGTH_BYTES;
  if (length < DNS_HEADER_BYTES || message + length > end) {
    return dissectData(packet, at, end);
  }
  dissectMessage(packet, message, message + length, [
    numberLine(DNS_FIELDS.length, at, LENGTH_BYTES, length),
  ]);
  return message + length < end ? dissectDnsOverTcp(packet, message + length, end) : end;
}

function dissectMessage(
  packet: PacketInProgress,
  at: number,
  end: number,
  leading: readonly PacketField[],
): number {
  const { bytes } = packet;
  if (end - at < DNS_HEADER_BYTES) {
    packet.addMalformed('DNS', at, end, `a DNS message has at least ${DNS_HEADER_BYTES} bytes`);
    return end;
  }
  const flags = dnsFlags(bytes, at);
  const response = (flags & DNS_FLAG.response) !== 0;
  const summary = flagsText(flags);
  const children: PacketField[] = [
    ...leading,
    numberLine(DNS_FIELDS.id, at, 2, dnsId(bytes, at)),
    numberLine(DNS_FIELDS.flags, at + 2, 2, flags, {
      suffix: ` ${summary}${response ? `, ${RCODE_NAMES[flags & 15] ?? 'Unknown'}` : ''}`,
      children: flagLines(at + 2, flags, response),
    }),
    numberLine(DNS_FIELDS.questions, at + 4, 2, readUint16(bytes, at + 4)),
    ...SECTIONS.map(({ field, countAt }) =>
      numberLine(field, at + countAt, 2, readUint16(bytes, at + countAt)),
    ),
  ];
  const entries = dissectEntries(bytes, at, end);
  children.push(...entries.groups);
  packet.add(
    groupLine('dns', at, end - at, `Domain Name System (${response ? 'response' : 'query'})`, {
      children,
      problem: entries.problem,
    }),
  );
  const failure = response && (flags & 15) !== 0 ? ` ${RCODE_NAMES[flags & 15] ?? 'Unknown'}` : '';
  const malformed = entries.problem === undefined ? '' : '[Malformed Packet]';
  packet.show('DNS', `${summary} ${hex(dnsId(bytes, at), 4)}${failure}${entries.info}${malformed}`);
  return end;
}

function flagsText(flags: number): string {
  const opcode = OPCODE_NAMES[(flags >>> 11) & 15] ?? 'Unknown operation';
  return (flags & DNS_FLAG.response) === 0 ? opcode : `${opcode} response`;
}

function flagLines(at: number, flags: number, response: boolean): readonly PacketField[] {
  const fields = response
    ? [
        DNS_FIELDS.response,
        DNS_FIELDS.opcode,
        DNS_FIELDS.authoritative,
        DNS_FIELDS.truncated,
        DNS_FIELDS.recursionDesired,
        DNS_FIELDS.recursionAvailable,
        DNS_FIELDS.replyCode,
      ]
    : [DNS_FIELDS.response, DNS_FIELDS.opcode, DNS_FIELDS.truncated, DNS_FIELDS.recursionDesired];
  return fields.map(field => numberLine(field, at, 2, flags));
}

interface Entries {
  readonly groups: readonly PacketField[];
  /** What Info says of the questions and records. */
  readonly info: string;
  readonly problem: string | undefined;
}

function dissectEntries(bytes: Uint8Array, start: number, end: number): Entries {
  const groups: PacketField[] = [];
  let info = '';
  let next = start + DNS_HEADER_BYTES;
  /** Reads up to `count` entries into one group; false when one can't be read. */
  const section = (title: string, count: number, read: (at: number) => ReadRecord | undefined): boolean => {
    const first = next;
    const children: PacketField[] = [];
    let whole = true;
    for (let n = 0; n < Math.min(count, MOST_ENTRIES) && whole; n += 1) {
      const entry = read(next);
      if (entry === undefined) {
        whole = false;
      } else {
        children.push(entry.line);
        info += entry.info;
        next = entry.next;
      }
    }
    if (children.length > 0) {
      groups.push(groupLine('dns.section', first, next - first, title, { children }));
    }
    return whole;
  };
  let whole = section('Queries', readUint16(bytes, start + 4), at => dissectQuestion(bytes, start, end, at));
  for (const { title, countAt } of SECTIONS) {
    const count = readUint16(bytes, start + countAt);
    whole = whole && section(title, count, at => dissectRecord(bytes, start, end, at));
  }
  return { groups, info, problem: whole ? undefined : 'the message ends within a name or a record' };
}

function dissectQuestion(bytes: Uint8Array, start: number, end: number, at: number): ReadRecord | undefined {
  const read = readDnsName(bytes, start, end, at);
  if (typeof read === 'string' || read.next + 4 > end) {
    return undefined;
  }
  const type = readUint16(bytes, read.next);
  const dnsClass = readUint16(bytes, read.next + 2);
  const name = shownName(read.name);
  const nameBytes = read.next - at;
  const labels = dnsLabels(read.name) ?? [];
  const children = [
    textLine(DNS_FIELDS.queryName, at, nameBytes, name),
    numberLine(DNS_FIELDS.nameLength, at, 0, name.length),
    // Wireshark counts the root as one label, since it prints it as `<Root>`.
    numberLine(DNS_FIELDS.labelCount, at, 0, Math.max(1, labels.length)),
    numberLine(DNS_FIELDS.queryType, read.next, 2, type, { shown: `${typeDescription(type)} (${type})` }),
    numberLine(DNS_FIELDS.queryClass, read.next + 2, 2, dnsClass, { shown: classText(dnsClass) }),
  ];
  const text = `${name}: type ${typeName(type)}, class ${className(dnsClass)}`;
  const line = groupLine('dns.query', at, nameBytes + 4, text, { children });
  return { line, info: ` ${typeName(type)} ${name}`, next: read.next + 4 };
}
