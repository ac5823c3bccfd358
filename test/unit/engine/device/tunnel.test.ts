import { describe, expect, it } from 'vitest';
import { checkIpv4 } from '../../../../src/wire/ipv4';
import type { DropReason } from '../../../../src/engine/kernel/drop-reason';
import { fromMac, sourceOf, word } from '../packets';
import { Running } from '../running';
import { vpn, type VpnOptions } from '../tunnels';

/** Ports of the topology by number. */
const A_ETH0 = 0;
const A_VPN0 = 1;
const B_ETH0 = 2;
const B_VPN0 = 3;
const A_PROCESS = 4;
const B_PROCESS = 5;

/** Where the data of a datagram in an Ethernet frame begins. */
const DATA = 14 + 20 + 8;

/** The VPN after one ping from a to b through it. */
function pinged(options: VpnOptions): Running & { readonly results0: readonly string[] } {
  const running = new Running(vpn(options));
  return Object.assign(running, { results0: running.results('a', '10.8.0.2') });
}

function drops(running: Running): readonly (readonly [number, DropReason | undefined])[] {
  return running.recorder.drops.map(({ port, reason }) => [port, reason] as const);
}

describe('a VPN over TUN devices', () => {
  it('carries each packet alone from the device to the process, and as one datagram to the other end', () => {
    const { recorder, results0 } = pinged({});
    expect(results0).toEqual(['reply']);
    const [packet] = recorder.sent.filter(({ port }) => port === A_VPN0);
    expect(packet!.bytes.length).toBe(84);
    expect(checkIpv4(packet!.bytes, 0, 84)).toBeUndefined();
    const carriers = recorder.sent.filter(({ port, bytes }) => port === A_ETH0 && word(bytes, 12) === 0x0800);
    expect(carriers.length).toBe(1);
    const { bytes } = carriers[0]!;
    expect([sourceOf(bytes), word(bytes, 34), word(bytes, 36)]).toEqual(['192.0.2.1', 5555, 5555]);
    expect(bytes.subarray(DATA)).toEqual(packet!.bytes);
    const [written] = recorder.sent.filter(({ port }) => port === B_PROCESS);
    expect(written!.bytes).toEqual(packet!.bytes);
    expect(drops({ recorder } as Running)).toEqual([]);
  });

  it('asks for no hardware addresses: TUN devices have none', () => {
    const { recorder } = pinged({});
    const bare = recorder.sent.filter(({ port }) => [A_VPN0, B_VPN0, A_PROCESS, B_PROCESS].includes(port));
    expect(bare.map(({ bytes }) => bytes[0]! >> 4)).toEqual([4, 4, 4, 4]);
  });

  it('has one chain of causes from the answer back to the user', () => {
    const { recorder } = pinged({});
    const last = recorder.records.findLastIndex(({ port }) => port === A_PROCESS);
    const chain = recorder.causes(last).map(record => recorder.records[record]!.port);
    // a's packet, b's answer; each reaches eth0 by ARP at first, which is no cause of theirs.
    expect(chain).toEqual([A_PROCESS, B_ETH0, B_VPN0, B_PROCESS, A_ETH0, A_VPN0]);
  });

  it('puts packet information in front of each packet where both processes left it on', () => {
    const { recorder, results0 } = pinged({ packetInformation: [true, true] });
    expect(results0).toEqual(['reply']);
    const carrier = recorder.sent.find(({ port, bytes }) => port === A_ETH0 && word(bytes, 12) === 0x0800)!;
    expect([...carrier.bytes.subarray(DATA, DATA + 5)]).toEqual([0, 0, 8, 0, 0x45]);
    expect(carrier.bytes.length).toBe(DATA + 4 + 84);
    const written = recorder.sent.find(({ port }) => port === B_PROCESS)!;
    expect(written.bytes.length).toBe(84);
  });

  it('fails with EINVAL where one process gives packet information and the other does not expect it', () => {
    const running = pinged({ packetInformation: [true, false] });
    expect(running.results0).toEqual(['timeout']);
    expect(drops(running)).toEqual([[B_VPN0, 'write-too-short']]);
  });

  it('loses packets where packet information is expected and not given: the header is taken for it', () => {
    const running = pinged({ packetInformation: [false, true] });
    expect(running.results0).toEqual(['timeout']);
    expect(drops(running)).toEqual([[B_PROCESS, 'ethertype-unknown']]);
  });

  it('takes datagrams from anybody', () => {
    const running = new Running(vpn());
    const echo = running.recorder.sent.length;
    const stranger = running.network.stackOf('b')!.udp.open(9999, { datagram: () => undefined })!;
    const packet = Uint8Array.from([0x45, 0, 0, 20, 0, 0, 0, 0, 64, 253, 0, 0, 10, 8, 0, 9, 10, 8, 0, 1]);
    stranger.send(packet, 0xc0000201 as never, 5555);
    running.run(1);
    const written = running.recorder.sent.slice(echo).find(({ port }) => port === A_PROCESS)!;
    expect(written.bytes).toEqual(packet);
    expect(drops(running)).toEqual([[A_VPN0, 'checksum-wrong']]);
    // The record at a TUN port is the bare packet, as the port carries it.
    expect(running.recorder.drops[0]!.bytes).toEqual(packet);
  });

  it('takes 16384 bytes of a datagram, as the buffer of the process has it', () => {
    const running = new Running(vpn({ wire: { rate: 1e10 } }));
    const b = running.network.stackOf('b')!;
    const own = b.udp.open(9999, { datagram: () => undefined })!;
    const packet = new Uint8Array(20_000);
    packet[0] = 0x45;
    own.send(packet, 0xc0000202 as never, 5555);
    running.run(1);
    const written = running.recorder.sent.find(({ port }) => port === B_PROCESS)!;
    expect(written.bytes.length).toBe(16_384);
  });

  it('does not run where another program has its port', () => {
    const plan = vpn();
    const [a, b, ...processes] = plan.devices;
    const first = { ...processes[0]!, id: 'first' };
    const running = new Running({ ...plan, devices: [a!, b!, first, ...processes] });
    expect(running.results('a', '10.8.0.2')).toEqual(['timeout']);
    expect(drops(running)).toEqual([[A_PROCESS + 1, 'tunnel-port-taken']]);
  });
});

