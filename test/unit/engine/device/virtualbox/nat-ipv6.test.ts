/** IPv6 of VirtualBox's NAT from 7.1 on, compared with a capture of libslirp 4.7 and with a Linux guest behind it. */
import { describe, expect, it } from 'vitest';
import { NatIpv6 } from '../../../../../src/engine/device/virtualbox/nat-ipv6';
import type { DropReason } from '../../../../../src/engine/kernel/drop-reason';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { createNetwork, type PingResult } from '../../../../../src/engine/network';
import { formatIpInterfaceAddress } from '../../../../../src/net/ip-address';
import { bytesOf, hexOf } from '../../../wire/bytes-of';
import { frameLine, frameProblems } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, ip6, machine, natEngine, net6, topology } from '../../topologies';

/** Frames of a Linux guest to libslirp 4.7, and what libslirp answered (slirp-opts-ipv6.pcap). */
const GUEST = '5254 0012 3456';
const CAPTURED = [
  [
    'a router solicitation',
    `3333 0000 0002 ${GUEST} 86dd 6000 0000 0010 3aff fe80 0000 0000 0000 5054 00ff fe12 3456
     ff02 0000 0000 0000 0000 0000 0000 0002 8500 SUM 0000 0000 0101 5254 0012 3456`,
    `3333 0000 0001 5256 0000 0002 86dd 6000 0000 0038 3aff fe80 0000 0000 0000 0000 0000 0000 0002
     ff02 0000 0000 0000 0000 0000 0000 0001 8600 155e 4000 0708 0000 0000 0000 0000 0101 5256 0000 0002
     0304 40c0 0001 5180 0000 3840 0000 0000 fec0 0000 0000 0000 0000 0000 0000 0000`,
  ],
  [
    'a neighbour solicitation',
    `3333 ff00 0002 ${GUEST} 86dd 6000 0000 0020 3aff fec0 0000 0000 0000 5054 00ff fe12 3456
     ff02 0000 0000 0000 0000 0001 ff00 0002 8700 SUM 0000 0000 fec0 0000 0000 0000 0000 0000 0000 0002
     0101 5254 0012 3456`,
    `${GUEST} 5256 0000 0002 86dd 6000 0000 0020 3aff fec0 0000 0000 0000 0000 0000 0000 0002
     fec0 0000 0000 0000 5054 00ff fe12 3456 8800 c347 e000 0000 fec0 0000 0000 0000 0000 0000 0000 0002
     0201 5256 0000 0002`,
  ],
] as const;

/** The frame with the checksum that its ICMPv6 message needs in place of SUM. */
function completed(hex: string): Uint8Array {
  const bytes = bytesOf(hex.replace('SUM', '0000'));
  let sum = 58 + bytes.length - 54;
  for (let at = 22; at < bytes.length; at += 2) {
    sum += (bytes[at]! << 8) | bytes[at + 1]!;
  }
  while (sum > 0xffff) {
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  bytes[56] = (~sum & 0xffff) >>> 8;
  bytes[57] = ~sum & 0xff;
  return bytes;
}

describe('the engine', () => {
  it.each(CAPTURED)('answers %s with the bytes of libslirp', (_what, question, answer) => {
    const sent: Uint8Array[] = [];
    const reasons: DropReason[] = [];
    const simulator = new Simulator(1, undefined);
    const wire = {
      send: (bytes: Uint8Array) => sent.push(bytes),
      drop: (_frame: unknown, reason: DropReason) => reasons.push(reason),
    };
    const engine = new NatIpv6(simulator, wire, net6('fec0::/64'), () => false, simulator.random('engine'));
    engine.receive(simulator.frame(completed(question)));
    expect(reasons).toEqual([]);
    expect(sent.map(hexOf)).toEqual([hexOf(bytesOf(answer))]);
  });
});

describe('a guest behind NAT with IPv6', () => {
  const recorder = new Recorder();
  const network = createNetwork(
    topology(
      [
        machine('laptop', { eth0: { address: '192.168.1.2/24' } }),
        machine('vm', { enp0s3: { mac: '08:00:27:00:00:01', ipv6: { auto: true } } }, { kind: 'vm' }),
        { ...natEngine('vm', 'laptop', '7.2'), ipv6: net6('fd17:625c:f037:2::/64') },
      ],
      cables(['vm:enp0s3 -- vm:1/nat:guest']),
    ),
    { seed: 1, observer: recorder },
  );
  network.boot();
  network.runUntil(6 * SECOND);
  const ping = (to: string): PingResult => {
    let result: PingResult | undefined;
    network.ping('vm', { kind: 'address', address: ip6(to) }, { count: 1, within: SECOND }, got => {
      result = got;
    });
    network.runUntil(network.now + 2 * SECOND);
    return result!;
  };

  it('makes itself an address of the prefix', () => {
    expect(network.addressesOf('vm').map(formatIpInterfaceAddress)).toEqual([
      'fd17:625c:f037:2:a00:27ff:fe00:1/64',
      'fe80::a00:27ff:fe00:1/64',
    ]);
  });

  it('pings the host and its name server, with a hop limit of 255, and nothing beyond', () => {
    expect(ping('fd17:625c:f037:2::2').replies).toMatchObject([{ result: 'reply', ttl: 255 }]);
    expect(ping('fd17:625c:f037:2::3').replies).toMatchObject([{ result: 'reply', ttl: 255 }]);
    expect(ping('2001:db8::1').replies).toMatchObject([{ result: 'timeout' }]);
    expect(recorder.reasons).toContain('nat-not-carried');
  });

  it('hears an advertisement every 200 to 600 s, all of it right on the wire', () => {
    network.runUntil(3600 * SECOND);
    const times = recorder.sent
      .filter(({ bytes }) => frameLine(bytes).endsWith(' ra'))
      .map(({ time }) => time / SECOND);
    expect(times.length).toBeGreaterThan(6);
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });
});
