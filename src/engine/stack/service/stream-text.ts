/** Bytes of a stream gathered until a whole head or line is there, with a bound. Text is Latin-1: one character a byte (RFC 9112 2.2). */

/** These bytes as text, one character for each. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/** Text as bytes; characters beyond Latin-1 become question marks. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? code : 0x3f;
  });
}

/** As many arguments as any runtime takes. */
const CHUNK = 4096;
