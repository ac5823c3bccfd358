/** What became of a segment. */
import type { DropReason } from '../../kernel/drop-reason';

/** What to do with the segment beyond the state: nothing, record that it was discarded, or answer with a RST as if there were no connection. */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'discarded'; readonly reason: DropReason }
  | { readonly kind: 'reset'; readonly reason: DropReason };

export const TAKEN: Verdict = { kind: 'taken' };

export function discarded(reason: DropReason): Verdict {
  return { kind: 'discarded', reason };
}
