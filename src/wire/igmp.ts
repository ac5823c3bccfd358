/** The Internet group management protocol (RFC 1112 appendix I, RFC 2236, RFC 3376): who listens to which groups of a link. */
import { ipv4FromNumber, UNSPECIFIED_IPV4, type Ipv4Address } from '../net/ipv4-address';
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { internetChecksum, onesComplementSum } from './checksum';
import type { WireProblem } from './problem';

/** RFC 3376 4 and the versions before it. */
export const IGMP_TYPE = {
  query: 0x11,
  reportV1: 0x12,
  reportV2: 0x16,
  leave: 0x17,
  reportV3: 0x22,
} as const;

/** Kinds of group records (RFC 3376 4.2.12). */
export const GROUP_RECORD = {
  modeIsInclude: 1,
  modeIsExclude: 2,
  changeToInclude: 3,
  changeToExclude: 4,
  allowNewSources: 5,
  blockOldSources: 6,
} as const;

/** Type, a byte of the type's own, checksum and group: all of a message of version 1 or 2, and the beginning of every other. */
export const IGMP_HEADER_BYTES = 8;
/** A query of version 3 in front of its sources (RFC 3376 4.1). */
export const IGMP_QUERY_V3_BYTES = 12;
/** A group record in front of its sources (RFC 3376 4.2). */
export const GROUP_RECORD_BYTES = 8;

const CHECKSUM_AT = 2;
const ADDRESS_BYTES = 4;

/** What a host says of one group. */
export interface GroupRecord {
  /** GROUP_RECORD or another number. */
  readonly type: number;
  readonly group: Ipv4Address;
  readonly sources: readonly Ipv4Address[];
}

/** A router's question. */
export interface IgmpQuery {
  readonly version: 1 | 2 | 3;
  /** The group asked about; 0.0.0.0 for all. */
  readonly group: Ipv4Address;
  /** Answers are spread over this time: tenths of a second. Version 1 has none, and means 100 (RFC 2236 4). */
  readonly maximumResponseTime: number;
  /** Times a change is told, of version 3: the querier's robustness variable, 0 where it says nothing. */
  readonly robustness: number;
  /** Seconds between the querier's questions, of version 3; 0 where it says nothing. */
  readonly interval: number;
  /** Version 3: the sources asked about; none for all. */
  readonly sources: readonly Ipv4Address[];
}

/** The answer time that a query of version 1 means (RFC 2236 4): tenths of a second. */
const VERSION_1_RESPONSE_TIME = 100;

export function igmpType(b: Uint8Array, at: number): number {
  return b[at] ?? 0;
}

/** The byte behind the type: a time in queries, unused otherwise. */
export function igmpCode(b: Uint8Array, at: number): number {
  return b[at + 1] ?? 0;
}

export function igmpChecksum(b: Uint8Array, at: number): number {
  return readUint16(b, at + CHECKSUM_AT);
}

/** The group of a message of version 1 or 2, or of a query. */
export function igmpGroup(b: Uint8Array, at: number): Ipv4Address {
  return ipv4FromNumber(readUint32(b, at + 4));
}

/** Checks a message that is `length` bytes long, as its IP packet says. Undefined when all is well. */
export function checkIgmp(b: Uint8Array, at: number, length: number): WireProblem | undefined {
  if (length < IGMP_HEADER_BYTES) {
    return 'truncated';
  }
  return onesComplementSum(b, at, length) === 0xffff ? undefined : 'bad-checksum';
}

/** Times of version 3 above 127 are a mantissa and an exponent (RFC 3376 4.1.1). */
export function timeOfCode(code: number): number {
  return code < 128 ? code : ((code & 0x0f) | 0x10) << (((code >>> 4) & 7) + 3);
}

