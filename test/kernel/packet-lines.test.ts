/** The lines of the simulation's tcpdump beside those of the real one, for every packet of the samples and for packets that went wrong. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../src/simulation/simulation';
import { readTopology } from '../../src/topology/topology-file';
import { parseCaptureFilter } from '../../src/trace/capture-filter/capture-filter';
import { LINK_TYPE } from '../../src/trace/link-type';
import { PacketLines } from '../../src/trace/tcpdump/packet-line';
import { rootEnvironment as env } from './child-processes';
import { obstacle } from './kernel-case';

const SAMPLES = 'media/samples';
/** ns. */
const SECOND = 1e9;

/** A capture file in the classic format (pcap-savefile(5)). */
function captureFile(frames: readonly Uint8Array[], linkType: number): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(linkType, 20);
  const records = frames.flatMap(frame => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, Buffer.from(frame)];
  });
  return Buffer.concat([head, ...records]);
}

/** A segment of TCP to a port. */
function segment(port: number, data: Buffer): Uint8Array {
  const number = (value: number): string => value.toString(16).padStart(4, '0');
  const head =
    `0200000000020200000000010800 4500${number(40 + data.length)}0000400040060000 0a0000010a000002` +
    `c350${number(port)}0000000100000002 5018020000000000`;
  return Buffer.concat([Buffer.from(head.replaceAll(' ', ''), 'hex'), data]);
}

/** What the real one prints, a text a packet. */
function realLines(
  frames: readonly Uint8Array[],
  linkType: number,
  options: readonly string[],
): readonly string[] {
  const { stdout, stderr, status } = spawnSync('tcpdump', ['-n', '-t', '-#', ...options, '-r', '-'], {
    input: captureFile(frames, linkType),
    encoding: 'latin1',
    maxBuffer: 1 << 28,
    env,
  });
  expect(status, stderr).toBe(0);
  return stdout
    .split(/^ *\d+ {2}(?=\S)/m)
    .slice(1)
    .map(text => text.replace(/\n$/, ''));
}

function differences(frames: readonly Uint8Array[], linkType: number, linkHeader: boolean): string[] {
  const lines = new PacketLines({ numeric: true, linkHeader });
  const real = realLines(frames, linkType, linkHeader ? ['-e'] : []);
  expect(real).toHaveLength(frames.length);
  return frames.flatMap((frame, index) => {
    const ours = lines.line(frame, linkType);
    return ours === real[index] ? [] : [`real      ${real[index] ?? ''}\nsimulated ${ours}`];
  });
}

/** Every frame that crossed the networks of the samples, by what its link is. */
function sampleFrames(file: string): ReadonlyMap<number, readonly Uint8Array[]> {
  const [name = '', change] = file.split(' with ');
  const text = readFileSync(join(SAMPLES, name), 'utf8').replaceAll('stp: rstp', change ?? 'stp: rstp');
  const simulation = new Simulation(readTopology(text).topology!);
  simulation.runOn(300 * SECOND, 100_000);
  const frames = new Map<number, Uint8Array[]>([
    [LINK_TYPE.ethernet, []],
    [LINK_TYPE.raw, []],
  ]);
  for (let number = simulation.trace.oldest; number < simulation.trace.end; number++) {
    frames.get(simulation.trace.linkType(number))?.push(simulation.trace.bytes(number));
  }
  return frames;
}

