/** Options of the IPv4 header: what routers and hosts write into them, answer with, and refuse. */
import { describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED_IPV4 } from '../../src/net/ipv4-address';
import { ICMP_TYPE, writeEcho } from '../../src/wire/icmp';
import { IP_PROTOCOL, writeIpv4Header } from '../../src/wire/ipv4';
import type { Action, FrameAction, WaitAction } from './action';
import { obstacle, wrongInCase, type KernelCase } from './kernel-case';
import { threeRouters } from './planned-networks';

const DATA = 24;

/** A request for an echo from `h1` behind the first of three routers, with these options in its header. */
function request(options: string, { to = '10.3.0.2', timeToLive = 64, sequence = 1 } = {}): FrameAction {
  const written = Uint8Array.from(Buffer.from(options.replaceAll(' ', ''), 'hex'));
  const packet = new Uint8Array(20 + written.length + 8 + DATA);
  writeIpv4Header(packet, 0, {
    totalLength: packet.length,
    identification: 0,
    dontFragment: false,
    timeToLive,
    typeOfService: 0,
    protocol: IP_PROTOCOL.icmp,
    source: parseIpv4('10.1.0.2') ?? UNSPECIFIED_IPV4,
    destination: parseIpv4(to) ?? UNSPECIFIED_IPV4,
    options: written,
  });
  const data = Uint8Array.from({ length: DATA }, (_, index) => index);
  writeEcho(packet, 20 + written.length, ICMP_TYPE.echoRequest, 4660, sequence, data);
  return {
    kind: 'frame',
    from: 'h1',
    interface: 'eth0',
    bytes: `0200000001fe0200000001010800${Buffer.from(packet).toString('hex')}`,
  };
}

/** The neighbours know each other, and the errors of the case before do not count. */
const FIRST: readonly Action[] = [{ kind: 'ping', from: 'h1', to: '10.3.0.2', count: 1, identifier: 4661 }];
/** Long enough for the clocks of both worlds to differ by a millisecond. */
const PAUSE: WaitAction = { kind: 'wait', seconds: 1 };

const room = (slots: number): string => '00000000'.repeat(slots);
const RECORD_ROUTE = `01 07 27 04 ${room(9)}`;
const FULL_ROUTE = `01 07 07 08 0a090909`;
const HALF_SLOT = `01 07 09 04 ${room(1)} 0000 0000 00`.replaceAll(' ', '').slice(0, 24);
const TIMES = `44 24 05 00 ${room(8)}`;
const TIMES_AND_ADDRESSES = `44 24 05 01 ${room(8)}`;
const FULL_TIMES = '44 08 09 00 00000001';
const OVERFLOWN = '44 08 09 f0 00000001';
const OF_TWO_ROUTERS = `44 1c 05 03 0a0c0002 00000000 0a030001 00000000 0a030002 00000000`;

const CASES: readonly KernelCase[] = [
  { name: 'a route is recorded there and back', options: [RECORD_ROUTE] },
  { name: 'a route without room left is not', options: [FULL_ROUTE] },
  { name: 'times are stamped there and back', options: [TIMES] },
  { name: 'addresses and times are stamped there and back', options: [TIMES_AND_ADDRESSES] },
  { name: 'times of the machines asked for are stamped', options: [OF_TWO_ROUTERS] },
  { name: 'who found no room for the time is counted', options: [FULL_TIMES] },
  { name: 'a router alert and what nobody knows passes', options: ['94040000', '88040001'] },
  { name: 'what follows the end of the list is cleared', options: ['00aabbcc'] },
].map(({ name, options }) => ({
  name,
  plan: threeRouters(),
  actions: [...FIRST, ...options.map(one => request(one))],
}));

const REFUSED: readonly KernelCase[] = [
  ...[
    ['with a length of one', '07010404'],
    ['longer than the header', '07080400'],
    ['with a pointer in front of its room', `010707 03 ${room(1)}`],
    ['with room for half a slot', `01070a 08 ${room(2)}`.replaceAll(' ', '').slice(0, 24)],
    ['there twice', `070704${room(1)} 070704${room(1)} 0000`],
    ['that counted sixteen without room', OVERFLOWN],
    ['after one that was written into', `01 0707 04 ${room(1)} 44080400 ${room(1)}`],
  ].map(([what = '', option = '']) => ({
    name: `an option ${what} is refused`,
    plan: threeRouters(),
    actions: [...FIRST, request(option), PAUSE, request(option, { to: '10.1.0.1' })],
  })),
  {
    name: 'a source route is refused',
    plan: threeRouters(),
    actions: [...FIRST, request(`01 83 07 04 0a0c0002`), request(`01 89 07 04 0a0c0002`)],
  },
  {
    name: 'an error carries the route on',
    plan: threeRouters(),
    actions: [...FIRST, request(RECORD_ROUTE, { timeToLive: 2 }), request(RECORD_ROUTE, { timeToLive: 1 })],
  },
  {
    name: 'no error and no answer comes for a route with half a slot left',
    plan: threeRouters(),
    actions: [...FIRST, request(HALF_SLOT, { timeToLive: 1 }), request(HALF_SLOT, { to: '10.1.0.1' })],
  },
];

describe.skipIf(obstacle !== undefined)('options of IPv4', () => {
  test.each([...CASES, ...REFUSED])('$name', async one => {
    expect(await wrongInCase(one)).toEqual([]);
  });
});
