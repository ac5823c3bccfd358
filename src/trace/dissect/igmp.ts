/** IGMP, versions 1 to 3. */
import { formatIpv4, ipv4FromNumber } from '../../net/ipv4-address';
import { readUint16, readUint32 } from '../../wire/bytes';
import { internetChecksum, onesComplementSum, updateChecksum16 } from '../../wire/checksum';
import * as igmp from '../../wire/igmp';
import type { PacketInProgress } from './dissector';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

const { GROUP_RECORD, IGMP_TYPE } = igmp;

const TYPE_NAMES: Readonly<Record<number, string>> = {
  [IGMP_TYPE.query]: 'Membership Query',
  [IGMP_TYPE.reportV1]: 'Membership Report',
  [IGMP_TYPE.reportV2]: 'Membership Report',
  [IGMP_TYPE.leave]: 'Leave Group',
  [IGMP_TYPE.reportV3]: 'Membership Report',
};
const RECORD_NAMES: Readonly<Record<number, string>> = {
  [GROUP_RECORD.modeIsInclude]: 'Mode Is Include',
  [GROUP_RECORD.modeIsExclude]: 'Mode Is Exclude',
  [GROUP_RECORD.changeToInclude]: 'Change To Include Mode',
  [GROUP_RECORD.changeToExclude]: 'Change To Exclude Mode',
  [GROUP_RECORD.allowNewSources]: 'Allow New Sources',
  [GROUP_RECORD.blockOldSources]: 'Block Old Sources',
};

export const IGMP_FIELDS = {
  version: { name: 'igmp.version', label: 'IGMP Version', type: 'number' },
  type: { name: 'igmp.type', label: 'Type', type: 'hex', names: TYPE_NAMES },
  reserved: { name: 'igmp.reserved', label: 'Reserved', type: 'bytes' },
  responseTime: { name: 'igmp.max_resp', label: 'Max Resp Time', type: 'number' },
  exponent: { name: 'igmp.max_resp.exp', label: 'Exponent', type: 'hex', mask: 0x70 },
  mantissa: { name: 'igmp.max_resp.mant', label: 'Mantissa', type: 'hex', mask: 0x0f },
  checksum: { name: 'igmp.checksum', label: 'Checksum', type: 'hex' },
  group: { name: 'igmp.maddr', label: 'Multicast Address', type: 'ipv4' },
  suppress: {
    name: 'igmp.s',
    label: 'S',
    type: 'boolean',
    mask: 0x08,
    names: { 0: 'Do not suppress router side processing', 1: 'SUPPRESS router side processing' },
  },
  robustness: { name: 'igmp.qrv', label: 'QRV', type: 'number', mask: 0x07 },
  interval: { name: 'igmp.qqic', label: 'QQIC', type: 'number' },
  sourceCount: { name: 'igmp.num_src', label: 'Num Src', type: 'number' },
  source: { name: 'igmp.saddr', label: 'Source Address', type: 'ipv4' },
  recordCount: { name: 'igmp.num_grp_recs', label: 'Num Group Records', type: 'number' },
  recordType: { name: 'igmp.record_type', label: 'Record Type', type: 'number', names: RECORD_NAMES },
  auxiliaryLength: { name: 'igmp.aux_data_len', label: 'Aux Data Len', type: 'number' },
  auxiliaryData: { name: 'igmp.aux_data', label: 'Aux Data', type: 'bytes' },
  data: { name: 'igmp.data', label: 'Data', type: 'bytes' },
} as const satisfies Record<string, FieldDeclaration>;

/** A message while its lines are made. */
interface Message {
  readonly packet: PacketInProgress;
  readonly at: number;
  readonly end: number;
}

/** Lines, and what the Info column says of them. */
interface Told {
  readonly lines: readonly PacketField[];
  readonly info: string;
  /** What is missing. */
  readonly problem?: string;
}

const ADDRESS_BYTES = 4;

export function dissectIgmp(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  if (end - at < 4) {
    packet.addMalformed('IGMP', at, end, `an IGMP message has at least ${igmp.IGMP_HEADER_BYTES} bytes`);
    return end;
  }
  const message = { packet, at, end };
  const type = igmp.igmpType(bytes, at);
  const version = versionOf(message);
  const typeLine = numberLine(IGMP_FIELDS.type, at, 1, type);
  if (version === undefined) {
    const children = [typeLine, bytesLine(IGMP_FIELDS.data, bytes, at + 1, end - at - 1)];
    packet.add(groupLine('igmp', at, end - at, LAYER_TEXT, { children }));
    packet.show('IGMP', `Unknown Type:${hex(type, 2)}`);
    return end;
  }
  const told =
    version === 3 && type === IGMP_TYPE.reportV3 ? reportV3(message) : groupMessage(message, version);
  const children = [
    numberLine(IGMP_FIELDS.version, at, 0, version),
    typeLine,
    ...codeLines(message, version),
    checksumLine(message),
    ...told.lines,
  ];
  packet.add(groupLine('igmp', at, end - at, LAYER_TEXT, { children, problem: told.problem }));
  const broken = told.problem === undefined ? '' : '[Malformed Packet]';
  packet.show(`IGMPv${version}`, `${TYPE_NAMES[type] ?? ''}${told.info}${broken}`);
  return end;
}

