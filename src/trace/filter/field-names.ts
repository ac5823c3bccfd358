/** Names that a filter may use: fields, protocols, and names that stand for several fields. */
import type { FieldType } from '../dissect/field';
import { FIELDS } from '../dissect/registry';

/** Fields that Wireshark adds beside others, so that one name means either end of a packet. */
export const ALIASES: ReadonlyMap<string, readonly string[]> = new Map([
  ['ip.addr', ['ip.src', 'ip.dst']],
  ['ipv6.addr', ['ipv6.src', 'ipv6.dst']],
  ['tcp.port', ['tcp.srcport', 'tcp.dstport']],
  ['udp.port', ['udp.srcport', 'udp.dstport']],
]);

/** Fields of the frame as a whole, which no dissector adds. */
export const FRAME_FIELDS: Readonly<Record<string, FieldType>> = {
  'frame.len': 'number',
  'frame.cap_len': 'number',
  'frame.number': 'number',
  'frame.protocols': 'text',
  'frame.interface_name': 'text',
};

/** Layers, besides those that are the first part of a field's name. */
const PROTOCOLS: ReadonlySet<string> = new Set([
  'frame',
  ...[...FIELDS.keys()].map(name => name.split('.')[0] ?? name),
]);

export function isProtocol(name: string): boolean {
  return PROTOCOLS.has(name);
}

export function isField(name: string): boolean {
  return isProtocol(name) || typeOfField(name) !== undefined;
}

/** The type of a field's values; undefined for a protocol and for what is no field. */
export function typeOfField(name: string): FieldType | undefined {
  const [first = name] = ALIASES.get(name) ?? [name];
  return FIELDS.get(first)?.type ?? (Object.hasOwn(FRAME_FIELDS, name) ? FRAME_FIELDS[name] : undefined);
}

/** Every name that a filter may use, sorted. */
export function allNames(): readonly string[] {
  return [
    ...new Set([...FIELDS.keys(), ...ALIASES.keys(), ...Object.keys(FRAME_FIELDS), ...PROTOCOLS]),
  ].sort();
}
