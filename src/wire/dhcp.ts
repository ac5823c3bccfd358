/** DHCP messages for Ethernet (RFC 2131 section 2), which are BOOTP messages (RFC 951) with options. */
import type { Ipv4Address } from '../net/ipv4-address';
import type { MacAddress } from '../net/mac-address';
import { readUint16, readUint32, readUint48, writeUint16, writeUint32, writeUint48 } from './bytes';
import { DHCP_OPTION, decodeText, encodeText, type DhcpOption } from './dhcp-option';
import type { WireProblem } from './problem';

/** Fixed fields and magic cookie; options follow. */
export const DHCP_HEADER_BYTES = 240;

/** The shortest BOOTP message that relays and servers must take (RFC 1542 2.1). */
export const BOOTP_MINIMUM_BYTES = 300;

/** The first four bytes of the options area (RFC 2131 3). */
export const DHCP_MAGIC = 0x63825363;

/** op (RFC 951). */
export const DHCP_OPERATION = { request: 1, reply: 2 } as const;

/** Where the variable fields lie, and how long they are (RFC 2131 figure 1). */
export const DHCP_FIELD = {
  transactionId: 4,
  seconds: 8,
  flags: 10,
  clientAddress: 12,
  yourAddress: 16,
  serverAddress: 20,
  relayAddress: 24,
  clientMac: 28,
  serverName: 44,
  serverNameBytes: 64,
  bootFile: 108,
  bootFileBytes: 128,
  magic: 236,
} as const;

const HARDWARE_ETHERNET = 1;
const BROADCAST_FLAG = 0x8000;

/** One option instance carries at most this many bytes (RFC 3396 section 5). */
const OPTION_PIECE_BYTES = 255;

export interface DhcpMessage {
  /** DHCP_OPERATION */
  readonly operation: number;
  readonly transactionId: number;
  /** Seconds since the client began. */
  readonly seconds: number;
  /** The client can't take unicast before it has an address (RFC 2131 4.1). */
  readonly broadcast: boolean;
  /** ciaddr */
  readonly clientAddress: Ipv4Address;
  /** yiaddr */
  readonly yourAddress: Ipv4Address;
  /** siaddr */
  readonly serverAddress: Ipv4Address;
  /** giaddr */
  readonly relayAddress: Ipv4Address;
  readonly clientMac: MacAddress;
  /** sname, at most 63 bytes */
  readonly serverName: string;
  /** file, at most 127 bytes */
  readonly bootFile: string;
  /** In wire order, without pad, end and overload; pieces of one option are joined (RFC 3396). */
  readonly options: readonly DhcpOption[];
}

/** Reads the message that is the payload of a datagram. */
export function parseDhcp(b: Uint8Array, at: number, length: number): DhcpMessage | WireProblem {
  if (length < DHCP_HEADER_BYTES) {
    return 'truncated';
  }
  if (b[at + 1] !== HARDWARE_ETHERNET || b[at + 2] !== 6) {
    return 'unsupported-address-type';
  }
  if (readUint32(b, at + DHCP_FIELD.magic) !== DHCP_MAGIC) {
    return 'bad-magic';
  }
  const serverName = field(b, at, DHCP_FIELD.serverName, DHCP_FIELD.serverNameBytes);
  const bootFile = field(b, at, DHCP_FIELD.bootFile, DHCP_FIELD.bootFileBytes);
  const pieces: DhcpOption[] = [];
  if (!readOptions(b.subarray(at + DHCP_HEADER_BYTES, at + length), pieces)) {
    return 'bad-option';
  }
  const overload = pieces.find(piece => piece.code === DHCP_OPTION.overload)?.data[0] ?? 0;
  const inFile = (overload & 1) !== 0;
  const inName = (overload & 2) !== 0;
  if ((inFile && !readOptions(bootFile, pieces)) || (inName && !readOptions(serverName, pieces))) {
    return 'bad-option';
  }
  return {
    operation: b[at] ?? 0,
    transactionId: readUint32(b, at + DHCP_FIELD.transactionId),
    seconds: readUint16(b, at + DHCP_FIELD.seconds),
    broadcast: (readUint16(b, at + DHCP_FIELD.flags) & BROADCAST_FLAG) !== 0,
    clientAddress: readUint32(b, at + DHCP_FIELD.clientAddress) as Ipv4Address,
    yourAddress: readUint32(b, at + DHCP_FIELD.yourAddress) as Ipv4Address,
    serverAddress: readUint32(b, at + DHCP_FIELD.serverAddress) as Ipv4Address,
    relayAddress: readUint32(b, at + DHCP_FIELD.relayAddress) as Ipv4Address,
    clientMac: readUint48(b, at + DHCP_FIELD.clientMac) as MacAddress,
    serverName: inName ? '' : decodeText(serverName),
    bootFile: inFile ? '' : decodeText(bootFile),
    options: joined(pieces),
  };
}

