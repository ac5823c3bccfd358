/** The options of an IPv4 header (RFC 791 3.1), told as Wireshark tells them. */
import { readUint16, readUint32 } from '../../wire/bytes';
import { IPV4_HEADER_BYTES } from '../../wire/ipv4';
import {
  FIRST_ROUTE_POINTER,
  FIRST_TIMESTAMP_POINTER,
  IPV4_OPTION,
  readIpv4Option,
  TIMESTAMP_FLAG,
  type Ipv4Option,
} from '../../wire/ipv4-option';
import { bytesLine, groupLine, hex, hexDigits, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

const CLASSES: Readonly<Record<number, string>> = {
  0: 'Control',
  2: 'Debugging and measurement',
};
const NUMBERS: Readonly<Record<number, string>> = {
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: 'Security',
  3: 'Loose source route',
  4: 'Time stamp',
  7: 'Record route',
  8: 'Stream identifier',
  9: 'Strict source route',
  20: 'Router Alert',
};
const FLAGS: Readonly<Record<number, string>> = {
  [TIMESTAMP_FLAG.timesOnly]: 'Time stamps only',
  [TIMESTAMP_FLAG.addressesToo]: 'Time stamp and address',
  [TIMESTAMP_FLAG.prespecifiedAddresses]: 'Time stamps for prespecified addresses',
};

export const IPV4_OPTION_FIELDS = {
  end: { name: 'ip.options.eol', label: 'End of Options List (EOL)', type: 'bytes' },
  noOperation: { name: 'ip.options.nop', label: 'No-Operation (NOP)', type: 'bytes' },
  recordRoute: { name: 'ip.options.record_route', label: 'Record Route', type: 'bytes' },
  timestamps: { name: 'ip.options.timestamp', label: 'Time Stamp', type: 'bytes' },
  security: { name: 'ip.options.security', label: 'Security', type: 'bytes' },
  looseSourceRoute: { name: 'ip.options.route', label: 'Loose Source Route', type: 'bytes' },
  strictSourceRoute: { name: 'ip.options.source_route', label: 'Strict Source Route', type: 'bytes' },
  streamIdentifier: { name: 'ip.options.sid', label: 'Stream ID', type: 'bytes' },
  routerAlert: { name: 'ip.options.routeralert', label: 'Router Alert', type: 'bytes' },
  type: { name: 'ip.opt.type', label: 'Type', type: 'number' },
  copy: {
    name: 'ip.opt.type.copy',
    label: 'Copy on fragmentation',
    type: 'boolean',
    mask: 0x80,
    names: { 0: 'No', 1: 'Yes' },
  },
  class: { name: 'ip.opt.type.class', label: 'Class', type: 'number', mask: 0x60, names: CLASSES },
  number: { name: 'ip.opt.type.number', label: 'Number', type: 'number', mask: 0x1f, names: NUMBERS },
  length: { name: 'ip.opt.len', label: 'Length', type: 'number' },
  pointer: { name: 'ip.opt.ptr', label: 'Pointer', type: 'number' },
  recordedAddress: { name: 'ip.rec_rt', label: 'Recorded Route', type: 'ipv4' },
  emptyAddress: { name: 'ip.empty_rt', label: 'Empty Route', type: 'ipv4' },
  sourceAddress: { name: 'ip.src_rt', label: 'Source Route', type: 'ipv4' },
  overflow: { name: 'ip.opt.overflow', label: 'Overflow', type: 'number', mask: 0xf0 },
  flag: { name: 'ip.opt.flag', label: 'Flag', type: 'hex', mask: 0x0f, names: FLAGS },
  timestampAddress: { name: 'ip.opt.time_stamp_addr', label: 'Address', type: 'ipv4' },
  timestamp: { name: 'ip.opt.time_stamp', label: 'Time stamp', type: 'number' },
  alert: {
    name: 'ip.opt.ra',
    label: 'Router Alert',
    type: 'number',
    names: { 0: 'Router shall examine packet' },
  },
  streamNumber: { name: 'ip.opt.sid', label: 'Stream Identifier', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

type OptionField =
  | 'recordRoute'
  | 'timestamps'
  | 'security'
  | 'looseSourceRoute'
  | 'strictSourceRoute'
  | 'streamIdentifier'
  | 'routerAlert';

const KNOWN: ReadonlyMap<number, OptionField> = new Map<number, OptionField>([
  [IPV4_OPTION.recordRoute, 'recordRoute'],
  [IPV4_OPTION.timestamp, 'timestamps'],
  [IPV4_OPTION.security, 'security'],
  [IPV4_OPTION.looseSourceRoute, 'looseSourceRoute'],
  [IPV4_OPTION.strictSourceRoute, 'strictSourceRoute'],
  [IPV4_OPTION.streamIdentifier, 'streamIdentifier'],
  [IPV4_OPTION.routerAlert, 'routerAlert'],
]);

/** Every slot of a route, and every timestamp, has four bytes. */
const SLOT_BYTES = 4;

/** The line of all options of the header at `at`, with one line each below it. @param end where the header ends */
export function ipv4OptionLines(bytes: Uint8Array, at: number, end: number): PacketField {
  const start = at + IPV4_HEADER_BYTES;
  const children: PacketField[] = [];
  const names: string[] = [];
  let position = start;
  while (position < end) {
    const option = readIpv4Option(bytes, position, end);
    if (option === undefined) {
      children.push(brokenLine(bytes, position, end));
      break;
    }
    children.push(optionLine(bytes, option));
    const known = KNOWN.get(option.type);
    // Wireshark does not count an option too short for what it must have.
    if (known !== undefined && option.length > 2) {
      names.push(IPV4_OPTION_FIELDS[known].label);
    }
    position += option.length;
    if (option.type === IPV4_OPTION.end) {
      break;
    }
  }
  const named = names.map(name => `, ${name}`).join('');
  return groupLine('ip.opt', start, end - start, `Options: (${end - start} bytes)${named}`, { children });
}

function brokenLine(bytes: Uint8Array, at: number, end: number): PacketField {
  const known = KNOWN.get(bytes[at] ?? 0);
  const name = known === undefined ? `Unknown (${hex(bytes[at] ?? 0, 2)})` : IPV4_OPTION_FIELDS[known].label;
  const length = bytes[at + 1] ?? 0;
  const problem =
    at + 1 >= end
      ? 'length byte past end of options'
      : length < 2
        ? `with too-short option length = ${length} byte${length === 1 ? '' : 's'}`
        : `option length = ${length} bytes says option goes past end of options`;
  return groupLine('ip.opt', at, end - at, `${name} (${problem})`, { problem });
}

function optionLine(bytes: Uint8Array, option: Ipv4Option): PacketField {
  const fields = IPV4_OPTION_FIELDS;
  const { type, at, length } = option;
  if (type === IPV4_OPTION.end || type === IPV4_OPTION.noOperation) {
    const field = type === IPV4_OPTION.end ? fields.end : fields.noOperation;
    return wholeLine(bytes, option, field, '', []);
  }
  const known = KNOWN.get(type);
  if (known === undefined) {
    return groupLine('ip.opt', at, length, `Unknown (${hex(type, 2)}) (${length} bytes)`);
  }
  const shown = ` (${length} bytes)${known === 'routerAlert' && length >= 4 ? alertText(bytes, at) : ''}`;
  return wholeLine(bytes, option, fields[known], shown, [
    numberLine(fields.length, at + 1, 1, length),
    ...detailLines(bytes, option, known),
  ]);
}

function wholeLine(
  bytes: Uint8Array,
  { type, at, length }: Ipv4Option,
  field: FieldDeclaration,
  shown: string,
  children: readonly PacketField[],
): PacketField {
  const fields = IPV4_OPTION_FIELDS;
  const number = numberLine(fields.number, at, 1, type);
  const typeLine = numberLine(fields.type, at, 1, type, {
    children: [numberLine(fields.copy, at, 1, type), numberLine(fields.class, at, 1, type), number],
  });
  return {
    name: field.name,
    text: `IP Option - ${field.label}${shown}`,
    start: at,
    length,
    value: hexDigits(bytes, at, length),
    children: [typeLine, ...children],
  };
}

function detailLines(bytes: Uint8Array, option: Ipv4Option, known: OptionField): readonly PacketField[] {
  switch (known) {
    case 'recordRoute':
      return routeLines(bytes, option, IPV4_OPTION_FIELDS.emptyAddress);
    case 'looseSourceRoute':
    case 'strictSourceRoute':
      return routeLines(bytes, option, IPV4_OPTION_FIELDS.sourceAddress);
    case 'timestamps':
      return timestampLines(bytes, option);
    case 'routerAlert':
      return option.length < 4
        ? []
        : [numberLine(IPV4_OPTION_FIELDS.alert, option.at + 2, 2, readUint16(bytes, option.at + 2))];
    case 'streamIdentifier':
      return option.length < 4
        ? []
        : [numberLine(IPV4_OPTION_FIELDS.streamNumber, option.at + 2, 2, readUint16(bytes, option.at + 2))];
    case 'security':
      return [];
  }
}

function alertText(bytes: Uint8Array, at: number): string {
  const value = readUint16(bytes, at + 2);
  return value === 0 ? ': Router shall examine packet (0)' : `: Reserved (${value})`;
}

/** @param ahead the field of an address that the pointer has not passed yet */
function routeLines(
  bytes: Uint8Array,
  { at, length }: Ipv4Option,
  ahead: FieldDeclaration,
): readonly PacketField[] {
  if (length < FIRST_ROUTE_POINTER - 1) {
    return [];
  }
  const pointer = bytes[at + 2] ?? 0;
  const problem = pointerProblem(pointer);
  const lines = [numberLine(IPV4_OPTION_FIELDS.pointer, at + 2, 1, pointer, { problem })];
  if (problem !== undefined) {
    return lines;
  }
  for (let slot = at + FIRST_ROUTE_POINTER - 1; slot + SLOT_BYTES <= at + length; slot += SLOT_BYTES) {
    const passed = slot + 1 - at < pointer;
    const suffix = slot + 1 - at === pointer ? ' <- (next)' : '';
    const field = passed ? IPV4_OPTION_FIELDS.recordedAddress : ahead;
    lines.push(bytesLine(field, bytes, slot, SLOT_BYTES, { suffix }));
  }
  return lines;
}

function pointerProblem(pointer: number): string | undefined {
  if (pointer < FIRST_ROUTE_POINTER) {
    return 'points before first address';
  }
  return (pointer - FIRST_ROUTE_POINTER) % SLOT_BYTES === 0 ? undefined : 'points to middle of address';
}

function timestampLines(bytes: Uint8Array, { at, length }: Ipv4Option): readonly PacketField[] {
  const fields = IPV4_OPTION_FIELDS;
  if (length < FIRST_TIMESTAMP_POINTER - 1) {
    return [];
  }
  const pointer = bytes[at + 2] ?? 0;
  const flags = bytes[at + 3] ?? 0;
  const lines = [
    numberLine(fields.pointer, at + 2, 1, pointer, {
      problem: pointer < FIRST_TIMESTAMP_POINTER ? 'points before first address' : undefined,
    }),
    numberLine(fields.overflow, at + 3, 1, flags),
    numberLine(fields.flag, at + 3, 1, flags),
  ];
  const flag = flags & 15;
  const hasAddresses = flag === TIMESTAMP_FLAG.addressesToo || flag === TIMESTAMP_FLAG.prespecifiedAddresses;
  const step = hasAddresses ? 2 * SLOT_BYTES : SLOT_BYTES;
  for (let slot = at + FIRST_TIMESTAMP_POINTER - 1; slot + step <= at + length; slot += step) {
    if (hasAddresses) {
      lines.push(bytesLine(fields.timestampAddress, bytes, slot, SLOT_BYTES));
    }
    const time = slot + step - SLOT_BYTES;
    lines.push(numberLine(fields.timestamp, time, SLOT_BYTES, readUint32(bytes, time)));
  }
  return lines;
}
