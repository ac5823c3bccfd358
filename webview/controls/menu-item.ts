/** What a menu offers, and where. */

export interface MenuItem {
  readonly label: string;
  readonly act: () => void;
  /** Whether it is chosen, of an item that can be. */
  readonly checked?: boolean;
  /** A line above it. */
  readonly begins?: boolean;
}

/** In px of the page. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}
