/** A cable is drawn from one device to another: by two clicks, by one drag, or by keys. */
import { nodeAt } from '../diagram/diagram-elements';
import { centreOf, type Point } from '../diagram/geometry';
import { t } from '../strings';
import { inDrawing, onPicture, type EditedView } from './edited-view';
import type { EditNote } from './edit-note';

const SVG = 'http://www.w3.org/2000/svg';

export interface CableDrawingOptions {
  readonly view: EditedView;
  readonly note: EditNote;
  readonly connect: (from: string, to: string) => void;
  /** The tool was laid down. */
  readonly ended: () => void;
}

export class CableDrawing {
  readonly #options: CableDrawingOptions;
  readonly #overlay = document.createElementNS(SVG, 'svg');
  readonly #line = document.createElementNS(SVG, 'path');
  readonly #target = document.createElementNS(SVG, 'rect');
  #active = false;
  /** Goes on with the next cable after one is drawn. */
  #stays = false;
  #from: string | undefined;

  constructor(options: CableDrawingOptions) {
    this.#options = options;
    const { element } = options.view;
    this.#overlay.setAttribute('class', 'edit-overlay');
    this.#overlay.setAttribute('aria-hidden', 'true');
    this.#line.setAttribute('class', 'edit-cable');
    this.#target.setAttribute('class', 'edit-target');
    this.#target.setAttribute('rx', '6');
    this.#overlay.append(this.#line, this.#target);
    this.#overlay.style.display = 'none';
    element.append(this.#overlay);
    // Before the diagram's own: while a cable is drawn, a press takes no device and a click picks none.
    element.addEventListener('pointerdown', event => this.#press(event), true);
    element.addEventListener('pointerup', event => this.#release(event), true);
    element.addEventListener('click', event => this.#swallow(event), true);
    element.addEventListener('pointermove', event => this.#move(event));
    element.addEventListener('keydown', event => this.#key(event), true);
  }

  get active(): boolean {
    return this.#active;
  }

  /** @param from where the cable begins; asked for where it is left out, and then for cable after cable */
  begin(from?: string): void {
    this.#active = true;
    this.#stays = from === undefined;
    this.#options.view.element.classList.add('edit-cabling');
    this.#setFrom(from);
  }

  stop(): void {
    if (this.#active) {
      this.#active = false;
      this.#from = undefined;
      this.#overlay.style.display = 'none';
      this.#options.view.element.classList.remove('edit-cabling');
      this.#options.note.clear();
      this.#options.ended();
    }
  }

  #setFrom(from: string | undefined): void {
    this.#from = from;
    this.#options.note.hint(
      from === undefined
        ? t('Cable: choose the first device. Escape ends.')
        : t('Cable from {0}: click the other device, or press Enter on it. Escape gives up.', from),
    );
    const middle = this.#middleOf(from);
    this.#draw(middle, middle);
  }

  #choose(node: string | undefined): void {
    const from = this.#from;
    if (node === undefined) {
      return;
    }
    if (from === undefined) {
      this.#setFrom(node);
    } else if (node !== from) {
      // First, since what comes of it is told in the same place.
      if (this.#stays) {
        this.#setFrom(undefined);
      } else {
        this.stop();
      }
      this.#options.connect(from, node);
    }
  }

  #press(event: PointerEvent): void {
    if (this.#active && event.button === 0) {
      event.stopImmediatePropagation();
      const node = nodeAt(event.target);
      if (this.#from === undefined) {
        this.#choose(node);
      }
    }
  }

  #release(event: PointerEvent): void {
    if (this.#active && event.button === 0) {
      this.#choose(nodeAt(event.target));
    }
  }

  #swallow(event: MouseEvent): void {
    if (this.#active || this.#overlay.style.display !== 'none') {
      event.stopImmediatePropagation();
    }
  }

  #move(event: PointerEvent): void {
    if (this.#active) {
      const to = inDrawing(this.#options.view, event);
      this.#draw(this.#middleOf(this.#from), to, nodeAt(event.target));
    }
  }

  #key(event: KeyboardEvent): void {
    if (!this.#active) {
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.stop();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#choose(this.#options.view.focused);
    }
  }

  #middleOf(node: string | undefined): Point | undefined {
    const drawn = this.#options.view.drawing?.nodes.find(({ id }) => id === node);
    return drawn && centreOf(drawn.container ? drawn.content : drawn);
  }

  #draw(from: Point | undefined, to: Point | undefined, over?: string): void {
    const { view } = this.#options;
    this.#overlay.style.display = '';
    if (from !== undefined && to !== undefined) {
      const [one, two] = [onPicture(view, from), onPicture(view, to)];
      this.#line.setAttribute('d', `M${one.x} ${one.y}L${two.x} ${two.y}`);
    } else {
      this.#line.setAttribute('d', '');
    }
    const target = view.drawing?.nodes.find(({ id }) => id === over);
    const corner = target && onPicture(view, target);
    const { k } = view.transform;
    this.#target.setAttribute('width', String((target?.width ?? 0) * k));
    this.#target.setAttribute('height', String((target?.height ?? 0) * k));
    this.#target.setAttribute('transform', `translate(${corner?.x ?? 0} ${corner?.y ?? 0})`);
  }
}
