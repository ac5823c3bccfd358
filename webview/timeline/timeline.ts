/**
 * The line of time: how much traffic there was when, where packets were dropped, and where the clock stands. It is a slider: pulling it
 * goes to any moment. What lies ahead of the clock after going back is drawn faint; it comes again unless the user does something else.
 */
import type { RecordSummary } from '../../src/simulation/record-batch';
import type { SimulationState } from '../../src/simulation/protocol';
import { t } from '../strings';
import { formatClock, formatDuration, groupedInteger } from '../trace/time-format';
import { TrafficAxis } from './traffic-axis';
import { drawTraffic, readTimelineColours, type TimelineColours } from './traffic-drawing';

/** What the clock says that matters here. */
export interface TimelineClock {
  readonly state: SimulationState;
  /** Virtual ns. */
  readonly now: number;
  readonly furthest: number;
  readonly furthestRecords: number;
  readonly records: number;
}

/** What the records of the page are read from again when the future has changed. */
export interface RecordsKept {
  readonly oldest: number;
  readonly end: number;
  get(number: number): RecordSummary | undefined;
}

export interface TimelineOptions {
  readonly records: RecordsKept;
  /** Whether a drop with this code is worth a mark. */
  readonly counts: (drop: number) => boolean;
  readonly seek: (time: number) => void;
  readonly step: () => void;
  readonly stepBack: () => void;
}

/** Part of the line that Page Up and Page Down go. */
const PAGE = 0.05;

export class Timeline {
  readonly #options: TimelineOptions;
  readonly #slider = document.createElement('div');
  readonly #canvas = document.createElement('canvas');
  readonly #tip = document.createElement('div');
  readonly #axis = new TrafficAxis();
  #clock: TimelineClock = { state: 'paused', now: 0, furthest: 0, furthestRecords: 0, records: 0 };
  #colours: TimelineColours | undefined;
  #frame: number | undefined;
  #dragging = false;
  /** Where the hand is while the simulation is still on its way to the moment before. */
  #wanted: number | undefined;

