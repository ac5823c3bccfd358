/** The comparison with the kernel, proved able to fail: each thing it compares is made wrong once, and must be named. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../kernel/action';
import type { Capture, CapturedFrame } from '../../kernel/capture';
import { compareCaptures, type Difference } from '../../kernel/comparison';
import { runInEngine } from '../../kernel/engine-world';
import { fieldsOf } from '../../kernel/frame-fields';
import { FREE_FIELDS, TIME_TOLERANCE } from '../../kernel/freedom';
import { MASQUERADING_HOME } from '../../kernel/planned-networks';

const SERVER = '203.0.113.80';
const PORT = 40010;
const IDENTIFIER = 4660;

const ACTIONS: readonly Action[] = [
  { kind: 'ping', from: 'a', to: SERVER, count: 2, identifier: IDENTIFIER },
  { kind: 'ping', from: 'b', to: SERVER, count: 1, identifier: IDENTIFIER },
  {
    kind: 'datagram',
    from: 'a',
    fromPort: PORT,
    to: SERVER,
    toPort: 9,
    text: 'nobody listens',
    answered: false,
  },
];

const engine = runInEngine(MASQUERADING_HOME, [], ACTIONS);

/** What the kernel would have captured: the same, on another clock and without knowing causes. */
const kernel = changed(engine, frame => ({ time: frame.time + 1e15, bytes: frame.bytes }), 1e15);

/** Where the echo requests and their answers are at router:wan, behind the ARP request and reply; then those of b and the datagram. */
const WAN = { request: 2, reply: 3, secondRequest: 4, requestOfB: 6, replyToB: 7, datagram: 8, error: 9 };

function changed(
  capture: Capture,
  change: (frame: CapturedFrame, point: string, index: number) => CapturedFrame,
  delay = 0,
): Capture {
  return {
    points: new Map(
      [...capture.points].map(([point, frames]) => [
        point,
        frames.map((frame, index) => change(frame, point, index)),
      ]),
    ),
    actions: capture.actions.map(start => start + delay),
  };
}

/** The kernel's capture with one point rewritten. */
function withPoint(
  point: string,
  rewrite: (frames: readonly CapturedFrame[]) => readonly CapturedFrame[],
): Capture {
  return { ...kernel, points: new Map([...kernel.points, [point, rewrite(kernel.points.get(point)!)]]) };
}

/** The kernel's capture with these bytes of one frame changed. */
function withBytes(point: string, index: number, change: (bytes: Uint8Array) => void): Capture {
  return withPoint(point, frames =>
    frames.map((frame, at) => {
      const bytes = Uint8Array.from(frame.bytes);
      if (at === index) {
        change(bytes);
      }
      return { ...frame, bytes };
    }),
  );
}

function differences(one: Capture, other: Capture = engine): readonly Difference[] {
  return compareCaptures(one, other, { fixed: [IDENTIFIER, PORT, 9] }).differences;
}

/** Where and what, in short. */
function found(one: Capture, other: Capture = engine): string[] {
  return differences(one, other).map(({ point, frame, what }) => `${point} ${frame} ${what}`);
}

/** Makes an IP header checksum right again. */
function correctHeader(bytes: Uint8Array, at = 14): void {
  const view = new DataView(bytes.buffer, at);
  view.setUint16(10, 0);
  let sum = 0;
  for (let word = 0; word < 20; word += 2) {
    sum += view.getUint16(word);
  }
  view.setUint16(10, ~((sum & 0xffff) + (sum >>> 16)));
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer).setUint16(at, value);
}

/** Adds to a word of an ICMP message and takes as much from its checksum, which stays right. */
function addToIcmp(bytes: Uint8Array, at: number, amount: number): void {
  const view = new DataView(bytes.buffer);
  view.setUint16(at, view.getUint16(at) + amount);
  view.setUint16(36, view.getUint16(36) - amount);
}

