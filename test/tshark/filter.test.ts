/** Display filters beside `tshark -Y`: the same packets pass, and what Wireshark refuses is refused here. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../src/trace/dissect/dissect';
import { compileFilter } from '../../src/trace/filter/filter';
import { BlockWriter, DIRECTION } from '../../src/trace/pcapng-blocks';
import { readCapture } from '../../src/trace/pcap-reader';
import { StreamIndex } from '../../src/trace/streams/stream-index';
import { sampleFrames } from '../unit/trace/sample-frames';
import { filtersThatPass } from './filters';
import { filtersThatAreRefused } from './refused-filters';
import { ALONE, CHECKSUMS, runWireshark, withCaptureFile } from './tshark';

const CAPTURES = join(import.meta.dirname, '../../../shared/data/captures');

/** Of each kind of traffic some; without them only frames of the project's own making are filtered. */
const FILES = [
  'kernel/kernel-bridge-http.pcap',
  'kernel/kernel-dns-basic.pcap',
  'kernel/kernel-dhcp-udhcpc-dora.pcap',
  'kernel/kernel-misc-stp.pcap',
  'kernel/kernel-rt-portunreach-L2.pcap',
  'kernel/kernel-rt-traceroute-udp-L2.pcap',
  'kernel/kernel-misc-ipv6-noise.pcap',
  'kernel/ovs-trunk.pcap',
  'qemu-user-network/slirp-virtio.pcap',
];

function samples(): Uint8Array[] {
  const others = FILES.map(name => join(CAPTURES, name)).filter(path => existsSync(path));
  return [
    ...Object.values(sampleFrames()),
    ...others.flatMap(path => readCapture(readFileSync(path), 120).packets.map(({ bytes }) => bytes)),
  ];
}

function fileOf(packets: readonly Uint8Array[]): Uint8Array {
  const writer = new BlockWriter();
  writer.sectionHeader('test');
  writer.interfaceDescription('all', '');
  packets.forEach((bytes, index) => {
    writer.enhancedPacket(0, index * 1e9, bytes, DIRECTION.inbound, undefined);
  });
  return writer.take();
}

/** The numbers that tshark prints; undefined when it refuses. */
function numbersOf(run: () => string): number[] | undefined {
  try {
    return run().split('\n').filter(Boolean).map(Number);
  } catch {
    return undefined;
  }
}

describe('display filters beside tshark', () => {
  const packets = samples();
  const streams = new StreamIndex();
  packets.forEach((bytes, index) => streams.add(index, bytes));
  const dissected = packets.map((bytes, index) => ({
    bytes,
    layers: dissect(bytes).layers,
    number: index + 1,
    interfaceName: 'all',
    flows: streams.streamsOf(index, bytes),
  }));

  it('let the same packets pass', () => {
    const differences: string[] = [];
    let passed = 0;
    withCaptureFile(fileOf(packets), file => {
      for (const expression of filtersThatPass) {
        const options = [
          '-r',
          file,
          ...ALONE,
          ...CHECKSUMS,
          '-Y',
          expression,
          '-T',
          'fields',
          '-e',
          'frame.number',
        ];
        const theirs = numbersOf(() => runWireshark('tshark', options));
        if (theirs === undefined) {
          differences.push(`${expression}: refused by Wireshark`);
          continue;
        }
        const filter = compileFilter(expression);
        if ('problem' in filter) {
          differences.push(`${expression}: refused: ${filter.problem.message}`);
          continue;
        }
        const mine = dissected.filter(packet => filter.matches(packet)).map(({ number }) => number);
        passed += theirs.length > 0 ? 1 : 0;
        if (mine.join() !== theirs.join()) {
          const only = (one: number[], other: number[]) =>
            one.filter(number => !other.includes(number)).slice(0, 5);
          differences.push(
            `${expression}: only here ${only(mine, theirs).join()}; only there ${only(theirs, mine).join()}`,
          );
        }
      }
    });
    expect(differences).toEqual([]);
    // Filters that let nothing pass would prove little.
    expect(passed).toBeGreaterThan(filtersThatPass.length * 0.6);
    console.log(`${filtersThatPass.length} filters over ${packets.length} packets agree with tshark`);
  }, 240_000);

  it('are refused where Wireshark refuses them, and say where', () => {
    const differences: string[] = [];
    withCaptureFile(fileOf(packets.slice(0, 1)), file => {
      for (const expression of filtersThatAreRefused) {
        const theirs = numbersOf(() => runWireshark('tshark', ['-r', file, '-Y', expression]));
        const filter = compileFilter(expression);
        if (theirs !== undefined || !('problem' in filter)) {
          differences.push(
            `${expression}: ${theirs === undefined ? 'refused only by Wireshark' : 'not refused by Wireshark'}`,
          );
        } else {
          expect(filter.problem.message).not.toBe('');
          expect(filter.problem.at).toBeLessThanOrEqual(expression.length);
          expect(filter.problem.length).toBeGreaterThan(0);
        }
      }
    });
    expect(differences).toEqual([]);
  }, 120_000);
});
