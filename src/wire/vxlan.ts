/** VXLAN headers (RFC 7348 section 5): 8 bytes of UDP data in front of an Ethernet frame. */
import { readUint8, readUint32, writeUint32 } from './bytes';
import type { WireProblem } from './problem';

export const VXLAN_HEADER_BYTES = 8;

/** The first four bytes: flag I, the VNI is valid; the other bits are reserved and zero. */
const FLAG_VNI = 0x08_00_00_00;

/** Network identifiers have 24 bits. */
export const LAST_VNI = 0xff_ff_ff;

/** Writes the header. */
export function writeVxlan(b: Uint8Array, at: number, networkIdentifier: number): void {
  writeUint32(b, at, FLAG_VNI);
  writeUint32(b, at + 4, networkIdentifier << 8);
}

/** The VNI of a valid header, 0 to LAST_VNI. */
export function vxlanNetworkIdentifier(b: Uint8Array, at: number): number {
  return readUint32(b, at + 4) >>> 8;
}

/**
 * Checks the header in `available` bytes. RFC 7348 has reserved bits ignored, but Linux refuses a frame with one, which means an extension
 * that it was not told of (vxlan_rcv of drivers/net/vxlan), and so does this. Undefined when all is well.
 */
export function checkVxlan(b: Uint8Array, at: number, available: number): WireProblem | undefined {
  if (available < VXLAN_HEADER_BYTES) {
    return 'truncated';
  }
  const flags = readUint32(b, at);
  return flags === FLAG_VNI && readUint8(b, at + 7) === 0 ? undefined : 'bad-value';
}
