/** What a node does with packets for it: extension headers (RFC 8200 4), fragments (4.5), echoes and errors (RFC 4443). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragmentsOf } from '../../../../../src/engine/stack/ipv6/fragmentation';
import { writeFragmentHeader } from '../../../../../src/wire/ipv6-extension';
import { bytesOf, hexOf } from '../../../wire/bytes-of';
import {
  echoV6,
  icmpv6Frame,
  icmpv6Of,
  ipv6Frame,
  IPV6,
  IPV6_PAYLOAD,
  udpV6Frame,
  type Ipv6Ends,
} from '../../ipv6-packets';
import { frameProblems, word } from '../../packets';
import { mac } from '../../topologies';
import { Ipv6Bench } from './ipv6-bench';

const OWN = '2001:db8::7';
const HOST = '2001:db8::2';

function ready(): { readonly bench: Ipv6Bench; readonly ends: Ipv6Ends } {
  const bench = Ipv6Bench.ready([`${OWN}/64`]);
  bench.introduce(HOST);
  bench.takeReasons();
  return { bench, ends: bench.ends(OWN, HOST) };
}

/** An echo request behind these extension headers. */
function echoBehind(ends: Ipv6Ends, first: number, headers: string): Uint8Array {
  return icmpv6Frame(ends, echoV6(128, 7, 1), { first, headers: bytesOf(headers) });
}

const REPLY = `${OWN} > ${HOST} echo reply 1`;

/** Type, code and pointer of the one ICMPv6 error that came back. */
function problemOf(bench: Ipv6Bench, frame: Uint8Array): readonly number[] | string[] {
  bench.station().send(frame);
  bench.run(0.001);
  const [answer] = bench.station().take();
  if (answer === undefined) {
    return bench.takeReasons();
  }
  const message = icmpv6Of(answer);
  return [message[0]!, message[1]!, (word(message, 4) << 16) | word(message, 6)];
}

describe('extension headers', () => {
  it.each([
    ['hop-by-hop options with padding', 0, '3a00 0104 0000 0000'],
    ['a router alert', 0, '3a00 0502 0000 0100'],
    ['options that may be skipped', 60, '3a00 1e04 0000 0000'],
    ['a routing header without segments left', 43, '3a00 0000 0000 0000'],
    ['all of them', 0, '2b00 0104 0000 0000 3c00 0000 0000 0000 3a00 0104 0000 0000'],
    ['an atomic fragment (RFC 6946)', 44, '3a00 0000 1234 5678'],
  ])('are obeyed: %s', (_what, first, headers) => {
    const { bench, ends } = ready();
    expect(bench.inject(echoBehind(ends, first, headers))).toEqual([REPLY]);
  });

  it.each([
    ['an option whose type says to discard', 60, '3a00 4004 0000 0000', ['extension-header-refused']],
    ['an option whose type says to report', 60, '3a00 8004 0000 0000', [4, 2, 42]],
    ['the same for groups only', 60, '3a00 c004 0000 0000', [4, 2, 42]],
    ['a routing header with segments left (RFC 5095)', 43, '3a00 0001 0000 0000', [4, 0, 42]],
    ['hop-by-hop options in second place', 60, '0000 0104 0000 0000 3a00 0104 0000 0000', [4, 1, 40]],
    ['an unknown next header', 60, '9900 0104 0000 0000', [4, 1, 40]],
    ['nothing behind them', 60, '3b00 0104 0000 0000', ['protocol-unreachable']],
    [
      'more than eight options',
      60,
      '3a02 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 1e00 0102 0000',
      ['extension-header-refused'],
    ],
    ['an option that runs over its header', 60, '3a00 1e05 0000 0000', ['malformed']],
    [
      'more headers than any sender needs',
      60,
      `${'3c00 0104 0000 0000'.repeat(9)} 3a00 0104 0000 0000`,
      ['extension-header-refused'],
    ],
  ] as const)('are refused: %s', (_what, first, headers, outcome) => {
    const { bench, ends } = ready();
    expect(problemOf(bench, echoBehind(ends, first, headers))).toEqual(outcome);
  });
});

