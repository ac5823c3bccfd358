/** Elements that a template is known to have. */

/** The element in `root`; its absence is a mistake in a template of this page, and the page can't work. */
export function find(root: HTMLElement, selector: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(selector);
  if (found === null) {
    throw new Error(`the page has no ${selector}`);
  }
  return found;
}
