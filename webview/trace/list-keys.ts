/** Rows that a key leads on in a list; undefined for a key that leads nowhere. `page` is how many rows are in view. */
export function stepOfKey(key: string, page: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return page;
    case 'PageUp':
      return -page;
    case 'Home':
      return Number.NEGATIVE_INFINITY;
    case 'End':
      return Number.POSITIVE_INFINITY;
    case 'Enter':
      return 0;
    default:
      return undefined;
  }
}
