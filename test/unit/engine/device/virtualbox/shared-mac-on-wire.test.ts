import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, type MacAddress } from '../../../../../src/net/mac-address';
import type { Ipv4Address } from '../../../../../src/net/ipv4-address';
import { clientFrame, dhcpOf } from '../../stack/dhcp/dhcp-frames';
import {
  arpFrame,
  echoFrame,
  frameProblems,
  fromMac,
  ipv4Frame,
  sumOf,
  toMac,
  udpFrame,
} from '../../packets';
import { ip, mac } from '../../topologies';
import { SwitchBench } from './switch-bench';

const A = mac('08:00:27:00:00:0a');
const B = mac('08:00:27:00:00:0b');
const HOST = mac('3c:22:fb:00:00:01');
const ROUTER = mac('02:00:00:00:00:77');
const ROUTER_IP = ip('192.168.1.1');
const A_IP = ip('192.168.1.50');
const B_IP = ip('192.168.1.51');

const bench = () =>
  new SwitchBench(
    'bridged',
    {
      a: { role: 'adapter', mac: '08:00:27:00:00:0a' },
      b: { role: 'adapter', mac: '08:00:27:00:00:0b' },
      host: { role: 'host', mac: '3c:22:fb:00:00:01' },
      wire: { role: 'wire' },
    },
    { sharedMacOnWire: true },
  );

const ends = (from: MacAddress, to: MacAddress, fromIp: Ipv4Address, toIp: Ipv4Address) => ({
  fromMac: from,
  toMac: to,
  from: fromIp,
  to: toIp,
});

