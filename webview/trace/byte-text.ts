/** How single bytes are written in a dump. */

/** Two lower-case digits. */
export function hexOf(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** The character where it is a printable one of US-ASCII (ECMA-6, 0x20 to 0x7e), a dot elsewhere. */
export function asciiOf(byte: number): string {
  return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : '.';
}

/** Four digits, as the offset column of Wireshark and `hexdump -C` begins. */
export function offsetOf(at: number): string {
  return at.toString(16).padStart(4, '0');
}