/** Reads a query of any version: its length and code tell which (RFC 3376 7.1). */
export function parseIgmpQuery(b: Uint8Array, at: number, length: number): IgmpQuery | WireProblem {
  if (length < IGMP_HEADER_BYTES) {
    return 'truncated';
  }
  const code = igmpCode(b, at);
  const group = igmpGroup(b, at);
  const old = { group, robustness: 0, interval: 0, sources: [] };
  if (length === IGMP_HEADER_BYTES) {
    return code === 0
      ? { ...old, version: 1, maximumResponseTime: VERSION_1_RESPONSE_TIME }
      : { ...old, version: 2, maximumResponseTime: code };
  }
  if (length < IGMP_QUERY_V3_BYTES) {
    return 'bad-length';
  }
  const count = readUint16(b, at + 10);
  if (IGMP_QUERY_V3_BYTES + count * ADDRESS_BYTES > length) {
    return 'truncated';
  }
  return {
    version: 3,
    group,
    maximumResponseTime: timeOfCode(code),
    robustness: (b[at + 8] ?? 0) & 7,
    interval: timeOfCode(b[at + 9] ?? 0),
    sources: readAddresses(b, at + IGMP_QUERY_V3_BYTES, count),
  };
}

/** Reads a report of version 3. */
export function parseGroupRecords(b: Uint8Array, at: number, length: number): GroupRecord[] | WireProblem {
  if (length < IGMP_HEADER_BYTES) {
    return 'truncated';
  }
  const end = at + length;
  const records: GroupRecord[] = [];
  let position = at + IGMP_HEADER_BYTES;
  for (let left = readUint16(b, at + 6); left > 0; left--) {
    const next = position + groupRecordBytes(b, position);
    if (position + GROUP_RECORD_BYTES > end || next > end) {
      return 'truncated';
    }
    records.push({
      type: b[position] ?? 0,
      group: ipv4FromNumber(readUint32(b, position + 4)),
      sources: readAddresses(b, position + GROUP_RECORD_BYTES, readUint16(b, position + 2)),
    });
    position = next;
  }
  return records;
}

/** Bytes of the group record at `at`, with its sources and its auxiliary data. */
export function groupRecordBytes(b: Uint8Array, at: number): number {
  return GROUP_RECORD_BYTES + readUint16(b, at + 2) * ADDRESS_BYTES + (b[at + 1] ?? 0) * 4;
}

/** A message of version 1 or 2. */
export function igmpMessage(type: number, code: number, group: Ipv4Address): Uint8Array {
  const b = new Uint8Array(IGMP_HEADER_BYTES);
  b[0] = type;
  b[1] = code;
  writeUint32(b, 4, group);
  return sealed(b);
}

/** A query of version 3; codes are not encoded: 127 is the longest time. */
export function igmpQueryV3(query: Omit<IgmpQuery, 'version'>): Uint8Array {
  const { group, maximumResponseTime, robustness, interval, sources } = query;
  const b = new Uint8Array(IGMP_QUERY_V3_BYTES + sources.length * ADDRESS_BYTES);
  b[0] = IGMP_TYPE.query;
  b[1] = Math.min(maximumResponseTime, 127);
  writeUint32(b, 4, group);
  b[8] = robustness & 7;
  b[9] = Math.min(interval, 127);
  writeUint16(b, 10, sources.length);
  sources.forEach((source, index) => {
    writeUint32(b, IGMP_QUERY_V3_BYTES + index * ADDRESS_BYTES, source);
  });
  return sealed(b);
}

/** A report of version 3. */
export function igmpReportV3(records: readonly GroupRecord[]): Uint8Array {
  const size = records.reduce(
    (sum, { sources }) => sum + GROUP_RECORD_BYTES + sources.length * ADDRESS_BYTES,
    IGMP_HEADER_BYTES,
  );
  const b = new Uint8Array(size);
  b[0] = IGMP_TYPE.reportV3;
  writeUint16(b, 6, records.length);
  let at = IGMP_HEADER_BYTES;
  for (const { type, group, sources } of records) {
    b[at] = type;
    writeUint16(b, at + 2, sources.length);
    writeUint32(b, at + 4, group);
    at += GROUP_RECORD_BYTES;
    for (const source of sources) {
      writeUint32(b, at, source);
      at += ADDRESS_BYTES;
    }
  }
  return sealed(b);
}

function sealed(b: Uint8Array): Uint8Array {
  writeUint16(b, CHECKSUM_AT, internetChecksum(b, 0, b.length));
  return b;
}

function readAddresses(b: Uint8Array, at: number, count: number): readonly Ipv4Address[] {
  return Array.from({ length: count }, (_, index) =>
    ipv4FromNumber(readUint32(b, at + index * ADDRESS_BYTES)),
  );
}

/** A query without a group asks about all of them. */
export function asksForAll(query: IgmpQuery): boolean {
  return query.group === UNSPECIFIED_IPV4;
}
