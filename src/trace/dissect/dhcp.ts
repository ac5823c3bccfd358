/** DHCP. */
import { readUint16, readUint32 } from '../../wire/bytes';
import { DHCP_FIELD, DHCP_HEADER_BYTES, DHCP_MAGIC } from '../../wire/dhcp';
import { DHCP_OPTION } from '../../wire/dhcp-option';
import { DHCP_OPTIONS, MESSAGE_TYPE_NAMES, type DhcpOptionDeclaration } from './dhcp-options';
import type { PacketInProgress } from './dissector';
import { durationText } from './duration-text';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

export const DHCP_FIELDS = {
  operation: {
    name: 'dhcp.type',
    label: 'Message type',
    type: 'number',
    names: { 1: 'Boot Request', 2: 'Boot Reply' },
  },
  hardwareType: { name: 'dhcp.hw.type', label: 'Hardware type', type: 'hex', names: { 1: 'Ethernet' } },
  hardwareLength: { name: 'dhcp.hw.len', label: 'Hardware address length', type: 'number' },
  hops: { name: 'dhcp.hops', label: 'Hops', type: 'number' },
  transactionId: { name: 'dhcp.id', label: 'Transaction ID', type: 'hex' },
  seconds: { name: 'dhcp.secs', label: 'Seconds elapsed', type: 'number' },
  flags: { name: 'dhcp.flags', label: 'Bootp flags', type: 'hex' },
  broadcast: {
    name: 'dhcp.flags.bc',
    label: 'Broadcast flag',
    type: 'boolean',
    mask: 0x8000,
    names: { 0: 'Unicast', 1: 'Broadcast' },
  },
  reserved: { name: 'dhcp.flags.reserved', label: 'Reserved flags', type: 'hex', mask: 0x7fff },
  clientAddress: { name: 'dhcp.ip.client', label: 'Client IP address', type: 'ipv4' },
  yourAddress: { name: 'dhcp.ip.your', label: 'Your (client) IP address', type: 'ipv4' },
  serverAddress: { name: 'dhcp.ip.server', label: 'Next server IP address', type: 'ipv4' },
  relayAddress: { name: 'dhcp.ip.relay', label: 'Relay agent IP address', type: 'ipv4' },
  clientMac: { name: 'dhcp.hw.mac_addr', label: 'Client MAC address', type: 'mac' },
  padding: { name: 'dhcp.hw.addr_padding', label: 'Client hardware address padding', type: 'bytes' },
  serverName: { name: 'dhcp.server', label: 'Server host name', type: 'text' },
  bootFile: { name: 'dhcp.file', label: 'Boot file name', type: 'text' },
  cookie: { name: 'dhcp.cookie', label: 'Magic cookie', type: 'ipv4' },
  option: { name: 'dhcp.option.type', label: 'Option', type: 'number' },
  optionLength: { name: 'dhcp.option.length', label: 'Length', type: 'number' },
  optionValue: { name: 'dhcp.option.value', label: 'Value', type: 'bytes' },
  end: { name: 'dhcp.option.end', label: 'Option End', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

export function dissectDhcp(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < DHCP_HEADER_BYTES - 4) {
    packet.addMalformed('DHCP/BOOTP', at, end, `a message has at least ${DHCP_HEADER_BYTES} bytes`);
    return end;
  }
  const isDhcp = end - at >= DHCP_HEADER_BYTES && readUint32(bytes, at + DHCP_FIELD.magic) === DHCP_MAGIC;
  const cookie = isDhcp ? [bytesLine(DHCP_FIELDS.cookie, bytes, at + DHCP_FIELD.magic, 4)] : [];
  const options = isDhcp ? optionLines(bytes, at + DHCP_HEADER_BYTES, end) : [];
  const type = options.find(line => line.value === DHCP_OPTION.messageType.toString());
  const typeName = messageTypeName(type);
  const operation = bytes[at] === 1 ? 'Boot Request' : 'Boot Reply';
  const title =
    typeName === undefined ? `Bootstrap Protocol` : `Dynamic Host Configuration Protocol (${typeName})`;
  const children = [...headerLines(bytes, at), ...cookie, ...options];
  packet.add(groupLine('dhcp', at, end - at, title, { children }));
  const id = `Transaction ID ${hex(readUint32(bytes, at + DHCP_FIELD.transactionId), 1)}`;
  if (typeName === undefined) {
    packet.show('BOOTP', `${operation} - ${id}`);
  } else {
    packet.show('DHCP', `DHCP ${typeName.padEnd(8)} - ${id}`);
  }
  return end;
}

function messageTypeName(line: PacketField | undefined): string | undefined {
  const value = line?.children?.find(child => child.name === 'dhcp.option.dhcp')?.value;
  return value === undefined ? undefined : (MESSAGE_TYPE_NAMES[Number(value)] ?? 'Unknown');
}

function headerLines(bytes: Uint8Array, at: number): readonly PacketField[] {
  const flags = readUint16(bytes, at + DHCP_FIELD.flags);
  const ethernet = bytes[at + 1] === 1 && bytes[at + 2] === 6;
  return [
    numberLine(DHCP_FIELDS.operation, at, 1, bytes[at] ?? 0),
    numberLine(DHCP_FIELDS.hardwareType, at + 1, 1, bytes[at + 1] ?? 0),
    numberLine(DHCP_FIELDS.hardwareLength, at + 2, 1, bytes[at + 2] ?? 0),
    numberLine(DHCP_FIELDS.hops, at + 3, 1, bytes[at + 3] ?? 0),
    numberLine(DHCP_FIELDS.transactionId, at + 4, 4, readUint32(bytes, at + DHCP_FIELD.transactionId)),
    numberLine(DHCP_FIELDS.seconds, at + 8, 2, readUint16(bytes, at + DHCP_FIELD.seconds)),
    numberLine(DHCP_FIELDS.flags, at + 10, 2, flags, {
      suffix: flags >= 0x8000 ? ' (Broadcast)' : ' (Unicast)',
      children: [
        numberLine(DHCP_FIELDS.broadcast, at + 10, 2, flags),
        numberLine(DHCP_FIELDS.reserved, at + 10, 2, flags),
      ],
    }),
    bytesLine(DHCP_FIELDS.clientAddress, bytes, at + DHCP_FIELD.clientAddress, 4),
    bytesLine(DHCP_FIELDS.yourAddress, bytes, at + DHCP_FIELD.yourAddress, 4),
    bytesLine(DHCP_FIELDS.serverAddress, bytes, at + DHCP_FIELD.serverAddress, 4),
    bytesLine(DHCP_FIELDS.relayAddress, bytes, at + DHCP_FIELD.relayAddress, 4),
    ...(ethernet
      ? [
          bytesLine(DHCP_FIELDS.clientMac, bytes, at + DHCP_FIELD.clientMac, 6),
          bytesLine(DHCP_FIELDS.padding, bytes, at + DHCP_FIELD.clientMac + 6, 10),
        ]
      : []),
    nameLine(DHCP_FIELDS.serverName, bytes, at + DHCP_FIELD.serverName, DHCP_FIELD.serverNameBytes),
    nameLine(DHCP_FIELDS.bootFile, bytes, at + DHCP_FIELD.bootFile, DHCP_FIELD.bootFileBytes),
  ];
}

function nameLine(field: FieldDeclaration, bytes: Uint8Array, at: number, length: number): PacketField {
  if (bytes[at] === 0) {
    return { name: field.name, text: `${field.label} not given`, start: at, length, value: '' };
  }
  return bytesLine(field, bytes, at, length);
}

function optionLines(bytes: Uint8Array, at: number, end: number): readonly PacketField[] {
  const lines: PacketField[] = [];
  let i = at;
  while (i < end) {
    const code = bytes[i] ?? 0;
    if (code === DHCP_OPTION.pad) {
      const from = i;
      while (i < end && bytes[i] === DHCP_OPTION.pad) {
        i += 1;
      }
      lines.push(groupLine('dhcp.option.padding', from, i - from, `Padding: ${i - from} bytes`));
      continue;
    }
    if (code === DHCP_OPTION.end) {
      const children = [numberLine(DHCP_FIELDS.end, i, 1, code)];
      lines.push(numberLine(DHCP_FIELDS.option, i, 1, code, { shown: '(255) End', children }));
      break;
    }
    const length = bytes[i + 1] ?? 0;
    if (i + 2 + length > end) {
      const problem = `the option does not fit into the ${end - i} bytes that are left`;
      lines.push(numberLine(DHCP_FIELDS.option, i, end - i, code, { shown: optionName(code), problem }));
      return lines;
    }
    lines.push(optionLine(bytes, i, code, length));
    i += 2 + length;
  }
  return lines;
}

function optionName(code: number): string {
  return `(${code}) ${DHCP_OPTIONS.get(code)?.name ?? 'Unknown'}`;
}

function optionLine(bytes: Uint8Array, at: number, code: number, length: number): PacketField {
  const declaration = DHCP_OPTIONS.get(code);
  const values =
    declaration === undefined
      ? [bytesLine(DHCP_FIELDS.optionValue, bytes, at + 2, length)]
      : valueLines(declaration, bytes, at + 2, length);
  const children = [numberLine(DHCP_FIELDS.optionLength, at + 1, 1, length), ...values];
  const meaning =
    code === DHCP_OPTION.messageType
      ? MESSAGE_TYPE_NAMES[bytes[at + 2] ?? 0]
      : singleAddress(declaration, values);
  const text = optionName(code) + (meaning === undefined ? '' : ` (${meaning})`);
  return numberLine(DHCP_FIELDS.option, at, length + 2, code, { shown: text, children });
}

/** A client identifier that is a hardware type and an address (RFC 2132 9.14). */
function clientIdentifierLines(bytes: Uint8Array, at: number): readonly PacketField[] {
  return [
    numberLine(DHCP_FIELDS.hardwareType, at, 1, bytes[at] ?? 0),
    bytesLine(DHCP_FIELDS.clientMac, bytes, at + 1, 6),
  ];
}

/** The address of an option that has just one, to be read without opening its line. */
function singleAddress(
  declaration: DhcpOptionDeclaration | undefined,
  values: readonly PacketField[],
): string | undefined {
  return declaration?.shape === 'addresses' && values.length === 1 ? values[0]?.value : undefined;
}

function valueLines(
  { shape, field }: DhcpOptionDeclaration,
  bytes: Uint8Array,
  at: number,
  length: number,
): readonly PacketField[] {
  const raw = (problem?: string): readonly PacketField[] => [
    bytesLine(DHCP_FIELDS.optionValue, bytes, at, length, { problem }),
  ];
  switch (shape) {
    case 'addresses':
      return length % 4 === 0 && length > 0
        ? places(at, length, 4).map(i => bytesLine(field, bytes, i, 4))
        : raw('the length is no multiple of 4');
    case 'seconds':
      return length === 4 ? [secondsLine(field, bytes, at)] : raw('the length is not 4');
    case 'number':
      return length === 1 || length === 2
        ? [numberLine(field, at, length, length === 1 ? (bytes[at] ?? 0) : readUint16(bytes, at))]
        : raw('the length is neither 1 nor 2');
    case 'codes':
      return places(at, length, 1).map(i => {
        const code = bytes[i] ?? 0;
        return numberLine(field, i, 1, code, { shown: optionName(code) });
      });
    case 'text':
      return [bytesLine(field, bytes, at, length)];
    case 'identifier':
      return length === 7 && bytes[at] === 1 ? clientIdentifierLines(bytes, at) : raw();
    case 'bytes':
      return raw();
  }
}

function secondsLine(field: FieldDeclaration, bytes: Uint8Array, at: number): PacketField {
  const seconds = readUint32(bytes, at);
  const text = seconds === 0xffffffff ? 'infinity' : durationText(seconds);
  return numberLine(field, at, 4, seconds, { shown: `(${seconds}s) ${text}` });
}

/** The positions of values of one size, one behind the other. */
function places(at: number, length: number, size: number): readonly number[] {
  return Array.from({ length: Math.floor(length / size) }, (_, index) => at + index * size);
}
