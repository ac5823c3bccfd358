/** What the lines mean, below the picture: a sample of each with its mark and its name. */
import { cableElements } from './cable-look';
import { fill, type DiagramStrings } from './strings';
import { SvgMount } from './svg-mount';
import type { LegendEntry } from './views/view';

const SVG = 'http://www.w3.org/2000/svg';
const SAMPLE_WIDTH = 44;
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

  private item({ mark, name, subnets, stations }: LegendEntry, index: number): HTMLElement {
    const item = document.createElement('li');
    const sample = document.createElementNS(SVG, 'svg');
    sample.setAttribute('width', String(SAMPLE_WIDTH));
    sample.setAttribute('height', String(SAMPLE_HEIGHT));
    sample.setAttribute('aria-hidden', 'true');
    const y = SAMPLE_HEIGHT / 2;
    const points = [
      { x: 0, y },
      { x: SAMPLE_WIDTH, y },
    ];
    new SvgMount(sample).show(
      cableElements({ id: '', kind: 'cable', ends: ['', ''], points, label: undefined, up: true }, false, [
        index,
      ]),
    );
    const title = document.createElement('strong');
    title.textContent = mark;
    const facts = [name, ...subnets.slice(0, 2), fill(this.strings.stations, stations)];
    const text = document.createElement('span');
    text.textContent = facts.filter(fact => fact !== '').join(' · ');
    item.append(sample, title, text);
    return item;
  }
}
