/** What a bridged Wi-Fi card does to DHCP requests of guests: an answer to their own hardware address would never arrive (SrvIntNetR0.cpp). */
import { patchUint16 } from '../../../wire/checksum';
import { readUint16, readUint32, writeUint16 } from '../../../wire/bytes';
import { DHCP_FIELD, DHCP_HEADER_BYTES, DHCP_MAGIC, DHCP_OPERATION } from '../../../wire/dhcp';
import { UDP_HEADER_BYTES, udpChecksum, udpLength } from '../../../wire/udp';

const BROADCAST_FLAG = 0x8000;

/** Where the checksum lies in a UDP header (RFC 768). */
const UDP_CHECKSUM = 6;

/** Sets the broadcast flag of a request in the datagram at `at`, and corrects the UDP checksum where there is one. */
export function withBroadcastFlag(bytes: Uint8Array, at: number): void {
  const message = at + UDP_HEADER_BYTES;
  const holdsMessage = udpLength(bytes, at) >= UDP_HEADER_BYTES + DHCP_HEADER_BYTES;
  if (
    !holdsMessage ||
    message + DHCP_HEADER_BYTES > bytes.length ||
    bytes[message] !== DHCP_OPERATION.request ||
    readUint32(bytes, message + DHCP_FIELD.magic) !== DHCP_MAGIC
  ) {
    return;
  }
  const flagsAt = message + DHCP_FIELD.flags;
  const flags = readUint16(bytes, flagsAt) | BROADCAST_FLAG;
  if (udpChecksum(bytes, at) === 0) {
    writeUint16(bytes, flagsAt, flags);
  } else {
    patchUint16(bytes, flagsAt, flags, at + UDP_CHECKSUM);
  }
}