function field(b: Uint8Array, at: number, offset: number, length: number): Uint8Array {
  return b.subarray(at + offset, at + offset + length);
}

/** Appends the options of one area; false when one does not fit. An area without an end option ends with its bytes. */
function readOptions(area: Uint8Array, into: DhcpOption[]): boolean {
  let i = 0;
  while (i < area.length) {
    const code = area[i] ?? 0;
    if (code === DHCP_OPTION.end) {
      return true;
    }
    if (code === DHCP_OPTION.pad) {
      i += 1;
      continue;
    }
    const next = i + 2 + (area[i + 1] ?? 0);
    if (i + 2 > area.length || next > area.length) {
      return false;
    }
    into.push({ code, data: area.slice(i + 2, next) });
    i = next;
  }
  return true;
}

/** Joins the pieces of each option where its first piece stood (RFC 3396 section 7). */
function joined(pieces: readonly DhcpOption[]): DhcpOption[] {
  const byCode = new Map<number, Uint8Array[]>();
  for (const { code, data } of pieces) {
    const same = byCode.get(code);
    if (same !== undefined) {
      same.push(data);
    } else if (code !== DHCP_OPTION.overload) {
      byCode.set(code, [data]);
    }
  }
  return [...byCode].map(([code, parts]) => ({ code, data: concatenate(parts) }));
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export interface DhcpEmission {
  /** Zeros follow the end option up to this many bytes; BOOTP_MINIMUM_BYTES when left out. */
  readonly minimumBytes?: number;
}

/** The bytes of a message, for the payload of a datagram. */
export function emitDhcp(message: DhcpMessage, emission: DhcpEmission = {}): Uint8Array {
  const needed = DHCP_HEADER_BYTES + message.options.reduce((sum, option) => sum + emittedLength(option), 1);
  const b = new Uint8Array(Math.max(needed, emission.minimumBytes ?? BOOTP_MINIMUM_BYTES));
  b[0] = message.operation;
  b[1] = HARDWARE_ETHERNET;
  b[2] = 6;
  writeUint32(b, DHCP_FIELD.transactionId, message.transactionId);
  writeUint16(b, DHCP_FIELD.seconds, message.seconds);
  writeUint16(b, DHCP_FIELD.flags, message.broadcast ? BROADCAST_FLAG : 0);
  writeUint32(b, DHCP_FIELD.clientAddress, message.clientAddress);
  writeUint32(b, DHCP_FIELD.yourAddress, message.yourAddress);
  writeUint32(b, DHCP_FIELD.serverAddress, message.serverAddress);
  writeUint32(b, DHCP_FIELD.relayAddress, message.relayAddress);
  writeUint48(b, DHCP_FIELD.clientMac, message.clientMac);
  b.set(encodeText(message.serverName).subarray(0, DHCP_FIELD.serverNameBytes - 1), DHCP_FIELD.serverName);
  b.set(encodeText(message.bootFile).subarray(0, DHCP_FIELD.bootFileBytes - 1), DHCP_FIELD.bootFile);
  writeUint32(b, DHCP_FIELD.magic, DHCP_MAGIC);
  let at = DHCP_HEADER_BYTES;
  for (const option of message.options) {
    at = writeOption(b, at, option);
  }
  b[at] = DHCP_OPTION.end;
  return b;
}

function emittedLength(option: DhcpOption): number {
  const pieces = Math.max(1, Math.ceil(option.data.length / OPTION_PIECE_BYTES));
  return pieces * 2 + option.data.length;
}

/** Writes an option in as many pieces as it needs; returns where the next one goes. */
function writeOption(b: Uint8Array, at: number, option: DhcpOption): number {
  let done = 0;
  let next = at;
  do {
    const piece = option.data.subarray(done, done + OPTION_PIECE_BYTES);
    b[next] = option.code;
    b[next + 1] = piece.length;
    b.set(piece, next + 2);
    next += 2 + piece.length;
    done += piece.length;
  } while (done < option.data.length);
  return next;
}
