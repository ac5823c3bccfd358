/** Reads a capture in pcap format as it is written (https://www.tcpdump.org/manpages/pcap-savefile.5.html). */
import type { CapturedFrame } from './capture';

const FILE_HEADER_BYTES = 24;
const FRAME_HEADER_BYTES = 16;

/** Little-endian, with times in nanoseconds: what tcpdump writes here on every machine that Debian's tests run on. */
const NANOSECOND_MAGIC = 0xa1b23c4d;

export class PcapStream {
  readonly frames: CapturedFrame[] = [];
  private pending: Buffer = Buffer.alloc(0);
  private started = false;

  /** @param origin whole seconds that count as 0, so that times in ns stay exact */
  constructor(private readonly origin: number) {}

  push(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    if (!this.started && this.pending.length >= FILE_HEADER_BYTES) {
      const magic = this.pending.readUInt32LE(0);
      if (magic !== NANOSECOND_MAGIC) {
        throw new Error(
          `not a little-endian pcap file with nanoseconds: it begins with ${magic.toString(16)}`,
        );
      }
      this.pending = this.pending.subarray(FILE_HEADER_BYTES);
      this.started = true;
    }
    while (this.started && this.takeFrame()) {
      // One after the other.
    }
  }

  private takeFrame(): boolean {
    const { pending } = this;
    if (pending.length < FRAME_HEADER_BYTES) {
      return false;
    }
    const captured = pending.readUInt32LE(8);
    const end = FRAME_HEADER_BYTES + captured;
    if (pending.length < end) {
      return false;
    }
    if (captured !== pending.readUInt32LE(12)) {
      throw new Error('tcpdump cut a frame short');
    }
    const time = (pending.readUInt32LE(0) - this.origin) * 1e9 + pending.readUInt32LE(4);
    this.frames.push({ time, bytes: new Uint8Array(pending.subarray(FRAME_HEADER_BYTES, end)) });
    this.pending = pending.subarray(end);
    return true;
  }
}
