/** A set of names and what is known of them: all others do not exist (RFC 1034 4.3.2, RFC 2308). */
import { formatIpv4 } from '../../../net/ipv4-address';
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import type { ResolvedDnsRecord } from '../../../topology/resolved';
import { DNS_OPCODE, DNS_RCODE, type DnsMessage } from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsData, type DnsRecord } from '../../../wire/dns-record';
import { writeIpv6Address } from '../../../wire/ipv6';
import { replyTo } from './reply';

/** Seconds an answer may be cached where nothing else is said: a usual zone default. */
const ANSWER_TTL = 3600;

/** Seconds a "no such name" may be cached (RFC 2308 5 suggests one to three hours at most). */
const NEGATIVE_TTL = 900;

/** Aliases of aliases that are followed, against circles: as many as BIND follows (its MAX_RESTARTS was 16). */
export const MAXIMUM_ALIASES = 16;

/** Bytes of one string of a TXT record (RFC 1035 3.3). */
const TEXT_BYTES = 255;

export class DnsZone {
  /** By name in small letters: letters of either case are the same (RFC 4343). */
  private readonly records = new Map<string, DnsRecord[]>();
  /** The names of addresses, where no PTR record says otherwise. */
  private readonly reverse = new Map<string, DnsRecord>();

  addAddress(name: string, address: IpAddress, ttl = ANSWER_TTL): void {
    this.insert({ ...addressRecord(name, address), ttl });
    const pointer = reverseName(address);
    if (!this.reverse.has(pointer)) {
      this.reverse.set(pointer, { ...nameRecord(pointer, DNS_TYPE.ptr, name), ttl });
    }
  }

  add(record: ResolvedDnsRecord): void {
    const { name, ttl } = record;
    switch (record.type) {
      case 'A':
      case 'AAAA':
        this.addAddress(name, record.address, ttl);
        return;
      case 'CNAME':
        this.insert({ ...nameRecord(name, DNS_TYPE.cname, record.value), ttl });
        return;
      case 'PTR':
        this.insert({ ...nameRecord(name, DNS_TYPE.ptr, record.value), ttl });
        return;
      case 'TXT':
        this.insert({
          ...internet(name, DNS_TYPE.txt, { kind: 'text', strings: stringsOf(record.value) }),
          ttl,
        });
    }
  }

  knows(name: string): boolean {
    return this.recordsOf(name) !== undefined;
  }

  /** The answer to a query, whatever it asks. */
  answer(query: DnsMessage): DnsMessage {
    const question = query.questions[0];
    if (query.opcode !== DNS_OPCODE.query) {
      return replyTo(query, DNS_RCODE.notImplemented, [], []);
    }
    if (question === undefined || query.questions.length > 1) {
      return replyTo(query, DNS_RCODE.formatError, [], []);
    }
    const answers: DnsRecord[] = [];
    let { name } = question;
    for (let aliases = 0; aliases <= MAXIMUM_ALIASES; aliases++) {
      const known = this.recordsOf(name);
      if (known === undefined) {
        // The code tells of the last alias (RFC 6604 3).
        return replyTo(query, DNS_RCODE.nameError, answers, [authority()]);
      }
      const asked = name;
      const found = known
        .filter(({ type }) => type === question.type || question.type === DNS_TYPE.any)
        .map(record => ({ ...record, name: asked }));
      const alias = known.find(({ type }) => type === DNS_TYPE.cname);
      answers.push(...found);
      if (found.length > 0 || alias?.data.kind !== 'name') {
        return replyTo(query, DNS_RCODE.noError, answers, found.length > 0 ? [] : [authority()]);
      }
      answers.push({ ...alias, name: asked });
      name = alias.data.name;
    }
    return replyTo(query, DNS_RCODE.serverFailure, [], []);
  }

  private recordsOf(name: string): readonly DnsRecord[] | undefined {
    const key = name.toLowerCase();
    const pointer = this.reverse.get(key);
    return this.records.get(key) ?? (pointer === undefined ? undefined : [pointer]);
  }

  private insert(record: DnsRecord): void {
    const key = record.name.toLowerCase();
    this.records.set(key, [...(this.records.get(key) ?? []), record]);
  }
}

/** The name under which the name of an address is found (RFC 1035 3.5, RFC 3596 2.5). */
export function reverseName(address: IpAddress): string {
  if (isIpv4(address)) {
    return `${formatIpv4(address).split('.').reverse().join('.')}.in-addr.arpa`;
  }
  const digits = address.toString(16).padStart(32, '0');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

/** The root's SOA, with which a resolver says how long "no" holds. */
function authority(): DnsRecord {
  const data: DnsData = {
    kind: 'start-of-authority',
    primary: 'ns.example',
    mailbox: 'hostmaster.example',
    serial: 1,
    refresh: 7200,
    retry: 3600,
    expire: 1_209_600,
    minimum: NEGATIVE_TTL,
  };
  return { ...internet('', DNS_TYPE.soa, data), ttl: NEGATIVE_TTL };
}

function internet(name: string, type: number, data: DnsData): DnsRecord {
  return { name, type, class: DNS_CLASS.internet, ttl: ANSWER_TTL, data };
}

function nameRecord(name: string, type: number, value: string): DnsRecord {
  return internet(name, type, { kind: 'name', name: value });
}

function addressRecord(name: string, address: IpAddress): DnsRecord {
  if (isIpv4(address)) {
    return internet(name, DNS_TYPE.a, { kind: 'ipv4', address });
  }
  const bytes = new Uint8Array(16);
  writeIpv6Address(bytes, 0, address);
  return internet(name, DNS_TYPE.aaaa, { kind: 'ipv6', address: bytes });
}

/** Text in pieces of 255 bytes. */
function stringsOf(text: string): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const count = Math.max(1, Math.ceil(bytes.length / TEXT_BYTES));
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * TEXT_BYTES, (at + 1) * TEXT_BYTES));
}
