import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LINUX_IGMP } from '../../../../../src/engine/stack/igmp/linux-igmp-policy';
import { IGMP_TYPE, igmpMessage, igmpQueryV3, igmpReportV3 } from '../../../../../src/wire/igmp';
import { formatIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../../../src/net/ipv4-address';
import { dissect } from '../../../../../src/trace/dissect/dissect';
import { groupFrame } from '../../../trace/group-frames';
import { Bench, SECOND } from '../../station';
import { ip } from '../../topologies';

const GROUP = ip('239.1.2.3');
const OTHER = ip('239.1.2.4');

/** A host with one interface. */
function host() {
  const bench = new Bench(['10.1.0.1/24']);
  const on = bench.stack.interfaces[0]!;
  const station = bench.station();
  const { igmp } = bench.stack;
  return {
    bench,
    igmp,
    on,
    join: (group: Ipv4Address) => igmp.join(group, on),
    leave: (group: Ipv4Address) => {
      igmp.leave(group, on);
    },
    hear: (message: Uint8Array, to = ip('224.0.0.1')) => {
      bench.inject(groupFrame(message, to));
    },
    /** What it says within so many seconds: when, to whom and what. */
    says: (seconds: number) => {
      bench.simulator.runUntil(bench.simulator.now + seconds * SECOND);
      return station.heard.splice(0).map(({ time, bytes }) => ({
        time: time / SECOND,
        line: `${dissect(bytes).columns.destination} ${dissect(bytes).columns.info}`,
      }));
    },
  };
}

const lines = (said: readonly { readonly line: string }[]): string[] => said.map(({ line }) => line);
const report = (what: string): string => `224.0.0.22 Membership Report / ${what}`;
const JOINED = report(`Join group ${formatIpv4(GROUP)} for any sources`);
const LEFT = report(`Leave group ${formatIpv4(GROUP)}`);
const general = (maximumResponseTime: number, robustness = 2): Uint8Array =>
  igmpQueryV3({ group: UNSPECIFIED_IPV4, maximumResponseTime, robustness, interval: 125, sources: [] });

describe('version 3 (RFC 3376)', () => {
  it('tells twice of a group joined and of one left, the second time within a second', () => {
    const { join, leave, says } = host();
    join(GROUP);
    const joined = says(5);
    expect(lines(joined)).toEqual([JOINED, JOINED]);
    expect(joined[1]!.time - joined[0]!.time).toBeLessThanOrEqual(1.01);
    leave(GROUP);
    expect(lines(says(5))).toEqual([LEFT, LEFT]);
  });

  it('tells as often as the querier wants', () => {
    const { join, hear, says } = host();
    join(OTHER);
    says(5);
    hear(general(10, 4));
    says(5);
    join(GROUP);
    expect(lines(says(10))).toEqual([JOINED, JOINED, JOINED, JOINED]);
  });

  it('leaves a group when the last one who wanted it goes', () => {
    const { join, leave, igmp, on, says } = host();
    join(GROUP);
    join(GROUP);
    says(5);
    leave(GROUP);
    expect(says(5)).toEqual([]);
    leave(GROUP);
    expect(lines(says(5))).toEqual([LEFT, LEFT]);
    leave(GROUP);
    expect(says(5)).toEqual([]);
    expect(igmp.groupsOf(on)).toEqual([]);
  });

  it('answers a question about all groups once, within its time, the newest first', () => {
    const { join, hear, says, bench } = host();
    join(GROUP);
    join(OTHER);
    says(5);
    const asked = bench.simulator.now / SECOND;
    hear(general(20));
    const said = says(60);
    expect(lines(said)).toEqual([
      `${report('Join group 239.1.2.4 for any sources')} / Join group 239.1.2.3 for any sources`,
    ]);
    expect(said[0]!.time - asked).toBeLessThanOrEqual(2.01);
  });

  it('says nothing to questions that concern it not', () => {
    const { join, hear, says } = host();
    join(GROUP);
    says(5);
    hear(
      igmpQueryV3({ group: OTHER, maximumResponseTime: 1, robustness: 2, interval: 125, sources: [] }),
      OTHER,
    );
    hear(igmpReportV3([]), ip('224.0.0.22'));
    hear(igmpMessage(0x99, 0, GROUP));
    expect(says(60)).toEqual([]);
  });
});

describe('older versions (RFC 2236, RFC 1112)', () => {
  it('are spoken as long as a querier of them may be there, and then no more', () => {
    const { join, hear, says, leave } = host();
    join(GROUP);
    says(5);
    hear(igmpMessage(IGMP_TYPE.query, 10, UNSPECIFIED_IPV4));
    expect(lines(says(5))).toEqual(['239.1.2.3 Membership Report group 239.1.2.3']);
    leave(GROUP);
    expect(lines(says(5))).toEqual(['224.0.0.2 Leave Group 239.1.2.3']);
    // RFC 3376 8.12: twice the interval and the answer time.
    says(2 * 125 + 10);
    join(GROUP);
    expect(lines(says(5))).toEqual([JOINED, JOINED]);
  });

  it('have a new group reported twice, the second time within ten seconds', () => {
    const { join, hear, says } = host();
    join(OTHER);
    says(5);
    hear(igmpMessage(IGMP_TYPE.query, 0, UNSPECIFIED_IPV4));
    expect(lines(says(11))).toEqual(['239.1.2.4 Membership Report']);
    join(GROUP);
    const said = says(20);
    expect(lines(said)).toEqual(['239.1.2.3 Membership Report', '239.1.2.3 Membership Report']);
    expect(said[1]!.time - said[0]!.time).toBeLessThanOrEqual(10.01);
  });

  it('let a host be silent when another has answered, also when it leaves', () => {
    const { join, hear, says, leave } = host();
    join(GROUP);
    says(5);
    hear(igmpMessage(IGMP_TYPE.query, 255, UNSPECIFIED_IPV4));
    hear(igmpMessage(IGMP_TYPE.reportV2, 0, GROUP), GROUP);
    expect(says(60)).toEqual([]);
    leave(GROUP);
    expect(says(5)).toEqual([]);
  });
});

describe('bounds', () => {
  it('an interface takes no more groups than it can', () => {
    const { join } = host();
    for (let number = 0; number < LINUX_IGMP.memberships; number++) {
      expect(join(ip(`239.2.${number >>> 8}.${number & 255}`))).toBe(true);
    }
    expect(join(GROUP)).toBe(false);
    expect(join(ip('10.0.0.1'))).toBe(false);
  });

  it('no message whatever makes it throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }), messages => {
        const { join, hear, says, bench } = host();
        join(GROUP);
        for (const message of messages) {
          hear(message);
        }
        hear(Uint8Array.of(IGMP_TYPE.query, 0, 0, 0));
        says(30);
        expect(bench.takeReasons().length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});