  constructor(place: HTMLElement, options: TimelineOptions) {
    this.#options = options;
    this.#slider.className = 'timeline';
    this.#slider.tabIndex = 0;
    this.#slider.setAttribute('role', 'slider');
    this.#slider.setAttribute('aria-label', t('Moment of the simulation'));
    this.#slider.setAttribute('aria-orientation', 'horizontal');
    this.#slider.setAttribute('aria-valuemin', '0');
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#tip.className = 'timeline-tip';
    this.#tip.hidden = true;
    this.#slider.append(this.#canvas, this.#tip);
    place.append(this.#slider);
    this.#slider.addEventListener('pointerdown', event => this.#grab(event));
    this.#slider.addEventListener('pointermove', event => this.#move(event));
    this.#slider.addEventListener('pointerup', event => this.#release(event));
    this.#slider.addEventListener('pointercancel', event => this.#release(event));
    this.#slider.addEventListener('pointerleave', () => {
      this.#tip.hidden = !this.#dragging;
    });
    this.#slider.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(() => this.#measure()).observe(this.#slider);
    const media = window.matchMedia('(forced-colors: active)');
    media.addEventListener('change', () => this.#themed());
    new MutationObserver(() => this.#themed()).observe(document.body, {
      attributes: true,
      attributeFilter: ['class'],
    });
    this.#describe();
  }

  /** Another simulation begins. */
  reset(): void {
    this.#axis.clear();
    this.#wanted = undefined;
    this.#clock = { ...this.#clock, now: 0, furthest: 0, furthestRecords: 0, records: 0 };
    this.#changed();
  }

  setClock(clock: TimelineClock): void {
    this.#clock = clock;
    if (clock.furthestRecords < this.#axis.taken) {
      this.#readAgain();
    }
    this.#reachEnd();
    if (clock.state !== 'seeking' && this.#wanted !== undefined) {
      const wanted = this.#wanted;
      this.#wanted = undefined;
      this.#options.seek(wanted);
    }
    this.#changed();
  }

  /** A record came; those that were seen before time went back are known. */
  addRecord(number: number, record: RecordSummary): void {
    if (number >= this.#axis.taken) {
      this.#axis.add(record.departure, record.drop !== 0 && this.#options.counts(record.drop));
      this.#reachEnd();
      this.#changed();
    }
  }

  /** The clock may be ahead of the records, which come in batches: the line goes on to it when they are all there. */
  #reachEnd(): void {
    if (this.#axis.taken >= this.#clock.furthestRecords) {
      this.#axis.reach(this.#clock.furthest);
    }
  }

  /** The future was changed: the line ends with the records that are there. */
  #readAgain(): void {
    const { records } = this.#options;
    this.#axis.clear();
    for (let number = records.oldest; number < Math.min(records.end, this.#clock.furthestRecords); number++) {
      const record = records.get(number);
      if (record !== undefined) {
        this.#axis.add(record.departure, record.drop !== 0 && this.#options.counts(record.drop));
      }
    }
  }

  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#draw();
      this.#describe();
    });
  }

  #themed(): void {
    this.#colours = undefined;
    this.#changed();
  }

  #measure(): void {
    const ratio = window.devicePixelRatio;
    this.#canvas.width = Math.round(this.#slider.clientWidth * ratio);
    this.#canvas.height = Math.round(this.#slider.clientHeight * ratio);
    this.#changed();
  }

  #draw(): void {
    this.#colours ??= readTimelineColours(this.#slider);
    drawTraffic(this.#canvas, {
      axis: this.#axis,
      now: this.#axis.placeOf(this.#clock.now),
      colours: this.#colours,
      ratio: window.devicePixelRatio,
    });
  }

  #describe(): void {
    const { now, furthest, records } = this.#clock;
    this.#slider.setAttribute('aria-valuemax', String(Math.max(furthest, now)));
    this.#slider.setAttribute('aria-valuenow', String(now));
    this.#slider.setAttribute(
      'aria-valuetext',
      t('{0} seconds, {1} packets', formatClock(now), groupedInteger(records)),
    );
  }

  #placeOf(event: PointerEvent): number {
    const { left, width } = this.#slider.getBoundingClientRect();
    return width === 0 ? 0 : Math.max(0, Math.min(1, (event.clientX - left) / width));
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0 || this.#axis.end === 0) {
      return;
    }
    this.#dragging = true;
    this.#slider.setPointerCapture(event.pointerId);
    this.#seekPlace(this.#placeOf(event));
  }

  #move(event: PointerEvent): void {
    const place = this.#placeOf(event);
    this.#tip.hidden = this.#axis.end === 0;
    this.#tip.textContent = formatDuration(this.#axis.timeAt(place));
    this.#tip.style.setProperty('--place', String(place));
    if (this.#dragging) {
      this.#seekPlace(place);
    }
  }

  #release(event: PointerEvent): void {
    this.#dragging = false;
    if (this.#slider.hasPointerCapture(event.pointerId)) {
      this.#slider.releasePointerCapture(event.pointerId);
    }
  }

  #seekPlace(place: number): void {
    this.#seek(this.#axis.timeAt(place));
  }

  /** One moment is sought at a time; the hand may be faster. */
  #seek(time: number): void {
    if (this.#clock.state === 'seeking') {
      this.#wanted = time;
    } else if (time !== this.#clock.now) {
      this.#clock = { ...this.#clock, state: 'seeking' };
      this.#options.seek(time);
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const here = this.#axis.placeOf(this.#clock.now);
    const act = {
      ArrowLeft: () => this.#options.stepBack(),
      ArrowDown: () => this.#options.stepBack(),
      ArrowRight: () => this.#options.step(),
      ArrowUp: () => this.#options.step(),
      PageDown: () => this.#seekPlace(Math.max(0, here - PAGE)),
      PageUp: () => this.#seekPlace(Math.min(1, here + PAGE)),
      Home: () => this.#seek(0),
      End: () => this.#seekPlace(1),
    }[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }
}
