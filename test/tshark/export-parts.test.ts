/** A part of the trace as a capture file: the packets that Wireshark itself would have chosen from the whole. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CapturePoint } from '../../src/simulation/protocol';
import { Simulation } from '../../src/simulation/simulation';
import { readTopology } from '../../src/topology/topology-file';
import { readCapture } from '../../src/trace/pcap-reader';
import { packetsPassing, withCaptureFileWhile } from './tshark';

const EVERYWHERE: CapturePoint = { kind: 'everywhere' };
const LAPTOP: CapturePoint = { kind: 'device', device: 'laptop' };
const LAN: CapturePoint = { kind: 'interface', device: 'home-router', port: 'lan' };

/** A selection, and the filter by which Wireshark finds the same in the whole capture. */
const PARTS: readonly (readonly [filter: string, points: readonly CapturePoint[], wireshark: string])[] = [
  ['icmp', [EVERYWHERE], 'icmp'],
  [
    'tcp.flags.syn == 1 && ip.dst == 203.0.113.10',
    [EVERYWHERE],
    'tcp.flags.syn == 1 && ip.dst == 203.0.113.10',
  ],
  ['', [LAPTOP], 'frame.interface_name matches "^laptop:"'],
  [
    'arp',
    [LAPTOP, LAN],
    'arp && (frame.interface_name matches "^laptop:" || frame.interface_name == "home-router:lan")',
  ],
  ['dhcp', [LAN], 'dhcp && frame.interface_name == "home-router:lan"'],
];

function finished(): Simulation {
  const { topology } = readTopology(readFileSync('media/samples/virtualbox-modes.vnet.yaml', 'utf8'));
  const simulation = new Simulation(topology!);
  simulation.runOn(3600e9);
  return simulation;
}

describe('a part of the trace', () => {
  const simulation = finished();
  const whole = simulation.capture();
  const { packets } = readCapture(whole);

  it.each(PARTS)('%j at %j has the packets of %s', async (filter, points, wireshark) => {
    const [numbers] = await withCaptureFileWhile(whole, file => packetsPassing(file, [wireshark]));
    const part = readCapture(simulation.capture({ filter, points })).packets;
    expect(numbers!.length).toBeGreaterThan(0);
    expect(part.map(({ time, bytes }) => [time, Buffer.from(bytes).toString('hex')])).toEqual(
      numbers!.map(number => {
        const { time, bytes } = packets[number - 1]!;
        return [time, Buffer.from(bytes).toString('hex')];
      }),
    );
  });

  it('with each packet once has them where they set out', () => {
    const once = readCapture(simulation.capture({ filter: 'icmp', points: [{ kind: 'once' }] })).packets;
    const all = readCapture(simulation.capture({ filter: 'icmp', points: [EVERYWHERE] })).packets;
    expect(once.length).toBeGreaterThan(0);
    expect(once.length).toBeLessThan(all.length / 2);
  });

  it('of a filter that can’t be read has none', () => {
    expect(readCapture(simulation.capture({ filter: 'icmp ==', points: [EVERYWHERE] })).packets).toEqual([]);
  });
});
