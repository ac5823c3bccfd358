/** The options of a TCP header. */
import { TCP_HEADER_BYTES } from '../../wire/tcp';
import { tcpOptions, type TcpOption, type TcpOptionAt } from '../../wire/tcp-option';
import { hexDigits, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

export const TCP_OPTION_FIELDS = {
  options: { name: 'tcp.options', label: 'Options', type: 'bytes' },
  end: { name: 'tcp.options.eol', label: 'TCP Option - End of Option List (EOL)', type: 'bytes' },
  noOperation: { name: 'tcp.options.nop', label: 'TCP Option - No-Operation (NOP)', type: 'bytes' },
  segmentSizeOption: { name: 'tcp.options.mss', label: 'TCP Option - Maximum segment size', type: 'bytes' },
  windowScale: { name: 'tcp.options.wscale', label: 'TCP Option - Window scale', type: 'bytes' },
  sackPermitted: { name: 'tcp.options.sack_perm', label: 'TCP Option - SACK permitted', type: 'bytes' },
  sack: { name: 'tcp.options.sack', label: 'TCP Option - SACK', type: 'bytes' },
  timestamps: { name: 'tcp.options.timestamp', label: 'TCP Option - Timestamps', type: 'bytes' },
  unknown: { name: 'tcp.options.unknown', label: 'TCP Option - Unknown', type: 'bytes' },
  kind: { name: 'tcp.option_kind', label: 'Kind', type: 'number' },
  length: { name: 'tcp.option_len', label: 'Length', type: 'number' },
  segmentSize: { name: 'tcp.options.mss_val', label: 'MSS Value', type: 'number' },
  windowShift: { name: 'tcp.options.wscale.shift', label: 'Shift count', type: 'number' },
  timestamp: { name: 'tcp.options.timestamp.tsval', label: 'Timestamp value', type: 'number' },
  timestampEcho: { name: 'tcp.options.timestamp.tsecr', label: 'Timestamp echo reply', type: 'number' },
  sackLeft: { name: 'tcp.options.sack_le', label: 'TCP SACK Left Edge', type: 'number' },
  sackRight: { name: 'tcp.options.sack_re', label: 'TCP SACK Right Edge', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

/** The line of all options of the header at `at`, with one line each below it. */
export function tcpOptionLines(bytes: Uint8Array, at: number, length: number): PacketField {
  const start = at + TCP_HEADER_BYTES;
  const children = [...tcpOptions(bytes, at)].map(option => optionLine(bytes, option));
  const text = `${TCP_OPTION_FIELDS.options.label}: (${length} bytes)`;
  return {
    name: TCP_OPTION_FIELDS.options.name,
    text,
    start,
    length,
    value: hexDigits(bytes, start, length),
    children,
  };
}

function optionLine(bytes: Uint8Array, { option, at, length }: TcpOptionAt): PacketField {
  const { field, shown, children } = describe(option, at);
  return {
    name: field.name,
    text: shown === '' ? field.label : `${field.label}: ${shown}`,
    start: at,
    length,
    value: hexDigits(bytes, at, length),
    children: [
      numberLine(TCP_OPTION_FIELDS.kind, at, 1, bytes[at] ?? 0),
      // The two options of one byte have no length.
      ...(length > 1 ? [numberLine(TCP_OPTION_FIELDS.length, at + 1, 1, length)] : []),
      ...children,
    ],
  };
}

interface Description {
  readonly field: FieldDeclaration;
  readonly shown: string;
  readonly children: readonly PacketField[];
}

function describe(option: TcpOption, at: number): Description {
  const fields = TCP_OPTION_FIELDS;
  switch (option.kind) {
    case 'end':
      return { field: fields.end, shown: '', children: [] };
    case 'no-operation':
      return { field: fields.noOperation, shown: '', children: [] };
    case 'sack-permitted':
      return { field: fields.sackPermitted, shown: '', children: [] };
    case 'maximum-segment-size':
      return {
        field: fields.segmentSizeOption,
        shown: `${option.size} bytes`,
        children: [numberLine(fields.segmentSize, at + 2, 2, option.size)],
      };
    case 'window-scale':
      return {
        field: fields.windowScale,
        shown: `${option.shift} (multiply by ${2 ** Math.min(option.shift, 14)})`,
        children: [numberLine(fields.windowShift, at + 2, 1, option.shift)],
      };
    case 'timestamps':
      return {
        field: fields.timestamps,
        shown: `TSval ${option.value}, TSecr ${option.echo}`,
        children: [
          numberLine(fields.timestamp, at + 2, 4, option.value),
          numberLine(fields.timestampEcho, at + 6, 4, option.echo),
        ],
      };
    case 'sack':
      return {
        field: fields.sack,
        shown: option.blocks.map(block => `${block.left}-${block.right}`).join(' '),
        children: option.blocks.flatMap((block, index) => [
          numberLine(fields.sackLeft, at + 2 + index * 8, 4, block.left),
          numberLine(fields.sackRight, at + 6 + index * 8, 4, block.right),
        ]),
      };
    case 'other':
      return { field: fields.unknown, shown: String(option.number), children: [] };
  }
}

/** What the Info column says of an option. */
export function tcpOptionInfo(option: TcpOption): readonly string[] {
  switch (option.kind) {
    case 'maximum-segment-size':
      return [`MSS=${option.size}`];
    case 'window-scale':
      return [`WS=${2 ** Math.min(option.shift, 14)}`];
    case 'sack-permitted':
      return ['SACK_PERM'];
    case 'timestamps':
      return [`TSval=${option.value}`, `TSecr=${option.echo}`];
    case 'sack':
      return option.blocks.flatMap(block => [`SLE=${block.left}`, `SRE=${block.right}`]);
    case 'end':
    case 'no-operation':
    case 'other':
      return [];
  }
}