describe('what is free', () => {
  test('captures on different clocks agree', () => {
    expect(differences(kernel)).toEqual([]);
  });

  test('other identifications, sending times and NAT choices agree when they are used the same way', () => {
    // Another seed takes every random choice anew.
    const other = runInEngine(MASQUERADING_HOME, [], ACTIONS, 2);
    expect(other.points).not.toEqual(engine.points);
    expect(differences(kernel, other)).toEqual([]);
  });

  test('every freedom has a reason', () => {
    expect(FREE_FIELDS.map(({ field }) => field)).toEqual([
      ...new Set(FREE_FIELDS.map(({ field }) => field)),
    ]);
    expect(FREE_FIELDS.every(({ reason }) => reason.length > 40)).toBe(true);
  });
});

describe('what is not free', () => {
  test('a missing frame', () => {
    const one = withPoint('router:wan', frames => frames.filter((_, index) => index !== WAN.reply));
    expect(found(one)).toEqual([`router:wan ${WAN.reply + 1} frame`]);
    expect(differences(one)[0]).toMatchObject({
      kernel: '(none)',
      engine: expect.stringContaining('echo reply 1'),
    });
  });

  test('a frame too many', () => {
    const one = withPoint('server:eth0', frames => [...frames, frames.at(-1)!]);
    expect(found(one)).toEqual([`server:eth0 ${kernel.points.get('server:eth0')!.length + 1} frame`]);
  });

  test('frames in another order', () => {
    const one = withPoint('router:wan', frames => {
      const times = frames.map(({ time }) => time);
      const swapped = [...frames];
      [swapped[WAN.reply], swapped[WAN.secondRequest]] = [frames[WAN.secondRequest]!, frames[WAN.reply]!];
      return swapped.map((frame, index) => ({ ...frame, time: times[index]! }));
    });
    expect(found(one).filter(line => line.endsWith(' order'))).toHaveLength(1);
  });

  test('a point that was not captured', () => {
    const points = new Map([...kernel.points].filter(([point]) => point !== 'bridge:pb'));
    expect(found({ ...kernel, points })).toEqual(['bridge:pb 0 point']);
  });

  test('a time to live that was not taken from, with a checksum that is right', () => {
    const one = withBytes('router:wan', WAN.request, bytes => {
      bytes[22]!++;
      correctHeader(bytes);
    });
    expect(found(one)).toEqual([
      `router:wan ${WAN.request + 1} ip.ttl`,
      `router:wan ${WAN.request + 1} ip.checksum`,
    ]);
    expect(differences(one)[0]).toMatchObject({ kernel: '64', engine: '63' });
  });

  test.each([
    ['IP header', WAN.request, 24, 'ip.checksum'],
    ['echo request', WAN.request, 36, 'icmp.checksum'],
    ['echo with a free identifier', WAN.requestOfB, 36, 'icmp.checksum'],
    ['UDP', WAN.datagram, 40, 'udp.checksum'],
    ['ICMP error', WAN.error, 36, 'icmp.checksum'],
    ['quoted IP header', WAN.error, 52, 'quoted ip.checksum'],
  ])('a wrong checksum: %s', (_, index, at, field) => {
    const one = withBytes('router:wan', index, bytes => {
      bytes[at]! ^= 0x10;
    });
    expect(found(one)).toEqual([`router:wan ${index + 1} ${field}`]);
  });

  test.each([
    ['source port', WAN.datagram, 34, 'udp.srcport'],
    ['destination port', WAN.datagram, 36, 'udp.dstport'],
    ['echo identifier', WAN.request, 38, 'icmp.ident'],
    ['sequence number', WAN.request, 40, 'icmp.seq'],
    ['quoted source port', WAN.error, 62, 'quoted udp.srcport'],
  ])('a wrong %s', (_, index, at, field) => {
    const one = withBytes('router:wan', index, bytes => {
      setWord(bytes, at, 12345);
    });
    expect(found(one)).toContain(`router:wan ${index + 1} ${field}`);
  });

  test('a NAT that gives the answers of a free identifier another one', () => {
    const one = withBytes('router:wan', WAN.replyToB, bytes => {
      addToIcmp(bytes, 38, 1);
    });
    expect(found(one)).toContain(`router:wan ${WAN.replyToB + 1} icmp.ident`);
  });

  test('a router that changes the identification, with a checksum that is right', () => {
    const one = changed(kernel, (frame, point, index) => {
      const bytes = Uint8Array.from(frame.bytes);
      const isOutside = point === 'router:wan' || point === 'server:eth0';
      if (isOutside && index === WAN.request) {
        setWord(bytes, 18, 0xbeef);
        correctHeader(bytes);
      }
      return { ...frame, bytes };
    });
    expect(found(one)).toContain(`router:wan ${WAN.request + 1} ip.id`);
  });

  test('an identification of 0', () => {
    const one = withBytes('router:wan', WAN.request, bytes => {
      setWord(bytes, 18, 0);
      correctHeader(bytes);
    });
    expect(found(one)).toContain(`router:wan ${WAN.request + 1} ip.id`);
  });

  test('a reply that does not carry the time of its request, with a checksum that is right', () => {
    const one = withBytes('router:wan', WAN.reply, bytes => {
      addToIcmp(bytes, 42, 1);
    });
    expect(found(one)).toContain(`router:wan ${WAN.reply + 1} icmp.data_time`);
  });

  test('bytes behind the packet', () => {
    const one = withPoint('router:wan', frames =>
      frames.map((frame, at) => ({
        ...frame,
        bytes: at === 2 ? Uint8Array.from([...frame.bytes, 0]) : frame.bytes,
      })),
    );
    expect(found(one)).toEqual(['router:wan 3 eth.trailer']);
  });

  test('a frame that comes late', () => {
    const late = (by: number): Capture => ({
      ...withPoint('server:eth0', frames =>
        frames.map((frame, index) =>
          index < WAN.secondRequest ? frame : { ...frame, time: frame.time + by },
        ),
      ),
      actions: kernel.actions.map((start, index) => (index === 0 ? start : start + by)),
    });
    expect(found(late(TIME_TOLERANCE + 1e6)).filter(line => line.startsWith('server'))).toContain(
      `server:eth0 ${WAN.secondRequest + 1} time`,
    );
    expect(found(late(TIME_TOLERANCE / 2)).filter(line => line.endsWith('time'))).toEqual([]);
  });

  test('a frame that comes after another action', () => {
    const one = {
      ...kernel,
      actions: kernel.actions.map((start, index) => (index === 1 ? start - 600e6 : start)),
    };
    expect(found(one)).toContain(`router:wan ${WAN.secondRequest + 1} action`);
  });

  test('an effect before its cause', () => {
    // The server has sent the reply 1 ns before it receives the request.
    const one = withPoint('server:eth0', frames =>
      frames.map((frame, index) =>
        index === WAN.reply ? { ...frame, time: frames[WAN.request]!.time - 1 } : frame,
      ),
    );
    expect(found(one)).toEqual([`server:eth0 ${WAN.reply + 1} cause`]);
  });

  test('any single bit', () => {
    const places = [...kernel.points].flatMap(([point, frames]) =>
      frames.flatMap(({ bytes }, index) => Array.from(bytes, (_, at) => ({ point, index, at }))),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.integer({ min: 0, max: 7 }), ({ point, index, at }, bit) => {
        const one = withBytes(point, index, bytes => {
          bytes[at]! ^= 1 << bit;
        });
        const all = differences(one);
        expect(all).not.toEqual([]);
        const field = fieldsOf(kernel.points.get(point)![index]!.bytes).find(
          ({ start, length }) => start <= at && at < start + length,
        );
        // A free value that is wrong once may be found where it is right, since only their being equal counts.
        const isFree = FREE_FIELDS.some(free => field?.name.endsWith(free.field));
        expect(isFree || all.some(difference => difference.point === point)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
