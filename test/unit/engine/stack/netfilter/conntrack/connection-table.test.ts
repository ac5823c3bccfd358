import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../../../../../src/engine/stack/netfilter/conntrack/connection';
import {
  ipv4Connections,
  MAXIMUM_CONNECTIONS,
} from '../../../../../../src/engine/stack/netfilter/conntrack/connection-table';
import {
  reversed,
  withSource,
  type Tuple,
} from '../../../../../../src/engine/stack/netfilter/conntrack/tuple';
import { ip } from '../../../topologies';

const OUTSIDE = ip('203.0.113.1');
const ICMP = 1;
const UDP = 17;
const ECHO = 8 * 256;

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
    destinationPort: protocol === ICMP ? ECHO : port,
  };
}

/** A connection that a NAT gives the outside address and this port. */
function connection(original: Tuple, outsidePort: number, now: number, life: number): Connection {
  const made = new Connection(original, now);
  made.reply = reversed(withSource(original, OUTSIDE, outsidePort));
  made.expires = now + life;
  return made;
}

const same = (one: Tuple, other: Tuple) => JSON.stringify(one) === JSON.stringify(other);

describe('connection table', () => {
  it.each([ICMP, UDP, 6, 47, 200])('finds a connection of protocol %i by both directions', protocol => {
    const table = ipv4Connections();
    const known = connection(tuple(protocol, 1, 5000, 2, 53), 6000, 0, 10);
    expect(table.add(known, 0)).toBe(true);
    expect(table.find(known.original, 1)).toEqual({ connection: known, isReply: false });
    expect(table.find(known.reply, 1)).toEqual({ connection: known, isReply: true });
    expect(table.find(reversed(known.original), 1)).toBeUndefined();
    expect(table.find(known.translated, 1)).toBeUndefined();
    // Protocols whose numbers share their low bits are not taken for one another.
    expect(table.find({ ...known.original, protocol: protocol ^ 32 }, 1)).toBeUndefined();
  });

  it('keeps an outside port for one remote end, and lets another remote end use it too', () => {
    const table = ipv4Connections();
    table.add(connection(tuple(UDP, 1, 5000, 2, 53), 5000, 0, 10), 0);
    const add = (original: Tuple) => table.add(connection(original, 5000, 1, 10), 1);
    expect(add(tuple(UDP, 9, 5000, 2, 53))).toBe(false);
    expect(add(tuple(UDP, 9, 5000, 2, 54))).toBe(true);
    expect(add(tuple(UDP, 9, 5000, 3, 53))).toBe(true);
    expect(add(tuple(ICMP, 9, 5000, 2, 53))).toBe(true);
    expect(table.size).toBe(4);
  });

  it('tells which connections an inside port began, oldest first', () => {
    const table = ipv4Connections();
    const mine = [3, 2, 4].map(server => connection(tuple(UDP, 1, 5000, server, 53), 7000, 0, 10));
    mine.forEach(each => table.add(each, 0));
    table.add(connection(tuple(UDP, 1, 5001, 2, 53), 5001, 0, 10), 0);
    expect([...table.from(UDP, mine[0]!.original.source, 5000, 1)]).toEqual(mine);
    expect([...table.from(UDP, mine[0]!.original.source, 5000, 10)]).toEqual([]);
  });

  it('ends a connection at its very nanosecond, found from either side', () => {
    for (const isReply of [false, true]) {
      const table = ipv4Connections();
      const known = connection(tuple(UDP, 1, 5000, 2, 53), 6000, 0, 100);
      table.add(known, 0);
      const lookUp = (now: number) => table.find(isReply ? known.reply : known.original, now)?.connection;
      expect(lookUp(99)).toBe(known);
      known.expires = 150;
      expect(lookUp(149)).toBe(known);
      expect(lookUp(150)).toBeUndefined();
      expect(table.size).toBe(0);
    }
  });

  it('agrees with a plain list, whatever is added, asked and waited for; no two live ones share a direction', () => {
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
        const table = ipv4Connections();
        let list: Connection[] = [];
        let now = 0;
        for (const { packet: original, wait, outsidePort, life } of steps) {
          now += wait;
          list = list.filter(({ expires }) => expires > now);
          const fresh = connection(original, outsidePort, now, life * 3);
          const holder = (wanted: Tuple) =>
            list.find(each => same(each.original, wanted) || same(each.reply, wanted));
          expect(table.find(original, now)?.connection).toBe(holder(original));
          expect(table.find(fresh.reply, now)?.connection).toBe(holder(fresh.reply));
          const isFree = holder(original) === undefined && holder(fresh.reply) === undefined;
          expect(table.add(fresh, now)).toBe(isFree);
          list = isFree ? [...list, fresh] : list;
          expect([...table.live(now)]).toEqual(list);
          expect(table.size).toBeGreaterThanOrEqual(list.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is full at its bound: ended connections make room, then the oldest that came to nothing', () => {
    const table = ipv4Connections();
    const one = (index: number, life: number) => {
      const port = 1024 + (index & 0x3fff);
      const made = connection(
        tuple(UDP, 1 + (index >> 14), port, 2, index >> 8),
        1024 + (index & 255),
        0,
        life,
      );
      made.assured = true;
      return made;
    };
    for (let index = 0; index < MAXIMUM_CONNECTIONS; index++) {
      // Half of them end at 10, the others at 20.
      if (!table.add(one(index, index % 2 === 0 ? 10 : 20), 0)) {
        throw new Error(`refused number ${index}`);
      }
    }
    const extra = () => connection(tuple(UDP, 100, 1, 2, 99), 1, 9, 100);
    expect(table.add(extra(), 9)).toBe(false);
    const [oldest] = table.live(9);
    oldest!.assured = false;
    const evicting = extra();
    expect(table.add(evicting, 9)).toBe(true);
    expect(table.find(oldest!.original, 9)).toBeUndefined();
    expect(table.size).toBe(MAXIMUM_CONNECTIONS);
    expect(table.makeRoom(10)).toBe(true);
    expect(table.size).toBe(MAXIMUM_CONNECTIONS / 2 + 1);
  });
});
