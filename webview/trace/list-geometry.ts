/**
 * Where rows of a very long list stand. Chromium cuts elements off at 33,554,428 px (measured, 2^25 less rounding), so above that
 * the scroll bar moves proportionally: `top` is the place in the whole content, `scroll` what the scroll bar says.
 */

/** Tallest element used, a little under Chromium's limit so that the header above the rows fits too. */
export const MAXIMUM_HEIGHT = 33_500_000;

/** Rows drawn above and below what is visible, so that quick scrolling shows no hole before the next frame. */
export const OVERSCAN = 8;

/** All in px but `rows`. */
export interface ListSize {
  readonly rows: number;
  readonly rowHeight: number;
  /** Height in which rows show. */
  readonly viewport: number;
}

/** Height of all rows. */
export function contentHeight({ rows, rowHeight }: ListSize): number {
  return rows * rowHeight;
}

/** Height of the element that makes the scroll bar. */
export function scrollHeight(size: ListSize): number {
  return Math.min(contentHeight(size), MAXIMUM_HEIGHT);
}

/** Largest `top`. */
export function maximumTop(size: ListSize): number {
  return Math.max(0, contentHeight(size) - size.viewport);
}

/** From here on Chromium, which keeps the place of a scroll bar in 32 bits, rounds it to steps of 2 px (measured). */
const COARSE_FROM = 2 ** 23;

/** How far from where it was set the scroll bar may say that it stands, px. */
export function scrollError(scroll: number): number {
  return scroll < COARSE_FROM ? 1 : 4;
}

/** Whether the last row is in view, as near as the scroll bar can say it. */
export function isAtEnd(size: ListSize, top: number): boolean {
  return contentHeight(size) > 0 && top >= maximumTop(size) - scrollError(scrollOfTop(size, top));
}

/** Whether the scroll bar moves proportionally, so that wheel and touch need exact steps of their own. */
export function isScaled(size: ListSize): boolean {
  return contentHeight(size) > MAXIMUM_HEIGHT;
}

/** The place in the content for a position of the scroll bar. */
export function topOfScroll(size: ListSize, scroll: number): number {
  if (!isScaled(size)) {
    return clamp(scroll, 0, maximumTop(size));
  }
  const range = Math.max(1, scrollHeight(size) - size.viewport);
  return clamp(scroll / range, 0, 1) * maximumTop(size);
}

/** The position of the scroll bar for a place in the content. */
export function scrollOfTop(size: ListSize, top: number): number {
  const place = clamp(top, 0, maximumTop(size));
  if (!isScaled(size)) {
    return place;
  }
  return (place / maximumTop(size)) * (scrollHeight(size) - size.viewport);
}

/** Rows to draw at this place, `end` not included. */
export function visibleRows(size: ListSize, top: number): { readonly first: number; readonly end: number } {
  const first = Math.floor(top / size.rowHeight) - OVERSCAN;
  const end = Math.ceil((top + size.viewport) / size.rowHeight) + OVERSCAN;
  return { first: clamp(first, 0, size.rows), end: clamp(end, 0, size.rows) };
}

/** The nearest place at which this row shows whole. */
export function topToReveal(size: ListSize, top: number, row: number): number {
  const start = row * size.rowHeight;
  const lowest = start + size.rowHeight - size.viewport;
  return clamp(top, Math.min(lowest, start), start);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