describe('fragments', () => {
  /** An echo request with so many bytes of data, cut by hand. */
  const whole = (ends: Ipv6Ends, size: number): Uint8Array => icmpv6Frame(ends, echoV6(128, 7, 1, size));

  function fragment(frame: Uint8Array, offset: number, length: number, more: boolean, id = 9): Uint8Array {
    const part = frame.subarray(IPV6_PAYLOAD + offset, IPV6_PAYLOAD + offset + length);
    const bytes = new Uint8Array(IPV6_PAYLOAD + 8 + part.length);
    bytes.set(frame.subarray(0, IPV6_PAYLOAD));
    bytes[IPV6 + 4] = (8 + part.length) >>> 8;
    bytes[IPV6 + 5] = (8 + part.length) & 255;
    bytes[IPV6 + 6] = 44;
    writeFragmentHeader(bytes, IPV6_PAYLOAD, 58, offset, more, id);
    bytes.set(part, IPV6_PAYLOAD + 8);
    return bytes;
  }

  it('are put together in any order, each once', () => {
    const { bench, ends } = ready();
    const frame = whole(ends, 92);
    expect(bench.inject(fragment(frame, 80, 20, false))).toEqual([]);
    expect(bench.inject(fragment(frame, 0, 40, true))).toEqual([]);
    expect(bench.inject(fragment(frame, 0, 40, true))).toEqual([]);
    expect(bench.takeReasons()).toEqual(['fragment-repeated']);
    expect(bench.inject(fragment(frame, 40, 40, true))).toEqual([REPLY]);
  });

  it('of different packets do not mix', () => {
    const { bench, ends } = ready();
    const frame = whole(ends, 56);
    expect(bench.inject(fragment(frame, 0, 32, true, 1))).toEqual([]);
    expect(bench.inject(fragment(frame, 32, 32, false, 2))).toEqual([]);
    expect(bench.inject(fragment(frame, 32, 32, false, 1))).toEqual([REPLY]);
  });

  it('that overlap end their packet (RFC 5722)', () => {
    const { bench, ends } = ready();
    const frame = whole(ends, 92);
    bench.inject(fragment(frame, 0, 48, true));
    bench.inject(fragment(frame, 40, 40, true));
    expect(bench.takeReasons()).toEqual(['fragments-overlap']);
    bench.run(61);
    expect(
      bench
        .station()
        .lines()
        .filter(line => line.includes('icmpv6 3')),
    ).toEqual([]);
  });

  it('that do not all come are given up after 60 s, which the sender is told when the first one came', () => {
    const { bench, ends } = ready();
    const frame = whole(ends, 56);
    bench.inject(fragment(frame, 0, 32, true, 1));
    bench.inject(fragment(frame, 32, 32, false, 2));
    bench.run(59);
    expect(
      bench
        .station()
        .lines()
        .filter(line => line.includes('icmpv6')),
    ).toEqual([]);
    bench.introduce(HOST);
    bench.takeReasons();
    bench.run(1.1);
    expect(bench.takeReasons()).toEqual(['fragments-missing', 'fragments-missing']);
    expect(bench.station().lines()).toEqual([`${OWN} > ${HOST} icmpv6 3/1`]);
  });

  it('of a wrong length or beyond the longest packet are told to the sender', () => {
    const { bench, ends } = ready();
    const frame = whole(ends, 56);
    expect(problemOf(bench, fragment(frame, 0, 33, true))).toEqual([4, 0, 4]);
    const beyond = fragment(frame, 0, 32, false);
    writeFragmentHeader(beyond, IPV6_PAYLOAD, 58, 65528, false, 9);
    expect(problemOf(bench, beyond)).toEqual([4, 0, 42]);
  });

  it('are what they were before they were cut, whatever their size', () => {
    const { bench, ends } = ready();
    fc.assert(
      fc.property(
        fc.integer({ min: 1300, max: 9000 }),
        fc.integer({ min: 1280, max: 1500 }),
        fc.nat(),
        (size, mtu, seed) => {
          const frame = whole(ends, size);
          const parts = fragmentsOf(frame, IPV6, mtu, seed, length => new Uint8Array(length));
          expect(parts.every(part => part.length - IPV6 <= mtu)).toBe(true);
          const order = parts.map((part, index) => ({ part, key: (index * 7919 + seed) % 101 }));
          order
            .sort((a, b) => a.key - b.key)
            .forEach(({ part }) => {
              bench.station().send(part);
            });
          bench.run(0.01);
          const answers = bench.station().take();
          const data = answers.flatMap(bytes => [
            ...bytes.subarray(IPV6_PAYLOAD + (bytes[IPV6 + 6] === 44 ? 8 : 0)),
          ]);
          expect(hexOf(Uint8Array.from(data.slice(8)))).toBe(hexOf(frame.subarray(IPV6_PAYLOAD + 8)));
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('an echo request', () => {
  it('to a group is answered from an address of its own', () => {
    const { bench, ends } = ready();
    const frame = icmpv6Frame(
      { ...bench.ends('ff02::1', HOST), toMac: mac('33:33:00:00:00:01') },
      echoV6(128, 7, 1),
    );
    expect(bench.inject(frame)).toEqual([REPLY]);
    expect(ends.to).toBeDefined();
  });

  it('from nobody, or with a wrong checksum, is not answered', () => {
    const { bench, ends } = ready();
    expect(bench.inject(icmpv6Frame(bench.ends(OWN, '::'), echoV6(128, 7, 1)))).toEqual([]);
    const frame = icmpv6Frame(ends, echoV6(128, 7, 1));
    frame[frame.length - 1]! ^= 1;
    expect(bench.inject(frame)).toEqual([]);
    expect(bench.takeReasons()).toEqual(['source-invalid', 'checksum-wrong']);
  });
});

describe('errors', () => {
  it('answer a datagram to a closed port, and quote it', () => {
    const { bench, ends } = ready();
    const frame = udpV6Frame(ends, 4000, 9999);
    bench.station().send(frame);
    bench.run(0.001);
    const [answer] = bench.station().take();
    const message = icmpv6Of(answer!);
    expect([message[0], message[1]]).toEqual([1, 4]);
    expect(hexOf(message.subarray(8))).toBe(hexOf(frame.subarray(IPV6)));
    expect(frameProblems(answer!)).toEqual([]);
  });

  it('come six at once and then one each 0.1 s, as measured', () => {
    const { bench, ends } = ready();
    for (let probe = 0; probe < 200; probe++) {
      bench.inject(udpV6Frame(ends, 4000, 9999), 0);
    }
    const times = bench.recorder.sent.filter(({ port, bytes }) => port === 0 && bytes[IPV6_PAYLOAD] === 1);
    expect(times).toHaveLength(7);
  });

  it('do not answer errors, groups or nobody (RFC 4443 2.4)', () => {
    const { bench, ends } = ready();
    const group = { ...bench.ends('ff02::1', HOST), toMac: mac('33:33:00:00:00:01') };
    const error = new Uint8Array(8 + 40);
    error[0] = 1;
    const sent = [
      icmpv6Frame(ends, error),
      udpV6Frame(group, 4000, 9999),
      udpV6Frame(bench.ends(OWN, '::'), 4000, 9999),
    ];
    expect(sent.flatMap(frame => bench.inject(frame))).toEqual([]);
  });
});

describe('any bytes', () => {
  it('are taken without a throw, and nothing wrong is said about them', () => {
    const { bench, ends } = ready();
    const router = Ipv6Bench.ready([`${OWN}/64`, '2001:db8:1::7/64'], { forwarding: true });
    const next = fc.constantFrom(0, 6, 17, 43, 44, 50, 58, 59, 60, 135, 255);
    const to = fc.constantFrom(OWN, 'ff02::1', 'ff02::1:ff00:7', '2001:db8:1::9', 'fe80::ff:fe00:41', '::1');
    const from = fc.constantFrom(HOST, '::', 'ff02::9', 'fe80::2', OWN);
    fc.assert(
      fc.property(
        next,
        to,
        from,
        fc.nat(255),
        fc.uint8Array({ maxLength: 120 }),
        (header, target, source, hops, payload) => {
          for (const each of [bench, router]) {
            const frame = ipv6Frame(each.ends(target, source), payload, {
              nextHeader: header,
              hopLimit: hops,
            });
            each.station().send(frame);
            // With a right checksum more of it is believed.
            if (header === 58 && payload.length >= 4) {
              each.station().send(icmpv6Frame(each.ends(target, source), payload.slice(), { hopLimit: 255 }));
            }
            each.run(0.001);
          }
        },
      ),
      { numRuns: 400 },
    );
    bench.run(120);
    router.run(120);
    for (const each of [bench, router]) {
      expect(
        each.recorder.sent.filter(({ port }) => port < 100).flatMap(({ bytes }) => frameProblems(bytes)),
      ).toEqual([]);
      expect(each.recorder.changedFrames).toEqual([]);
    }
    expect(ends.from).toBeDefined();
  });
});
