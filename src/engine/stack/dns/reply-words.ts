/** The answer of a name server in words, for who shows it and knows no wire format; the words are those of BIND's tools. */
import { readUint16 } from '../../../wire/bytes';
import { DNS_FLAG } from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { absoluteName, recordTypeName, zoneDataText } from './record-words';
import type { ServerAnswer } from './server-question';

export interface QuestionWords {
  readonly name: string;
  readonly class: string;
  readonly type: string;
}

export interface RecordWords extends QuestionWords {
  /** Seconds. */
  readonly ttl: number;
  readonly data: string;
}

export interface ReplyWords {
  readonly id: number;
  readonly opcode: string;
  readonly status: string;
  /** `qr`, `aa`, … in their order in the message. */
  readonly flags: readonly string[];
  readonly questions: readonly QuestionWords[];
  readonly answers: readonly RecordWords[];
  readonly authorities: readonly RecordWords[];
  /** Without that of EDNS. */
  readonly additionals: readonly RecordWords[];
  readonly edns: EdnsWords | undefined;
}

export interface EdnsWords {
  readonly version: number;
  readonly dnssecOk: boolean;
  /** Bytes of a datagram that its sender can take. */
  readonly udpSize: number;
  readonly options: readonly EdnsOption[];
}

export interface EdnsOption {
  readonly code: number;
  readonly bytes: Uint8Array;
}

const OPCODES: readonly string[] = ['QUERY', 'IQUERY', 'STATUS', 'RESERVED3', 'NOTIFY', 'UPDATE'];

/** IANA DNS RCODEs. */
const STATUSES: readonly string[] = [
  ...['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'],
  ...['YXDOMAIN', 'YXRRSET', 'NXRRSET', 'NOTAUTH', 'NOTZONE'],
];

const FLAG_NAMES: readonly (readonly [number, string])[] = [
  [DNS_FLAG.response, 'qr'],
  [DNS_FLAG.authoritative, 'aa'],
  [DNS_FLAG.truncated, 'tc'],
  [DNS_FLAG.recursionDesired, 'rd'],
  [DNS_FLAG.recursionAvailable, 'ra'],
  [DNS_FLAG.authenticData, 'ad'],
  [DNS_FLAG.checkingDisabled, 'cd'],
];

/** DO, in the upper half of the TTL of OPT (RFC 6891 6.1.3). */
const DNSSEC_OK = 0x8000;

export function replyWords({ message, flags }: ServerAnswer): ReplyWords {
  const { id, opcode, rcode, questions, answers, authorities, additionals } = message;
  const option = additionals.find(({ type }) => type === DNS_TYPE.opt);
  return {
    id,
    opcode: OPCODES[opcode] ?? `RESERVED${opcode}`,
    status: STATUSES[rcode] ?? `RESERVED${rcode}`,
    flags: FLAG_NAMES.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name),
    questions: questions.map(question => headWords(question)),
    answers: answers.map(recordWords),
    authorities: authorities.map(recordWords),
    additionals: additionals.filter(record => record !== option).map(recordWords),
    edns: option === undefined ? undefined : ednsWords(option),
  };
}

function headWords({ name, type, ...of }: Pick<DnsRecord, 'name' | 'type' | 'class'>): QuestionWords {
  return { name: absoluteName(name), class: className(of.class), type: typeName(type) };
}

function recordWords(record: DnsRecord): RecordWords {
  return { ...headWords(record), ttl: record.ttl, data: zoneDataText(record) };
}

/** RFC 3597 5 for those without a name. */
function typeName(type: number): string {
  const name = recordTypeName(type);
  return name === String(type) ? `TYPE${name}` : name;
}

function className(value: number): string {
  return value === DNS_CLASS.internet ? 'IN' : value === DNS_CLASS.any ? 'ANY' : `CLASS${value}`;
}

function ednsWords(option: DnsRecord): EdnsWords {
  const { ttl, data } = option;
  return {
    version: (ttl >>> 16) & 0xff,
    dnssecOk: (ttl & DNSSEC_OK) !== 0,
    udpSize: option.class,
    options: data.kind === 'raw' ? optionsIn(data.bytes) : [],
  };
}

/** What is whole of them. */
function optionsIn(bytes: Uint8Array): readonly EdnsOption[] {
  const options: EdnsOption[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + readUint16(bytes, at + 2);
    if (end > bytes.length) {
      break;
    }
    options.push({ code: readUint16(bytes, at), bytes: bytes.slice(at + 4, end) });
    at = end;
  }
  return options;
}
