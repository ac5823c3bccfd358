import { describe, expect, it } from 'vitest';
import { formatMac, macFromNumber } from '../../../../../src/net/mac-address';
import { arpFrame, echoFrame, frameLine, fromMac, padded, toMac, udpFrame } from '../../packets';
import { ip } from '../../topologies';
import { GATEWAY, GUEST, NatBench, SERVER, VERSIONS } from './nat-bench';

describe.each(VERSIONS)('ARP of %s', version => {
  const macOf = (host: number) => (version === '7.2' ? `52:55:0a:00:02:0${host}` : `52:54:00:12:35:0${host}`);
  const whoHas = (bench: NatBench, target: string) =>
    bench.ask(arpFrame(1, { mac: bench.guest.mac, ip: bench.guest.address }, { ip: ip(target) }));

  it.each(version === '7.2' ? [2, 3] : [2, 3, 4])('answers for .%i with its own hardware address', host => {
    const bench = new NatBench(version);
    const [reply] = whoHas(bench, `10.0.2.${host}`);
    const asker = { mac: bench.guest.mac, ip: bench.guest.address };
    const own = {
      mac: macFromNumber(parseInt(macOf(host).replaceAll(':', ''), 16)),
      ip: ip(`10.0.2.${host}`),
    };
    expect(reply).toEqual(padded(arpFrame(2, own, asker), version === '7.2' ? 64 : 42));
    expect(bench.takeReasons()).toEqual([]);
  });

  it.each(version === '7.2' ? [0, 1, 4, 15, 99, 255] : [0, 1, 15, 99, 255])('is silent about .%i', host => {
    const bench = new NatBench(version);
    expect(whoHas(bench, `10.0.2.${host}`)).toEqual([]);
    expect(bench.takeReasons()).toEqual(['broadcast-ignored']);
  });

  it('is silent about the world', () => {
    expect(whoHas(new NatBench(version), SERVER)).toEqual([]);
  });

  it('drops what is no ARP for IPv4', () => {
    const bench = new NatBench(version);
    bench.ask(
      arpFrame(1, { mac: bench.guest.mac, ip: bench.guest.address }, { ip: ip(GATEWAY) }).fill(9, 14, 16),
    );
    expect(bench.takeReasons()).toEqual(['malformed']);
  });

  it('asks for a guest it does not know and holds the packet back until it answers', () => {
    const bench = new NatBench(version);
    const asked = bench.ask(echoFrame(bench.toward('10.0.2.3')));
    expect(asked.map(frameLine)).toEqual([`arp who-has ${GUEST} tell ${GATEWAY}`]);
    expect([toMac(asked[0]!), fromMac(asked[0]!), asked[0]!.length]).toEqual([
      'ff:ff:ff:ff:ff:ff',
      macOf(2),
      42,
    ]);
    const guest = { mac: bench.guest.mac, ip: bench.guest.address };
    const got = bench.ask(arpFrame(2, guest, { mac: macFromNumber(0), ip: ip(GATEWAY) }));
    expect(got.map(frameLine)).toEqual([`10.0.2.3 > ${GUEST} echo reply 1`]);
    // Not again.
    expect(bench.ask(echoFrame(bench.toward('10.0.2.3'))).map(frameLine)).toEqual([
      `10.0.2.3 > ${GUEST} echo reply 1`,
    ]);
  });

  it('does not hold back without end', () => {
    const bench = new NatBench(version);
    for (let number = 0; number < 100; number++) {
      bench.ask(echoFrame(bench.toward('10.0.2.3'), 7, number));
    }
    expect(bench.takeReasons()).toEqual(Array(36).fill('neighbour-queue-full'));
    for (let number = 0; number < 100; number++) {
      bench.ask(echoFrame({ ...bench.toward('10.0.2.3'), from: ip(`10.0.2.${100 + number}`) }));
    }
    expect(bench.takeReasons()).toEqual(Array(85).fill('neighbour-queue-full'));
  });

  it('follows a guest that changes its hardware address', () => {
    const bench = new NatBench(version).meet();
    const moved = macFromNumber(0x080027ffffff);
    bench.ask(arpFrame(1, { mac: moved, ip: bench.guest.address }, { ip: bench.guest.address }));
    const [reply] = bench.ask(echoFrame({ ...bench.toward('10.0.2.3'), fromMac: moved }));
    expect(toMac(reply!)).toBe(formatMac(moved));
  });

  it('every IP frame comes from the gateway’s hardware address, whoever it is from', () => {
    const bench = new NatBench(version).meet();
    const [own] = bench.ask(echoFrame(bench.toward('10.0.2.3')));
    bench.ask(udpFrame(bench.toward(SERVER), 5000, 7));
    const port = bench.outside().map(bytes => bytes[34]! * 256 + bytes[35]!)[0]!;
    const [relayed] = bench.answer(udpFrame(bench.fromOutside(), 7, port));
    expect([fromMac(own!), fromMac(relayed!)]).toEqual([macOf(2), macOf(2)]);
  });
});
