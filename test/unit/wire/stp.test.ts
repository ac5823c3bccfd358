import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { macFromNumber, parseMac } from '../../../src/net/mac-address';
import {
  BPDU_ROLES,
  bpduFrameBytes,
  compareBridgeIds,
  parseBpduFrame,
  writeBpduFrame,
  type Bpdu,
} from '../../../src/wire/stp';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const mac = (text: string) => parseMac(text)!;

/** As a Linux bridge of priority 32768 sends it, captured on Linux 6.18. */
const CONFIGURATION = bytesOf(`
  0180c2000000 0200000000f1 0026 424203
  0000 00 00 00 8000 0200000000f0 00000000 8000 0200000000f0 8001 0000 1400 0200 0f00`);

/** The first frame of a Cisco switch's RSTP, padded by its transmitter (802.1w_rapid_STP.pcap of tcpdump's tests). */
const RAPID = bytesOf(`
  0180c2000000 001906eab88c 0027 424203
  0000 02 02 0e 8001 001906eab880 00000000 8001 001906eab880 800c 0000 1400 0200 0f00 00 00000000000000`);

/** IEEE 802.1D-2004 9.3.2. */
const TOPOLOGY_CHANGE = bytesOf('0180c2000000 0200000000f1 0007 424203 0000 00 80');

function emitted(bpdu: Bpdu, source: string): string {
  const { inside, untouched } = windowOf(new Uint8Array(bpduFrameBytes(bpdu)));
  writeBpduFrame(bpdu, mac(source), inside);
  expect(untouched()).toBe(true);
  return hexOf(inside);
}

describe('BPDUs (IEEE 802.1D-2004 clause 9)', () => {
  const times = { messageAge: 0, maximumAge: 20 * 256, helloTime: 2 * 256, forwardDelay: 15 * 256 };

  it('a Configuration BPDU is the 52 bytes that Linux sends', () => {
    const bridge = { priority: 32768, mac: mac('02:00:00:00:00:f0') };
    const bpdu: Bpdu = {
      kind: 'configuration',
      version: 0,
      topologyChange: false,
      topologyChangeAcknowledgment: false,
      root: bridge,
      rootPathCost: 0,
      bridge,
      port: 0x8001,
      ...times,
    };
    expect(parseBpduFrame(CONFIGURATION)).toEqual(bpdu);
    expect(emitted(bpdu, '02:00:00:00:00:f1')).toBe(hexOf(CONFIGURATION));
  });

  it('a Rapid Spanning Tree BPDU is the 53 bytes that switches send', () => {
    const bridge = { priority: 32769, mac: mac('00:19:06:ea:b8:80') };
    const bpdu: Bpdu = {
      kind: 'rapid',
      version: 2,
      topologyChange: false,
      topologyChangeAcknowledgment: false,
      proposal: true,
      agreement: false,
      role: 'designated',
      learning: false,
      forwarding: false,
      root: bridge,
      rootPathCost: 0,
      bridge,
      port: 0x800c,
      ...times,
    };
    expect(parseBpduFrame(RAPID)).toEqual(bpdu);
    expect(emitted(bpdu, '00:19:06:ea:b8:8c')).toBe(hexOf(RAPID.subarray(0, 53)));
  });

  it('a Topology Change Notification is 21 bytes', () => {
    const bpdu: Bpdu = { kind: 'topology-change', version: 0 };
    expect(parseBpduFrame(TOPOLOGY_CHANGE)).toEqual(bpdu);
    expect(emitted(bpdu, '02:00:00:00:00:f1')).toBe(hexOf(TOPOLOGY_CHANGE));
  });

  it('come back as they were emitted', () => {
    const bridgeId = fc.record({
      priority: fc.nat(0xffff),
      mac: fc.nat(2 ** 48 - 1).map(macFromNumber),
    });
    const body = {
      topologyChange: fc.boolean(),
      topologyChangeAcknowledgment: fc.boolean(),
      root: bridgeId,
      rootPathCost: fc.nat(0xffffffff),
      bridge: bridgeId,
      port: fc.nat(0xffff),
      messageAge: fc.nat(0xffff),
      maximumAge: fc.nat(0xffff),
      helloTime: fc.nat(0xffff),
      forwardDelay: fc.nat(0xffff),
    };
    const anyBpdu: fc.Arbitrary<Bpdu> = fc.oneof(
      fc.record({ kind: fc.constant('configuration' as const), version: fc.nat(255), ...body }),
      fc.record({ kind: fc.constant('topology-change' as const), version: fc.nat(255) }),
      fc.record({
        kind: fc.constant('rapid' as const),
        version: fc.integer({ min: 2, max: 255 }),
        ...body,
        proposal: fc.boolean(),
        agreement: fc.boolean(),
        role: fc.constantFrom(...BPDU_ROLES),
        learning: fc.boolean(),
        forwarding: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(anyBpdu, bpdu => {
        const { inside, untouched } = windowOf(new Uint8Array(bpduFrameBytes(bpdu)));
        writeBpduFrame(bpdu, mac('02:00:00:00:00:01'), inside);
        expect(untouched()).toBe(true);
        expect(parseBpduFrame(inside)).toEqual(bpdu);
      }),
    );
  });

  it('any bytes give a value or a problem, and no BPDU is read from bytes that are not there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        expect(['string', 'object']).toContain(typeof parseBpduFrame(bytes));
      }),
    );
    for (const whole of [CONFIGURATION, RAPID.subarray(0, 53), TOPOLOGY_CHANGE]) {
      for (let length = 0; length < whole.length; length++) {
        expect(parseBpduFrame(whole.subarray(0, length))).toBe('truncated');
      }
    }
  });

  it.each([
    ['another LLC protocol', 14, 0xaa, 'bad-magic'],
    ['an EtherType', 12, 0x08, 'bad-magic'],
    ['another protocol identifier', 18, 1, 'bad-magic'],
    ['an unknown type', 20, 0x81, 'bad-value'],
    ['a rapid BPDU of version 0', 20, 2, 'bad-version'],
    ['a length field that is too small', 13, 37, 'truncated'],
  ])('%s is not read', (_what, at, value, problem) => {
    const bytes = CONFIGURATION.slice();
    bytes[at] = value;
    expect(parseBpduFrame(bytes)).toBe(problem);
  });
});

it('the better bridge has the smaller priority, then the smaller address', () => {
  const id = (priority: number, address: number) => ({ priority, mac: macFromNumber(address) });
  expect(compareBridgeIds(id(4096, 9), id(32768, 1))).toBeLessThan(0);
  expect(compareBridgeIds(id(4096, 9), id(4096, 1))).toBeGreaterThan(0);
  expect(compareBridgeIds(id(4096, 9), id(4096, 9))).toBe(0);
});