describe('a bridged VPN over TAP devices', () => {
  it('carries Ethernet frames, ARP included', () => {
    const { recorder, results0 } = pinged({ kind: 'tap' });
    expect(results0).toEqual(['reply']);
    const lines = recorder.lines(A_VPN0);
    expect(lines.length).toBe(2);
    expect(lines[0]).toMatch(/arp|ARP/);
    const frames = recorder.sent.filter(({ port }) => port === A_VPN0);
    expect(frames.map(({ bytes }) => fromMac(bytes))).toEqual(['02:00:00:00:08:01', '02:00:00:00:08:01']);
    const carriers = recorder.sent.filter(({ port, bytes }) => port === A_ETH0 && word(bytes, 12) === 0x0800);
    expect(carriers.map(({ bytes }) => bytes.length - DATA)).toEqual([42, 98]);
    expect(carriers[1]!.bytes.subarray(DATA)).toEqual(frames[1]!.bytes);
  });

  it('puts packet information with the frame’s own EtherType in front where the processes left it on', () => {
    const { recorder, results0 } = pinged({ kind: 'tap', packetInformation: [true, true] });
    expect(results0).toEqual(['reply']);
    const carriers = recorder.sent.filter(({ port, bytes }) => port === A_ETH0 && word(bytes, 12) === 0x0800);
    expect(carriers.map(({ bytes }) => word(bytes, DATA + 2))).toEqual([0x0806, 0x0800]);
  });

  it('refuses with EINVAL what is too short for a frame', () => {
    const running = new Running(vpn({ kind: 'tap' }));
    const b = running.network.stackOf('b')!.udp.open(9999, { datagram: () => undefined })!;
    b.send(new Uint8Array(13), 0xc0000201 as never, 5555);
    running.run(1);
    expect(drops(running)).toEqual([[A_VPN0, 'write-too-short']]);
  });
});

describe.each(['tun', 'tap'] as const)('a %s device', kind => {
  it('takes nothing while it is down, with EIO for the process, and has no routes; set up again it works', () => {
    const plan = vpn({ kind });
    const running = new Running(plan);
    const b = running.network.stackOf('b')!;
    const on = b.interfaces.find(({ name }) => name === 'vpn0')!;
    on.up = false;
    expect(b.routes.all.some(route => route.on === on)).toBe(false);
    expect(running.results('a', '10.8.0.2')).toEqual(['timeout']);
    expect(new Set(drops(running).map(([port, reason]) => `${port} ${reason}`))).toContain(
      `${B_VPN0} write-interface-down`,
    );
    on.up = true;
    expect(b.routes.all.some(route => route.on === on)).toBe(true);
    expect(running.results('a', '10.8.0.2')).toEqual(['reply']);
  });
});
