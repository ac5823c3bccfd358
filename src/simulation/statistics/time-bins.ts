/** Bytes by time in a fixed number of bins: when time goes beyond the last one, each two become one. */

const BINS = 120;
/** ns: the first width. A frame takes about as long on a fast cable. */
const NARROWEST = 1000;

export interface Throughput {
  /** ns of one bin. */
  readonly width: number;
  /** Bytes that set out in each bin, from time 0. */
  readonly bytes: readonly number[];
}

export class TimeBins {
  private width = NARROWEST;
  private bins = new Float64Array(BINS);
  private used = 0;

  add(time: number, bytes: number): void {
    while (time >= this.width * BINS) {
      this.widen();
    }
    const index = Math.floor(time / this.width);
    this.bins[index] = (this.bins[index] ?? 0) + bytes;
    this.used = Math.max(this.used, index + 1);
  }

  get throughput(): Throughput {
    return { width: this.width, bytes: [...this.bins.subarray(0, this.used)] };
  }

  private widen(): void {
    const wider = new Float64Array(BINS);
    this.bins.forEach((bytes, index) => {
      wider[index >> 1] = (wider[index >> 1] ?? 0) + bytes;
    });
    this.bins = wider;
    this.width *= 2;
    this.used = Math.ceil(this.used / 2);
  }
}
