/** Bytes that nobody can read, as tcpdump shows them (print-ascii.c, hex_and_ascii_print). */

const BYTES_OF_LINE = 16;

/** Each line begins with a line feed and a tab. */
export function hexDump(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += BYTES_OF_LINE) {
    const line = bytes.subarray(at, at + BYTES_OF_LINE);
    const digits = Array.from(line, byte => byte.toString(16).padStart(2, '0'));
    const pairs = Array.from({ length: Math.ceil(digits.length / 2) }, (_, pair) =>
      digits.slice(2 * pair, 2 * pair + 2).join(''),
    );
    const characters = Array.from(line, byte =>
      byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
    );
    text += `\n\t0x${at.toString(16).padStart(4, '0')}:  ${pairs.join(' ').padEnd(39)}  ${characters.join('')}`;
  }
  return text;
}
