/** What a VPN does to the largest packet that fits: the classic trap of 1500 bytes within 1500 bytes. */
import { describe, expect, it } from 'vitest';
import { fragmentOffset, moreFragments } from '../../../../src/wire/ipv4';
import { cables, machine, topology } from '../topologies';
import { dontFragmentOf, IP, word } from '../packets';
import { Running } from '../running';
import { tunnel, vpn, withInterface } from '../tunnels';

/** The IPv4 packets that left by this port, as [length, offset, more fragments, DF]. */
function packets(running: Running, port: number): unknown[] {
  return running.recorder.sent
    .filter(({ port: from, bytes }) => from === port && word(bytes, 12) === 0x0800)
    .map(({ bytes }) => [
      word(bytes, IP + 2),
      fragmentOffset(bytes, IP),
      moreFragments(bytes, IP),
      dontFragmentOf(bytes),
    ]);
}

/** The VPN between hosts whose way has a router in the middle with this MTU behind it. Ports: a 0 and 1, router 4 and 5. */
function narrowVpn(tunMtu: number): Running {
  const host = (id: string, net: number, index: number) =>
    withInterface(
      machine(id, { eth0: { address: `192.0.${net}.2/24`, gateway: `192.0.${net}.1` } }),
      { name: 'vpn0', link: { kind: 'tun' }, mtu: tunMtu },
      `10.8.0.${index}/24`,
    );
  const router = machine(
    'r',
    { l: { address: '192.0.2.1/24' }, r: { address: '192.0.3.1/24' } },
    { kind: 'router', forwarding: true },
  );
  const narrow = {
    ...router,
    interfaces: router.interfaces.map(each => (each.name === 'r' ? { ...each, mtu: 1400 } : each)),
  };
  const plan = topology(
    [
      host('a', 2, 1),
      host('b', 3, 2),
      narrow,
      tunnel('a', '192.0.3.2', { carries: 'ip' }),
      tunnel('b', '192.0.2.2', { carries: 'ip' }),
    ],
    cables(['a:eth0 -- r:l', 'b:eth0 -- r:r', 'a:vpn0 -- a:vpn:device', 'b:vpn0 -- b:vpn:device']),
  );
  return new Running(plan);
}

describe('a TUN device with an MTU of 1500 over a network of 1500', () => {
  it('makes the process send datagrams that the host has to fragment', () => {
    const running = new Running(vpn());
    expect(running.results('a', '10.8.0.2', { size: 1472 })).toEqual(['reply']);
    // 1500 bytes and 28 of headers: no DF, since the datagram does not fit (ip_dont_fragment of a socket with IP_PMTUDISC_WANT).
    expect(packets(running, 0)).toEqual([
      [1500, 0, true, false],
      [48, 1480, false, false],
    ]);
  });

  it('needs no fragments with the usual MTU of 1420', () => {
    const running = new Running(vpn({ mtu: 1420 }));
    expect(running.results('a', '10.8.0.2', { size: 1392 })).toEqual(['reply']);
    expect(packets(running, 0)).toEqual([[1448, 0, false, true]]);
  });
});

describe('a VPN whose way has a link of 1400', () => {
  it('loses the first large datagram to ICMP "fragmentation needed", and fragments from then on', () => {
    const running = narrowVpn(1420);
    expect(running.results('a', '10.8.0.2', { size: 1392, count: 3 })).toEqual(['timeout', 'reply', 'reply']);
    expect(running.recorder.reasons).toContain('packet-too-big');
    expect(packets(running, 0).slice(0, 3)).toEqual([
      [1448, 0, false, true],
      [1396, 0, true, false],
      [72, 1376, false, false],
    ]);
  });

  it('loses nothing where the TUN device leaves room: 1372', () => {
    const running = narrowVpn(1372);
    expect(running.results('a', '10.8.0.2', { size: 1344, count: 2 })).toEqual(['reply', 'reply']);
    expect(running.recorder.reasons).toEqual([]);
    expect(packets(running, 0)[0]).toEqual([1400, 0, false, true]);
  });
});
