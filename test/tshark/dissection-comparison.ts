/**
 * Packets as the project's dissector and Wireshark's show them, side by side.
 *
 * Compared are the fields of compared-fields.ts, each with all its occurrences in a packet, for packets whose layers the project knows;
 * behind those layers there may be data that only Wireshark reads. The columns are compared where it knows every layer. Left out: packets
 * that Wireshark calls malformed, since it stops in the middle of them; tunnels, whose inner packets the project does not open.
 */
import { expect } from 'vitest';
import { dissect, type PacketField } from '../../src/trace/dissect/dissect';
import { LINK_TYPE } from '../../src/trace/link-type';
import type { CaptureFile } from '../../src/trace/pcap-reader';
import { BlockWriter, DIRECTION } from '../../src/trace/pcapng-blocks';
import { COMPARED_FIELDS, KNOWN_LAYERS, NORMALISED, TRANSPARENT_LAYERS } from './compared-fields';
import { tsharkFields, withCaptureFile } from './tshark';

/** A frame and where it is from, for the message of a failed test. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly linkType?: number;
  readonly from: string;
}

const COLUMNS = ['_ws.col.Source', '_ws.col.Destination', '_ws.col.Protocol', '_ws.col.Info'] as const;

/** The samples as one file. */
function fileOf(samples: readonly Sample[]): Uint8Array {
  const writer = new BlockWriter();
  writer.sectionHeader('test');
  const linkTypes = [...new Set(samples.map(({ linkType = LINK_TYPE.ethernet }) => linkType))];
  for (const linkType of linkTypes) {
    writer.interfaceDescription(`link type ${linkType}`, '', linkType);
  }
  samples.forEach(({ bytes, linkType = LINK_TYPE.ethernet }, index) => {
    writer.enhancedPacket(linkTypes.indexOf(linkType), index * 1e9, bytes, DIRECTION.inbound, []);
  });
  return writer.take();
}

/** Values by field name, in the order of the tree. */
function valuesOf(layers: readonly PacketField[], into = new Map<string, string[]>()): Map<string, string[]> {
  for (const { name, value, children } of layers) {
    if (value !== undefined) {
      into.set(name, [...(into.get(name) ?? []), value]);
    }
    valuesOf(children ?? [], into);
  }
  return into;
}

type Reach = 'columns' | 'fields' | 'none';

/** How far a packet is compared, by Wireshark's list of its layers. */
export function reachOf(protocols: string): Reach {
  if (/tcp.*:dns|icmp.*:tcp/.test(protocols)) {
    // DNS is dissected over UDP only; of a quoted TCP header Wireshark shows less.
    return 'none';
  }
  const layers = protocols.split(':').filter(layer => !TRANSPARENT_LAYERS.has(layer));
  const unknown = layers.findIndex(layer => !KNOWN_LAYERS.has(layer));
  if (unknown < 0) {
    return 'columns';
  }
  const inside = layers.slice(unknown);
  const broken = inside.some(
    layer => layer.startsWith('_ws.') || (layer !== 'data' && KNOWN_LAYERS.has(layer)),
  );
  return broken ? 'none' : 'fields';
}

/** Without what only a dissector that remembers other packets can say, such as the scale of a window. */
function stateless(info: string): string {
  return info
    .replace(/ \((request|reply) in \d+\)$/, '')
    .replace(/ \(no response found!\)$/, '')
    .replace(/ \(duplicate use of [0-9.]+ detected!\)/, '')
    .replace(/ \[TCP segment of a reassembled PDU\]$/, '')
    .replace(/ TFO=[RC]$/, '')
    .replace(/(\[(?!SYN).*) Win=\d+/, '$1');
}

interface Comparison {
  readonly differences: readonly string[];
  readonly comparedFields: number;
  readonly comparedColumns: number;
}

export function compare(samples: readonly Sample[]): Comparison {
  const names = ['frame.protocols', '_ws.malformed', ...COLUMNS, ...COMPARED_FIELDS];
  const rows = withCaptureFile(fileOf(samples), file => tsharkFields(file, names));
  expect(rows.length).toBe(samples.length);
  const differences: string[] = [];
  let comparedFields = 0;
  let comparedColumns = 0;
  samples.forEach(({ bytes, from, linkType }, index) => {
    const [
      protocols = [],
      malformed = [],
      source = [],
      destination = [],
      protocol = [],
      info = [],
      ...values
    ] = rows[index] ?? [];
    const reach = malformed.length > 0 ? 'none' : reachOf(protocols[0] ?? '');
    const { columns, layers } = dissect(bytes, linkType);
    if (reach === 'none') {
      return;
    }
    const ours = valuesOf(layers);
    const chain = new Set(protocols[0]?.split(':'));
    COMPARED_FIELDS.forEach((name, field) => {
      // Other layers use fields of these: mDNS those of DNS, IPv6 the version of IPv4.
      if (!chain.has(name.replace(/\..*/, '')) && !ours.has(name)) {
        return;
      }
      const theirs = (NORMALISED[name]?.(values[field] ?? []) ?? values[field] ?? []).join(' | ');
      const mine = (ours.get(name) ?? []).join(' | ');
      comparedFields += theirs === '' ? 0 : 1;
      if (mine !== theirs) {
        differences.push(`${from} (${protocols[0]}): ${name} is "${theirs}", not "${mine}"`);
      }
    });
    if (reach === 'columns') {
      comparedColumns += 1;
      const theirs = [source, destination, protocol, info].map(cell => stateless(cell.join('')));
      const mine = [columns.source, columns.destination, columns.protocol, columns.info].map(text =>
        stateless(text.replace('Broadcast', 'ff:ff:ff:ff:ff:ff')),
      );
      if (mine.join('\t') !== theirs.join('\t')) {
        differences.push(
          `${from} (${protocols[0]}): columns are\n    ${theirs.join(' | ')}, not\n    ${mine.join(' | ')}`,
        );
      }
    }
  });
  return { differences, comparedFields, comparedColumns };
}

/** The packets of links that the project knows, in the byte order that it writes. */
export function knownPackets(file: CaptureFile): readonly Omit<Sample, 'from'>[] {
  const known: readonly number[] = Object.values(LINK_TYPE);
  return file.packets.flatMap(({ bytes, interface: index }) => {
    const linkType = file.interfaces[index]?.linkType ?? -1;
    return known.includes(linkType) ? [{ bytes, linkType }] : [];
  });
}
