import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredOptions, optionsEnd } from '../../../../../src/engine/stack/ipv4/answered-options';
import { readHeaderOptions, type OptionPlace } from '../../../../../src/engine/stack/ipv4/header-options';
import { parseIpv4 } from '../../../../../src/net/ipv4-address';
import { bytesOf, hexOf, windowOf } from '../../../wire/bytes-of';

const PLACE: OptionPlace = {
  address: parseIpv4('10.9.8.7')!,
  time: 0x01020304,
  isOwn: address => address === 0x0a090807,
};

/** A header with these options: nothing else in it counts. */
function header(options: Uint8Array): Uint8Array {
  const padded = new Uint8Array(20 + ((options.length + 3) & ~3));
  padded[0] = 0x40 | (padded.length / 4);
  padded.set(options, 20);
  return padded;
}

/** What becomes of options, in hexadecimal, or the byte at fault counted from the first option. */
function read(hex: string): string | number {
  const bytes = header(bytesOf(hex));
  const result = readHeaderOptions(bytes, 0, PLACE);
  return 'pointer' in result ? result.pointer - 20 : hexOf(bytes.subarray(20));
}

/** What an answer carries of options that were read. */
function answered(hex: string): string | undefined {
  const bytes = header(bytesOf(hex));
  const options = answeredOptions(bytes, 0, optionsEnd(bytes, 0), PLACE);
  return options && hexOf(options);
}

describe('the options of a packet that came in', () => {
  it.each([
    ['a route has its next address', '07070400000000', '0707080a09080700'],
    ['a full route stays', '0707080a01010101', '0707080a01010101'],
    ['a time is stamped', '4408050000000000', '4408090001020304'],
    ['an address and a time', '440c05010000000000000000', '440c0d010a09080701020304'],
    ['a time of its own address', '440c05030a09080700000000', '440c0d030a09080701020304'],
    ['no time of another address', '440c05030a01010100000000', '440c05030a01010100000000'],
    ['nobody had room for the time', '4408090000000000', '4408091000000000'],
    ['what follows the end is cleared', '0000ff01', '00000000'],
    ['one that nobody knows', '96040102', '96040102'],
  ])('%s', (_what, before, after) => {
    expect(read(before)).toBe(after);
  });

  it.each([
    ['a length of one', '07010400', 0],
    ['a length past the end', '07090400', 0],
    ['a route without a pointer', '07020000', 1],
    ['a pointer in front of the route', '07070300000000', 2],
    ['half a slot', '0708060000000000', 2],
    ['two routes', '0703040703040000', 3],
    ['a time without flags', '44030500', 1],
    ['a pointer in front of the times', '4408040000000000', 2],
    ['sixteen without room', '440809f000000000', 3],
    ['a short router alert', '94030000', 1],
    ['two source routes', '8303048903040000', 3],
  ])('%s is refused', (_what, options, at) => {
    expect(read(options)).toBe(at);
  });

  it('are read without reading or writing outside of them, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), options => {
        const { inside, untouched } = windowOf(header(options));
        const front = hexOf(inside.subarray(0, 20));
        readHeaderOptions(inside, 0, PLACE);
        answeredOptions(inside, 0, optionsEnd(inside, 0), PLACE);
        expect(untouched()).toBe(true);
        expect(hexOf(inside.subarray(0, 20))).toBe(front);
      }),
    );
  });
});

describe('the options of an answer', () => {
  it.each([
    ['none of what is not recorded', '94040000', ''],
    ['the route goes on', '070b080a010101000000 00', '070b0c0a0101010a09080700'],
    ['the times go on', '440c0900000000010000 0000', '440c0d000000000101020304'],
    ['the route stands in front', '440805000000000007070400000000', '0707080a090807440809000102030400'],
  ])('%s', (_what, request, answer) => {
    expect(answered(request)).toBe(answer);
  });

  it('are none where the route ends in half a slot: nobody answers', () => {
    expect(answered('0708060a010101ff')).toBeUndefined();
  });
});
