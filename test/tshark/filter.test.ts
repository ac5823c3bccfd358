/** Display filters beside `tshark -Y`: the same packets pass, and what Wireshark refuses is refused here. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissect } from '../../src/trace/dissect/dissect';
import { compileFilter } from '../../src/trace/filter/filter';
import { LINK_TYPE } from '../../src/trace/link-type';
import { BlockWriter, DIRECTION } from '../../src/trace/pcapng-blocks';
import { readCapture } from '../../src/trace/pcap-reader';
import { StreamIndex } from '../../src/trace/streams/stream-index';
import { groupFrames } from '../unit/trace/group-frames';
import { optionFrames } from '../unit/trace/option-frames';
import { sampleFrames } from '../unit/trace/sample-frames';
import { LEFT_OUT } from './compared-fields';
import { reachOf } from './dissection-comparison';
import { filtersThatPass } from './filters';
import { filtersThatAreRefused } from './refused-filters';
import {
  ALONE,
  CHECKSUMS,
  packetsPassing,
  tsharkFields,
  withCaptureFile,
  withCaptureFileWhile,
} from './tshark';

const CAPTURES = join(import.meta.dirname, '../../../shared/data/captures');

/** The Ethernet frames of all captures whose layers the project knows, and those of the project's own making. */
function samples(): Uint8Array[] {
  const own = Object.values({ ...sampleFrames(), ...optionFrames(), ...groupFrames() });
  const others = existsSync(CAPTURES)
    ? readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
        .filter(name => /\.pcap(ng)?$/.test(name) && LEFT_OUT[name] === undefined)
        .sort()
        .flatMap(name => {
          const { packets, interfaces } = readCapture(readFileSync(join(CAPTURES, name)), 2000);
          return packets
            .filter(packet => interfaces[packet.interface]?.linkType === LINK_TYPE.ethernet)
            .map(({ bytes }) => bytes);
        })
    : [];
  const all = [...own, ...others];
  const rows = withCaptureFile(fileOf(all), file => tsharkFields(file, ['frame.protocols', '_ws.malformed']));
  return all.filter((_, index) => {
    const [protocols = [], malformed = []] = rows[index] ?? [];
    return malformed.length === 0 && reachOf(protocols[0] ?? '') === 'columns';
  });
}

function fileOf(packets: readonly Uint8Array[]): Uint8Array {
  const writer = new BlockWriter();
  writer.sectionHeader('test');
  writer.interfaceDescription('all', '');
  packets.forEach((bytes, index) => {
    writer.enhancedPacket(0, index * 1e9, bytes, DIRECTION.inbound, []);
  });
  return writer.take();
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

  it('let the same packets pass', async () => {
    const differences: string[] = [];
    const options = [...ALONE, ...CHECKSUMS];
    const answers = await withCaptureFileWhile(fileOf(packets), file =>
      packetsPassing(file, filtersThatPass, options),
    );
    filtersThatPass.forEach((expression, index) => {
      const theirs = answers[index];
      const filter = compileFilter(expression);
      if (theirs === undefined) {
        differences.push(`${expression}: refused by Wireshark`);
      } else if ('problem' in filter) {
        differences.push(`${expression}: refused: ${filter.problem.message}`);
      } else {
        const mine = dissected.filter(packet => filter.matches(packet)).map(({ number }) => number);
        if (mine.join() !== theirs.join()) {
          const only = (one: readonly number[], other: readonly number[]) =>
            one.filter(number => !other.includes(number)).slice(0, 5);
          differences.push(
            `${expression}: only here ${only(mine, theirs).join()}; only there ${only(theirs, mine).join()}`,
          );
        }
      }
    });
    expect(differences).toEqual([]);
    // Filters that let nothing pass would prove little.
    const passed = answers.filter(numbers => (numbers ?? []).length > 0).length;
    expect(passed).toBeGreaterThan(filtersThatPass.length * 0.6);
    console.log(`${filtersThatPass.length} filters over ${packets.length} packets agree with tshark`);
  }, 240_000);

  it('are refused where Wireshark refuses them, and say where', async () => {
    const answers = await withCaptureFileWhile(fileOf(packets.slice(0, 1)), file =>
      packetsPassing(file, filtersThatAreRefused),
    );
    const differences = filtersThatAreRefused.flatMap((expression, index) => {
      const filter = compileFilter(expression);
      if (answers[index] !== undefined) {
        return [`${expression}: not refused by Wireshark`];
      }
      if (!('problem' in filter)) {
        return [`${expression}: refused only by Wireshark`];
      }
      expect(filter.problem.message).not.toBe('');
      expect(filter.problem.at).toBeLessThanOrEqual(expression.length);
      expect(filter.problem.length).toBeGreaterThan(0);
      return [];
    });
    expect(differences).toEqual([]);
    console.log(`${filtersThatAreRefused.length} wrong filters are refused as by tshark`);
  }, 120_000);
});
