/**
 * A packet as `tshark -T json --no-duplicate-keys` writes it: layers by name, a field's children beside it under `NAME_tree`, values that
 * occur several times as an array, lines without a value under their text.
 */
import type { CapturedPacket, CaptureInterface } from '../pcap-reader';
import { dissect, type Dissection } from './dissect';
import { LINK_TYPE } from '../link-type';
import type { PacketField } from './packet-field';
import { FIELDS } from './registry';

export interface JsonObject {
  [name: string]: JsonValue;
}
export type JsonValue = string | JsonObject | JsonValue[];

/** A packet with its place in the capture. Times are ns. */
export interface NumberedPacket {
  /** From 1. */
  readonly number: number;
  readonly packet: CapturedPacket;
  readonly from: CaptureInterface;
  /** Whether interfaces of this file have numbers: not in a pcap file, which has only one. */
  readonly numbersInterfaces: boolean;
  /** Since the packet before, and since the first one. */
  readonly sincePrevious: bigint;
  readonly sinceFirst: bigint;
}

/** Wireshark's numbers for kinds of links (wtap.h, WTAP_ENCAP_*). */
const ENCAPSULATIONS: Readonly<Record<number, string>> = {
  [LINK_TYPE.ethernet]: '1',
  [LINK_TYPE.raw]: '7',
  [LINK_TYPE.rawBsd]: '7',
  [LINK_TYPE.null]: '15',
  [LINK_TYPE.loop]: '15',
  [LINK_TYPE.linuxCooked]: '25',
  [LINK_TYPE.ipv4]: '129',
  [LINK_TYPE.ipv6]: '130',
};

/** Lines without a value that are fields to Wireshark. */
const NAMED_GROUPS: ReadonlySet<string> = new Set(['icmpv6.opt', 'icmpv6.mldr.mar']);

/** Layers whose type field names the next one: Wireshark lists that look-up as a layer of its own. */
const TYPED_LAYERS: ReadonlySet<string> = new Set(['eth', 'vlan', 'sll']);

/** The whole object of one packet. */
export function packetJson(numbered: NumberedPacket): JsonObject {
  const dissection = dissect(numbered.packet.bytes, numbered.from.linkType);
  const layers: JsonObject = { frame: frameJson(numbered, dissection) };
  for (const { name, children = [] } of dissection.layers) {
    add(layers, name, objectOf(children));
  }
  return { _source: { layers } };
}

/** Adds a value to an object that may have one of this name. */
function add(object: JsonObject, name: string, value: JsonValue): void {
  const there = object[name];
  if (there === undefined) {
    object[name] = value;
  } else if (Array.isArray(there)) {
    there.push(value);
  } else {
    object[name] = [there, value];
  }
}

function objectOf(fields: readonly PacketField[]): JsonObject {
  const object: JsonObject = {};
  for (const field of fields) {
    const { name, value, children = [] } = field;
    if (value !== undefined) {
      add(object, name, printed(name, value));
      if (children.length > 0) {
        add(object, `${name}_tree`, objectOf(children));
      }
    } else if (isProtocol(name) || NAMED_GROUPS.has(name)) {
      // A packet quoted in another: its layers follow one another inside of the layer that quotes it.
      add(object, name, objectOf(children));
    } else {
      add(object, field.text, objectOf(children));
    }
  }
  return object;
}

/** A name without a dot is a layer's. */
const isProtocol = (name: string): boolean => !name.includes('.');

/** Bytes have colons in JSON, unlike in `-T fields`. */
function printed(name: string, value: string): string {
  return FIELDS.get(name)?.type === 'bytes' ? value.replace(/..(?=.)/g, '$&:') : value;
}

function frameJson(numbered: NumberedPacket, { layers }: Dissection): JsonObject {
  const { number, packet, from, numbersInterfaces, sincePrevious, sinceFirst } = numbered;
  const { time, bytes, originalLength, interface: index, comments } = packet;
  return {
    ...(numbersInterfaces ? { 'frame.interface_id': String(index) } : {}),
    ...(from.name === '' ? {} : { 'frame.interface_id_tree': interfaceJson(from) }),
    'frame.encap_type': ENCAPSULATIONS[from.linkType] ?? '0',
    'frame.time': timeText(time),
    'frame.time_epoch': seconds(time),
    'frame.time_delta': seconds(sincePrevious),
    'frame.time_relative': seconds(sinceFirst),
    'frame.number': String(number),
    'frame.len': String(originalLength),
    'frame.cap_len': String(bytes.length),
    'frame.protocols': protocolsOf(layers),
    ...(comments.length === 0
      ? {}
      : { 'frame.comment': comments.length === 1 ? comments.join('') : [...comments] }),
  };
}

function interfaceJson({ name, description }: CaptureInterface): JsonObject {
  return {
    'frame.interface_name': name,
    ...(description === '' ? {} : { 'frame.interface_description': description }),
  };
}

/** `eth:ethertype:ip:udp:dns` */
export function protocolsOf(layers: readonly PacketField[]): string {
  return layers.flatMap(namesOf).join(':');
}

function namesOf({ name, children = [] }: PacketField): string[] {
  const typed = TYPED_LAYERS.has(name) && children.some(child => child.name.endsWith('type'));
  const quoted = children.filter(child => isProtocol(child.name) && child.value === undefined);
  return [name, ...(typed ? ['ethertype'] : []), ...quoted.flatMap(namesOf)];
}

/** `1795468185.829092000` */
export function seconds(time: bigint): string {
  const sign = time < 0n ? '-' : '';
  const digits = (time < 0n ? -time : time).toString().padStart(10, '0');
  return `${sign}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const SECONDS_OF_DAY = 86_400n;

/** `Nov 23, 2026 21:09:45.829092000 UTC` */
function timeText(time: bigint): string {
  const whole = time / 1_000_000_000n;
  const { year, month, day } = dateOf(Number(whole / SECONDS_OF_DAY));
  const second = Number(whole % SECONDS_OF_DAY);
  const clock = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const fraction = seconds(time).slice(-9);
  return `${MONTHS[month] ?? ''} ${String(day).padStart(2)}, ${year} ${clock.map(part => String(part).padStart(2, '0')).join(':')}.${fraction} UTC`;
}

/** The civil date so many days after 1970-01-01: years counted from 1 March, in eras of 400 years. */
function dateOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const day = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 2 : fromMarch - 10;
  return { year: yearOfEra + era * 400 + (month <= 1 ? 1 : 0), month, day };
}
