/**
 * The bar above the packet list: a display filter in Wireshark's language, with what may come next, what is wrong and where, and the
 * filters of before (the editable combobox pattern of the ARIA Authoring Practices); and the point at which one listens.
 */
import { html, nothing, render, type TemplateResult } from 'lit';
import type { CapturePoint } from '../../src/simulation/protocol';
import { completionsAt, type KnownValues } from '../../src/trace/filter/completion';
import { compileFilter, type FilterProblem } from '../../src/trace/filter/filter';
import { ICONS } from '../controls/icons';
import { t, translate } from '../strings';
import { problemWords } from './filter-words';
import { makePointSelect, type PointSelect } from './point-select';
import { chosen, moved, type Suggestions } from './suggestions';
import { SuggestionList } from './suggestion-list';

export interface FilterBarOptions {
  readonly text: string;
  readonly point: CapturePoint;
  readonly known: KnownValues;
  /** The filters used last, the newest first. */
  readonly recent: () => readonly string[];
  /** The user wants this filter, which can be read. */
  readonly apply: (text: string) => void;
  readonly listenAt: (point: CapturePoint) => void;
  /** The user is done here. */
  readonly leave: () => void;
  readonly announce: (text: string) => void;
}

export class FilterBar {
  readonly element = document.createElement('div');
  readonly point: PointSelect;
  readonly #options: FilterBarOptions;
  readonly #field = document.createElement('div');
  readonly #input = document.createElement('input');
  readonly #marks = document.createElement('div');
  readonly #list: SuggestionList;
  /** The filter that is set. */
  #applied: string;
  #problem: FilterProblem | undefined;
  #suggestions: Suggestions | undefined;

  constructor(options: FilterBarOptions) {
    this.#options = options;
    this.#applied = options.text;
    this.element.className = 'filter-bar';
    this.element.setAttribute('role', 'search');
    this.element.setAttribute('aria-label', t('Filter of the packet list'));
    this.#field.className = 'filter-field';
    this.#marks.className = 'filter-marks';
    this.#marks.setAttribute('aria-hidden', 'true');
    this.#makeInput();
    this.#list = new SuggestionList(this.element, index => this.#choose(index));
    this.point = makePointSelect(options.point, options.listenAt);
    this.element.append(this.#field, this.point.element);
    this.#drawField();
    this.#changed(false);
  }

  /** Shows another filter as the one that is set. */
  show(text: string): void {
    this.#input.value = text;
    this.#applied = text;
    this.#changed(false);
  }

  /** To the text, all of it marked. */
  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  #makeInput(): void {
    const input = this.#input;
    input.className = 'filter-input';
    input.type = 'text';
    input.value = this.#applied;
    input.spellcheck = false;
    input.autocomplete = 'off';
    input.placeholder = t('Filter, as in Wireshark: tcp.port == 80 (Ctrl+F)');
    input.title = input.placeholder;
    const attributes: Readonly<Record<string, string>> = {
      role: 'combobox',
      'aria-label': t('Display filter'),
      'aria-autocomplete': 'list',
      'aria-expanded': 'false',
      'aria-controls': 'filter-suggestions',
      'aria-describedby': 'filter-problem',
    };
    Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
    input.addEventListener('input', () => this.#changed(true));
    input.addEventListener('scroll', () => this.#follow());
    input.addEventListener('keydown', event => this.#key(event));
    input.addEventListener('click', () => this.#suggest(undefined));
    input.addEventListener('blur', () => this.#suggest(undefined));
  }

  #drawField(): void {
    render(
      html`<span class="filter-icon">${ICONS.filter}</span>
        <div class="filter-text">${this.#marks}${this.#input}</div>
        ${this.#button('filter-apply', ICONS.apply, t('Apply the filter (Enter)'), () => this.#apply())}
        ${this.#button('filter-clear', ICONS.close, t('Clear the filter'), () => this.clear())}
        ${this.#button('filter-recent', ICONS.open, t('Recent filters'), () => this.#toggleRecent())}`,
      this.#field,
    );
  }

  #button(name: string, icon: TemplateResult, label: string, act: () => void): TemplateResult {
    return html`<button
      type="button"
      class="bar-button ${name}"
      title=${label}
      aria-label=${label}
      @mousedown=${(event: MouseEvent) => event.preventDefault()}
      @click=${act}
    >
      ${icon}
    </button>`;
  }

  /** Lets every packet through again. */
  clear(): void {
    this.#input.value = '';
    this.#changed(false);
    this.#apply();
    this.#input.focus();
  }

  /** The text is another one: it is read, and what may come next is offered while the user types. */
  #changed(typing: boolean): void {
    const text = this.#input.value;
    const read = compileFilter(text);
    this.#problem = 'problem' in read ? read.problem : undefined;
    this.#field.dataset.state =
      this.#problem !== undefined ? 'wrong' : text.trim() === '' ? 'empty' : 'right';
    this.#field.toggleAttribute('data-changed', text.trim() !== this.#applied.trim());
    this.#input.setAttribute('aria-invalid', String(this.#problem !== undefined));
    this.#mark();
    this.#suggest(typing ? this.#completions(false) : undefined);
  }

  /** Underlines what is wrong, in a copy of the text behind it. */
  #mark(): void {
    const text = this.#input.value;
    if (this.#problem === undefined) {
      render(nothing, this.#marks);
      return;
    }
    const { at, length } = this.#problem;
    const end = Math.min(text.length, at + length);
    render(
      html`${text.slice(0, at)}<span class="filter-fault">${text.slice(at, end) || ' '}</span
        >${text.slice(end)}`,
      this.#marks,
    );
    this.#follow();
  }

  #follow(): void {
    this.#marks.scrollLeft = this.#input.scrollLeft;
  }

  /** @param asked the user asked for them: also where nothing is typed yet */
  #completions(asked: boolean): Suggestions | undefined {
    const caret = this.#input.selectionStart ?? this.#input.value.length;
    const { at, length, kind, items: found } = completionsAt(this.#input.value, caret, this.#options.known);
    // The words for fields and their values are Wireshark's, in any language.
    const items =
      kind === 'operator' ? found.map(item => ({ ...item, detail: translate(item.detail) })) : found;
    const typed = this.#input.value.slice(at, at + length);
    const isWhole = items.length === 1 && items[0]?.text === typed;
    return items.length === 0 || (!asked && (typed === '' || isWhole))
      ? undefined
      : { kind: 'completions', at, length, items, active: asked ? 0 : -1 };
  }

  #recent(): Suggestions | undefined {
    const items = this.#options.recent().map(text => ({ text, detail: '' }));
    return items.length === 0 ? undefined : { kind: 'recent', at: 0, length: 0, items, active: -1 };
  }

