import { describe, expect, it } from 'vitest';
import type { NatEngine } from '../../../../../src/engine/device/virtualbox/nat-engine';
import { virtualBoxNatNetwork } from '../../../../../src/engine/device/virtualbox/nat-network';
import { Port } from '../../../../../src/engine/kernel/port';
import type { VirtualBoxVersion } from '../../../../../src/topology/resolved';
import { arpFrame, echoFrame, frameLine, frameProblems, PAYLOAD, ttlOf, udpFrame, word } from '../../packets';
import { Bench, cableFor, Station } from '../../station';
import { ip, mac, net } from '../../topologies';

const GUEST = '10.0.2.4';
const GATEWAY = '10.0.2.1';
const SERVER = '203.0.113.10';
const GATEWAY_MAC = '52:54:00:12:35:00';

class NetworkBench extends Bench {
  readonly guest: Station;
  readonly engine: NatEngine;

  constructor(version: VirtualBoxVersion) {
    super(['192.168.1.100/24']);
    this.stack.addDefaultRoute(this.station().address, this.on(), 'static');
    this.stack.setNameServers([ip('9.9.9.9')]);
    this.station().answersArp = true;
    this.engine = virtualBoxNatNetwork(
      this.simulator,
      {
        kind: 'virtualbox-nat-network',
        id: 'NatNetwork',
        label: 'NatNetwork',
        source: [],
        ports: [],
        version,
        mac: mac(GATEWAY_MAC),
        host: 'bench',
        network: net('10.0.2.0/24'),
        gateway: ip(GATEWAY),
        loopback: ip('10.0.2.2'),
        forwards: [],
      },
      this.stack,
    );
    const port = new Port(this.simulator, 1, this.engine);
    this.engine.plug(port);
    this.guest = new Station(this.simulator, 101, mac('08:00:27:00:00:01'), ip(GUEST));
    port.connect(this.guest.port, cableFor(this.simulator));
    this.ask(arpFrame(1, { mac: this.guest.mac, ip: this.guest.address }, { ip: ip(GATEWAY) }));
  }

  toward(to: string) {
    return { fromMac: this.guest.mac, toMac: mac(GATEWAY_MAC), from: this.guest.address, to: ip(to) };
  }

  ask(bytes: Uint8Array): Uint8Array[] {
    this.guest.send(bytes);
    this.run(0.002);
    return this.guest.take();
  }

  answer(from: string, port: number, to: number): Uint8Array[] {
    this.inject(udpFrame(this.ends(ip('192.168.1.100'), 0, from), port, to));
    return this.guest.take();
  }
}

describe.each(['6.1', '7.0', '7.1'] as const)('the NAT network of %s', version => {
  it('is there as .1, and as .2 for the host’s loopback, and as nobody else', () => {
    const bench = new NetworkBench(version);
    const asked = (address: string) =>
      bench
        .ask(arpFrame(1, { mac: bench.guest.mac, ip: bench.guest.address }, { ip: ip(address) }))
        .map(frameLine);
    expect(asked(GATEWAY)).toEqual([`arp ${GATEWAY} is-at ${GATEWAY_MAC}`]);
    expect(asked('10.0.2.2')).toEqual([`arp 10.0.2.2 is-at ${GATEWAY_MAC}`]);
    expect(asked('10.0.2.3')).toEqual([]);
  });

  it('answers ping at .1 itself, at .2 as the host, with TTL 255', () => {
    const bench = new NetworkBench(version);
    for (const address of [GATEWAY, '10.0.2.2']) {
      const [reply] = bench.ask(echoFrame(bench.toward(address)));
      expect(frameLine(reply!)).toBe(`${address} > ${GUEST} echo reply 1`);
      expect([ttlOf(reply!), frameProblems(reply!)]).toEqual([255, []]);
    }
  });

  it('is one hop of a traceroute', () => {
    const bench = new NetworkBench(version);
    const [error] = bench.ask(udpFrame(bench.toward(SERVER), 5, 33_434, undefined, { timeToLive: 1 }));
    expect(frameLine(error!)).toBe(`${GATEWAY} > ${GUEST} icmp 11/0`);
  });

  it('has a socket for each flow, and lets only who is spoken to answer', () => {
    const bench = new NetworkBench(version);
    bench.ask(udpFrame(bench.toward(SERVER), 5000, 7));
    bench.ask(udpFrame(bench.toward('198.51.100.9'), 5000, 7));
    const [one, other] = bench
      .station()
      .take()
      .map(bytes => word(bytes, PAYLOAD));
    expect(one).not.toBe(other);
    expect(bench.answer(SERVER, 7, one!).map(frameLine)).toEqual([`${SERVER} > ${GUEST} udp 7 > 5000 4`]);
    expect(bench.answer(SERVER, 8, one!)).toEqual([]);
    expect(bench.answer('198.51.100.9', 7, one!)).toEqual([]);
  });

  it('closes an idle socket 18 to 21 seconds after its last datagram, three later since 7.0.10', () => {
    const least = version === '6.1' ? 18 : 21;
    for (const [wait, open] of [
      [least - 0.1, 1],
      [least + 3.1, 0],
    ] as const) {
      const bench = new NetworkBench(version);
      bench.ask(udpFrame(bench.toward(SERVER), 5000, 7));
      const port = word(bench.station().take()[0]!, PAYLOAD);
      bench.run(wait);
      expect(bench.answer(SERVER, 7, port)).toHaveLength(open);
    }
  });

  it('relays names at .1, refuses other ports there, and carries no broadcast', () => {
    const bench = new NetworkBench(version);
    bench.ask(udpFrame(bench.toward(GATEWAY), 5000, 53));
    expect(frameLine(bench.station().take()[0]!)).toContain('> 9.9.9.9 udp');
    expect(bench.ask(udpFrame(bench.toward(GATEWAY), 5000, 99)).map(frameLine)).toEqual([
      `${GATEWAY} > ${GUEST} icmp 3/3`,
    ]);
    bench.takeReasons();
    bench.ask(udpFrame(bench.toward('255.255.255.255'), 5000, 137));
    bench.ask(udpFrame(bench.toward('10.0.2.255'), 5000, 137));
    expect(bench.takeReasons()).toEqual(['nat-not-carried', 'nat-not-carried']);
  });

  it('leads to what listens on the host’s loopback at .2', () => {
    const bench = new NetworkBench(version);
    const socket = bench.stack.udp.open(514, {
      datagram: (data, from, port) => {
        socket.send(data, from, port);
      },
    })!;
    expect(bench.ask(udpFrame(bench.toward('10.0.2.2'), 5000, 514)).map(frameLine)).toEqual([
      `10.0.2.2 > ${GUEST} udp 514 > 5000 4`,
    ]);
  });
});

describe('the NAT network of 7.2', () => {
  it('is libslirp: one socket for each port of a guest, open to everybody', () => {
    const bench = new NetworkBench('7.2');
    bench.ask(udpFrame(bench.toward(SERVER), 5000, 7));
    const port = word(bench.station().take()[0]!, PAYLOAD);
    const [inner] = bench.answer('198.51.100.9', 99, port);
    expect(frameLine(inner!)).toBe(`198.51.100.9 > ${GUEST} udp 99 > 5000 4`);
    expect(ttlOf(inner!)).toBe(64);
  });
});
