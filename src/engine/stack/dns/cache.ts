/** What a forwarder remembers of answers, as dnsmasq does: records until their time to live has run out, and what does not exist (RFC 2308). */
import { NO_CAUSE } from '../../kernel/traffic-observer';
import { DNS_OPCODE, DNS_RCODE, type DnsMessage, type DnsQuestion } from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { SECOND } from '../linux-policy';
import { replyTo } from './reply';
import { MAXIMUM_ALIASES } from './zone';

/** Records and negative entries that are kept (dnsmasq --cache-size: 150); the one longest unused makes room. */
export const CACHE_SIZE = 150;

/** What is kept: dnsmasq keeps other types only by --cache-rr. */
const KEPT_TYPES: readonly number[] = [DNS_TYPE.a, DNS_TYPE.aaaa, DNS_TYPE.cname, DNS_TYPE.ptr];

/** The type under which a name is kept that does not exist, whatever the type (RFC 2308 5). */
const EVERY_TYPE = 0;

interface KeptRecord {
  readonly record: DnsRecord;
  /** Whole seconds of virtual time, as dnsmasq counts in time_t. */
  readonly until: number;
}

interface Entry {
  readonly name: string;
  /** DNS_TYPE, or EVERY_TYPE. */
  readonly type: number;
  /** The records; of a negative entry the SOA that says how long it holds. */
  readonly records: readonly KeptRecord[];
  readonly negative: boolean;
  /** Until when a negative entry holds, seconds. */
  readonly until: number;
  /** The record of the answer. */
  readonly cause: number;
}

/** An entry as a table shows it. */
export interface CachedName {
  readonly name: string;
  /** DNS_TYPE; undefined for a name that does not exist. */
  readonly type: number | undefined;
  /** Seconds left. */
  readonly ttl: number;
  /** The record; undefined when there is none of this name and type. */
  readonly record: DnsRecord | undefined;
  /** The record of the answer; NO_CAUSE where that is not known. */
  readonly cause: number;
}

export class DnsCache {
  /** By name and type; in the order of their last use. */
  private readonly entries = new Map<string, Entry>();
  private kept = 0;

  /**
   * Keeps what an answer says that may be kept.
   * @param now ns
   * @param cause the record of the answer
   */
  store(answer: DnsMessage, now: number, cause: number = NO_CAUSE): void {
    const [question] = answer.questions;
    const mayKeep =
      answer.response &&
      answer.opcode === DNS_OPCODE.query &&
      !answer.truncated &&
      (answer.rcode === DNS_RCODE.noError || answer.rcode === DNS_RCODE.nameError);
    if (!mayKeep || question === undefined || answer.questions.length > 1 || !isKept(question)) {
      return;
    }
    const seconds = Math.floor(now / SECOND);
    let { name } = question;
    // Only the way from the question to its answer: what else a server adds is not believed.
    for (let aliases = 0; aliases <= MAXIMUM_ALIASES; aliases++) {
      const found = recordsOf(answer.answers, name, question.type);
      if (found.length > 0) {
        this.keep(positive(name, question.type, found, seconds, cause));
        return;
      }
      const [alias] = recordsOf(answer.answers, name, DNS_TYPE.cname);
      if (alias?.data.kind !== 'name') {
        this.keepNegative(name, question.type, answer, seconds, cause);
        return;
      }
      this.keep(positive(name, DNS_TYPE.cname, [alias], seconds, cause));
      ({ name } = alias.data);
    }
  }

  /** The answer to a question; undefined where it must be asked for. @param now ns */
  answer(query: DnsMessage, now: number): DnsMessage | undefined {
    const [question] = query.questions;
    if (query.opcode !== DNS_OPCODE.query || question === undefined || query.questions.length > 1) {
      return undefined;
    }
    if (!isKept(question)) {
      return undefined;
    }
    const seconds = Math.floor(now / SECOND);
    const answers: DnsRecord[] = [];
    let { name } = question;
    for (let aliases = 0; aliases <= MAXIMUM_ALIASES; aliases++) {
      const entry =
        this.use(name, EVERY_TYPE, seconds) ??
        this.use(name, question.type, seconds) ??
        this.use(name, DNS_TYPE.cname, seconds);
      if (entry === undefined) {
        return undefined;
      }
      const records = presentRecords(entry, seconds);
      if (entry.negative) {
        return replyTo(
          query,
          entry.type === EVERY_TYPE ? DNS_RCODE.nameError : DNS_RCODE.noError,
          answers,
          records,
        );
      }
      answers.push(...records);
      const [alias] = records;
      if (entry.type === question.type || alias?.data.kind !== 'name') {
        return replyTo(query, DNS_RCODE.noError, answers, []);
      }
      ({ name } = alias.data);
    }
    return undefined;
  }

