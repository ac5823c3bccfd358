/**
 * The same packets that a Linux 6.18 router got on both sides go into a router here; what it sends must be the same, byte for byte from
 * the IP header on. Masked: identifications that the router chose itself. Where the kernel threw dice for a port, they fall the same here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RandomStream } from '../../../../../src/engine/kernel/random-stream';
import { Netfilter } from '../../../../../src/engine/stack/netfilter/netfilter';
import type { Ipv4Address } from '../../../../../src/net/ipv4-address';
import { readCapture } from '../../../../../src/trace/pcap-reader';
import { arpFrame, fromMac, IP, long, toMac, withHeaderChecksum, word } from '../../packets';
import { Bench } from '../../station';
import { ip } from '../../topologies';

const CAPTURES = join(import.meta.dirname, '../../../../../../shared/data/captures/kernel');
const ROUTER_MACS = ['02:00:00:00:00:01', '02:00:00:00:00:11'];
const SIDES = ['lan', 'wan'] as const;

/** The exchanges of the two NAT recordings, but for two hosts that race on two processors (ping-samied). */
const EXCHANGES = [
  'ping',
  'frag4000',
  'http',
  'udp',
  'sameport',
  'sameport-otherdst',
  'tcp-sameport',
  'udp-closed',
  'tcp-closed',
  'dnat',
  'dnat-udp',
  'hairpin',
  'hairpin-self',
  'router-self',
  'traceroute',
  'ttl1',
  'wan-absent',
];

interface Seen {
  /** ns since the first */
  readonly time: number;
  readonly side: number;
  readonly bytes: Uint8Array;
}

const isIp = (bytes: Uint8Array): boolean => word(bytes, 12) === 0x0800;

/** The IPv4 frames of both sides, in the order of their times. */
function recorded(name: string): readonly Seen[] {
  const all = SIDES.flatMap((side, index) => {
    const { packets } = readCapture(readFileSync(join(CAPTURES, `kernel-nat-${name}-${side}.pcap`)));
    return packets.map(({ time, bytes }) => ({ time, side: index, bytes }));
  });
  const ordered = all
    .filter(({ bytes }) => isIp(bytes))
    .sort((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)));
  const begin = ordered[0]?.time ?? 0n;
  return ordered.map(({ time, ...more }) => ({ time: Number(time - begin), ...more }));
}

/** Source ports, or echo identifiers, that the kernel moved: it leaves the identification of a packet alone, so that shows which is which. */
function movedPorts(seen: readonly Seen[]): number[] {
  const moved: number[] = [];
  const done = new Set<string>();
  for (const { bytes, side } of seen) {
    const inner = seen.find(other => other.side === 0 && side === 1 && isSamePacket(other.bytes, bytes));
    if (inner !== undefined && ROUTER_MACS.includes(fromMac(bytes))) {
      const [before, after] = [portOf(inner.bytes), portOf(bytes)];
      const key = `${String(long(inner.bytes, IP + 12))} ${String(before)} ${String(after)}`;
      if (before !== after && !done.has(key)) {
        done.add(key);
        moved.push(after);
      }
    }
  }
  return moved;
}

/** Whether an inside packet to the same place has the same identification and payload behind the ports. */
function isSamePacket(inner: Uint8Array, outer: Uint8Array): boolean {
  return (
    toMac(inner) === ROUTER_MACS[0] &&
    inner.length === outer.length &&
    word(inner, IP + 4) === word(outer, IP + 4) &&
    long(inner, IP + 16) === long(outer, IP + 16) &&
    inner[IP + 9] === outer[IP + 9]
  );
}

function portOf(bytes: Uint8Array): number {
  const at = IP + (bytes[IP]! & 15) * 4;
  return word(bytes, bytes[IP + 9] === 1 ? at + 4 : at);
}

/** The lowest port of a class, by the size of the class less one. */
const CLASSES: Readonly<Record<number, number>> = { 510: 1, 423: 600, 64_511: 1024, 65_535: 0 };

function router(moved: readonly number[]) {
  const bench = new Bench(['192.168.1.1/24', '203.0.113.1/24'], { forwarding: true });
  // The dice of the kernel.
  const ports = [...moved];
  const random = bench.simulator.random.bind(bench.simulator);
  bench.simulator.random = (name): RandomStream => {
    const stream = random(name);
    if (name.startsWith('nat ')) {
      stream.integer = (_least, most) => (ports.shift() ?? 0) - (CLASSES[most] ?? 0);
    }
    return stream;
  };
  const forward = { insideAddress: ip('192.168.1.10'), source: [] };
  const config = {
    outside: 'eth1',
    hairpin: true,
    forwards: [
      { ...forward, name: 'web', protocol: 'tcp' as const, outsidePort: 8080, insidePort: 80 },
      { ...forward, name: 'echo', protocol: 'udp' as const, outsidePort: 7000, insidePort: 7 },
    ],
    source: [],
  };
  const { stack } = bench;
  stack.ip.sender.hook = new Netfilter(stack.ip, stack.icmp, {
    name: 'r',
    nat: { config, outside: bench.on(1) },
  });
  for (const [index, address] of [
    [0, '192.168.1.10'],
    [0, '192.168.1.11'],
    [1, '203.0.113.80'],
    [1, '203.0.113.99'],
  ] as const) {
    bench.introduce(index, ip(address));
  }
  return bench;
}

/** The packet with the identification masked where the router made it: those it only passes on have the sender's time to live less one. */
function comparable(bytes: Uint8Array): string {
  const packet = bytes.slice(0, IP + word(bytes, IP + 2));
  const isOwn = packet[IP + 8] === 64;
  if (isOwn) {
    packet.fill(0, IP + 4, IP + 6);
  }
  return Buffer.from((isOwn ? withHeaderChecksum(packet) : packet).subarray(IP)).toString('hex');
}

describe.skipIf(!existsSync(CAPTURES))('a Linux router’s captures', () => {
  it.each(['nft', 'iptables'].flatMap(backend => EXCHANGES.map(name => [`${backend}-${name}`] as const)))(
    '%s',
    name => {
      const seen = recorded(name);
      const bench = router(movedPorts(seen));
      const begin = bench.simulator.now;
      for (const { time, side, bytes } of seen) {
        if (!ROUTER_MACS.includes(fromMac(bytes))) {
          bench.simulator.runUntil(begin + time);
          const own = bench.station(side);
          const frame = bytes.slice();
          // The hardware addresses of this bench.
          frame.set(
            arpFrame(
              1,
              { mac: own.mac, ip: own.address },
              { mac: bench.on(side).mac, ip: 0 as Ipv4Address },
            ).subarray(0, 12),
          );
          own.send(frame);
        }
      }
      // The recording ends before the answer to a fourth ping of a host that is not there.
      bench.run(0.5);
      for (const [side, label] of SIDES.entries()) {
        const sent = bench.station(side).take().filter(isIp).map(comparable);
        const expected = seen
          .filter(each => each.side === side && ROUTER_MACS.includes(fromMac(each.bytes)))
          .map(({ bytes }) => comparable(bytes));
        expect([label, sent]).toEqual([label, expected]);
      }
    },
  );
});
