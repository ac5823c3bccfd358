/** The options of a DHCP message and how their data is read and made (RFC 2132). */
import { ipv4FromNumber, type Ipv4Address } from '../net/ipv4-address';
import { readUint32, writeUint16, writeUint32 } from './bytes';

/** One option; `data` may be longer than 255 bytes, it then travels in pieces (RFC 3396). */
export interface DhcpOption {
  readonly code: number;
  readonly data: Uint8Array;
}

/** IANA BOOTP and DHCP parameters. */
export const DHCP_OPTION = {
  pad: 0,
  subnetMask: 1,
  router: 3,
  domainNameServer: 6,
  hostName: 12,
  domainName: 15,
  interfaceMtu: 26,
  broadcastAddress: 28,
  ntpServers: 42,
  vendorSpecific: 43,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  message: 56,
  maximumMessageSize: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientIdentifier: 61,
  tftpServerName: 66,
  bootFileName: 67,
  /** RFC 4702 */
  clientDomainName: 81,
  /** RFC 3046 */
  relayAgentInformation: 82,
  /** RFC 3397 */
  domainSearch: 119,
  /** RFC 3442 */
  classlessStaticRoute: 121,
  end: 255,
} as const;

/** Values of option 53 (RFC 2132 9.6). */
export const DHCP_MESSAGE_TYPE = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** What the readers need of a message. */
interface HasOptions {
  readonly options: readonly DhcpOption[];
}

/** The data of the first option with this code. */
export function findOption(message: HasOptions, code: number): Uint8Array | undefined {
  return message.options.find(option => option.code === code)?.data;
}

/** DHCP_MESSAGE_TYPE; undefined for a BOOTP message and for an option of a wrong length. */
export function readMessageType(message: HasOptions): number | undefined {
  const data = findOption(message, DHCP_OPTION.messageType);
  return data?.length === 1 ? data[0] : undefined;
}

/** The first address of an option that holds one or more. */
export function readAddress(message: HasOptions, code: number): Ipv4Address | undefined {
  return readAddresses(message, code)[0];
}

/** The addresses of an option; none when it is missing or its length is no multiple of 4. */
export function readAddresses(message: HasOptions, code: number): readonly Ipv4Address[] {
  const data = findOption(message, code);
  if (data === undefined || data.length % 4 !== 0) {
    return [];
  }
  return Array.from({ length: data.length / 4 }, (_, index) => ipv4FromNumber(readUint32(data, index * 4)));
}

/** A time in seconds; 0xffffffff stands for ever (RFC 2131 3.3). */
export function readSeconds(message: HasOptions, code: number): number | undefined {
  const data = findOption(message, code);
  return data?.length === 4 ? readUint32(data, 0) : undefined;
}

/** Text up to its first NUL, if it has one (RFC 2132 2: receivers must bear a trailing NUL). */
export function readText(message: HasOptions, code: number): string | undefined {
  const data = findOption(message, code);
  return data === undefined ? undefined : decodeText(data);
}

export function messageTypeOption(type: number): DhcpOption {
  return { code: DHCP_OPTION.messageType, data: Uint8Array.of(type) };
}

export function addressOption(code: number, ...addresses: readonly Ipv4Address[]): DhcpOption {
  const data = new Uint8Array(addresses.length * 4);
  addresses.forEach((address, index) => {
    writeUint32(data, index * 4, address);
  });
  return { code, data };
}

/** A time in seconds. */
export function secondsOption(code: number, seconds: number): DhcpOption {
  const data = new Uint8Array(4);
  writeUint32(data, 0, seconds);
  return { code, data };
}

/** A 16-bit number: a size or an MTU. */
export function uint16Option(code: number, value: number): DhcpOption {
  const data = new Uint8Array(2);
  writeUint16(data, 0, value);
  return { code, data };
}

export function textOption(code: number, text: string): DhcpOption {
  return { code, data: encodeText(text) };
}

export function bytesOption(code: number, ...bytes: readonly number[]): DhcpOption {
  return { code, data: Uint8Array.from(bytes) };
}

/** Bytes up to the first NUL as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** UTF-8 without a final NUL. */
export function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
