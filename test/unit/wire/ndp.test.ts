import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6FromBigInt, isMulticastIpv6, parseIpv6, type Ipv6Address } from '../../../src/net/ipv6-address';
import { ipv6PrefixOf } from '../../../src/net/ipv6-prefix';
import { macFromNumber, parseMac } from '../../../src/net/mac-address';
import {
  MLD_RECORD,
  mldReportBytes,
  parseMldQuery,
  parseMldReport,
  routerAlertHeader,
} from '../../../src/wire/mld';
import { ndpBytes, parseNdp, type NdpMessage } from '../../../src/wire/ndp';
import { ndpOptionBytes, parseNdpOptions, type NdpOption } from '../../../src/wire/ndp-option';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const address = (text: string): Ipv6Address => parseIpv6(text)!;

/** The message with a checksum of zero, as it is emitted. */
const emitted = (hex: string): string => {
  const b = bytesOf(hex);
  b[2] = 0;
  b[3] = 0;
  return hexOf(b);
};

/** Messages of Linux 6.18 and radvd 2.19 as captured, and what they mean. */
const CAPTURED: readonly (readonly [string, NdpMessage])[] = [
  [
    '8500 7aaa 0000 0000 0101 0200 0000 0042',
    {
      kind: 'router-solicitation',
      options: [{ kind: 'source-link-layer', mac: parseMac('02:00:00:00:00:42')! }],
    },
  ],
  [
    '8700 deb0 0000 0000 fe80 0000 0000 0000 0000 00ff fe00 0042 0e01 8055 ae38 615b',
    {
      kind: 'neighbour-solicitation',
      target: address('fe80::ff:fe00:42'),
      options: [{ kind: 'nonce', nonce: bytesOf('8055 ae38 615b') }],
    },
  ],
  [
    '8800 0000 e000 0000 2001 0db8 0001 0000 0000 0000 0000 0001 0201 0200 0000 0102',
    {
      kind: 'neighbour-advertisement',
      router: true,
      solicited: true,
      override: true,
      target: address('2001:db8:1::1'),
      options: [{ kind: 'target-link-layer', mac: parseMac('02:00:00:00:01:02')! }],
    },
  ],
  [
    `8600 0000 4040 0708 0000 0000 0000 0000 0304 40c0 0001 5180 0000 3840 0000 0000 2001 0db8 0001 0000 0000 0000 0000 0000
     1903 0000 0000 0258 2001 0db8 0001 0000 0000 0000 0000 0053 0101 0200 0000 0102`,
    {
      kind: 'router-advertisement',
      hopLimit: 64,
      managed: false,
      otherConfiguration: true,
      preference: 'medium',
      lifetime: 1800,
      reachableTime: 0,
      retransmitTime: 0,
      options: [
        {
          kind: 'prefix',
          prefix: { network: address('2001:db8:1::'), length: 64 },
          onLink: true,
          autonomous: true,
          validLifetime: 86400,
          preferredLifetime: 14400,
        },
        { kind: 'dns-servers', lifetime: 600, servers: [address('2001:db8:1::53')] },
        { kind: 'source-link-layer', mac: parseMac('02:00:00:00:01:02')! },
      ],
    },
  ],
];

const anyAddress = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(ipv6FromBigInt);
const unicast = anyAddress.filter(each => !isMulticastIpv6(each));
const lifetime = fc.nat(0xffffffff);
const mac = fc.nat(2 ** 31).map(number => macFromNumber(number * 32768));
const label = fc.stringMatching(/^[a-z]{1,9}$/);
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map(labels => labels.join('.'));

