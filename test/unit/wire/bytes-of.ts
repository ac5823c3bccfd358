/** Bytes written in hexadecimal, spaces and line ends ignored. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replace(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}

/** Hexadecimal without spaces, for messages of failed tests that a person can compare. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The bytes in the middle of a larger array of 0xaa, so that a write or a read outside of them shows. */
export function windowOf(bytes: Uint8Array): {
  readonly inside: Uint8Array;
  readonly untouched: () => boolean;
} {
  const all = new Uint8Array(bytes.length + 64).fill(0xaa);
  all.set(bytes, 32);
  return {
    inside: all.subarray(32, 32 + bytes.length),
    untouched: () =>
      all.subarray(0, 32).every(byte => byte === 0xaa) &&
      all.subarray(32 + bytes.length).every(byte => byte === 0xaa),
  };
}
