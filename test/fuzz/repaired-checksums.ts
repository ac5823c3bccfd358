/** Checksums that fit what a changed frame is now, so that the change is met behind the first check. */
import { findUpperLayer } from '../../src/wire/ipv6-extension';
import { internetChecksum, onesComplementSum } from '../../src/wire/checksum';
import { IP, PAYLOAD, withHeaderChecksum, word } from '../unit/engine/packets';
import { IPV6_PAYLOAD } from '../unit/engine/ipv6-packets';

/** Where the checksum lies in a message, and whether its sum has a pseudo header; by number of the protocol. */
const CHECKSUMS: Readonly<Record<number, { readonly at: number; readonly pseudo: boolean }>> = {
  1: { at: 2, pseudo: false },
  2: { at: 2, pseudo: false },
  6: { at: 16, pseudo: true },
  17: { at: 6, pseudo: true },
  58: { at: 2, pseudo: true },
};

/** The frame with right checksums as far as it has headers; the same bytes where it has none. */
export function repaired(bytes: Uint8Array): Uint8Array {
  const type = bytes.length < PAYLOAD ? 0 : word(bytes, 12);
  if (type === 0x0800) {
    return repairedIpv4(bytes);
  }
  return type === 0x86dd && bytes.length >= IPV6_PAYLOAD ? repairedIpv6(bytes) : bytes;
}

function repairedIpv4(bytes: Uint8Array): Uint8Array {
  const header = 4 * (bytes[IP]! & 15);
  if (header < 20 || IP + header > bytes.length) {
    return bytes;
  }
  const copy = withHeaderChecksum(bytes);
  const end = Math.min(copy.length, IP + word(copy, IP + 2));
  repairMessage(copy, copy[IP + 9]!, IP + header, end, copy.subarray(IP + 12, IP + 20));
  return copy;
}

function repairedIpv6(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const end = Math.min(copy.length, IPV6_PAYLOAD + word(copy, IP + 4));
  const upper = findUpperLayer(copy, IP, end);
  if (upper !== undefined) {
    repairMessage(copy, upper.protocol, upper.at, end, copy.subarray(IP + 8, IP + 40));
  }
  return copy;
}

/** `addresses` are those of the pseudo header, source and destination (RFC 768, RFC 8200 section 8.1). */
function repairMessage(
  copy: Uint8Array,
  protocol: number,
  at: number,
  end: number,
  addresses: Uint8Array,
): void {
  const checksum = CHECKSUMS[protocol];
  if (checksum === undefined || at + checksum.at + 2 > end) {
    return;
  }
  const length = end - at;
  const pseudo = Uint8Array.of(...addresses, 0, protocol, length >> 8, length & 255);
  const field = at + checksum.at;
  copy[field] = 0;
  copy[field + 1] = 0;
  const sum = internetChecksum(
    copy,
    at,
    length,
    checksum.pseudo ? onesComplementSum(pseudo, 0, pseudo.length) : 0,
  );
  copy[field] = sum >> 8;
  copy[field + 1] = sum & 255;
}
