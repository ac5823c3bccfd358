import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ConnectionTable,
  MAXIMUM_CONNECTIONS,
  type Connection,
  type Tuple,
} from '../../../../../src/engine/stack/nat/connection-table';
import { reversed } from '../../../../../src/engine/stack/nat/packet-tuple';
import { ip } from '../../topologies';

const OUTSIDE = ip('203.0.113.1');
const ICMP = 1;
const UDP = 17;

function tuple(
  protocol: number,
  source: number,
  sourcePort: number,
  destination: number,
  port: number,
): Tuple {
  const address = (host: number) => (ip('10.0.0.0') + host) as Tuple['source'];
  return {
    protocol,
    source: address(source),
    sourcePort,
    destination: address(destination + 256),
    destinationPort: protocol === ICMP ? sourcePort : port,
  };
}

function connection(original: Tuple, outsidePort: number, now: number, life: number): Connection {
  return {
    original,
    outsideAddress: OUTSIDE,
    outsidePort,
    created: now,
    expires: now + life,
    replied: false,
  };
}

/** The packet that answers a connection, as it arrives outside. */
function answerTo({ original, outsidePort }: Connection): Tuple {
  return {
    protocol: original.protocol,
    source: original.destination,
    sourcePort: original.protocol === ICMP ? outsidePort : original.destinationPort,
    destination: OUTSIDE,
    destinationPort: outsidePort,
  };
}

const same = (one: Tuple, other: Tuple) => JSON.stringify(one) === JSON.stringify(other);

describe('connection table', () => {
  it.each([ICMP, UDP])('finds a connection of protocol %i from inside and from outside', protocol => {
    const table = new ConnectionTable();
    const known = connection(tuple(protocol, 1, 5000, 2, 53), 6000, 0, 10);
    expect(table.add(known, 0)).toBe(true);
    expect(table.findOriginal(known.original, 1)).toBe(known);
    expect(table.findReply(answerTo(known), 1)).toBe(known);
    expect(table.findOriginal(answerTo(known), 1)).toBeUndefined();
    expect(table.findReply(known.original, 1)).toBeUndefined();
    expect(table.findReply(reversed(known.original), 1)).toBeUndefined();
    expect(table.isTaken(known.original, OUTSIDE, 6000, 1)).toBe(true);
    expect(table.isTaken(known.original, OUTSIDE, 6001, 1)).toBe(false);
  });

  it('keeps an outside port for one remote end, and lets another remote end use it too', () => {
    const table = new ConnectionTable();
    table.add(connection(tuple(UDP, 1, 5000, 2, 53), 5000, 0, 10), 0);
    expect(table.isTaken(tuple(UDP, 9, 5000, 2, 53), OUTSIDE, 5000, 1)).toBe(true);
    expect(table.isTaken(tuple(UDP, 9, 5000, 2, 54), OUTSIDE, 5000, 1)).toBe(false);
    expect(table.isTaken(tuple(UDP, 9, 5000, 3, 53), OUTSIDE, 5000, 1)).toBe(false);
    expect(table.isTaken(tuple(ICMP, 9, 5000, 2, 53), OUTSIDE, 5000, 1)).toBe(false);
  });

  it('does not take a ping and a datagram with the same numbers for one another', () => {
    const table = new ConnectionTable();
    const ping = connection(tuple(ICMP, 1, 53, 2, 53), 53, 0, 10);
    const datagram = connection(tuple(UDP, 1, 53, 2, 53), 53, 0, 10);
    table.add(ping, 0);
    expect(table.findOriginal(datagram.original, 1)).toBeUndefined();
    expect(table.findReply(answerTo(datagram), 1)).toBeUndefined();
    table.add(datagram, 1);
    expect(table.findOriginal(ping.original, 1)).toBe(ping);
    expect(table.findReply(answerTo(ping), 1)).toBe(ping);
    expect(table.findReply(answerTo(datagram), 1)).toBe(datagram);
  });

  it('ends a connection at its very nanosecond, from either side', () => {
    for (const find of ['inside', 'outside'] as const) {
      const table = new ConnectionTable();
      const known = connection(tuple(UDP, 1, 5000, 2, 53), 6000, 0, 100);
      table.add(known, 0);
      const lookUp = (now: number) =>
        find === 'inside' ? table.findOriginal(known.original, now) : table.findReply(answerTo(known), now);
      expect(lookUp(99)).toBe(known);
      known.expires = 150;
      expect(lookUp(149)).toBe(known);
      expect(lookUp(150)).toBeUndefined();
      expect(table.size).toBe(0);
      expect(table.isTaken(known.original, OUTSIDE, 6000, 150)).toBe(false);
    }
  });

  it('agrees with a plain list, whatever is added, asked and waited for', () => {
    const numbers = fc.integer({ min: 1, max: 3 });
    const packet = fc
      .tuple(fc.constantFrom(ICMP, UDP), numbers, numbers, numbers, numbers)
      .map(parts => tuple(...parts));
    const step = fc.record({
      packet,
      wait: fc.integer({ min: 0, max: 4 }),
      outsidePort: numbers,
      life: numbers,
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), steps => {
        const table = new ConnectionTable();
        let list: Connection[] = [];
        let now = 0;
        for (const { packet: original, wait, outsidePort, life } of steps) {
          now += wait;
          const live = () => list.filter(({ expires }) => expires > now);
          const fresh = connection(original, outsidePort, now, life * 3);
          expect(table.findOriginal(original, now)).toBe(live().find(each => same(each.original, original)));
          const answer = answerTo(fresh);
          const answered = live().find(each => same(answerTo(each), answer));
          expect(table.findReply(answer, now)).toBe(answered);
          expect(table.isTaken(original, OUTSIDE, outsidePort, now)).toBe(answered !== undefined);
          if (!live().some(each => same(each.original, original)) && answered === undefined) {
            expect(table.add(fresh, now)).toBe(true);
            list = [...live(), fresh];
          }
          expect(new Set(table.live(now))).toEqual(new Set(live()));
          expect(table.size).toBeGreaterThanOrEqual(live().length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is full at its bound, and has room again when connections have ended', () => {
    const table = new ConnectionTable();
    const one = (index: number, now: number, life: number) =>
      connection(
        tuple(UDP, 1 + (index >> 14), 1024 + (index & 0x3fff), 2, 53),
        1024 + (index >> 2),
        now,
        life,
      );
    for (let index = 0; index < MAXIMUM_CONNECTIONS; index++) {
      // Half of them end at 10, the others at 20.
      const added = table.add(one(index, 0, index % 2 === 0 ? 10 : 20), 0);
      if (!added) {
        throw new Error(`refused number ${index}`);
      }
    }
    const extra = connection(tuple(UDP, 100, 1, 2, 99), 1, 9, 100);
    expect(table.add(extra, 9)).toBe(false);
    expect(table.findOriginal(extra.original, 9)).toBeUndefined();
    expect(table.add(extra, 10)).toBe(true);
    expect(table.size).toBe(MAXIMUM_CONNECTIONS / 2 + 1);
  });
});
