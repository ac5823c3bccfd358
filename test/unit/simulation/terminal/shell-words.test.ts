import { describe, expect, it } from 'vitest';
import { shellWords } from '../../../../src/simulation/terminal/shell-words';

describe('the words of a command line', () => {
  it.each<[string, string[]]>([
    ['  ping  -c 1\tnas ', ['ping', '-c', '1', 'nas']],
    ["tcpdump 'tcp or udp'", ['tcpdump', 'tcp or udp']],
    ['a "b \\"c\\" \\d" e', ['a', 'b "c" \\d', 'e']],
    ['a\\ b \\(c\\)', ['a b', '(c)']],
    ["a''b ''", ['ab', '']],
    ["'never ended", ['never ended']],
    ['', []],
  ])('%s', (line, words) => {
    expect(shellWords(line)).toEqual(words);
  });
});
