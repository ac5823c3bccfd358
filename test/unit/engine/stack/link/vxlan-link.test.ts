import { describe, expect, it } from 'vitest';
import type { ResolvedLink, ResolvedStackDevice } from '../../../../../src/topology/resolved';
import { flowHash, flowSourcePort } from '../../../../../src/engine/stack/link/flow-hash';
import { DATAGRAM_HEADER_BYTES } from '../../../../../src/engine/stack/udp-layer';
import { checkUdp } from '../../../../../src/wire/udp';
import { dontFragmentOf, echoFrame, fromMac, sourceOf, tosOf, ttlOf, udpFrame, word } from '../../packets';
import { Running } from '../../running';
import { cables, ip, mac, machine, switchOf, topology } from '../../topologies';
import { withInterface } from '../../tunnels';

/** Where the VXLAN header of an outer frame begins, and the inner frame. */
const HEADER = 14 + 20 + 8;
const INNER = HEADER + 8;

/** Host number `index`: 192.0.2.INDEX on eth0, 10.1.0.INDEX in VXLAN 42 with these remote ends. */
function host(
  id: string,
  index: number,
  remotes: readonly string[],
  more: Partial<Extract<ResolvedLink, { kind: 'vxlan' }>> = {},
  mtu = 1450,
): ResolvedStackDevice {
  return withInterface(
    machine(id, { eth0: { address: `192.0.2.${index}/24`, mac: `02:00:00:00:01:0${index}` } }),
    {
      name: 'vx',
      link: { kind: 'vxlan', id: 42, remotes: remotes.map(ip), port: 4789, ...more },
      mac: mac(`02:00:00:00:02:0${index}`),
      mtu,
    },
    `10.1.0.${index}/24`,
  );
}

function pair(more: Parameters<typeof host>[3] = {}): Running {
  const devices = [host('a', 1, ['192.0.2.2'], more), host('b', 2, ['192.0.2.1'])];
  return new Running(topology(devices, cables(['a:eth0 -- b:eth0'])));
}

/** The frames with VXLAN that this port has sent. */
function vxlanOf(running: Running, port?: number): readonly Uint8Array[] {
  return running.recorder.sent
    .filter(record => port === undefined || record.port === port)
    .map(({ bytes }) => bytes)
    .filter(bytes => word(bytes, 12) === 0x0800 && word(bytes, 36) === 4789);
}

