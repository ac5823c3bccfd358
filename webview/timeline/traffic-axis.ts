/**
 * Traffic over time in a fixed number of bins, however long a run is and however many records it has. Time is drawn by the fourth root
 * of the gaps between records: a wait of a second and an exchange of microseconds are both seen, and both can be pointed at.
 */

/** Bins at most: some for each pixel of a wide panel. An even number. */
const MOST_BINS = 2048;

/** Width of a bin at first, in roots of ns: exchanges of microseconds have bins of their own. */
const FIRST_WIDTH = 2;

export interface TrafficBin {
  /** Places where the bin begins and ends, 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  readonly drops: number;
}

export class TrafficAxis {
  /** Virtual ns at which each bin begins; one more than there are bins begun. */
  private readonly begins = new Float64Array(MOST_BINS + 1);
  private readonly records = new Float64Array(MOST_BINS);
  private readonly drops = new Float64Array(MOST_BINS);
  private width = FIRST_WIDTH;
  /** How far the axis reaches, in roots of ns and in ns. */
  private length = 0;
  private last = 0;
  private count = 0;

  /** Records taken in. */
  get taken(): number {
    return this.count;
  }

  /** Virtual ns where the axis ends. */
  get end(): number {
    return this.last;
  }

  clear(): void {
    this.begins.fill(0);
    this.records.fill(0);
    this.drops.fill(0);
    this.width = FIRST_WIDTH;
    this.length = 0;
    this.last = 0;
    this.count = 0;
  }

  /** Takes in the next record: when it was made, in virtual ns, and whether it is a drop that counts. */
  add(time: number, dropped: boolean): void {
    this.reach(time);
    const bin = Math.min(MOST_BINS - 1, Math.floor(this.length / this.width));
    this.records[bin] = (this.records[bin] ?? 0) + 1;
    this.drops[bin] = (this.drops[bin] ?? 0) + (dropped ? 1 : 0);
    this.count++;
  }

  /** Makes the axis reach at least to this virtual time in ns. */
  reach(time: number): void {
    const gap = time - this.last;
    if (!(gap > 0)) {
      return;
    }
    const before = this.length;
    const root = gap ** 0.25;
    while (before + root >= MOST_BINS * this.width) {
      this.halve();
    }
    const first = Math.floor(before / this.width) + 1;
    this.length = before + root;
    for (let bin = first; bin * this.width <= this.length; bin++) {
      this.begins[bin] = this.last + (gap * (bin * this.width - before)) / root;
    }
    this.last = time;
  }

  /** The place of a virtual time on the axis, 0 to 1. */
  placeOf(time: number): number {
    if (this.length === 0 || time >= this.last) {
      return this.length === 0 ? 0 : 1;
    }
    let low = 0;
    let high = Math.floor(this.length / this.width);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.begins[middle] ?? 0) <= time) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    const [begin, end] = this.timesOf(low);
    const within = end > begin ? Math.max(0, Math.min(1, (time - begin) / (end - begin))) : 0;
    const size = Math.min(this.width, this.length - low * this.width);
    return (low * this.width + within * size) / this.length;
  }

  /** The virtual time in whole ns at a place of the axis. */
  timeAt(place: number): number {
    if (place >= 1) {
      return this.last;
    }
    const at = Math.max(0, place) * this.length;
    const bin = Math.floor(at / this.width);
    const [begin, end] = this.timesOf(bin);
    const size = Math.min(this.width, this.length - bin * this.width);
    return Math.round(begin + (size > 0 ? ((at - bin * this.width) / size) * (end - begin) : 0));
  }

  /** Every bin that has records, from left to right. */
  *bins(): Generator<TrafficBin> {
    const end = Math.floor(this.length / this.width);
    for (let bin = 0; bin <= end && bin < MOST_BINS; bin++) {
      const records = this.records[bin] ?? 0;
      if (records > 0) {
        const from = this.length === 0 ? 0 : (bin * this.width) / this.length;
        const to = this.length === 0 ? 0 : Math.min(1, ((bin + 1) * this.width) / this.length);
        yield { from, to, records, drops: this.drops[bin] ?? 0 };
      }
    }
  }

  private timesOf(bin: number): readonly [begin: number, end: number] {
    const isLast = (bin + 1) * this.width > this.length;
    return [this.begins[bin] ?? 0, isLast ? this.last : (this.begins[bin + 1] ?? this.last)];
  }

  /** Two bins become one, so that the axis reaches twice as far. */
  private halve(): void {
    const half = MOST_BINS / 2;
    for (let bin = 0; bin < half; bin++) {
      this.begins[bin] = this.begins[2 * bin] ?? 0;
      this.records[bin] = (this.records[2 * bin] ?? 0) + (this.records[2 * bin + 1] ?? 0);
      this.drops[bin] = (this.drops[2 * bin] ?? 0) + (this.drops[2 * bin + 1] ?? 0);
    }
    this.records.fill(0, half);
    this.drops.fill(0, half);
    this.width *= 2;
  }
}
