/** The records of a pcap file (draft-ietf-opsawg-pcap-04), in both byte orders, with microseconds or nanoseconds. */
import {
  LARGEST_RECORD,
  viewOf,
  type CaptureInterface,
  type CaptureProblem,
  type PacketFound,
  type RecordFormat,
} from './captured-packet';

/** Bytes of the file's header, and of that of a record. */
export const PCAP_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/** Magic numbers, for microseconds and for nanoseconds. */
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

export class PcapRecords implements RecordFormat {
  readonly format = 'pcap';

  private constructor(
    readonly interfaces: readonly CaptureInterface[],
    private readonly little: boolean,
    /** ns of one unit of the fraction. */
    private readonly unit: bigint,
  ) {}

  /** Undefined where these are not the first bytes of a pcap file. @param header at least 24 bytes */
  static begin(header: Uint8Array): PcapRecords | undefined {
    const view = viewOf(header);
    for (const little of [true, false]) {
      const magic = view.getUint32(0, little);
      if (magic === MICROSECONDS || magic === NANOSECONDS) {
        // The upper bits tell of check sequences.
        const linkType = view.getUint32(20, little) & 0xffff;
        const unit = magic === NANOSECONDS ? 1n : 1000n;
        return new PcapRecords([{ name: '', description: '', linkType }], little, unit);
      }
    }
    return undefined;
  }

  read(bytes: Uint8Array, at: number, found: PacketFound): number | 'incomplete' | CaptureProblem {
    if (at + RECORD_HEADER_BYTES > bytes.length) {
      return 'incomplete';
    }
    const { little } = this;
    const view = viewOf(bytes);
    const length = view.getUint32(at + 8, little);
    if (length > LARGEST_RECORD) {
      return 'bad-block';
    }
    const data = at + RECORD_HEADER_BYTES;
    if (data + length > bytes.length) {
      return 'incomplete';
    }
    const seconds = BigInt(view.getUint32(at, little));
    const hasRoom = found({
      interface: 0,
      time: seconds * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * this.unit,
      bytes: bytes.subarray(data, data + length),
      originalLength: view.getUint32(at + 12, little),
      comments: [],
      direction: undefined,
    });
    return hasRoom ? RECORD_HEADER_BYTES + length : 'too-many-packets';
  }
}
