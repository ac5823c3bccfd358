/** What the lines mean, below the picture: a sample of each with its mark and its name. */
import { legendFacts, SAMPLE_WIDTH, sampleElements } from './legend-drawing';
import type { DiagramStrings } from './strings';
import { SvgMount } from './svg-mount';
import type { LegendEntry } from './views/view';

const SVG = 'http://www.w3.org/2000/svg';
const SAMPLE_HEIGHT = 12;

export class Legend {
  readonly element = document.createElement('ul');

  constructor(private readonly strings: DiagramStrings) {
    this.element.className = 'vnet-legend';
    this.element.setAttribute('aria-label', strings.legend);
    this.element.tabIndex = 0;
    this.show(undefined);
  }

  /** Undefined for a view without one. */
  show(entries: readonly LegendEntry[] | undefined): void {
    this.element.hidden = entries === undefined || entries.length === 0;
    this.element.replaceChildren(...(entries ?? []).map((entry, index) => this.item(entry, index)));
  }

  private item(entry: LegendEntry, index: number): HTMLElement {
    const item = document.createElement('li');
    const sample = document.createElementNS(SVG, 'svg');
    sample.setAttribute('width', String(SAMPLE_WIDTH));
    sample.setAttribute('height', String(SAMPLE_HEIGHT));
    sample.setAttribute('aria-hidden', 'true');
    new SvgMount(sample).show(sampleElements(index, 0, SAMPLE_HEIGHT / 2));
    const title = document.createElement('strong');
    title.textContent = entry.mark;
    const text = document.createElement('span');
    text.textContent = legendFacts(entry, this.strings);
    item.append(sample, title, text);
    return item;
  }
}
