/** The bars between the panes of a page, and the shares of room that the user gave to each pane. */
import { find } from '../elements';
import { Splitter, setShare, shareOf } from './splitter';

export interface Bar {
  /** Class of its element. */
  readonly name: string;
  /** The panes beside it, by their `data-pane`. */
  readonly before: string;
  readonly after: string;
  readonly orientation: 'horizontal' | 'vertical';
  readonly label: string;
}

/** Shares of room by pane; those of one row or column are weighed against each other. */
export type Shares = Readonly<Record<string, number>>;

export interface BarsOptions {
  /** What each pane has at first; 1 where it says nothing. */
  readonly first: Shares;
  /** What the user chose in an earlier life of the page. */
  readonly kept: Shares;
  /** Gets all shares after every move of a bar. */
  readonly changed: (shares: Shares) => void;
}

export function makeBars(
  root: HTMLElement,
  bars: readonly Bar[],
  { first, kept, changed }: BarsOptions,
): void {
  const panes = [...root.querySelectorAll<HTMLElement>('[data-pane]')];
  const nameOf = (pane: HTMLElement): string => pane.dataset.pane ?? '';
  for (const pane of panes) {
    setShare(pane, kept[nameOf(pane)] ?? first[nameOf(pane)] ?? 1);
  }
  const splitters: Splitter[] = [];
  const moved = (): void => {
    splitters.forEach(splitter => splitter.refresh());
    changed(Object.fromEntries(panes.map(pane => [nameOf(pane), shareOf(pane)])));
  };
  for (const { name, before, after, orientation, label } of bars) {
    const [shareBefore, shareAfter] = [first[before] ?? 1, first[after] ?? 1];
    splitters.push(
      new Splitter(
        find(root, `.${name}`),
        find(root, `[data-pane=${before}]`),
        find(root, `[data-pane=${after}]`),
        { orientation, label, initial: shareBefore / (shareBefore + shareAfter), moved },
      ),
    );
  }
}
