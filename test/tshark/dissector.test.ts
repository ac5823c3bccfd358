/** The project's dissector beside Wireshark's, over frames of the project's own making and over captures of other people's networks. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../src/trace/dissect/dissect';
import { readCapture } from '../../src/trace/pcap-reader';
import { groupFrames } from '../unit/trace/group-frames';
import { optionFrames } from '../unit/trace/option-frames';
import { sampleFrames } from '../unit/trace/sample-frames';
import { LEFT_OUT } from './compared-fields';
import { compare, knownPackets } from './dissection-comparison';
import { runWireshark } from './tshark';

const CAPTURES = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data/captures');

function captureFiles(): readonly string[] {
  return readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.pcap(ng)?$/.test(name))
    .map(name => join(CAPTURES, name))
    .sort();
}

describe('the dissector beside tshark', () => {
  it('gives the same fields and columns for every kind of frame the project makes', () => {
    const frames = { ...sampleFrames(), ...optionFrames(), ...groupFrames() };
    const samples = Object.entries(frames).map(([from, bytes]) => ({ from, bytes }));
    const { differences, comparedColumns } = compare(samples);
    expect(differences).toEqual([]);
    expect(comparedColumns).toBe(samples.length);
  });

  const present = existsSync(CAPTURES);
  if (!present) {
    console.log(`skipped: no captures of real networks at ${relative(process.cwd(), CAPTURES)}`);
  }

  it.skipIf(!present)('gives the same fields and columns for captures of real networks', () => {
    const files = captureFiles().filter(path => LEFT_OUT[relative(CAPTURES, path)] === undefined);
    const samples = files.flatMap(path => {
      const packets = knownPackets(readCapture(readFileSync(path), 2000));
      return packets.map((packet, index) => ({
        ...packet,
        from: `${relative(CAPTURES, path)} ${index + 1}`,
      }));
    });
    const { differences, comparedFields, comparedColumns } = compare(samples);
    console.log(
      `compared ${comparedFields} values and the columns of ${comparedColumns} of ${samples.length} packets with tshark`,
    );
    expect(differences.slice(0, 20)).toEqual([]);
    expect(comparedColumns).toBeGreaterThan(1000);
  });

  it.skipIf(!present)('makes a tree of every packet of every capture, Ethernet or not', () => {
    let packets = 0;
    for (const path of captureFiles()) {
      for (const { bytes } of readCapture(readFileSync(path)).packets) {
        expect(dissect(bytes).layers.length).toBeGreaterThan(0);
        packets += 1;
      }
    }
    expect(packets).toBeGreaterThan(5000);
  });

  it.skipIf(!present)('reads as many packets from each capture as Wireshark', () => {
    const files = captureFiles();
    const table = runWireshark('capinfos', ['-T', '-r', '-M', '-c', ...files]);
    for (const line of table.trim().split('\n')) {
      const [path = '', packets = ''] = line.split('\t');
      const { problem, packets: read } = readCapture(readFileSync(path));
      expect([relative(CAPTURES, path), problem ?? read.length]).toEqual([
        relative(CAPTURES, path),
        Number(packets),
      ]);
    }
  });
});
