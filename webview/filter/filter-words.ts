/** What is wrong with a filter, in the user's language. */
import type { FilterProblem } from '../../src/trace/filter/filter';
import { fill, t, translate } from '../strings';

/** One sentence, with the place where it stands. */
export function problemWords({ sentence, values, at }: FilterProblem): string {
  return t('Column {0}: {1}', at + 1, fill(translate(sentence), values));
}