  #toggleRecent(): void {
    this.#input.focus();
    const isOpen = this.#suggestions?.kind === 'recent';
    this.#suggest(isOpen ? undefined : this.#recent());
    if (!isOpen && this.#suggestions === undefined) {
      this.#options.announce(t('There are no recent filters.'));
    }
  }

  /** Shows these; without any, what is wrong, while the user is here. */
  #suggest(suggestions: Suggestions | undefined): void {
    this.#suggestions = suggestions;
    // Who is offered words is in the middle of one: then the underline says enough.
    const isHere = document.activeElement === this.#input && suggestions === undefined;
    const problem = this.#problem === undefined || !isHere ? '' : problemWords(this.#problem);
    const active = this.#list.show(suggestions, problem, this.#field);
    this.#input.setAttribute('aria-expanded', String(suggestions !== undefined));
    if (active === undefined) {
      this.#input.removeAttribute('aria-activedescendant');
    } else {
      this.#input.setAttribute('aria-activedescendant', active);
    }
  }

  #choose(index: number): void {
    const result = this.#suggestions && chosen(this.#input.value, this.#suggestions, index);
    const isRecent = this.#suggestions?.kind === 'recent';
    if (result !== undefined) {
      this.#input.value = result.text;
      this.#input.setSelectionRange(result.caret, result.caret);
      this.#changed(false);
      if (isRecent) {
        this.#apply();
      }
    }
  }

  #apply(): void {
    this.#suggest(undefined);
    if (this.#problem !== undefined) {
      this.#options.announce(problemWords(this.#problem));
      return;
    }
    this.#applied = this.#input.value;
    this.#changed(false);
    this.#options.apply(this.#applied.trim());
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) {
      return;
    }
    if (this.#act(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Whether the key means something here. */
  #act(event: KeyboardEvent): boolean {
    const suggestions = this.#suggestions;
    const active = suggestions?.active ?? -1;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.#suggest(
          suggestions === undefined
            ? ((this.#input.value.trim() === '' ? this.#recent() : undefined) ?? this.#completions(true))
            : moved(suggestions, event.key === 'ArrowDown' ? 1 : -1),
        );
        return true;
      case ' ':
        if (event.ctrlKey) {
          this.#suggest(this.#completions(true));
        }
        return event.ctrlKey;
      case 'Tab':
        if (active >= 0 && !event.shiftKey) {
          this.#choose(active);
          return true;
        }
        return false;
      case 'Enter':
        if (active >= 0) {
          this.#choose(active);
        } else {
          this.#apply();
        }
        return true;
      case 'Escape':
        this.#escape();
        return true;
      default:
        return false;
    }
  }

  /** Closes the list, or takes changes back, or leaves. */
  #escape(): void {
    if (this.#suggestions !== undefined) {
      this.#suggest(undefined);
    } else if (this.#input.value.trim() !== this.#applied.trim()) {
      this.show(this.#applied);
    } else {
      this.#options.leave();
    }
  }
}
