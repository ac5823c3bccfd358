import { describe, expect, it } from 'vitest';
import { createNetwork, type PingResult } from '../../../../../src/engine/network';
import { formatIpInterfaceAddress } from '../../../../../src/net/ip-address';
import { formatMac } from '../../../../../src/net/mac-address';
import { frameLine, frameProblems, fromMac, PAYLOAD, toMac, word } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { ip, natTopology } from '../../topologies';
import { VERSIONS } from './nat-bench';

const GUESTS = ['nat-1', 'nat-2'];

/** Both guests of the laptop boot, look names up and ping, for minutes. */
function longRun(version: (typeof VERSIONS)[number]) {
  const recorder = new Recorder();
  const network = createNetwork(natTopology(version), { seed: 7, observer: recorder });
  network.boot();
  network.runUntil(40 * SECOND);
  const results: PingResult[] = [];
  const names: string[] = [];
  const ping = (from: string, to: string, count: number) => {
    network.ping(from, { kind: 'address', address: ip(to) }, { count, within: 4 * SECOND }, result => {
      results.push(result);
    });
  };
  GUESTS.forEach((guest, index) => {
    // One after the other: the same question at the same time would be passed on once, and answered to both because of the first.
    network.after(index * SECOND, () => {
      network.lookup(guest, 'web.example', 5 * SECOND, result => names.push(result.kind));
    });
  });
  for (const guest of GUESTS) {
    // One server, and numbers of one choice: what could be mixed up is.
    ping(guest, '203.0.113.10', 20);
    ping(guest, '10.0.2.15', 1);
    ping(guest, '10.0.2.16', 2);
    ping(guest, '10.0.2.3', 3);
    network
      .stackOf(guest)!
      .udp.open(4444, { datagram: () => undefined })!
      .send(new Uint8Array(9), ip('203.0.113.10'), 4444);
  }
  network.runUntil(100 * SECOND);
  const portOf = (device: string, name: string) =>
    network.ports.findIndex(port => port.device === device && port.name === name);
  return { recorder, network, results, names, portOf };
}

describe.each(VERSIONS)('two guests behind VirtualBox NAT %s', version => {
  const { recorder, network, results, names, portOf } = longRun(version);

  it('are both 10.0.2.15, and reach the world', () => {
    for (const guest of GUESTS) {
      expect(network.addressesOf(guest).map(formatIpInterfaceAddress)).toEqual(['10.0.2.15/24']);
    }
    expect(names).toEqual(['answer', 'answer']);
    const replies = (to: string) =>
      results
        .filter(({ address }) => address === ip(to))
        .map(each => each.replies.filter(({ result }) => result === 'reply').length);
    expect(replies('203.0.113.10')).toEqual([20, 20]);
    expect(replies('10.0.2.3')).toEqual([3, 3]);
    expect(replies('10.0.2.16')).toEqual([0, 0]);
  });

  it('never share a frame: what one receives is for it, and comes from its own engine because of itself or the host', () => {
    for (const [guest, other] of [GUESTS, GUESTS.toReversed()]) {
      const mine = portOf(guest!, 'enp0s3');
      const its = portOf(other!, 'enp0s3');
      const engine = portOf(`${guest!}:1/nat`, 'guest');
      const guestMac = formatMac(network.stackOf(guest!)!.interfaces[0]!.mac);
      const otherMac = formatMac(network.stackOf(other!)!.interfaces[0]!.mac);
      expect(network.ports[mine]!.peer).toBe(engine);
      const received = recorder.sent.filter(({ port }) => port === engine);
      expect(received.length).toBeGreaterThan(25);
      for (const record of received) {
        expect(fromMac(record.bytes)).not.toBe(otherMac);
        expect([guestMac, 'ff:ff:ff:ff:ff:ff']).toContain(toMac(record.bytes));
        const chain = recorder.causes(recorder.records.indexOf(record));
        expect(chain.some(each => recorder.records[each]!.port === its)).toBe(false);
      }
      // No frame that the one sent is on any cable of the other.
      const cables = new Set([its, network.ports[its]!.peer]);
      const sentByOne = new Set(
        recorder.sent.filter(({ port }) => port === mine).map(({ frame }) => frame.id),
      );
      const there = recorder.records.filter(({ port }) => cables.has(port));
      expect(there.some(({ frame }) => sentByOne.has(frame.id))).toBe(false);
    }
  });

  it('are one host outside: each ping with an identifier of its own there', () => {
    const laptop = portOf('laptop', 'eth0');
    const pings = recorder.sent.filter(
      ({ port, bytes }) => port === laptop && frameLine(bytes).includes('echo request'),
    );
    const identifiers = pings.map(({ bytes }) => word(bytes, PAYLOAD + 4));
    expect(pings).toHaveLength(40);
    expect(new Set(identifiers).size).toBe(40);
    expect(pings.every(({ bytes }) => frameLine(bytes).startsWith('192.168.1.'))).toBe(true);
  });

  it('hear that a port is closed outside', () => {
    for (const guest of GUESTS) {
      const engine = portOf(`${guest}:1/nat`, 'guest');
      const lines = recorder.lines(engine).filter(line => line.includes('icmp 3/3'));
      expect(lines).toEqual(['203.0.113.10 > 10.0.2.15 icmp 3/3']);
    }
  });

  it('every frame on every cable is well formed and never changed after it was sent', () => {
    expect(recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
    expect(recorder.changedFrames).toEqual([]);
  });
});