const LAYER_TEXT = 'Internet Group Management Protocol';

/** Which version a message is of (RFC 3376 7.1); undefined for types that are none of IGMP's. */
function versionOf({ packet, at, end }: Message): 1 | 2 | 3 | undefined {
  switch (igmp.igmpType(packet.bytes, at)) {
    case IGMP_TYPE.query:
      if (end - at >= igmp.IGMP_QUERY_V3_BYTES) {
        return 3;
      }
      return igmp.igmpCode(packet.bytes, at) === 0 ? 1 : 2;
    case IGMP_TYPE.reportV1:
      return 1;
    case IGMP_TYPE.reportV2:
    case IGMP_TYPE.leave:
      return 2;
    case IGMP_TYPE.reportV3:
      return 3;
    default:
      return undefined;
  }
}

function codeLines({ packet: { bytes }, at }: Message, version: 1 | 2 | 3): readonly PacketField[] {
  const code = igmp.igmpCode(bytes, at);
  const isQuery = igmp.igmpType(bytes, at) === IGMP_TYPE.query;
  if (version === 1 || (version === 3 && !isQuery)) {
    return [bytesLine(IGMP_FIELDS.reserved, bytes, at + 1, 1)];
  }
  const isFloat = version === 3 && code >= 128;
  const tenths = isFloat ? igmp.timeOfCode(code) : code;
  return [
    numberLine(IGMP_FIELDS.responseTime, at + 1, 1, tenths, {
      shown: `${(tenths / 10).toFixed(1)} sec (${hex(code, 2)})`,
      ...(isFloat
        ? {
            children: [
              numberLine(IGMP_FIELDS.exponent, at + 1, 1, code),
              numberLine(IGMP_FIELDS.mantissa, at + 1, 1, code),
            ],
          }
        : {}),
    }),
  ];
}

function checksumLine({ packet, at, end }: Message): PacketField {
  const { bytes } = packet;
  const checksum = igmp.igmpChecksum(bytes, at);
  if (packet.fragmented || packet.quoted) {
    return numberLine(IGMP_FIELDS.checksum, at + 2, 2, checksum, { suffix: ' [unverified]' });
  }
  const right = onesComplementSum(bytes, at, end - at) === 0xffff;
  const expected = hex(updateChecksum16(internetChecksum(bytes, at, end - at), checksum, 0), 4);
  return numberLine(IGMP_FIELDS.checksum, at + 2, 2, checksum, {
    suffix: right ? ' [correct]' : ` [incorrect, should be ${expected}]`,
    problem: right ? undefined : `should be ${expected}`,
  });
}

function groupMessage(message: Message, version: 1 | 2 | 3): Told {
  const { packet, at, end } = message;
  const { bytes } = packet;
  if (end - at < igmp.IGMP_HEADER_BYTES) {
    return { lines: [], info: '', problem: 'the group is missing' };
  }
  const type = igmp.igmpType(bytes, at);
  const group = igmp.igmpGroup(bytes, at);
  const groupLines = [bytesLine(IGMP_FIELDS.group, bytes, at + 4, 4)];
  if (type !== IGMP_TYPE.query) {
    const named =
      version === 1 ? '' : type === IGMP_TYPE.leave ? ` ${formatIpv4(group)}` : ` group ${formatIpv4(group)}`;
    return { lines: groupLines, info: named };
  }
  const asked = group === 0 ? ', general' : `, specific for group ${formatIpv4(group)}`;
  if (version !== 3) {
    return { lines: groupLines, info: version === 1 ? '' : asked };
  }
  const flags = bytes[at + 8] ?? 0;
  const count = readUint16(bytes, at + 10);
  const sources = addressLines(message, at + igmp.IGMP_QUERY_V3_BYTES, count);
  const lines = [
    ...groupLines,
    numberLine(IGMP_FIELDS.suppress, at + 8, 1, flags),
    numberLine(IGMP_FIELDS.robustness, at + 8, 1, flags),
    numberLine(IGMP_FIELDS.interval, at + 9, 1, bytes[at + 9] ?? 0),
    numberLine(IGMP_FIELDS.sourceCount, at + 10, 2, count),
    ...sources,
  ];
  const listed =
    count === 0
      ? ''
      : `, source${count > 1 ? 's' : ''} {${sources.map(({ value = '' }) => value).join(', ')}}`;
  return sources.length < count
    ? { lines, info: asked + listed, problem: 'sources are missing' }
    : { lines, info: asked + listed };
}

