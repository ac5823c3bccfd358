/** Options as getopt(3) reads them: `-c 3`, `-c3`, `-nc 3`, and what is no option. */

export interface ReadOptions {
  /** The value of each option that has one, or true. */
  readonly options: ReadonlyMap<string, string | true>;
  readonly operands: readonly string[];
}

/**
 * @param known letters; one with a value is followed by a colon, as in `c:nq`
 * @returns the option that is unknown or lacks its value, with a sentence as getopt has it
 */
export function readOptions(args: readonly string[], known: string): ReadOptions | string {
  const options = new Map<string, string | true>();
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    for (let place = 1; place < arg.length; place++) {
      const letter = arg[place] ?? '';
      const index = known.indexOf(letter);
      if (index < 0 || letter === ':') {
        return `invalid option -- '${letter}'`;
      }
      if (known[index + 1] !== ':') {
        options.set(letter, true);
        continue;
      }
      const value = arg.slice(place + 1) || args[++at];
      if (value === undefined) {
        return `option requires an argument -- '${letter}'`;
      }
      options.set(letter, value);
      break;
    }
  }
  return { options, operands };
}
