/** The fields of a packet as a tree (the tree view pattern of the ARIA Authoring Practices): layers, their fields, their flags. */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { PacketField } from '../../src/simulation/protocol';
import { ICONS } from '../controls/icons';
import { t } from '../strings';
import { hasProblem, parentPath, visibleLines, type FieldLine } from './field-tree';

export interface DetailsTreeOptions {
  /** The user asks what can be done with a field; the menu belongs at this place of the page, in px. */
  readonly menu: (field: PacketField, at: { readonly x: number; readonly y: number }) => void;
  /** The user picked a field, or none. */
  readonly selected: (path: string | undefined) => void;
}

export class DetailsTree {
  readonly #element: HTMLElement;
  readonly #options: DetailsTreeOptions;
  #layers: readonly PacketField[] = [];
  #lines: readonly FieldLine[] = [];
  /** By name, not by place: what a user opens stays open from packet to packet, as in Wireshark. */
  readonly #opened = new Map<string, boolean>();
  #selection: string | undefined;

  constructor(element: HTMLElement, options: DetailsTreeOptions) {
    this.#element = element;
    this.#options = options;
    element.tabIndex = 0;
    element.setAttribute('role', 'tree');
    element.setAttribute('aria-label', t('Packet details'));
    element.addEventListener('keydown', event => this.#key(event));
    element.addEventListener('focus', () => this.#draw());
  }

  show(layers: readonly PacketField[]): void {
    this.#layers = layers;
    this.#selection = undefined;
    this.#draw();
  }

  /** Marks the field at this path and opens what it is in. */
  select(path: string | undefined): void {
    this.#selection = path;
    for (let above = path && parentPath(path); above !== undefined; above = parentPath(above)) {
      const line = this.#lineAt(above);
      if (line !== undefined) {
        this.#opened.set(line.field.name, true);
      }
    }
    this.#draw();
    this.#element.querySelector('[aria-selected="true"] > .field-line')?.scrollIntoView({ block: 'nearest' });
  }

  #isOpen(path: string, field: PacketField): boolean {
    const highest = path === String(this.#layers.length - 1);
    return this.#opened.get(field.name) ?? (highest || hasProblem(field));
  }

  #lineAt(path: string): FieldLine | undefined {
    return visibleLines(this.#layers, () => true).find(line => line.path === path);
  }

  #draw(): void {
    this.#lines = visibleLines(this.#layers, (path, field) => this.#isOpen(path, field));
    render(this.#branch(undefined), this.#element);
    if (this.#selection === undefined) {
      this.#element.removeAttribute('aria-activedescendant');
    } else {
      this.#element.setAttribute('aria-activedescendant', idOf(this.#selection));
    }
  }

  #branch(parent: string | undefined): readonly TemplateResult[] {
    return this.#lines.filter(({ path }) => parentPath(path) === parent).map(line => this.#item(line));
  }

  #item(line: FieldLine): TemplateResult {
    const { path, field, expanded } = line;
    return html`<div
      id=${idOf(path)}
      class="field"
      role="treeitem"
      aria-level=${line.level}
      aria-posinset=${line.position}
      aria-setsize=${line.siblings}
      aria-selected=${path === this.#selection}
      aria-expanded=${expanded ?? nothing}
    >
      <div
        class="field-line ${line.level === 1 ? 'field-layer' : ''}"
        title=${field.name}
        @mousedown=${(event: MouseEvent) => this.#clicked(event, line)}
        @dblclick=${() => this.#toggle(line)}
        @contextmenu=${(event: MouseEvent) => {
          event.preventDefault();
          this.#choose(path);
          this.#options.menu(field, { x: event.clientX, y: event.clientY });
        }}
      >
        <span class="field-twistie"
          >${expanded === undefined ? nothing : ICONS[expanded ? 'open' : 'closed']}</span
        >
        <span class="field-text">${field.text}</span>
        ${
          hasProblem(field)
            ? html`<span class="field-problem" title=${field.problem ?? t('problem')}
                >${ICONS.warning}<span
                  >${field.problem === undefined ? t('problem') : t('Problem: {0}', field.problem)}</span
                ></span
              >`
            : nothing
        }
      </div>
      ${expanded === true ? html`<div role="group" class="field-children">${this.#branch(path)}</div>` : nothing}
    </div>`;
  }

  #clicked(event: MouseEvent, line: FieldLine): void {
    if (event.button !== 0) {
      return;
    }
    if (event.target instanceof Element && event.target.closest('.field-twistie') !== null) {
      this.#toggle(line);
    } else {
      this.#choose(line.path);
    }
  }

  #toggle({ field, expanded }: FieldLine): void {
    if (expanded !== undefined) {
      this.#opened.set(field.name, !expanded);
      this.#draw();
    }
  }

  #choose(path: string): void {
    this.select(path);
    this.#options.selected(path);
  }

  #key(event: KeyboardEvent): void {
    const at = this.#lines.findIndex(({ path }) => path === this.#selection);
    const line = this.#lines[at];
    if (line !== undefined && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault();
      this.#menuOf(line);
      return;
    }
    if (line !== undefined && togglesAt(event.key, line)) {
      event.preventDefault();
      this.#toggle(line);
      return;
    }
    const target = this.#targetOf(event.key, at, line);
    if (target !== undefined) {
      event.preventDefault();
      this.#choose(target);
    }
  }

  #menuOf({ path, field }: FieldLine): void {
    const text = this.#element.querySelector(`#${idOf(path)} > .field-line > .field-text`);
    const { left = 0, bottom = 0 } = text?.getBoundingClientRect() ?? {};
    this.#options.menu(field, { x: left, y: bottom });
  }

  /** The path of the line a key leads to. */
  #targetOf(key: string, at: number, line: FieldLine | undefined): string | undefined {
    const lines = this.#lines;
    switch (key) {
      case 'ArrowDown':
        return lines[Math.min(lines.length - 1, at + 1)]?.path;
      case 'ArrowUp':
        return lines[Math.max(0, at - 1)]?.path;
      case 'Home':
        return lines[0]?.path;
      case 'End':
        return lines.at(-1)?.path;
      case 'ArrowRight':
        return line?.expanded === true ? lines[at + 1]?.path : undefined;
      case 'ArrowLeft':
        return line && parentPath(line.path);
      default:
        return undefined;
    }
  }
}

/** Whether the key opens or closes this line, rather than leading to another. */
function togglesAt(key: string, { expanded }: FieldLine): boolean {
  return (
    (key === 'Enter' && expanded !== undefined) ||
    (key === 'ArrowRight' && expanded === false) ||
    (key === 'ArrowLeft' && expanded === true)
  );
}

function idOf(path: string): string {
  return `field-${path.replaceAll('/', '-')}`;
}