/** As many address lines as there are, at most `count`. */
function addressLines(
  { packet: { bytes }, end }: Message,
  from: number,
  count: number,
): readonly PacketField[] {
  const there = Math.max(0, Math.min(count, Math.floor((end - from) / ADDRESS_BYTES)));
  return Array.from({ length: there }, (_, index) =>
    bytesLine(IGMP_FIELDS.source, bytes, from + index * ADDRESS_BYTES, ADDRESS_BYTES),
  );
}

function reportV3(message: Message): Told {
  const { packet, at, end } = message;
  const { bytes } = packet;
  if (end - at < igmp.IGMP_HEADER_BYTES) {
    return { lines: [], info: '', problem: 'the number of group records is missing' };
  }
  const count = readUint16(bytes, at + 6);
  const lines = [
    bytesLine(IGMP_FIELDS.reserved, bytes, at + 4, 2),
    numberLine(IGMP_FIELDS.recordCount, at + 6, 2, count),
  ];
  const infos: string[] = [];
  let position = at + igmp.IGMP_HEADER_BYTES;
  for (let number = 0; number < count; number++) {
    const next = position + igmp.groupRecordBytes(bytes, position);
    if (position + igmp.GROUP_RECORD_BYTES > end || next > end) {
      return { lines, info: infos.join(''), problem: 'group records are missing' };
    }
    const record = recordLine(message, position, next);
    lines.push(record);
    infos.push(` / ${recordInfo(bytes, position, record)}`);
    position = next;
  }
  return { lines, info: count === 0 ? ' - General query' : infos.join('') };
}

function recordLine(message: Message, at: number, next: number): PacketField {
  const { bytes } = message.packet;
  const type = bytes[at] ?? 0;
  const count = readUint16(bytes, at + 2);
  const group = formatIpv4(ipv4FromNumber(readUint32(bytes, at + 4)));
  const auxiliary = (bytes[at + 1] ?? 0) * ADDRESS_BYTES;
  return groupLine('igmp.record', at, next - at, `Group Record : ${group}  ${RECORD_NAMES[type] ?? ''}`, {
    children: [
      numberLine(IGMP_FIELDS.recordType, at, 1, type),
      numberLine(IGMP_FIELDS.auxiliaryLength, at + 1, 1, bytes[at + 1] ?? 0),
      numberLine(IGMP_FIELDS.sourceCount, at + 2, 2, count),
      bytesLine(IGMP_FIELDS.group, bytes, at + 4, ADDRESS_BYTES),
      ...addressLines(message, at + igmp.GROUP_RECORD_BYTES, count),
      ...(auxiliary > 0 ? [bytesLine(IGMP_FIELDS.auxiliaryData, bytes, next - auxiliary, auxiliary)] : []),
    ],
  });
}

/** A record in words: including nobody is leaving, excluding nobody is joining (RFC 3376 3.1). */
function recordInfo(bytes: Uint8Array, at: number, { children = [] }: PacketField): string {
  const group = formatIpv4(ipv4FromNumber(readUint32(bytes, at + 4)));
  const addresses = children.flatMap(({ name, value }) =>
    name === IGMP_FIELDS.source.name && value !== undefined ? [value] : [],
  );
  const listed = `{${addresses.join(', ')}}`;
  const several = addresses.length > 1;
  const sources = `source${several ? 's' : ''} `;
  switch (bytes[at]) {
    case GROUP_RECORD.modeIsInclude:
    case GROUP_RECORD.changeToInclude:
      return addresses.length === 0
        ? `Leave group ${group}`
        : `Join group ${group} for ${sources}${several ? 'in ' : ''}${listed}`;
    case GROUP_RECORD.modeIsExclude:
    case GROUP_RECORD.changeToExclude:
      return addresses.length === 0
        ? `Join group ${group} for any sources`
        : `Join group ${group}, for ${sources}${several ? 'not in ' : 'not '}${listed}`;
    case GROUP_RECORD.allowNewSources:
      return `Group ${group}, new ${sources}${listed}`;
    case GROUP_RECORD.blockOldSources:
      return `Group ${group}, block ${sources}${listed}`;
    default:
      return `Group ${group}, unknown record type (?)`;
  }
}