describe.skipIf(obstacle !== undefined)('tcpdump', () => {
  test.each([...readdirSync(SAMPLES), 'vlan-trunk-stp.vnet.yaml with stp: true'])('%s', file => {
    for (const [linkType, frames] of sampleFrames(file)) {
      console.log(`${file}: ${frames.length} frames of link type ${linkType}`);
      for (const linkHeader of [false, true]) {
        expect([...new Set(differences(frames, linkType, linkHeader))].slice(0, 20)).toEqual([]);
      }
    }
  });

  test('what a person types to well-known ports', () => {
    const texts = ['hello\n', 'GET / HTTP/1.0\r\n\r\n', 'SSH-2.0-x\r\n', 'HTTP/1.1 200 OK\r\n', 'no end'];
    const frames = [21, 22, 25, 43, 53, 80, 554, 587, 5000, 8080].flatMap(port =>
      texts.map(text => segment(port, Buffer.from(text))),
    );
    expect(differences(frames, LINK_TYPE.ethernet, false)).toEqual([]);
  });

  test.each([
    ...['icmp', 'icmp6', 'arp', 'tcp', 'udp', 'ip', 'ip6', 'igmp', 'not ip', 'ether broadcast', 'multicast'],
    ...['ip multicast', 'ip6 multicast', 'host 192.168.1.10', 'src 192.168.1.10', 'dst host 192.168.1.10'],
    ...['net 192.168.1.0/24', 'net 192.168', 'src net 192.168.1.0 mask 255.255.255.0', 'host 2001:db8:1::10'],
    ...['net 2001:db8::/32', 'arp host 192.168.1.10', 'ip host 192.168.1.10', 'port 53', 'udp port 53 or 67'],
    ...[
      'src port 67',
      'portrange 50-70',
      'dst portrange 60-67',
      'port (53 or 67)',
      'port domain',
      'tcp port http',
    ],
    ...[
      'udp and not port 53',
      'udp or tcp and port 80',
      'udp or (tcp and port 80)',
      '! arp && (icmp || icmp6)',
    ],
    ...[
      'icmp[icmptype] = icmp-echo',
      'icmp[icmptype] != icmp-echo',
      'ip[8] < 64',
      'ip[2:2] > 100',
      'len > 90',
    ],
    ...['icmp6[icmp6type] = 135', 'ip[6:2] & 0x4000 != 0', 'less 90', 'greater 90', 'ether proto 0x86dd'],
    ...['ip proto 17', 'ip proto \\icmp', 'ip6 proto 58', 'udp[4:2] - 8 > 40', '(ip[9] & 0x10) + 1 = 0x11'],
    ...[
      'ether host 02:6f:c5:ba:5d:f4',
      'ether src 02:6f:c5:ba:5d:f4',
      'not udp[60] = 1',
      'src or dst port 68',
    ],
  ])('filters as libpcap does: %s', filter => {
    for (const file of ['ipv6-home.vnet.yaml', 'virtualbox-nat.vnet.yaml']) {
      const frames = sampleFrames(file).get(LINK_TYPE.ethernet) ?? [];
      const lines = new PacketLines({ numeric: true, linkHeader: true });
      const matches = parseCaptureFilter(filter, () => []);
      if (typeof matches === 'string') {
        throw new Error(matches);
      }
      const simulated = frames.filter(frame => matches(frame, LINK_TYPE.ethernet));
      const ours = simulated.map(frame => lines.line(frame, LINK_TYPE.ethernet));
      expect(ours).toEqual(realLines(frames, LINK_TYPE.ethernet, ['-e', filter]));
    }
  });

  test.each([
    ...[
      'port foo',
      'host',
      'tcp host 1.2.3.4',
      'host 1.2.3.4/24',
      'portrange x-y',
      'vlan 5000',
      'ip proto foo',
    ],
    ...['ether proto foo', '1.2.3.4', 'foo', '80', 'tcp[0:3] = 1', 'foo[1]=2', 'src', 'net 10.0.0.0/33'],
    ...['net ::1/64', 'ip host ::1', 'arp port 5', 'less x', 'and', 'tcp and', 'port 53 and (udp or', 'not'],
    ...['ip and )', 'port 99999', 'proto tcp', 'host a-b.test', 'net 10 mask 255.0.0.0', 'ether host 1.2.3'],
  ])('says what libpcap says of %s', filter => {
    const { stderr } = spawnSync('tcpdump', ['-n', '-r', '-', filter], {
      input: captureFile([], LINK_TYPE.ethernet),
      encoding: 'utf8',
      env,
    });
    const said = stderr.replace(/^reading from .*\n/m, '');
    expect(`tcpdump: ${String(parseCaptureFilter(filter, () => []))}\n`).toBe(said);
  });
});
