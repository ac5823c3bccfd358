/** The list below the filter's text: what may come next, or filters of before. Which one is marked, and what choosing it does. */
import type { Completion } from '../../src/trace/filter/completion';

export interface Suggestions {
  readonly kind: 'completions' | 'recent';
  /** The part of the text that a choice replaces. */
  readonly at: number;
  readonly length: number;
  readonly items: readonly Completion[];
  /** The marked one; -1 for none. */
  readonly active: number;
}

/** Marks the next one, or the one before; one end leads to the other. */
export function moved(suggestions: Suggestions, step: 1 | -1): Suggestions {
  const count = suggestions.items.length;
  const { active } = suggestions;
  const next = active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count;
  return { ...suggestions, active: next };
}

/** The text when an item is chosen, and where the caret then stands. */
export function chosen(
  text: string,
  { kind, at, length, items }: Suggestions,
  index: number,
): { readonly text: string; readonly caret: number } | undefined {
  const item = items[index];
  if (item === undefined) {
    return undefined;
  }
  if (kind === 'recent') {
    return { text: item.text, caret: item.text.length };
  }
  const rest = text.slice(at + length);
  // What follows a word begins with a space, where there is none.
  const end = item.text.endsWith('(') || rest.startsWith(' ') ? item.text : `${item.text} `;
  return { text: text.slice(0, at) + end + rest, caret: at + end.length };
}

/** Filters remembered at most. */
const MOST_RECENT = 20;

/** The filters used last, the newest first. */
export function withRecent(recent: readonly string[], text: string): readonly string[] {
  const trimmed = text.trim();
  return trimmed === ''
    ? recent
    : [trimmed, ...recent.filter(each => each !== trimmed)].slice(0, MOST_RECENT);
}
