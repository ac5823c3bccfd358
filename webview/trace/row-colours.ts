/** Which rules colour the rows of the packet list: those of the moment, the user's, then those that are always there. */
import type { ColourRule, RowColour } from '../../src/trace/colouring/colour-rule';
import { MOST_RULES, readColourRules, ROW_COLOURS } from '../../src/trace/colouring/colour-rule';
import { DEFAULT_RULES } from '../../src/trace/colouring/default-rules';
import type { MenuItem } from '../controls/menu-item';
import { t, type PanelString } from '../strings';

/** What is kept of them over a reload. */
export interface KeptColours {
  readonly on: boolean;
  /** Of conversations, the newest first. */
  readonly conversations: readonly ColourRule[];
}

/** Conversations coloured at once at most; there are fewer colours. */
const MOST_CONVERSATIONS = 20;

export interface RowColoursOptions {
  readonly kept: KeptColours;
  readonly keep: (kept: KeptColours) => void;
  /** Rows are to be coloured by these rules. */
  readonly use: (rules: readonly ColourRule[]) => void;
  /** The user wants to write rules. */
  readonly edit: () => void;
}

type ColourName = Exclude<RowColour, 'none'>;

const COLOUR_WORDS: Readonly<Record<ColourName, PanelString>> = {
  red: 'Red',
  orange: 'Orange',
  yellow: 'Yellow',
  green: 'Green',
  blue: 'Blue',
  purple: 'Purple',
  grey: 'Grey',
};

export class RowColours {
  readonly #options: RowColoursOptions;
  #kept: KeptColours;
  #written: readonly ColourRule[] = [];

  constructor(options: RowColoursOptions) {
    this.#options = options;
    this.#kept = options.kept;
  }

  /** Another simulation begins, perhaps in another thread. */
  begin(): void {
    this.#use();
  }

  /** The rules that the user wrote. */
  setWritten(rules: readonly ColourRule[]): void {
    this.#written = rules;
    this.#use();
  }

  /** Colours what passes a filter until that is taken back. */
  colour(filter: string, colour: ColourName): void {
    const others = this.#kept.conversations.filter(rule => rule.filter !== filter);
    const conversations = [{ name: filter, filter, colour }, ...others].slice(0, MOST_CONVERSATIONS);
    this.#set({ on: true, conversations });
  }

  /** What can be chosen for the whole list. */
  menu(): readonly MenuItem[] {
    return [
      {
        label: t('Colour the packets'),
        checked: this.#kept.on,
        begins: true,
        act: () => this.#set({ ...this.#kept, on: !this.#kept.on }),
      },
      { label: t('Edit the colour rules…'), act: this.#options.edit },
      ...this.removal(),
    ];
  }

  /** To take the colours of conversations back, where there are some. */
  removal(): readonly MenuItem[] {
    return this.#kept.conversations.length === 0
      ? []
      : [
          {
            label: t('Take the colours of conversations away'),
            act: () => this.#set({ ...this.#kept, conversations: [] }),
          },
        ];
  }

  #set(kept: KeptColours): void {
    this.#kept = kept;
    this.#options.keep(kept);
    this.#use();
  }

  #use(): void {
    const { on, conversations } = this.#kept;
    const always = DEFAULT_RULES.map(rule => ({ ...rule, name: t(rule.name) }));
    const written = this.#written.slice(0, MOST_RULES - MOST_CONVERSATIONS - always.length);
    this.#options.use(on ? [...conversations, ...written, ...always] : []);
  }
}

/** The colours to choose from. */
export function colourMenu(chosen: (colour: ColourName) => void): readonly MenuItem[] {
  return ROW_COLOURS.map(colour => ({ label: t(COLOUR_WORDS[colour]), act: () => chosen(colour) }));
}

/** Whatever was kept, as colours; they are on unless somebody switched them off. */
export function keptColours(value: unknown): KeptColours {
  const { on, conversations } = (value ?? {}) as Partial<Record<keyof KeptColours, unknown>>;
  return {
    on: on !== false,
    conversations: readColourRules(conversations).rules.slice(0, MOST_CONVERSATIONS),
  };
}
