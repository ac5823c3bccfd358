/** Which frames come out where, and with which tag: IEEE 802.1Q-2018 6.9 and 8.6 as a table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriesVlan, portVlans } from '../../../../../src/engine/stack/bridge/vlan-rules';
import { BROADCAST_MAC } from '../../../../../src/net/mac-address';
import { hasVlanTag, vlanTag, writeTagged } from '../../../../../src/wire/vlan';
import { BridgeBench, frameFor, stationMac } from './bridge-bench';

const PORTS = {
  access10: portVlans(10),
  another10: portVlans(10),
  access20: portVlans(20),
  trunk: portVlans(undefined, [10, 20]),
  trunkAll: portVlans(undefined, 'all'),
  native10: portVlans(10, [20]),
};
const NAMES = Object.keys(PORTS) as (keyof typeof PORTS)[];

function tagged(frame: Uint8Array, id: number, priority = 0): Uint8Array {
  const longer = new Uint8Array(frame.length + 4);
  writeTagged(frame, { priority, dropEligible: false, id }, longer);
  return longer;
}

/** `10`, `10p5` with a priority, `-` for no tag, `10,20` for two. */
function tagsOf(frame: Uint8Array): string {
  if (!hasVlanTag(frame)) {
    return '-';
  }
  const { id, priority } = vlanTag(frame);
  const inner = frame.slice(4);
  inner.set(frame.subarray(0, 12));
  const rest = tagsOf(inner);
  return `${id}${priority > 0 ? `p${priority}` : ''}${rest === '-' ? '' : `,${rest}`}`;
}

const bench = () => new BridgeBench(NAMES.length, { vlans: Object.values(PORTS) });
const plain = frameFor(stationMac(0), BROADCAST_MAC);

/** Where a broadcast comes out: `port tags`. */
function spread(from: keyof typeof PORTS, frame: Uint8Array): string[] {
  const heard = bench().inject(NAMES.indexOf(from), frame);
  return [...heard].map(([port, frames]) => `${NAMES[port]!} ${frames.map(tagsOf).join()}`);
}

const IN_10 = (but: string, tag = '10') =>
  ['access10 -', 'another10 -', `trunk ${tag}`, `trunkAll ${tag}`, 'native10 -'].filter(
    line => !line.startsWith(`${but} `),
  );
const IN_20 = (but: string, tag = '20') =>
  ['access20 -', `trunk ${tag}`, `trunkAll ${tag}`, `native10 ${tag}`].filter(
    line => !line.startsWith(`${but} `),
  );

describe('a broadcast in a VLAN bridge', () => {
  it.each<[keyof typeof PORTS, string, Uint8Array, string[]]>([
    ['access10', 'no tag', plain, IN_10('access10')],
    ['access20', 'no tag', plain, IN_20('access20')],
    ['native10', 'no tag', plain, IN_10('native10')],
    ['trunk', 'no tag', plain, []],
    ['trunkAll', 'no tag', plain, []],
    ['trunk', 'VLAN 10', tagged(plain, 10), IN_10('trunk')],
    ['trunk', 'VLAN 20', tagged(plain, 20), IN_20('trunk')],
    ['trunk', 'VLAN 30', tagged(plain, 30), []],
    ['trunkAll', 'VLAN 30', tagged(plain, 30), []],
    ['native10', 'VLAN 20', tagged(plain, 20), IN_20('native10')],
    ['native10', 'VLAN 10', tagged(plain, 10), IN_10('native10')],
    ['access10', 'its own VLAN', tagged(plain, 10), IN_10('access10')],
    ['access10', 'another VLAN', tagged(plain, 20), []],
    ['access10', 'a priority tag', tagged(plain, 0, 5), IN_10('access10', '10p5')],
    ['trunk', 'a priority tag', tagged(plain, 0, 5), []],
    ['trunkAll', 'VLAN 4095', tagged(plain, 4095), []],
    ['trunk', 'a priority in VLAN 20', tagged(plain, 20, 7), IN_20('trunk', '20p7')],
    [
      'trunk',
      'two tags',
      tagged(tagged(plain, 20), 10),
      ['access10 20', 'another10 20', 'trunkAll 10,20', 'native10 20'],
    ],
  ])('into %s with %s', (from, _what, frame, expected) => {
    expect(spread(from, frame)).toEqual(expected);
  });

  it('says why it goes nowhere', () => {
    const one = bench();
    for (const [port, frame] of [
      ['trunk', plain],
      ['trunk', tagged(plain, 30)],
      ['access10', tagged(plain, 20)],
      ['trunkAll', tagged(plain, 4095)],
    ] as const) {
      one.inject(NAMES.indexOf(port), frame);
    }
    expect(one.recorder.reasons).toEqual(Array(4).fill('vlan-not-allowed'));
  });
});

describe('stations in a VLAN bridge', () => {
  it('are learned in their VLAN alone', () => {
    const one = bench();
    const [a, b] = [stationMac(0), stationMac(2)];
    one.send(NAMES.indexOf('access10'), a, BROADCAST_MAC);
    // Station a is not known in VLAN 20, nor is it reached from there.
    expect(one.send(NAMES.indexOf('access20'), b, a)).toEqual([3, 4, 5]);
    expect(one.send(NAMES.indexOf('another10'), stationMac(1), a)).toEqual([0]);
    expect([...one.bridge.table()].map(({ vlan, port }) => [vlan, port.name])).toEqual([
      [10, '1'],
      [10, '2'],
      [20, '3'],
    ]);
  });

  it('get their frames with the tag of their port', () => {
    const one = bench();
    one.inject(NAMES.indexOf('trunk'), tagged(frameFor(stationMac(3), BROADCAST_MAC), 10));
    const heard = one.inject(NAMES.indexOf('access10'), frameFor(stationMac(0), stationMac(3)));
    expect([...heard].map(([port, frames]) => [NAMES[port], frames.map(tagsOf)])).toEqual([
      ['trunk', ['10']],
    ]);
  });
});

it('a frame never leaves its VLAN, and only its tag is changed', () => {
  const vlans = fc.constantFrom(undefined, 1, 10, 20);
  const port = fc.tuple(
    vlans,
    fc.constantFrom<undefined | 'all' | number[]>(undefined, 'all', [10], [1, 20]),
  );
  fc.assert(
    fc.property(
      fc.array(port, { minLength: 2, maxLength: 6 }),
      fc.constantFrom(undefined, 0, 1, 10, 20, 30),
      (ports, tag) => {
        const rules = ports.map(([access, trunk]) => portVlans(access, trunk));
        const one = new BridgeBench(ports.length, { vlans: rules });
        const heard = one.inject(0, tag === undefined ? plain : tagged(plain, tag));
        const vlan = tag === undefined || tag === 0 ? rules[0]!.untagged : tag;
        const enters = vlan !== 0 && carriesVlan(rules[0]!, vlan);
        const members = rules.flatMap((each, at) => (at > 0 && carriesVlan(each, vlan) ? [at] : []));
        expect([...heard.keys()]).toEqual(enters ? members : []);
        for (const [at, frames] of heard) {
          const expected = rules[at]!.untagged === vlan ? plain : tagged(plain, vlan);
          expect(frames).toEqual([expected]);
        }
        expect(one.recorder.changedFrames).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
