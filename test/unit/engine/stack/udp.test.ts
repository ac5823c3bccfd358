import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC } from '../../../../src/net/mac-address';
import { formatIpv4 } from '../../../../src/net/ipv4-address';
import {
  dontFragmentOf,
  frameLine,
  frameProblems,
  padded,
  pattern,
  PAYLOAD,
  tosOf,
  ttlOf,
  udpFrame,
  word,
} from '../packets';
import { Bench } from '../station';
import { ip } from '../topologies';

/** A host with a socket on port 7 that writes down what it hears. */
function host() {
  const bench = new Bench(['10.0.0.1/24']);
  bench.introduce();
  bench.takeReasons();
  const heard: { data: number[]; from: string; port: number; to: string }[] = [];
  const socket = bench.stack.udp.open(7, {
    datagram: (data, from, port, to) =>
      heard.push({ data: [...data], from: formatIpv4(from), port, to: formatIpv4(to) }),
  })!;
  return { bench, ends: bench.ends(), station: bench.station(), heard, socket };
}

describe('sockets that are bound to one address', () => {
  it('share a port, each at its own address, and not with one of all addresses', () => {
    const bench = new Bench(['10.0.0.1/24 10.0.0.9/24']);
    bench.introduce();
    const heard: string[] = [];
    const at = (address: string) =>
      bench.stack.udp.openAt(ip(address), 5000, {
        datagram: () => heard.push(address),
        unreachable: () => heard.push(`${address} unreachable`),
      });
    const [one, nine] = [at('10.0.0.1'), at('10.0.0.9')];
    expect(at('10.0.0.9')).toBeUndefined();
    expect(bench.stack.udp.open(5000, { datagram: () => undefined })).toBeUndefined();
    const send = (to: string) => {
      bench.inject(udpFrame(bench.ends(to), 4000, 5000));
    };
    send('10.0.0.1');
    send('10.0.0.9');
    expect(heard.splice(0)).toEqual(['10.0.0.1', '10.0.0.9']);
    bench.takeReasons();
    one!.close();
    send('10.0.0.1');
    send('10.0.0.9');
    expect(heard.splice(0)).toEqual(['10.0.0.9']);
    expect(bench.takeReasons()).toEqual(['port-unreachable']);
    nine!.close();
    expect(bench.stack.udp.open(5000, { datagram: () => undefined })).toBeDefined();
  });
});

describe('datagrams that arrive', () => {
  it('reach the socket on their port, with who sent them and to whom', () => {
    const { bench, ends, heard } = host();
    bench.inject(udpFrame(ends, 4000, 7, Uint8Array.of(1, 2, 3)));
    expect(heard).toEqual([{ data: [1, 2, 3], from: '10.0.0.2', port: 4000, to: '10.0.0.1' }]);
    expect(bench.takeReasons()).toEqual([]);
  });

  it.each(['255.255.255.255', '10.0.0.255'])('also those to everyone at %s', to => {
    const { bench, heard } = host();
    bench.inject(udpFrame({ ...bench.ends(to), toMac: BROADCAST_MAC }, 4000, 7));
    expect(heard.map(each => each.to)).toEqual([to]);
  });

  it('are as long as their own length field says, whatever lies behind', () => {
    const { bench, ends, heard } = host();
    bench.inject(padded(udpFrame(ends, 1, 7, Uint8Array.of(9)), 60));
    const shorter = udpFrame(ends, 1, 7, Uint8Array.of(1, 2, 3, 4));
    shorter[PAYLOAD + 5] = 10;
    shorter[PAYLOAD + 6] = 0;
    shorter[PAYLOAD + 7] = 0;
    bench.inject(shorter);
    bench.inject(udpFrame(ends, 1, 7, new Uint8Array(0)));
    expect(heard.map(({ data }) => data)).toEqual([[9], [1, 2], []]);
  });

  it('may come without a checksum (RFC 768)', () => {
    const { bench, ends, heard } = host();
    const bytes = udpFrame(ends, 1, 7);
    bytes[PAYLOAD + 6] = 0;
    bytes[PAYLOAD + 7] = 0;
    bench.inject(bytes);
    expect(heard).toHaveLength(1);
  });

  it('find nobody once the socket is closed', () => {
    const { bench, ends, heard, socket } = host();
    socket.close();
    bench.inject(udpFrame(ends, 1, 7));
    expect(heard).toEqual([]);
    expect(bench.takeReasons()).toEqual(['port-unreachable']);
  });
});

