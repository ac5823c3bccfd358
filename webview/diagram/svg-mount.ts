/** Puts SVG elements into a page and keeps them up to date: what keeps its key keeps its element, and with it focus and hover. */
import type { SvgElement } from './svg-tree';

const NAMESPACE = 'http://www.w3.org/2000/svg';

interface Mounted {
  readonly element: SVGElement;
  tree: SvgElement;
  readonly children: Map<string, Mounted>;
}

export class SvgMount {
  private readonly children = new Map<string, Mounted>();

  constructor(private readonly parent: SVGElement) {}

  /** Makes the page show these elements, in this order. */
  show(elements: readonly SvgElement[]): void {
    reconcile(this.parent, this.children, elements);
  }

  /** The element at this path of keys. */
  find(...keys: readonly string[]): SVGElement | undefined {
    let found: Mounted | undefined;
    let level = this.children;
    for (const key of keys) {
      found = level.get(key);
      level = found?.children ?? new Map<string, Mounted>();
    }
    return found?.element;
  }
}

function reconcile(parent: SVGElement, mounted: Map<string, Mounted>, wanted: readonly SvgElement[]): void {
  const keys = new Set(wanted.map(tree => tree.key));
  for (const [key, { element }] of mounted) {
    if (!keys.has(key)) {
      element.remove();
      mounted.delete(key);
    }
  }
  let previous: Element | null = null;
  for (const tree of wanted) {
    const entry = patch(mounted.get(tree.key), tree);
    mounted.set(tree.key, entry);
    const next: Element | null = previous === null ? parent.firstElementChild : previous.nextElementSibling;
    if (entry.element !== next) {
      parent.insertBefore(entry.element, next);
    }
    previous = entry.element;
  }
}

function patch(existing: Mounted | undefined, tree: SvgElement): Mounted {
  const entry = existing?.tree.tag === tree.tag ? existing : created(tree, existing);
  const before = entry.tree;
  if (before === tree && entry === existing) {
    return entry;
  }
  for (const name of Object.keys(before.attributes)) {
    if (!(name in tree.attributes)) {
      entry.element.removeAttribute(name);
    }
  }
  for (const [name, value] of Object.entries(tree.attributes)) {
    if (entry !== existing || before.attributes[name] !== value) {
      entry.element.setAttribute(name, value);
    }
  }
  if (tree.text !== undefined) {
    if (entry !== existing || before.text !== tree.text) {
      entry.element.textContent = tree.text;
    }
  } else {
    reconcile(entry.element, entry.children, tree.children);
  }
  entry.tree = tree;
  return entry;
}

function created(tree: SvgElement, replaced: Mounted | undefined): Mounted {
  replaced?.element.remove();
  return { element: document.createElementNS(NAMESPACE, tree.tag), tree, children: new Map() };
}
