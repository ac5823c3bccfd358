/** What a bridged Wi-Fi card reads of and changes in IPv6: whose addresses are whose, and link-layer address options (SrvIntNetR0.cpp). */
import type { MacAddress } from '../../../net/mac-address';
import { readUint16 } from '../../../wire/bytes';
import { patchUint16 } from '../../../wire/checksum';
import { IP_PROTOCOL } from '../../../wire/ipv4';

/** Bytes of the fixed IPv6 header (RFC 8200 3), and where its fields lie. */
const HEADER_BYTES = 40;
const NEXT_HEADER = 6;
const SOURCE = 8;
const DESTINATION = 24;
const ADDRESS_BYTES = 16;

/** Neighbour discovery (RFC 4861 4): bytes in front of the options of each message that may name a link-layer address. */
const OPTIONS_AT: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24 };
const NEIGHBOUR_ADVERTISEMENT = 136;
const ICMPV6_CHECKSUM = 2;

/** Source and target link-layer address (RFC 4861 4.6.1); their length is given in units of 8 bytes. */
const LINK_LAYER_OPTIONS = [1, 2];

/** Addresses as text, for keys. */
export interface Ipv6FrameAddresses {
  /** Addresses that the sender shows to be its own. */
  readonly senders: readonly string[];
  readonly destination: string | undefined;
}

export function ipv6Addresses(bytes: Uint8Array, at: number): Ipv6FrameAddresses {
  if (bytes.length < at + HEADER_BYTES) {
    return { senders: [], destination: undefined };
  }
  const senders = [keyAt(bytes, at + SOURCE)];
  const message = at + HEADER_BYTES;
  if (bytes[at + NEXT_HEADER] === IP_PROTOCOL.icmpv6 && bytes[message] === NEIGHBOUR_ADVERTISEMENT) {
    senders.push(keyAt(bytes, message + 8));
  }
  return { senders: senders.filter(isHost), destination: keyAt(bytes, at + DESTINATION) };
}

/** Replaces the link-layer addresses of a neighbour discovery message by this one, and corrects its checksum. */
export function withLinkLayerAddress(bytes: Uint8Array, at: number, mac: MacAddress): void {
  const message = at + HEADER_BYTES;
  const skipped = OPTIONS_AT[bytes[message] ?? 0];
  if (bytes[at + NEXT_HEADER] !== IP_PROTOCOL.icmpv6 || skipped === undefined) {
    return;
  }
  const end = Math.min(bytes.length, message + readUint16(bytes, at + 4));
  let option = message + skipped;
  while (option + 8 <= end) {
    const length = (bytes[option + 1] ?? 0) * 8;
    if (length === 0) {
      return;
    }
    if (LINK_LAYER_OPTIONS.includes(bytes[option] ?? 0)) {
      for (let word = 0; word < 3; word++) {
        const value = Math.floor(mac / 2 ** (32 - 16 * word)) % 65536;
        patchUint16(bytes, option + 2 + 2 * word, value, message + ICMPV6_CHECKSUM);
      }
    }
    option += length;
  }
}

function keyAt(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + ADDRESS_BYTES).join();
}

const UNSPECIFIED = new Uint8Array(ADDRESS_BYTES).join();

/** Whether an address can be a host's: not ::, not a group. */
function isHost(key: string): boolean {
  return key !== UNSPECIFIED && !key.startsWith('255,');
}
