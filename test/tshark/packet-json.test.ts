/** `-T json` of the project beside tshark's: every name and value that the project writes stands at the same place in Wireshark's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program';
import { ALONE, CHECKSUMS, runWireshark } from './tshark';

const CAPTURES = join(import.meta.dirname, '../../../shared/data/captures');

/** One of each kind: link types, ns and µs, IPv4 and IPv6, nested trees, quoted packets. */
const FILES = [
  'kernel/kernel-bridge-http.pcap',
  'kernel/kernel-dns-basic.pcap',
  'kernel/kernel-dhcp-udhcpc-dora.pcap',
  'kernel/kernel-misc-stp.pcap',
  'kernel/kernel-rt-portunreach-L2.pcap',
  'kernel/ovs-trunk.pcap',
  'kernel/kernel-misc-ipv6-noise.pcap',
  'qemu-user-network/slirp-virtio.pcap',
  'qemu-user-network/slirp-opts-ipv6.pcap',
  'tcpdump/dns-badcookie.pcap',
];

/** Places where Wireshark says something else, each with why. */
const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  'Wireshark takes a time stamp out of echo data first, and shows no data in quoted packets': /(^|\/)data\//,
  'Wireshark reads options of which the project shows the bytes': /\/(dns\.data|dhcp\.option\.value)$/,
  'tshark prints the end option as 0, though its line says 255': /\/dhcp\.option\.type$/,
  'as many digits as the longer form has': /\/(llc\.control|ipv6\.flow)$/,
  'Wireshark tells padding from trailers and check sequences by guesses': /\/eth\.padding$/,
};

/** Every place in an object, as a path, with the values there. */
function leaves(value: unknown, path = '', into = new Map<string, string[]>()): Map<string, string[]> {
  if (Array.isArray(value)) {
    value.forEach(each => leaves(each, path, into));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, child] of Object.entries(value)) {
      leaves(child, path === '' ? name : `${path}/${name}`, into);
    }
  } else {
    into.set(path, [...(into.get(path) ?? []), String(value)]);
  }
  return into;
}

async function ours(path: string): Promise<unknown[]> {
  let out = '';
  const io = { out: (text: string) => (out += text), error: () => undefined };
  expect(await runCli(['dissect', path, '-T', 'json'], io)).toBe(0);
  return JSON.parse(out) as unknown[];
}

function theirs(path: string): unknown[] {
  const options = ['-T', 'json', '--no-duplicate-keys'];
  return JSON.parse(
    runWireshark('tshark', ['-n', '-r', path, ...CHECKSUMS, ...ALONE, ...options]),
  ) as unknown[];
}

const layersOf = (packet: unknown): unknown => (packet as { _source: { layers: unknown } })._source.layers;

describe('a dissected capture as JSON', () => {
  const present = existsSync(CAPTURES);
  if (!present) {
    console.log(`skipped: no captures of real networks at ${CAPTURES}`);
  }

  it.skipIf(!present).each(FILES)('of %s has its values where Wireshark has them', async file => {
    const path = join(CAPTURES, file);
    const [mine, wireshark] = [await ours(path), theirs(path)];
    expect(mine.length).toBe(wireshark.length);
    const differences: string[] = [];
    let compared = 0;
    mine.forEach((packet, index) => {
      const expected = leaves(layersOf(wireshark[index]));
      for (const [place, values] of leaves(layersOf(packet))) {
        if (Object.values(LEFT_OUT).some(pattern => pattern.test(place))) {
          continue;
        }
        compared += 1;
        if (place === 'frame/frame.protocols' && values[0]?.endsWith(':data') === true) {
          // Wireshark knows more protocols, and their layers stand there.
          const known = values[0].slice(0, -'data'.length);
          expect(expected.get(place)?.[0]?.startsWith(known)).toBe(true);
        } else if (values.join('|') !== expected.get(place)?.join('|')) {
          differences.push(
            `${index + 1}: ${place} is ${expected.get(place)?.join('|') ?? 'not there'}, not ${values.join('|')}`,
          );
        }
      }
    });
    expect(differences.slice(0, 12)).toEqual([]);
    expect(compared).toBeGreaterThan(40);
    expect(readFileSync(path).length).toBeGreaterThan(0);
  });
});
