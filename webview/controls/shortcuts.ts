/** Keys of the whole panel; those of a part (arrows in a list) belong to the part. */

export interface Shortcuts {
  readonly playOrPause: () => void;
  readonly step: () => void;
  readonly stepBack: () => void;
  /** N: what the packet being read leads to. */
  readonly nextHop: () => void;
  /** 1, 2, 3: how the network is shown. */
  readonly view: (number: number) => void;
  /** X: a terminal on the device. */
  readonly terminal: () => void;
  /** T: the tables of the device. */
  readonly tables: () => void;
  /** Slash: to the search for a device. */
  readonly find: () => void;
  /** E: the palette to edit the network with. */
  readonly edit: () => void;
  /** Escape: closes what is open. */
  readonly close: () => void;
}

/** Where a key is text, or presses what has the focus. */
const OWN_KEYS =
  'input, textarea, select, button, a, vscode-button, vscode-text-field, vscode-dropdown, vscode-option';

/** Space, `.` and `,` as in video players; never with a modifier, which VS Code may have bound. */
export function listenForShortcuts(shortcuts: Shortcuts): void {
  window.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
      return;
    }
    const target = event.target instanceof Element ? event.target : undefined;
    const taken = target?.closest(OWN_KEYS) !== null && target !== undefined;
    const act = {
      ' ': shortcuts.playOrPause,
      '.': shortcuts.step,
      ',': shortcuts.stepBack,
      n: shortcuts.nextHop,
      '1': () => shortcuts.view(1),
      '2': () => shortcuts.view(2),
      '3': () => shortcuts.view(3),
      t: shortcuts.tables,
      x: shortcuts.terminal,
      '/': shortcuts.find,
      e: shortcuts.edit,
      Escape: shortcuts.close,
    }[event.key];
    if (act === undefined || (taken && event.key !== 'Escape') || (event.repeat && event.key === ' ')) {
      return;
    }
    event.preventDefault();
    act();
  });
}