describe('a VXLAN interface', () => {
  it('sends frames as figure 1 of RFC 7348 has them, marked as Linux marks them', () => {
    const running = pair();
    expect(running.results('a', '10.1.0.2')).toEqual(['reply']);
    expect(running.recorder.reasons).toEqual([]);
    const [arp, answer, echo] = vxlanOf(running);
    // 92 and 148 bytes, TTL 64, no DF, a UDP checksum: measured on Linux 6.18 between two network namespaces.
    expect([arp!.length, answer!.length, echo!.length]).toEqual([92, 92, 148]);
    expect([ttlOf(arp!), tosOf(arp!), dontFragmentOf(arp!)]).toEqual([64, 0, false]);
    expect(word(arp!, 40)).not.toBe(0);
    expect(checkUdp(arp!, 34, 58, ip('192.0.2.1'), ip('192.0.2.2'))).toBeUndefined();
    expect([...arp!.subarray(HEADER, INNER)]).toEqual([0x08, 0, 0, 0, 0, 0, 42, 0]);
    expect([fromMac(arp!), sourceOf(arp!)]).toEqual(['02:00:00:00:01:01', '192.0.2.1']);
    expect(fromMac(arp!.subarray(INNER))).toBe('02:00:00:00:02:01');
    expect(sourceOf(echo!.subarray(INNER))).toBe('10.1.0.1');
  });

  it('has a source port in the ephemeral range for each flow, and keeps it', () => {
    const running = pair();
    running.results('a', '10.1.0.2', { count: 3 });
    const portsOf = (type: number) =>
      vxlanOf(running, 0)
        .filter(bytes => word(bytes, INNER + 12) === type)
        .map(bytes => word(bytes, 34));
    const [arp] = portsOf(0x0806);
    const echoes = portsOf(0x0800);
    expect(echoes.length).toBe(3);
    expect(new Set(echoes).size).toBe(1);
    expect(echoes[0]).not.toBe(arp);
    expect([arp!, ...echoes].every(port => port >= 32768 && port < 60999)).toBe(true);
  });

  it('copies the congestion field of the inner packet, but not its class (RFC 6040 4.1)', () => {
    const running = pair();
    running.results('a', '10.1.0.2');
    const before = vxlanOf(running, 0).length;
    const b = ip('10.1.0.2');
    for (const typeOfService of [0xb8, 0xb9, 0xba, 0xbb]) {
      const options = { timeToLive: 64, typeOfService, dontFragment: true };
      running.network.stackOf('a')!.udp.send(Uint8Array.of(1), { port: 1000, options }, b, 9, undefined);
    }
    running.run(1);
    const sent = vxlanOf(running, 0).slice(before);
    expect(sent.slice(0, 4).map(tosOf)).toEqual([0, 1, 2, 2]);
    expect(sent.slice(0, 4).map(bytes => tosOf(bytes.subarray(INNER)))).toEqual([0xb8, 0xb9, 0xba, 0xbb]);
  });

  it('sends what is for everyone to every remote end, and what is for one station to where it was heard', () => {
    const devices = [
      host('a', 1, ['192.0.2.2', '192.0.2.3']),
      host('b', 2, ['192.0.2.1', '192.0.2.3']),
      host('c', 3, ['192.0.2.1', '192.0.2.2']),
    ];
    const wires = cables(['a:eth0 -- s:1', 'b:eth0 -- s:2', 'c:eth0 -- s:3']);
    const running = new Running(topology([...devices, switchOf('s', 3)], wires));
    expect(running.results('a', '10.1.0.2')).toEqual(['reply']);
    // a: an ARP request to both, then the echo to b alone, which was heard; b: both answers to a alone.
    const to = (port: number) => vxlanOf(running, port).map(bytes => bytes[33]);
    expect(to(0)).toEqual([2, 3, 2]);
    expect(to(1)).toEqual([1, 1]);
    expect(to(2)).toEqual([]);
  });

  it('forgets after 300 s where a station was', () => {
    const devices = [host('a', 1, ['192.0.2.2', '192.0.2.9']), host('b', 2, ['192.0.2.1'])];
    const running = new Running(topology(devices, cables(['a:eth0 -- b:eth0'])));
    running.results('a', '10.1.0.2');
    const echoes = () => running.recorder.records.filter(({ bytes }) => bytes.length === 148).length;
    const before = echoes();
    running.run(301);
    // Once more to both ends, of which one does not answer ARP.
    running.results('a', '10.1.0.2');
    expect(echoes() - before).toBeGreaterThan(2);
    expect(running.recorder.reasons).toContain('neighbour-unresolved');
  });

  it('sends from the address that it was given, to the port that it was given', () => {
    const devices = [
      withInterface(
        host('a', 1, ['192.0.2.2'], { local: ip('198.51.100.1'), port: 8472 }),
        { name: 'lo', link: { kind: 'dummy' } },
        '198.51.100.1/32',
      ),
      host('b', 2, [], { port: 8472 }),
    ];
    const running = new Running(topology(devices, cables(['a:eth0 -- b:eth0'])));
    running.results('a', '10.1.0.2');
    const [first] = running.recorder.sent.filter(({ bytes }) => word(bytes, 36) === 8472);
    expect(sourceOf(first!.bytes)).toBe('198.51.100.1');
  });

  it('has nowhere to send to without remote ends', () => {
    const devices = [host('a', 1, []), host('b', 2, [])];
    const running = new Running(topology(devices, cables(['a:eth0 -- b:eth0'])));
    expect(running.results('a', '10.1.0.2')).toEqual(['timeout']);
    expect(running.recorder.reasons[0]).toBe('vxlan-no-remote');
  });

  it('is not reached by another network identifier, nor by a header with reserved bits', () => {
    const running = pair({ id: 43 });
    expect(running.results('a', '10.1.0.2')).toEqual(['timeout']);
    expect(running.recorder.drops[0]).toMatchObject({ port: 1, reason: 'vxlan-unknown' });
    const a = running.network.stackOf('a')!.udp.open(0, { datagram: () => undefined })!;
    const before = running.recorder.drops.length;
    const header = Uint8Array.of(0x08, 0, 0, 1, 0, 0, 42, 0);
    for (const data of [header, header.subarray(0, 7), new Uint8Array(0)]) {
      a.send(data, ip('192.0.2.2'), 4789);
    }
    a.send(Uint8Array.of(0x08, 0, 0, 0, 0, 0, 42, 0, 1, 2), ip('192.0.2.2'), 4789);
    running.run(1);
    expect(
      running.recorder.reasons.slice(before).filter(reason => reason !== 'neighbour-unresolved'),
    ).toEqual(['vxlan-header-invalid', 'vxlan-header-invalid', 'vxlan-header-invalid', 'malformed']);
  });

  it('drops its own frames when they come back', () => {
    const running = pair();
    const b = running.network.stackOf('b')!.udp.open(0, { datagram: () => undefined })!;
    const inner = echoFrame({
      fromMac: mac('02:00:00:00:02:01'),
      toMac: mac('02:00:00:00:02:01'),
      from: ip('10.1.0.2'),
      to: ip('10.1.0.1'),
    });
    b.send(Uint8Array.of(0x08, 0, 0, 0, 0, 0, 42, 0, ...inner), ip('192.0.2.1'), 4789);
    running.run(1);
    expect(running.recorder.reasons).toEqual(['own-source']);
  });

  it('drops what would have to go through itself for ever', () => {
    const looped = withInterface(
      machine('a', { eth0: { address: '192.0.2.1/24' } }),
      { name: 'vx', link: { kind: 'vxlan', id: 1, remotes: [ip('10.1.0.255')], port: 4789 } },
      '10.1.0.1/24',
    );
    const running = new Running(topology([looped], []));
    expect(running.results('a', '10.1.0.2')).toEqual(['timeout']);
    expect(running.recorder.reasons).toContain('link-loop');
  });
});

