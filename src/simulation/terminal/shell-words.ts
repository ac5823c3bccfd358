/** The words of a command line, as bash takes quotes and backslashes out of it; nothing else of a shell's language is there. */

export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (quote !== undefined) {
      const isEscape =
        quote === '"' && character === '\\' && ['"', '\\', '$', '`'].includes(line[at + 1] ?? '');
      if (character === quote) {
        quote = undefined;
      } else {
        word = `${word ?? ''}${isEscape ? (line[++at] ?? '') : character}`;
      }
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '\\' && at + 1 < line.length) {
      word = `${word ?? ''}${line[++at] ?? ''}`;
    } else if (/\s/.test(character)) {
      words.push(...(word === undefined ? [] : [word]));
      word = undefined;
    } else {
      word = `${word ?? ''}${character}`;
    }
  }
  return word === undefined ? words : [...words, word];
}
