/** DHCPv6 messages between clients and servers (RFC 8415 8, 21), as far as stateless configuration needs them. */
import type { Ipv6Address } from '../net/ipv6-address';
import type { MacAddress } from '../net/mac-address';
import { readUint16, readUint32, writeUint16, writeUint32, writeUint48 } from './bytes';
import { dnsNamesBytes, readDnsNames } from './dns-name-list';
import { readIpv6Address, writeIpv6Address } from './ipv6';
import type { WireProblem } from './problem';

/** IANA "DHCPv6 message types" (RFC 8415 7.3). */
export const DHCPV6_MESSAGE = {
  solicit: 1,
  advertise: 2,
  request: 3,
  reply: 7,
  informationRequest: 11,
} as const;

/** IANA "DHCPv6 option codes". */
export const DHCPV6_OPTION = {
  clientIdentifier: 1,
  serverIdentifier: 2,
  optionRequest: 6,
  elapsedTime: 8,
  /** RFC 3646 3 */
  nameServers: 23,
  /** RFC 3646 4 */
  domainList: 24,
  /** RFC 8415 21.23 */
  informationRefreshTime: 32,
} as const;

/** UDP ports (RFC 8415 7.2). */
export const DHCPV6_PORT = { client: 546, server: 547 } as const;

export interface Dhcpv6Option {
  readonly code: number;
  readonly data: Uint8Array;
}

export interface Dhcpv6Message {
  /** DHCPV6_MESSAGE or another number. */
  readonly type: number;
  /** 24 bits. */
  readonly transaction: number;
  readonly options: readonly Dhcpv6Option[];
}

const HEADER_BYTES = 4;
const OPTION_HEADER_BYTES = 4;

/** DUID-LL of Ethernet (RFC 8415 11.4). */
const DUID_LINK_LAYER = 3;
const HARDWARE_ETHERNET = 1;

/** Reads a message of `length` bytes; those between relay agents have another form and are refused. */
export function parseDhcpv6(b: Uint8Array, at: number, length: number): Dhcpv6Message | WireProblem {
  if (length < HEADER_BYTES) {
    return 'truncated';
  }
  const type = b[at] ?? 0;
  if (type === 12 || type === 13) {
    return 'bad-value';
  }
  const options: Dhcpv6Option[] = [];
  const end = at + length;
  for (let position = at + HEADER_BYTES; position < end;) {
    const size = readUint16(b, position + 2);
    const next = position + OPTION_HEADER_BYTES + size;
    if (next > end) {
      return 'bad-option';
    }
    options.push({ code: readUint16(b, position), data: b.slice(position + OPTION_HEADER_BYTES, next) });
    position = next;
  }
  return { type, transaction: readUint32(b, at) & 0xff_ffff, options };
}

export function dhcpv6Bytes({ type, transaction, options }: Dhcpv6Message): Uint8Array {
  const length = options.reduce((sum, { data }) => sum + OPTION_HEADER_BYTES + data.length, HEADER_BYTES);
  const b = new Uint8Array(length);
  writeUint32(b, 0, transaction & 0xff_ffff);
  b[0] = type;
  let at = HEADER_BYTES;
  for (const { code, data } of options) {
    writeUint16(b, at, code);
    writeUint16(b, at + 2, data.length);
    b.set(data, at + OPTION_HEADER_BYTES);
    at += OPTION_HEADER_BYTES + data.length;
  }
  return b;
}

/** The data of the first option with this code. */
export function findDhcpv6Option({ options }: Dhcpv6Message, code: number): Uint8Array | undefined {
  return options.find(option => option.code === code)?.data;
}

/** The identifier of a client or server that is known by its hardware address (RFC 8415 11.4). */
export function linkLayerDuid(mac: MacAddress): Uint8Array {
  const duid = new Uint8Array(10);
  writeUint16(duid, 0, DUID_LINK_LAYER);
  writeUint16(duid, 2, HARDWARE_ETHERNET);
  writeUint48(duid, 4, mac);
  return duid;
}

/** The codes that an option request option asks for. */
export function requestedOptions(message: Dhcpv6Message): readonly number[] {
  const data = findDhcpv6Option(message, DHCPV6_OPTION.optionRequest) ?? new Uint8Array(0);
  return Array.from({ length: data.length >>> 1 }, (_, index) => readUint16(data, index * 2));
}

export function optionRequest(codes: readonly number[]): Dhcpv6Option {
  const data = new Uint8Array(codes.length * 2);
  codes.forEach((code, index) => {
    writeUint16(data, index * 2, code);
  });
  return { code: DHCPV6_OPTION.optionRequest, data };
}

/** @param hundredths of a second since the first message of the exchange (RFC 8415 21.9) */
export function elapsedTime(hundredths: number): Dhcpv6Option {
  const data = new Uint8Array(2);
  writeUint16(data, 0, Math.min(0xffff, hundredths));
  return { code: DHCPV6_OPTION.elapsedTime, data };
}

/** The addresses of the name servers option; none when its length does not fit. */
export function readNameServers(message: Dhcpv6Message): readonly Ipv6Address[] {
  const data = findDhcpv6Option(message, DHCPV6_OPTION.nameServers);
  if (data === undefined || data.length % 16 !== 0) {
    return [];
  }
  return Array.from({ length: data.length / 16 }, (_, index) => readIpv6Address(data, index * 16));
}

export function nameServersOption(servers: readonly Ipv6Address[]): Dhcpv6Option {
  const data = new Uint8Array(servers.length * 16);
  servers.forEach((server, index) => {
    writeIpv6Address(data, index * 16, server);
  });
  return { code: DHCPV6_OPTION.nameServers, data };
}

/** The names of the domain search list; none when one is malformed. */
export function readDomainList(message: Dhcpv6Message): readonly string[] {
  const data = findDhcpv6Option(message, DHCPV6_OPTION.domainList);
  const names = data === undefined ? [] : readDnsNames(data, 0, data.length);
  return typeof names === 'string' ? [] : names;
}

export function domainListOption(domains: readonly string[]): Dhcpv6Option {
  return { code: DHCPV6_OPTION.domainList, data: dnsNamesBytes(domains) };
}

/** Seconds until a client should ask again; undefined when the server does not say. */
export function readRefreshTime(message: Dhcpv6Message): number | undefined {
  const data = findDhcpv6Option(message, DHCPV6_OPTION.informationRefreshTime);
  return data?.length === 4 ? readUint32(data, 0) : undefined;
}
