/** Multicast listener discovery version 2 (RFC 3810): reports of hosts and queries of routers, as ICMPv6 messages. */
import type { Ipv6Address } from '../net/ipv6-address';
import { readUint16, writeUint16 } from './bytes';
import { ICMPV6_TYPE, icmpv6Type } from './icmpv6';
import { readIpv6Address, writeIpv6Address } from './ipv6';
import { IPV6_OPTION } from './ipv6-extension';
import type { WireProblem } from './problem';

/** Multicast address record types (RFC 3810 5.2.12). */
export const MLD_RECORD = {
  modeIsInclude: 1,
  modeIsExclude: 2,
  changeToInclude: 3,
  changeToExclude: 4,
  allowNewSources: 5,
  blockOldSources: 6,
} as const;

/** What a host says of one group. */
export interface MldRecord {
  /** MLD_RECORD or another number. */
  readonly type: number;
  readonly group: Ipv6Address;
  readonly sources: readonly Ipv6Address[];
}

export interface MldQuery {
  /** Milliseconds in which answers are spread (RFC 3810 5.1.3). */
  readonly maximumResponseDelay: number;
  /** The group asked about; :: for all. */
  readonly group: Ipv6Address;
}

/** Type, code, checksum, reserved, number of records. */
const REPORT_BYTES = 8;
/** Type, auxiliary data length, number of sources, group. */
const RECORD_BYTES = 20;
const ADDRESS_BYTES = 16;
/** A query as version 1 has it (RFC 2710 3); version 2 adds four bytes and sources. */
const QUERY_BYTES = 24;
const QUERY_V2_BYTES = 28;

/**
 * The hop-by-hop header of every MLD message: the next header's number, router alert for MLD (RFC 2711), padding.
 * @param next the number of the header behind it
 */
export function routerAlertHeader(next: number): Uint8Array {
  return Uint8Array.of(next, 0, IPV6_OPTION.routerAlert, 2, 0, 0, IPV6_OPTION.padN, 0);
}

/** Reads a report of version 2. */
export function parseMldReport(b: Uint8Array, at: number, length: number): MldRecord[] | WireProblem {
  if (length < REPORT_BYTES) {
    return 'truncated';
  }
  if (icmpv6Type(b, at) !== ICMPV6_TYPE.multicastListenerReportV2) {
    return 'bad-value';
  }
  const records: MldRecord[] = [];
  const end = at + length;
  let position = at + REPORT_BYTES;
  for (let left = readUint16(b, at + 6); left > 0; left--) {
    if (position + RECORD_BYTES > end) {
      return 'truncated';
    }
    const sources = readUint16(b, position + 2);
    const next = position + RECORD_BYTES + sources * ADDRESS_BYTES + (b[position + 1] ?? 0) * 4;
    if (next > end) {
      return 'truncated';
    }
    records.push({
      type: b[position] ?? 0,
      group: readIpv6Address(b, position + 4),
      sources: Array.from({ length: sources }, (_, index) =>
        readIpv6Address(b, position + RECORD_BYTES + index * ADDRESS_BYTES),
      ),
    });
    position = next;
  }
  return records;
}

/** The bytes of a report, its checksum still zero. */
export function mldReportBytes(records: readonly MldRecord[]): Uint8Array {
  const length = records.reduce(
    (sum, { sources }) => sum + RECORD_BYTES + sources.length * ADDRESS_BYTES,
    REPORT_BYTES,
  );
  const b = new Uint8Array(length);
  b[0] = ICMPV6_TYPE.multicastListenerReportV2;
  writeUint16(b, 6, records.length);
  let at = REPORT_BYTES;
  for (const { type, group, sources } of records) {
    b[at] = type;
    writeUint16(b, at + 2, sources.length);
    writeIpv6Address(b, at + 4, group);
    at += RECORD_BYTES;
    for (const source of sources) {
      writeIpv6Address(b, at, source);
      at += ADDRESS_BYTES;
    }
  }
  return b;
}

/** Reads a query of version 1 or 2, without its list of sources. */
export function parseMldQuery(b: Uint8Array, at: number, length: number): MldQuery | WireProblem {
  if (length < QUERY_BYTES) {
    return 'truncated';
  }
  if (icmpv6Type(b, at) !== ICMPV6_TYPE.multicastListenerQuery) {
    return 'bad-value';
  }
  const code = readUint16(b, at + 4);
  return {
    maximumResponseDelay: length < QUERY_V2_BYTES ? code : responseDelay(code),
    group: readIpv6Address(b, at + 8),
  };
}

/** From 32768 on the code is a floating-point number: exponent of 3 bits, mantissa of 12 (RFC 3810 5.1.3). */
function responseDelay(code: number): number {
  return code < 0x8000 ? code : ((code & 0xfff) | 0x1000) << (((code >>> 12) & 7) + 3);
}
