/** What `dig` (BIND 9.18) prints of an answer; the columns are those of its `dns_master_style`. */
import type { EdnsOption, EdnsWords, RecordWords, ReplyWords } from '../../engine/stack/dns/reply-words';
import type { DigParts } from './dig-arguments';

/** Where an answer came from. */
export interface AnswerOrigin {
  /** `10.0.0.1#53(10.0.0.1)` */
  readonly server: string;
  readonly over: 'udp' | 'tcp';
  /** ns that it took, and ns of virtual time when it came. */
  readonly time: number;
  readonly now: number;
  /** Bytes of the message. */
  readonly length: number;
}

/** `+short`: the data alone. */
export function shortText({ answers }: ReplyWords): string {
  return answers.map(({ data }) => `${data}\n`).join('');
}

export function answerText(reply: ReplyWords, parts: DigParts, origin: AnswerOrigin): string {
  const { comments } = parts;
  const questions = reply.questions.map(
    ({ name, class: of, type }) => `;${inColumns([name, ''], [of, QUESTION_CLASS], [type, TYPE])}\n`,
  );
  return [
    comments ? headText(reply) : '',
    comments && reply.edns !== undefined ? ednsText(reply.edns) : '',
    parts.question ? section('QUESTION', questions, comments) : '',
    parts.answer ? section('ANSWER', reply.answers.map(recordLine), comments) : '',
    parts.authority ? section('AUTHORITY', reply.authorities.map(recordLine), comments) : '',
    parts.additional ? section('ADDITIONAL', reply.additionals.map(recordLine), comments) : '',
    parts.statistics ? statisticsText(origin) : '',
  ].join('');
}

function headText(reply: ReplyWords): string {
  const { id, opcode, status, flags, questions, answers, authorities, additionals, edns } = reply;
  const counts = [
    `QUERY: ${questions.length}`,
    `ANSWER: ${answers.length}`,
    `AUTHORITY: ${authorities.length}`,
    `ADDITIONAL: ${additionals.length + (edns === undefined ? 0 : 1)}`,
  ];
  const isWithout = flags.includes('rd') && !flags.includes('ra');
  return [
    ';; Got answer:\n',
    `;; ->>HEADER<<- opcode: ${opcode}, status: ${status}, id: ${id}\n`,
    `;; flags: ${flags.join(' ')}; ${counts.join(', ')}\n`,
    isWithout ? ';; WARNING: recursion requested but not available\n' : '',
    '\n',
  ].join('');
}

/** EDNS options of RFC 7873 and RFC 8914. */
const COOKIE = 10;
const EXTENDED_ERROR = 15;

/** IANA extended DNS error codes, from 0. */
const EXTENDED_ERRORS: readonly string[] = [
  ...['Other', 'Unsupported DNSKEY Algorithm', 'Unsupported DS Digest Type', 'Stale Answer'],
  ...['Forged Answer', 'DNSSEC Indeterminate', 'DNSSEC Bogus', 'Signature Expired'],
  ...['Signature Not Yet Valid', 'DNSKEY Missing', 'RRSIGs Missing', 'No Zone Key Bit Set'],
  ...['NSEC Missing', 'Cached Error', 'Not Ready', 'Blocked', 'Censored', 'Filtered', 'Prohibited'],
  ...['Stale NXDOMAIN Answer', 'Not Authoritative', 'Not Supported', 'No Reachable Authority'],
  ...['Network Error', 'Invalid Data'],
];

function ednsText({ version, dnssecOk, udpSize, options }: EdnsWords): string {
  const flags = dnssecOk ? ' do' : '';
  return [
    ';; OPT PSEUDOSECTION:\n',
    `; EDNS: version: ${version}, flags:${flags}; udp: ${udpSize}\n`,
    ...options.map(option => `; ${optionText(option)}\n`),
  ].join('');
}

function optionText({ code, bytes }: EdnsOption): string {
  const digits = Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));
  if (code === COOKIE) {
    return `COOKIE: ${digits.join('')}`;
  }
  if (code === EXTENDED_ERROR && bytes.length >= 2) {
    const error = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
    const meaning = EXTENDED_ERRORS[error];
    const text = new TextDecoder().decode(bytes.subarray(2));
    return `EDE: ${error}${meaning === undefined ? '' : ` (${meaning})`}${text === '' ? '' : `: (${text})`}`;
  }
  return `OPT=${code}: ${digits.join(' ')}`;
}

function section(name: string, lines: readonly string[], comments: boolean): string {
  if (lines.length === 0) {
    return '';
  }
  return comments ? `;; ${name} SECTION:\n${lines.join('')}\n` : lines.join('');
}

/** Columns where time to live, class, type and data begin; a question has no time to live. */
const TTL = 24;
const CLASS = 32;
const QUESTION_CLASS = 32;
const TYPE = 40;
const DATA = 48;
const TAB = 8;

function recordLine({ name, ttl, class: of, type, data }: RecordWords): string {
  return `${inColumns([name, ''], [String(ttl), TTL], [of, CLASS], [type, TYPE], [data, DATA])}\n`;
}

/** Text from its column on, by tabs (BIND's indent()): a column that is passed already is left by a blank. */
function inColumns(...cells: readonly (readonly [text: string, column: number | ''])[]): string {
  let line = '';
  let at = 0;
  for (const [text, column] of cells) {
    if (column !== '') {
      const to = Math.max(column, at + 1);
      const tabs = Math.floor(to / TAB) - Math.floor(at / TAB);
      line += '\t'.repeat(tabs) + ' '.repeat(tabs > 0 ? to % TAB : to - at);
      at = to;
    }
    line += text;
    at += text.length;
  }
  return line;
}

function statisticsText({ server, over, time, now, length }: AnswerOrigin): string {
  return [
    `;; Query time: ${Math.floor(time / 1e6)} msec\n`,
    `;; SERVER: ${server} (${over.toUpperCase()})\n`,
    `;; WHEN: ${whenText(now)}\n`,
    `;; MSG SIZE  rcvd: ${length}\n`,
    '\n',
  ].join('');
}

/** `Thu Jan 01 00:00:20 UTC 1970`: virtual time counts from there. */
function whenText(now: number): string {
  const [weekday = '', day = '', month = '', year = '', clock = ''] = new Date(now / 1e6)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${weekday} ${month} ${day} ${clock} UTC ${year}`;
}
