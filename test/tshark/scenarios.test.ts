/** The captures of the networks that come with the extension: Wireshark has nothing against them, and shows in them what the project shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Simulation } from '../../src/simulation/simulation';
import { readTopology } from '../../src/topology/topology-file';
import { readCapture } from '../../src/trace/pcap-reader';
import { compare, knownPackets } from './dissection-comparison';
import { assertCleanCapture, withCaptureFile } from './tshark';

const FILES = ['media/samples', 'media/templates'].flatMap(folder =>
  readdirSync(folder)
    .filter(name => name.endsWith('.vnet.yaml'))
    .map(name => join(folder, name)),
);

/** Longer than any scenario takes, ns. */
const LIMIT = 3600e9;

/** The capture of a network with all its scenarios done. */
function captureOf(file: string): Uint8Array {
  const { topology, diagnostics } = readTopology(readFileSync(file, 'utf8'));
  expect(diagnostics).toEqual([]);
  const simulation = new Simulation(topology!);
  expect(simulation.runOn(LIMIT)).toBe(false);
  return simulation.capture();
}

describe.each(FILES.map(file => [file, captureOf(file)] as const))('%s', (file, capture) => {
  const { packets, problem, interfaces } = readCapture(capture);

  it('is a clean capture', () => {
    expect(problem).toBeUndefined();
    withCaptureFile(capture, path => {
      assertCleanCapture(path);
    });
  });

  it('has the same fields and columns in both', () => {
    const known = knownPackets({ format: 'pcapng', interfaces, packets });
    expect(known.length).toBe(packets.length);
    // Each frame once, however many ports saw it.
    const samples = new Map(
      known.map((packet, index) => [
        `${packet.linkType} ${Buffer.from(packet.bytes).toString('hex')}`,
        { ...packet, from: `${file} ${index + 1}` },
      ]),
    );
    const { differences, comparedFields } = compare([...samples.values()]);
    expect(differences.slice(0, 20)).toEqual([]);
    expect(comparedFields > 0).toBe(packets.length > 0);
  });
});