const option: fc.Arbitrary<NdpOption> = fc.oneof(
  mac.map((each): NdpOption => ({ kind: 'source-link-layer', mac: each })),
  mac.map((each): NdpOption => ({ kind: 'target-link-layer', mac: each })),
  fc.record({
    kind: fc.constant('prefix' as const),
    prefix: fc.tuple(anyAddress, fc.nat(128)).map(([each, length]) => ipv6PrefixOf(each, length)),
    onLink: fc.boolean(),
    autonomous: fc.boolean(),
    validLifetime: lifetime,
    preferredLifetime: lifetime,
  }),
  fc.nat(20).map((units): NdpOption => ({ kind: 'redirected', packet: new Uint8Array(units * 8).fill(7) })),
  lifetime.map((mtu): NdpOption => ({ kind: 'mtu', mtu })),
  fc.uint8Array({ minLength: 6, maxLength: 6 }).map((nonce): NdpOption => ({ kind: 'nonce', nonce })),
  fc.record({
    kind: fc.constant('dns-servers' as const),
    lifetime,
    servers: fc.array(anyAddress, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('dns-search' as const),
    lifetime,
    domains: fc.array(domain, { minLength: 1, maxLength: 3 }),
  }),
  fc
    .uint8Array({ minLength: 6, maxLength: 6 })
    .map((data): NdpOption => ({ kind: 'other', type: 200, data })),
);
const options = fc.array(option, { maxLength: 5 });

const message: fc.Arbitrary<NdpMessage> = fc.oneof(
  fc.record({ kind: fc.constant('router-solicitation' as const), options }),
  fc.record({
    kind: fc.constant('router-advertisement' as const),
    hopLimit: fc.nat(255),
    managed: fc.boolean(),
    otherConfiguration: fc.boolean(),
    preference: fc.constantFrom('low' as const, 'medium' as const, 'high' as const),
    lifetime: fc.nat(65535),
    reachableTime: lifetime,
    retransmitTime: lifetime,
    options,
  }),
  fc.record({ kind: fc.constant('neighbour-solicitation' as const), target: unicast, options }),
  fc.record({
    kind: fc.constant('neighbour-advertisement' as const),
    router: fc.boolean(),
    solicited: fc.boolean(),
    override: fc.boolean(),
    target: unicast,
    options,
  }),
  fc.record({ kind: fc.constant('redirect' as const), target: unicast, destination: unicast, options }),
);

describe('messages of neighbour discovery', () => {
  it.each(CAPTURED)('captured: %s', (hex, meaning) => {
    const b = bytesOf(hex);
    expect(parseNdp(b, 0, b.length)).toEqual(meaning);
    expect(hexOf(ndpBytes(meaning))).toBe(emitted(hex));
  });

  it('are parsed as they were emitted', () => {
    fc.assert(
      fc.property(message, each => {
        const b = ndpBytes(each);
        expect(parseNdp(b, 0, b.length)).toEqual(each);
      }),
    );
  });

  it('are refused when RFC 4861 says so', () => {
    const [, [solicitation] = ['']] = CAPTURED;
    const judge = (at: number, value: number): unknown => {
      const b = bytesOf(solicitation);
      b[at] = value;
      return parseNdp(b, 0, b.length);
    };
    expect(judge(1, 1)).toBe('bad-value');
    expect(judge(8, 0xff)).toBe('bad-value');
    // An option of length zero would never end.
    expect(judge(25, 0)).toBe('bad-option');
    expect(judge(25, 2)).toBe('bad-option');
    expect(judge(0, 138)).toBe('bad-value');
    const b = bytesOf(solicitation);
    expect(parseNdp(b, 0, 20)).toBe('truncated');
  });

  it('pass over options that do not fit their kind', () => {
    const b = bytesOf('0102 0000 0000 0000 0000 0000 0000 0000');
    expect(parseNdpOptions(b, 0, b.length)).toEqual([{ kind: 'other', type: 1, data: new Uint8Array(14) }]);
    expect(hexOf(ndpOptionBytes([{ kind: 'mtu', mtu: 1400 }]))).toBe('0501000000000578');
  });

  it('never make the parser throw or look beyond their end', () => {
    const types = fc.constantFrom(133, 134, 135, 136, 137);
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 90 }), (type, bytes) => {
        const whole = Uint8Array.from([type, 0, 0, 0, ...bytes]);
        const { inside } = windowOf(whole);
        expect(parseNdp(inside, 0, inside.length)).toEqual(parseNdp(whole, 0, whole.length));
      }),
    );
  });
});

describe('messages of multicast listener discovery', () => {
  /** A report of Linux 6.18 that joins one group. */
  const REPORT = '8f00 7185 0000 0001 0400 0000 ff02 0000 0000 0000 0000 0001 ff00 0042';

  it('captured', () => {
    const b = bytesOf(REPORT);
    const records = [{ type: MLD_RECORD.changeToExclude, group: address('ff02::1:ff00:42'), sources: [] }];
    expect(parseMldReport(b, 0, b.length)).toEqual(records);
    expect(hexOf(mldReportBytes(records))).toBe(emitted(REPORT));
    expect(hexOf(routerAlertHeader(58))).toBe('3a00050200000100');
  });

  it('are parsed as they were emitted', () => {
    const record = fc.record({
      type: fc.nat(255),
      group: anyAddress,
      sources: fc.array(anyAddress, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), records => {
        const b = mldReportBytes(records);
        expect(parseMldReport(b, 0, b.length)).toEqual(records);
      }),
    );
  });

  it('have a response delay that may be a floating-point number (RFC 3810 5.1.3)', () => {
    const query = (code: string): unknown => {
      const b = bytesOf(`8200 0000 ${code} 0000 ${'00'.repeat(16)} 027d 0000`);
      return parseMldQuery(b, 0, b.length);
    };
    expect(query('2710')).toEqual({ maximumResponseDelay: 10_000, group: 0n });
    expect(query('8001')).toEqual({ maximumResponseDelay: 0x1001 * 8, group: 0n });
    expect(query('ffff')).toEqual({ maximumResponseDelay: 0x1fff * 1024, group: 0n });
  });

  it('never make the parser throw or look beyond their end', () => {
    fc.assert(
      fc.property(fc.constantFrom(130, 143), fc.uint8Array({ maxLength: 70 }), (type, bytes) => {
        const whole = Uint8Array.from([type, 0, 0, 0, ...bytes]);
        const { inside } = windowOf(whole);
        expect(parseMldReport(inside, 0, inside.length)).toEqual(parseMldReport(whole, 0, whole.length));
        expect(parseMldQuery(inside, 0, inside.length)).toEqual(parseMldQuery(whole, 0, whole.length));
      }),
    );
  });
});