describe('datagrams that a socket sends', () => {
  it('carry DF, TTL 64, and right checksums, for any data', () => {
    const { bench, station, socket } = host();
    for (const length of [0, 1, 2, 3, 64, 1471, 1472]) {
      socket.send(pattern(length), station.address, 9);
    }
    bench.run(0.01);
    const got = station.take();
    expect(got.flatMap(frameProblems)).toEqual([]);
    expect(got.map(bytes => bytes.length - 42)).toEqual([0, 1, 2, 3, 64, 1471, 1472]);
    expect(got.map(bytes => [ttlOf(bytes), tosOf(bytes), dontFragmentOf(bytes)])).toEqual(
      Array(7).fill([64, 0, true]),
    );
    expect(got.every(bytes => word(bytes, PAYLOAD + 6) !== 0)).toBe(true);
    expect(frameLine(got[1]!)).toBe('10.0.0.1 > 10.0.0.2 udp 7 > 9 1');
  });

  it('a checksum that comes out as zero is sent as all ones (RFC 768)', () => {
    const { bench, station, socket } = host();
    socket.send(Uint8Array.of(0, 0), station.address, 9);
    bench.run(0.001);
    const checksum = word(station.take()[0]!, PAYLOAD + 6);
    // Data that completes the sum to all ones makes the checksum 0.
    socket.send(Uint8Array.of(checksum >> 8, checksum & 255), station.address, 9);
    bench.run(0.001);
    expect(word(station.take()[0]!, PAYLOAD + 6)).toBe(0xffff);
  });

  it('may be marked otherwise', () => {
    const { bench, station } = host();
    const options = { timeToLive: 1, typeOfService: 0x10, dontFragment: false };
    bench.stack.udp.open(0, { datagram: () => undefined }, options)!.send(pattern(1), station.address, 9);
    bench.run(0.001);
    const [got] = station.take();
    expect([ttlOf(got!), tosOf(got!), dontFragmentOf(got!)]).toEqual([1, 0x10, false]);
  });
});

describe('ports', () => {
  it('are given once', () => {
    const { bench } = host();
    const { udp } = bench.stack;
    const receiver = { datagram: () => undefined };
    expect(udp.open(7, receiver)).toBeUndefined();
    const other = udp.open(8, receiver)!;
    other.close();
    const again = udp.open(8, receiver)!;
    // Closing what was closed before takes nothing from the new owner.
    other.close();
    expect(udp.open(8, receiver)).toBeUndefined();
    again.close();
    expect(udp.open(8, receiver)).toBeDefined();
  });

  it('chosen by the system are free ones from 32768 to 60999, until none is left', () => {
    const { bench } = host();
    const { udp } = bench.stack;
    const open = () => udp.open(0, { datagram: () => undefined })?.port;
    const first = Array.from({ length: 5 }, open);
    expect(first).not.toEqual([...first].sort((a, b) => a! - b!));
    const all = [...first, ...Array.from({ length: 60_999 - 32_768 + 1 - 5 }, open)];
    expect(new Set(all).size).toBe(28_232);
    expect([Math.min(...(all as number[])), Math.max(...(all as number[]))]).toEqual([32_768, 60_999]);
    expect(open()).toBeUndefined();
  });
});

it.each([
  ['255.255.255.255', BROADCAST_MAC, 'broadcast-ignored'],
  ['10.0.0.255', BROADCAST_MAC, 'broadcast-ignored'],
  ['10.0.0.1', undefined, 'port-unreachable'],
])('a datagram to %s, for which no socket listens', (to, toMac, reason) => {
  const bench = new Bench(['10.0.0.1/24']);
  const ends = bench.ends(to);
  bench.inject(udpFrame({ ...ends, toMac: toMac ?? ends.toMac }, 68, 67));
  expect(bench.takeReasons()).toEqual([reason]);
});