  /** What it holds now. @param now ns */
  *list(now: number): Iterable<CachedName> {
    const seconds = Math.floor(now / SECOND);
    for (const { name, type, records, negative, until, cause } of this.entries.values()) {
      if (negative && until > seconds) {
        const ttl = until - seconds;
        yield { name, type: type === EVERY_TYPE ? undefined : type, ttl, record: undefined, cause };
      } else if (!negative) {
        for (const { record, until: end } of records) {
          if (end > seconds) {
            yield { name, type, ttl: end - seconds, record, cause };
          }
        }
      }
    }
  }

  private keepNegative(name: string, type: number, answer: DnsMessage, seconds: number, cause: number): void {
    const authority = answer.authorities.find(({ data }) => data.kind === 'start-of-authority');
    // An answer that does not say how long it holds is not kept (RFC 2308 5; measured with dnsmasq).
    if (authority?.data.kind !== 'start-of-authority') {
      return;
    }
    const ttl = timeToLive(authority);
    this.keep({
      name,
      type: answer.rcode === DNS_RCODE.nameError ? EVERY_TYPE : type,
      records: [{ record: authority, until: seconds + ttl }],
      negative: true,
      until: seconds + Math.min(ttl, authority.data.minimum),
      cause,
    });
  }

  private keep(entry: Entry): void {
    this.forget(keyOf(entry.name, entry.type));
    if (entry.type !== EVERY_TYPE && !entry.negative) {
      this.forget(keyOf(entry.name, EVERY_TYPE));
    }
    this.entries.set(keyOf(entry.name, entry.type), entry);
    this.kept += entry.records.length;
    for (const key of this.entries.keys()) {
      if (this.kept <= CACHE_SIZE) {
        break;
      }
      this.forget(key);
    }
  }

  private use(name: string, type: number, seconds: number): Entry | undefined {
    const key = keyOf(name, type);
    const entry = this.entries.get(key);
    if (entry === undefined) {
      return undefined;
    }
    this.entries.delete(key);
    const holds = entry.negative ? entry.until > seconds : presentRecords(entry, seconds).length > 0;
    if (!holds) {
      this.kept -= entry.records.length;
      return undefined;
    }
    this.entries.set(key, entry);
    return entry;
  }

  private forget(key: string): void {
    this.kept -= this.entries.get(key)?.records.length ?? 0;
    this.entries.delete(key);
  }
}

function positive(
  name: string,
  type: number,
  records: readonly DnsRecord[],
  seconds: number,
  cause: number,
): Entry {
  return {
    name,
    type,
    records: records.map(record => ({ record, until: seconds + timeToLive(record) })),
    negative: false,
    until: 0,
    cause,
  };
}

/** Those whose time has not run out, with what is left of it. */
function presentRecords({ records }: Entry, seconds: number): DnsRecord[] {
  return records
    .filter(({ until }) => until > seconds)
    .map(({ record, until }) => ({ ...record, ttl: until - seconds }));
}

function recordsOf(records: readonly DnsRecord[], name: string, type: number): DnsRecord[] {
  return records.filter(each => each.type === type && each.name.toLowerCase() === name.toLowerCase());
}

/** Seconds; a number with the first bit set counts as 0 (RFC 2181 8). */
function timeToLive({ ttl }: DnsRecord): number {
  return ttl > 0x7fff_ffff ? 0 : ttl;
}

function isKept(question: DnsQuestion): boolean {
  return question.class === DNS_CLASS.internet && KEPT_TYPES.includes(question.type);
}

function keyOf(name: string, type: number): string {
  return `${type} ${name.toLowerCase()}`;
}