describe('a bridged Wi-Fi card', () => {
  it('sends a guest’s packets from the host’s hardware address', () => {
    const one = bench();
    const sent = echoFrame(ends(A, ROUTER, A_IP, ROUTER_IP));
    expect(one.send('a', sent)).toEqual(['wire']);
    const outer = one.heard('wire');
    expect([fromMac(outer), toMac(outer)]).toEqual(['3c:22:fb:00:00:01', '02:00:00:00:00:77']);
    expect(outer.subarray(12)).toEqual(sent.subarray(12));
  });

  it('names the host’s hardware address in a guest’s ARP, on the air only', () => {
    const one = bench();
    const request = arpFrame(1, { mac: A, ip: A_IP }, { ip: ROUTER_IP });
    expect(one.send('a', request)).toEqual(['b', 'host', 'wire']);
    expect(one.heard('wire')).toEqual(arpFrame(1, { mac: HOST, ip: A_IP }, { ip: ROUTER_IP }));
    expect(one.heard('b')).toEqual(request);
    expect(one.heard('host')).toEqual(request);
  });

  it('sorts what comes back by IP address, and gives it the guest’s hardware address', () => {
    const one = bench();
    one.send('a', arpFrame(1, { mac: A, ip: A_IP }, { ip: ROUTER_IP }));
    one.send('b', echoFrame(ends(B, ROUTER, B_IP, ROUTER_IP)));
    const reply = arpFrame(2, { mac: ROUTER, ip: ROUTER_IP }, { mac: HOST, ip: A_IP });
    expect(one.send('wire', reply)).toEqual(['a']);
    expect(toMac(one.heard('a'))).toBe('08:00:27:00:00:0a');
    expect(one.heard('a').subarray(6)).toEqual(reply.subarray(6));
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, B_IP)))).toEqual(['b']);
    expect(toMac(one.heard('b'))).toBe('08:00:27:00:00:0b');
  });

  it('leaves to the host what no guest has shown to be its own', () => {
    const one = bench();
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, A_IP)))).toEqual(['host']);
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, ip('192.168.1.9'))))).toEqual(['host']);
  });

  it('an address moves with who last showed it', () => {
    const one = bench();
    one.send('a', arpFrame(1, { mac: A, ip: A_IP }, { ip: ROUTER_IP }));
    one.send('b', arpFrame(1, { mac: B, ip: A_IP }, { ip: ROUTER_IP }));
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, A_IP)))).toEqual(['b']);
  });

  it('asks for DHCP answers by broadcast, and the UDP checksum stays right', () => {
    const one = bench();
    for (const type of ['discover', 'request'] as const) {
      one.send('a', clientFrame(type, { mac: A }));
      const outer = one.heard('wire');
      expect(dhcpOf(outer).broadcast).toBe(true);
      expect(dhcpOf(outer).clientMac).toBe(A);
      expect(frameProblems(outer)).toEqual([]);
      expect(dhcpOf(one.heard('b')).broadcast).toBe(false);
    }
  });

  it('a DHCP message without a UDP checksum keeps none', () => {
    const one = bench();
    const bytes = clientFrame('discover', { mac: A });
    bytes.fill(0, 40, 42);
    one.send('a', bytes);
    expect(dhcpOf(one.heard('wire')).broadcast).toBe(true);
    expect([...one.heard('wire').subarray(40, 42)]).toEqual([0, 0]);
  });

  it('learns an address from the ACK that gives it', () => {
    const one = bench();
    const ack = clientFrame('ack', { mac: A, operation: 2 });
    new DataView(ack.buffer).setUint32(42 + 16, A_IP);
    const toClient = udpFrame(
      { fromMac: ROUTER, toMac: BROADCAST_MAC, from: ROUTER_IP, to: ip('255.255.255.255') },
      67,
      68,
      ack.subarray(42),
    );
    expect(one.send('wire', toClient)).toEqual(['a', 'b', 'host']);
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, A_IP)))).toEqual(['a']);
  });

  it('turns a broadcast that the access point sent to this station alone into one again', () => {
    const one = bench();
    const encoded = udpFrame(ends(ROUTER, HOST, ROUTER_IP, ip('255.255.255.255')), 1, 2);
    expect(one.send('wire', encoded)).toEqual(['a', 'b', 'host']);
    expect(toMac(one.heard('a'))).toBe('ff:ff:ff:ff:ff:ff');
    one.send('wire', udpFrame(ends(ROUTER, HOST, ROUTER_IP, ip('239.129.2.3')), 1, 2));
    expect(toMac(one.heard('b'))).toBe('01:00:5e:01:02:03');
  });

  it('guests speak to each other and to the host under their own addresses', () => {
    const one = bench();
    const direct = echoFrame(ends(A, B, A_IP, B_IP));
    expect(one.send('a', direct)).toEqual(['b']);
    expect(one.heard('b')).toEqual(direct);
    const toHost = echoFrame(ends(A, HOST, A_IP, ip('192.168.1.9')));
    expect(one.send('a', toHost)).toEqual(['host']);
    expect(one.heard('host')).toEqual(toHost);
  });

  it('other protocols come back to the host only', () => {
    const one = bench();
    one.send('a', arpFrame(1, { mac: A, ip: A_IP }, { ip: ROUTER_IP }));
    const other = ipv4Frame(ends(ROUTER, HOST, ROUTER_IP, A_IP), new Uint8Array(8));
    other[12] = 0x88;
    other[13] = 0xb5;
    expect(one.send('wire', other)).toEqual(['host']);
  });

  it('names the host’s hardware address in IPv6 neighbour discovery, with a right checksum', () => {
    const one = bench();
    const bytes = new Uint8Array(14 + 40 + 32);
    bytes.set([0x33, 0x33, 0xff, 0, 0, 1, 8, 0, 0x27, 0, 0, 0x0a, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255]);
    const view = new DataView(bytes.buffer);
    view.setUint32(22, 0x20010db8);
    bytes[37] = 0x50;
    view.setUint32(38, 0xff020000);
    bytes.set([0, 0, 0, 1, 0xff, 0, 0, 1], 46);
    bytes.set([135, 0, 0, 0], 54);
    bytes.set([1, 1, 8, 0, 0x27, 0, 0, 0x0a], 78);
    const sum = () =>
      sumOf(Uint8Array.of(...bytes.subarray(22, 54), 0, 0, 0, 32, 0, 0, 0, 58, ...bytes.subarray(54)));
    view.setUint16(56, 0xffff - sum());
    one.send('a', bytes);
    const outer = one.heard('wire');
    expect([...outer.subarray(78)]).toEqual([1, 1, 0x3c, 0x22, 0xfb, 0, 0, 1]);
    expect(
      sumOf(Uint8Array.of(...outer.subarray(22, 54), 0, 0, 0, 32, 0, 0, 0, 58, ...outer.subarray(54))),
    ).toBe(0xffff);
    // Its answer is sorted by the IPv6 address that the guest showed.
    const answer = bytes.slice();
    answer.set([0x3c, 0x22, 0xfb, 0, 0, 1, 2, 0, 0, 0, 0, 0x77]);
    answer.set(bytes.subarray(22, 38), 38);
    answer[37] = 0x51;
    expect(one.send('wire', answer)).toEqual(['a']);
  });

  it('remembers 256 addresses; the oldest makes room', () => {
    const one = bench();
    for (let index = 0; index < 257; index++) {
      one.send('a', arpFrame(1, { mac: A, ip: (ip('10.9.0.0') + index) as Ipv4Address }, { ip: ROUTER_IP }));
    }
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, ip('10.9.0.0'))))).toEqual(['host']);
    expect(one.send('wire', echoFrame(ends(ROUTER, HOST, ROUTER_IP, ip('10.9.0.1'))))).toEqual(['a']);
  });
});
