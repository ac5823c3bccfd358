/** Stream numbers beside `tshark`: every packet of every capture is in the same stream. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINK_TYPE } from '../../src/trace/link-type';
import { BlockWriter, DIRECTION } from '../../src/trace/pcapng-blocks';
import { readCapture } from '../../src/trace/pcap-reader';
import { StreamIndex } from '../../src/trace/streams/stream-index';
import { LEFT_OUT } from './compared-fields';
import { tsharkFields, withCaptureFile } from './tshark';

const CAPTURES = join(import.meta.dirname, '../../../shared/data/captures');

/** Layers that the project does not look into, in Wireshark's `frame.protocols`; `ip:ip` and its like are IP in IP. */
const UNKNOWN_TUNNELS =
  /mpls|pppoe|gre|ppp|ip:ip|ipv6:ip|teredo|gtp|geneve|esp|capwap|shim6|mip6|fmtp|udplite/;

interface Sample {
  readonly from: string;
  readonly bytes: Uint8Array;
}

function samples(): readonly Sample[] {
  return readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.pcap(ng)?$/.test(name) && LEFT_OUT[name] === undefined)
    .sort()
    .flatMap(name => {
      const { packets, interfaces } = readCapture(readFileSync(join(CAPTURES, name)), 2000);
      return packets
        .filter(packet => interfaces[packet.interface]?.linkType === LINK_TYPE.ethernet)
        .map(({ bytes }, index) => ({ from: `${name} ${index + 1}`, bytes }));
    });
}

function fileOf(packets: readonly Sample[]): Uint8Array {
  const writer = new BlockWriter();
  writer.sectionHeader('test');
  writer.interfaceDescription('all', '');
  packets.forEach(({ bytes }, index) => {
    writer.enhancedPacket(0, index * 1e9, bytes, DIRECTION.inbound, []);
  });
  return writer.take();
}

const present = existsSync(CAPTURES);
if (!present) {
  console.log(`skipped: no captures of real networks at ${relative(process.cwd(), CAPTURES)}`);
}

describe('stream numbers beside tshark', () => {
  it.skipIf(!present)(
    'are the same in all captures, taken as one',
    () => {
      const all = samples();
      const protocols = withCaptureFile(fileOf(all), file => tsharkFields(file, ['frame.protocols']));
      const packets = all.filter((_, number) => !UNKNOWN_TUNNELS.test(protocols[number]?.[0]?.[0] ?? ''));
      const index = new StreamIndex();
      packets.forEach(({ bytes }, number) => index.add(number, bytes));
      const theirs = withCaptureFile(fileOf(packets), file =>
        tsharkFields(file, ['tcp.stream', 'udp.stream']),
      );
      const differences = packets.flatMap(({ from, bytes }, number) => {
        const flows = index.streamsOf(number, bytes);
        const mine = ['tcp', 'udp'].map(protocol =>
          flows.filter(({ flow }) => flow.protocol === protocol).map(({ stream }) => String(stream)),
        );
        const same = JSON.stringify(mine) === JSON.stringify(theirs[number]);
        return same
          ? []
          : [`${from} (${number + 1}): ${JSON.stringify(mine)} ${JSON.stringify(theirs[number])}`];
      });
      expect(differences.slice(0, 20)).toEqual([]);
      const numbered = theirs.filter(row => row.some(values => values.length > 0)).length;
      expect(numbered).toBeGreaterThan(1000);
      console.log(`streams of ${numbered} of ${packets.length} packets agree with tshark`);
    },
    120_000,
  );
});