describe('the hash of a flow', () => {
  const ends = {
    fromMac: mac('02:00:00:00:02:01'),
    toMac: mac('02:00:00:00:02:02'),
    from: ip('10.1.0.1'),
    to: ip('10.1.0.2'),
  };
  const back = { fromMac: ends.toMac, toMac: ends.fromMac, from: ends.to, to: ends.from };

  it('is the same both ways, as the kernel’s is', () => {
    expect(flowHash(udpFrame(ends, 1000, 53), 7)).toBe(flowHash(udpFrame(back, 53, 1000), 7));
    expect(flowHash(echoFrame(ends), 7)).toBe(flowHash(echoFrame(back, 9, 9), 7));
    const self = { ...ends, to: ends.from };
    expect(flowHash(udpFrame(self, 1, 2), 7)).toBe(flowHash(udpFrame(self, 2, 1), 7));
  });

  it('differs by port, by protocol and by machine, but not among the fragments of a packet', () => {
    const hash = flowHash(udpFrame(ends, 1000, 53), 7);
    expect(flowHash(udpFrame(ends, 1001, 53), 7)).not.toBe(hash);
    expect(flowHash(echoFrame(ends), 7)).not.toBe(hash);
    expect(flowHash(udpFrame(ends, 1000, 53), 8)).not.toBe(hash);
    const first = flowHash(udpFrame(ends, 1000, 53, undefined, { moreFragments: true }), 7);
    expect(flowHash(udpFrame(ends, 77, 88, undefined, { fragmentOffset: 1480 }), 7)).toBe(first);
  });

  it('spreads flows over all ports of the range', () => {
    const used = new Set<number>();
    for (let port = 1; port <= 2000; port++) {
      const source = flowSourcePort(flowHash(udpFrame(ends, port, 53), 7), 32768, 60999);
      expect(source).toBeGreaterThanOrEqual(32768);
      expect(source).toBeLessThan(60999);
      used.add(Math.floor((source - 32768) / 1000));
    }
    expect(used.size).toBe(29);
    expect(flowSourcePort(0xffffffff, 32768, 60999)).toBeLessThan(60999);
    expect(flowSourcePort(0, 32768, 60999)).toBe(32768);
  });
});

it('leaves room for the headers of VXLAN over IPv4 in an inner MTU of 1450: 20, 8, 8 and 14 bytes', () => {
  expect(DATAGRAM_HEADER_BYTES - 14 + 8 + 14 + 1450).toBe(1500);
  const running = pair();
  expect(running.results('a', '10.1.0.2', { size: 1422 })).toEqual(['reply']);
  expect(vxlanOf(running, 0).at(-1)!.length).toBe(1514);
});

it('sends outer packets in fragments where the inner MTU is as large as the outer one', () => {
  const devices = [host('a', 1, ['192.0.2.2'], {}, 1500), host('b', 2, ['192.0.2.1'], {}, 1500)];
  const running = new Running(topology(devices, cables(['a:eth0 -- b:eth0'])));
  expect(running.results('a', '10.1.0.2', { size: 1450 })).toEqual(['reply']);
  // As Linux 6.18 sends the first such packet (measured): frames of 1514 and 62 bytes.
  const lengths = running.recorder.sent
    .filter(({ port, bytes }) => port === 0 && word(bytes, 12) === 0x0800)
    .map(({ bytes }) => bytes.length);
  expect(lengths.slice(-2)).toEqual([1514, 62]);
});
