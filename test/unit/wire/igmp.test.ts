import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber, parseIpv4, UNSPECIFIED_IPV4 } from '../../../src/net/ipv4-address';
import * as igmp from '../../../src/wire/igmp';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const GROUP = parseIpv4('239.1.2.3')!;
const address = fc.nat(0xffffffff).map(ipv4FromNumber);
const sources = fc.array(address, { maxLength: 8 });

describe('IGMP', () => {
  it('writes messages of version 2 as RFC 2236 has them', () => {
    expect(hexOf(igmp.igmpMessage(igmp.IGMP_TYPE.reportV2, 0, GROUP))).toBe('1600f8faef010203');
    expect(hexOf(igmp.igmpMessage(igmp.IGMP_TYPE.leave, 0, GROUP))).toBe('1700f7faef010203');
  });

  it('writes a report of version 3 as RFC 3376 has it', () => {
    const joined = { type: igmp.GROUP_RECORD.changeToExclude, group: GROUP, sources: [] };
    expect(hexOf(igmp.igmpReportV3([joined]))).toBe('2200e8f90000000104000000ef010203');
  });

  it('tells the version of a query by its length and its code (RFC 3376 7.1)', () => {
    const read = (hex: string) => igmp.parseIgmpQuery(bytesOf(hex), 0, bytesOf(hex).length);
    expect(read('11000000 00000000')).toMatchObject({ version: 1, maximumResponseTime: 100 });
    expect(read('11640000 ef010203')).toMatchObject({ version: 2, maximumResponseTime: 100, group: GROUP });
    expect(read('11640000 00000000 027d0000')).toMatchObject({
      version: 3,
      group: UNSPECIFIED_IPV4,
      robustness: 2,
      interval: 125,
      sources: [],
    });
    expect(read('11640000 00000000 02')).toBe('bad-length');
    expect(read('11640000 ef010203 027d0001')).toBe('truncated');
  });

  it('reads long times as mantissa and exponent (RFC 3376 4.1.1)', () => {
    expect([127, 128, 0x8a, 0xff].map(igmp.timeOfCode)).toEqual([127, 128, 208, 31_744]);
  });

  it('reads the queries and reports that it writes', () => {
    const query = fc.record({
      group: address,
      maximumResponseTime: fc.nat(127),
      robustness: fc.nat(7),
      interval: fc.nat(127),
      sources,
    });
    fc.assert(
      fc.property(query, asked => {
        const bytes = igmp.igmpQueryV3(asked);
        expect(igmp.checkIgmp(bytes, 0, bytes.length)).toBeUndefined();
        expect(igmp.parseIgmpQuery(bytes, 0, bytes.length)).toEqual({ version: 3, ...asked });
      }),
    );
    const record = fc.record({ type: fc.integer({ min: 1, max: 6 }), group: address, sources });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), records => {
        const bytes = igmp.igmpReportV3(records);
        expect(igmp.checkIgmp(bytes, 0, bytes.length)).toBeUndefined();
        expect(igmp.parseGroupRecords(bytes, 0, bytes.length)).toEqual(records);
      }),
    );
  });

  it('reads nothing past the end of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), bytes => {
        const { inside, untouched } = windowOf(bytes);
        for (const read of [igmp.parseIgmpQuery, igmp.parseGroupRecords]) {
          expect(read(inside, 0, inside.length)).toEqual(read(Uint8Array.from(bytes), 0, bytes.length));
        }
        expect(untouched()).toBe(true);
      }),
    );
  });
});
