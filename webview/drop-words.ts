/** Drops as a user sees them: why, and whether it is worth a look. */
import { DROP_REASONS, dropReasonOf, EVERYDAY_DROPS } from '../src/engine/kernel/drop-reason';
import { translate } from './strings';

export interface DropWords {
  readonly text: string;
  readonly quiet: boolean;
}

const EVERYDAY_SENTENCES: ReadonlySet<string> = new Set(
  [...EVERYDAY_DROPS].map(reason => DROP_REASONS[reason]),
);

/** Whether a reason in a row's words is nothing that went wrong. */
export function isQuiet(sentence: string): boolean {
  return EVERYDAY_SENTENCES.has(sentence);
}

/** By the code in a record; one of a newer simulation has no words. */
export function describeDrop(code: number): DropWords {
  const reason = dropReasonOf(code);
  return reason === undefined
    ? { text: '', quiet: false }
    : { text: translate(DROP_REASONS[reason]), quiet: EVERYDAY_DROPS.has(reason) };
}
