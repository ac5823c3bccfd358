import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../../../src/trace/dissect/dissect';
import { PacketValues } from '../../../../src/trace/filter/packet-values';
import { ready } from '../../../../src/trace/filter/operands';
import { plainFields } from '../../../../src/trace/filter/plain-fields';
import { LINK_TYPE } from '../../../../src/trace/link-type';
import { groupFrames } from '../group-frames';
import { optionFrames } from '../option-frames';
import { sampleFrames } from '../sample-frames';

const frames = Object.entries({ ...sampleFrames(), ...optionFrames(), ...groupFrames() });

const PROTOCOLS = [
  ...['eth', 'vlan', 'arp', 'ip', 'ipv6', 'icmp', 'icmpv6', 'igmp', 'tcp', 'udp', 'llc', 'stp'],
  ...['dns', 'dhcp', 'http', 'ssh', 'vxlan', 'data', 'null', 'sll'],
];

const readers = plainFields().map(name => ({
  name,
  values: ready({ kind: 'field', name, at: 0, length: name.length }).values,
}));

/** What a filter reads of a frame, with and without the short way. */
function compare(bytes: Uint8Array, linkType: number): void {
  const { layers } = dissect(bytes, linkType);
  const long = new PacketValues({ bytes, layers });
  const short = new PacketValues({ bytes, layers, linkType });
  for (const { name, values } of readers) {
    expect([...values(short)], name).toEqual([...values(long)]);
    expect(short.has(name), name).toBe(long.has(name));
  }
  for (const name of PROTOCOLS) {
    expect(short.has(name), name).toBe(long.has(name));
    expect(short.layer(name), name).toEqual(long.layer(name));
  }
}

describe('a plain frame', () => {
  it.each(frames)('says of “%s” what its dissection says', (_, bytes) => {
    compare(bytes, LINK_TYPE.ethernet);
    compare(bytes.subarray(14), LINK_TYPE.raw);
  });

  it('says of damaged and cut frames what their dissection says', () => {
    const damage = fc.array(fc.record({ at: fc.nat(70), value: fc.nat(255) }), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.constantFrom(...frames.map(([, bytes]) => bytes)),
        damage,
        fc.option(fc.nat(120)),
        (bytes, changes, cut) => {
          const damaged = bytes.slice(0, cut ?? bytes.length);
          for (const { at, value } of changes) {
            if (at < damaged.length) {
              damaged[at] = value;
            }
          }
          compare(damaged, LINK_TYPE.ethernet);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is what most frames of a network are', () => {
    const plain = frames.filter(
      ([, bytes]) =>
        new PacketValues({ bytes, layers: [], linkType: LINK_TYPE.ethernet }).plain !== undefined,
    );
    expect(plain.length).toBeGreaterThan(frames.length * 0.4);
  });
});
