/**
 * Wire formats, a file a protocol: functions that read and write fields in place over bytes, checked before use, and small values
 * that behaviour parses into and emits from. This file holds the integers they are made of, most significant byte first (RFC 791
 * appendix B). A read past the end sees zeros; whoever must not be fooled by that checks the length first.
 */

/** The byte at `at`. */
export function readUint8(b: Uint8Array, at: number): number {
  return b[at] ?? 0;
}

/** 0 to 65535. */
export function readUint16(b: Uint8Array, at: number): number {
  return ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
}

/** 0 to 2^32 - 1. */
export function readUint32(b: Uint8Array, at: number): number {
  return (((b[at] ?? 0) << 24) | ((b[at + 1] ?? 0) << 16) | ((b[at + 2] ?? 0) << 8) | (b[at + 3] ?? 0)) >>> 0;
}

/** 0 to 2^48 - 1, an exact integer. */
export function readUint48(b: Uint8Array, at: number): number {
  return readUint16(b, at) * 0x1_0000_0000 + readUint32(b, at + 2);
}

/** Writes the low 16 bits. */
export function writeUint16(b: Uint8Array, at: number, value: number): void {
  b[at] = value >>> 8;
  b[at + 1] = value;
}

/** Writes the low 32 bits. */
export function writeUint32(b: Uint8Array, at: number, value: number): void {
  b[at] = value >>> 24;
  b[at + 1] = value >>> 16;
  b[at + 2] = value >>> 8;
  b[at + 3] = value;
}

/** Writes an integer from 0 to 2^48 - 1. */
export function writeUint48(b: Uint8Array, at: number, value: number): void {
  writeUint16(b, at, Math.floor(value / 0x1_0000_0000));
  writeUint32(b, at + 2, value >>> 0);
}
