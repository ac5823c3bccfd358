/**
 * How wide a text is drawn, by a built-in table, so that the command line and every browser lay out alike. The widths are those of the
 * wide user-interface fonts (DejaVu Sans, Verdana), rounded up: narrower fonts leave air, none is cut off.
 */

/** Widths in thousandths of the font size. */
const WIDTHS: readonly (readonly [characters: string, width: number])[] = [
  ["ijlIJ|'", 340],
  [' .,:;/\\!()[]ft', 402],
  ['-r"*_`', 500],
  ['cszL?', 560],
  ['0123456789abdeghknopquvxyEFKPSTY{}$', 660],
  ['ABCRVXZ', 700],
  ['DGHNOQU&', 790],
  ['wM#+<=>^~', 865],
  ['m@W%', 1000],
];

/** Any other Latin, Greek or Cyrillic letter. */
const OTHER_LETTER = 850;
/** Ideographs and pictures fill the square and a little more. */
const SQUARE = 1050;
/** The first code point after the alphabets (Hangul Jamo). */
const FIRST_SQUARE = 0x1100;
/** Bold letters of the same fonts against regular ones. */
const BOLD = 1.12;

const TABLE = new Map(WIDTHS.flatMap(([characters, width]) => [...characters].map(one => [one, width])));

/** CSS pixels that `text` takes at most in a font of `size` pixels. */
export function textWidth(text: string, size: number, bold = false): number {
  let sum = 0;
  for (const character of text) {
    sum += TABLE.get(character) ?? ((character.codePointAt(0) ?? 0) < FIRST_SQUARE ? OTHER_LETTER : SQUARE);
  }
  return Math.ceil((sum * size * (bold ? BOLD : 1)) / 1000);
}

/** The text itself, or its beginning and an ellipsis where it is wider than `limit` pixels. */
export function fitText(text: string, limit: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= limit) {
    return text;
  }
  let kept = '';
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, size, bold) > limit) {
      break;
    }
    kept += character;
  }
  return `${kept}…`;
}
