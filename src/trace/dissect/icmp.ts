/** ICMP. */
import { internetChecksum, onesComplementSum, updateChecksum16 } from '../../wire/checksum';
import * as icmp from '../../wire/icmp';
import { dissectData } from './data';
import type { Dissector, PacketInProgress } from './dissector';
import { bytesLine, groupLine, hex, numberLine, type FieldDeclaration } from './field';
import { ICMP_CODE_NAMES, ICMP_TYPE_NAMES } from './icmp-names';
import type { PacketField } from './packet-field';

export const ICMP_FIELDS = {
  type: { name: 'icmp.type', label: 'Type', type: 'number' },
  code: { name: 'icmp.code', label: 'Code', type: 'number' },
  checksum: { name: 'icmp.checksum', label: 'Checksum', type: 'hex' },
  identifier: { name: 'icmp.ident', label: 'Identifier (BE)', type: 'number' },
  sequence: { name: 'icmp.seq', label: 'Sequence Number (BE)', type: 'number' },
  mtu: { name: 'icmp.mtu', label: 'MTU of next hop', type: 'number' },
  gateway: { name: 'icmp.redir_gw', label: 'Gateway Address', type: 'ipv4' },
  pointer: { name: 'icmp.pointer', label: 'Pointer', type: 'number' },
} as const satisfies Record<string, FieldDeclaration>;

const { ICMP_TYPE } = icmp;

/** Wireshark's column of the type's name in Info. */
const NAME_WIDTH = 20;

/** @param quotedPacket the dissector of the packet that an error quotes */
export function icmpDissector(quotedPacket: Dissector): Dissector {
  return (packet, at, end) => {
    const { bytes } = packet;
    if (end - at < icmp.ICMP_HEADER_BYTES) {
      packet.addMalformed('ICMP', at, end, `an ICMP message has at least ${icmp.ICMP_HEADER_BYTES} bytes`);
      return end;
    }
    const type = icmp.icmpType(bytes, at);
    const code = icmp.icmpCode(bytes, at);
    const codeName = ICMP_CODE_NAMES[type]?.[code];
    const children: PacketField[] = [
      numberLine(ICMP_FIELDS.type, at, 1, type, { suffix: ` (${ICMP_TYPE_NAMES[type] ?? 'Unknown'})` }),
      numberLine(ICMP_FIELDS.code, at + 1, 1, code, {
        suffix: codeName === undefined ? '' : ` (${codeName})`,
      }),
      checksumLine(packet, at, end),
      ...restLines(bytes, at, type, code),
    ];
    const body = at + icmp.ICMP_HEADER_BYTES;
    if (icmp.isIcmpError(type)) {
      children.push(...packet.quote(quotedPacket, body, end));
    }
    packet.add(groupLine('icmp', at, end - at, 'Internet Control Message Protocol', { children }));
    packet.show('ICMP', infoOf(packet, at, type, code));
    if (!icmp.isIcmpError(type)) {
      dissectData(packet, body, end);
    }
    return end;
  };
}

function checksumLine(packet: PacketInProgress, at: number, end: number): PacketField {
  const { bytes } = packet;
  const checksum = icmp.icmpChecksum(bytes, at);
  if (packet.fragmented || packet.quoted) {
    return numberLine(ICMP_FIELDS.checksum, at + 2, 2, checksum, { suffix: ' [unverified]' });
  }
  const right = onesComplementSum(bytes, at, end - at) === 0xffff;
  const expected = hex(updateChecksum16(internetChecksum(bytes, at, end - at), checksum, 0), 4);
  return numberLine(ICMP_FIELDS.checksum, at + 2, 2, checksum, {
    suffix: right ? ' [correct]' : ` [incorrect, should be ${expected}]`,
    problem: right ? undefined : `should be ${expected}`,
  });
}

/** Whether the bytes behind the checksum are an identifier and a sequence number (RFC 792, RFC 950). */
function hasIdentifier(type: number): boolean {
  return type === ICMP_TYPE.echoReply || type === ICMP_TYPE.echoRequest || (type >= 13 && type <= 18);
}

function restLines(bytes: Uint8Array, at: number, type: number, code: number): readonly PacketField[] {
  if (hasIdentifier(type)) {
    const identifier = icmp.echoIdentifier(bytes, at);
    const sequence = icmp.echoSequence(bytes, at);
    return [
      numberLine(ICMP_FIELDS.identifier, at + 4, 2, identifier, { suffix: ` (${hex(identifier, 4)})` }),
      numberLine(ICMP_FIELDS.sequence, at + 6, 2, sequence, { suffix: ` (${hex(sequence, 4)})` }),
    ];
  }
  if (type === ICMP_TYPE.redirect) {
    return [bytesLine(ICMP_FIELDS.gateway, bytes, at + 4, 4)];
  }
  if (type === ICMP_TYPE.parameterProblem) {
    return [numberLine(ICMP_FIELDS.pointer, at + 4, 1, bytes[at + 4] ?? 0)];
  }
  const needed =
    type === ICMP_TYPE.destinationUnreachable && code === icmp.UNREACHABLE_CODE.fragmentationNeeded;
  return needed ? [numberLine(ICMP_FIELDS.mtu, at + 6, 2, icmp.icmpRest(bytes, at) & 0xffff)] : [];
}

function infoOf(packet: PacketInProgress, at: number, type: number, code: number): string {
  const { bytes } = packet;
  const name = (ICMP_TYPE_NAMES[type] ?? 'Unknown ICMP').padEnd(NAME_WIDTH);
  if (hasIdentifier(type)) {
    const identifier = hex(icmp.echoIdentifier(bytes, at), 4);
    const sequence = icmp.echoSequence(bytes, at);
    const swapped = ((sequence & 0xff) << 8) | (sequence >>> 8);
    return `${name} id=${identifier}, seq=${sequence}/${swapped}, ttl=${packet.timeToLive}`;
  }
  const codeName = ICMP_CODE_NAMES[type]?.[code];
  return codeName === undefined ? name.trimEnd() : `${name} (${codeName})`;
}
