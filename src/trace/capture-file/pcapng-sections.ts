/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng-02): sections of either byte order, each with interfaces of its own. */
import { BLOCK, BYTE_ORDER_MAGIC, OPTION } from '../pcapng-blocks';
import {
  LARGEST_RECORD,
  viewOf,
  type CaptureInterface,
  type CaptureProblem,
  type PacketFound,
  type RecordFormat,
} from './captured-packet';

/** Interfaces read from one file; a file with more is broken off. */
const MOST_INTERFACES = 65_536;

/** What an interface's timestamps count: so many ns times `numerator` / `denominator`, from `offset` ns on. */
interface Resolution {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly offset: bigint;
}

/** if_tsresol: a power of ten, or of two with the top bit set (section 4.2); microseconds when left out. */
function resolutionOf(value: number, offset: bigint): Resolution {
  const exponent = BigInt(value & 0x7f);
  const denominator = (value & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
  return { numerator: 1_000_000_000n, denominator, offset };
}

/** What the low two bits of epb_flags mean (section 4.3.1). */
const DIRECTIONS = [undefined, 'inbound', 'outbound', undefined] as const;

interface Option {
  readonly code: number;
  readonly data: Uint8Array;
}

export class PcapngSections implements RecordFormat {
  readonly format = 'pcapng';
  readonly interfaces: CaptureInterface[] = [];
  readonly #resolutions: Resolution[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #view = viewOf(this.#bytes);
  #little = true;
  /** The first interface of the section being read. */
  #sectionFirst = 0;

  /** Undefined where these are not the first bytes of a pcapng file. @param header at least 12 bytes */
  static begin(header: Uint8Array): PcapngSections | undefined {
    return viewOf(header).getUint32(0) === BLOCK.sectionHeader ? new PcapngSections() : undefined;
  }

  read(bytes: Uint8Array, at: number, found: PacketFound): number | 'incomplete' | CaptureProblem {
    if (at + 12 > bytes.length) {
      return 'incomplete';
    }
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    if (this.#view.getUint32(at) === BLOCK.sectionHeader) {
      this.#little = this.#view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      this.#sectionFirst = this.interfaces.length;
    }
    const length = this.#uint32(at + 4);
    if (length < 12 || length % 4 !== 0 || length > LARGEST_RECORD) {
      return 'bad-block';
    }
    if (at + length > bytes.length) {
      return 'incomplete';
    }
    return this.#block(this.#uint32(at), at + 8, at + length - 4, found) ?? length;
  }

  /** Reads a block's body, which lies from `at` to `end`. */
  #block(type: number, at: number, end: number, found: PacketFound): CaptureProblem | undefined {
    switch (type) {
      case BLOCK.interfaceDescription:
        return this.#interfaceDescription(at, end);
      case BLOCK.enhancedPacket:
        return this.#enhancedPacket(at, end, found);
      case BLOCK.simplePacket:
        return this.#simplePacket(at, end, found);
      default:
        return undefined;
    }
  }

  #interfaceDescription(at: number, end: number): CaptureProblem | undefined {
    if (at + 8 > end || this.interfaces.length >= MOST_INTERFACES) {
      return 'bad-block';
    }
    const options = this.#options(at + 8, end);
    const text = (code: number): string =>
      new TextDecoder().decode(options.find(option => option.code === code)?.data ?? new Uint8Array(0));
    this.interfaces.push({
      name: text(OPTION.interfaceName),
      description: text(OPTION.interfaceDescription),
      linkType: this.#uint16(at),
    });
    const resolution = options.find(option => option.code === OPTION.timestampResolution)?.data[0];
    const offset = options.find(
      option => option.code === OPTION.timestampOffset && option.data.length === 8,
    )?.data;
    const seconds = offset === undefined ? 0n : viewOf(offset).getBigInt64(0, this.#little);
    this.#resolutions.push(resolutionOf(resolution ?? 6, seconds * 1_000_000_000n));
    return undefined;
  }

  #enhancedPacket(at: number, end: number, found: PacketFound): CaptureProblem | undefined {
    const captured = at + 20 > end ? Number.POSITIVE_INFINITY : this.#uint32(at + 12);
    const data = at + 20;
    const index = this.#sectionFirst + this.#uint32(at);
    const resolution = this.#resolutions[index];
    if (data + captured > end || resolution === undefined) {
      return 'bad-block';
    }
    const options = this.#options(data + ((captured + 3) & ~3), end);
    const flags = options.find(
      option => option.code === OPTION.packetFlags && option.data.length === 4,
    )?.data;
    const ticks = (BigInt(this.#uint32(at + 4)) << 32n) | BigInt(this.#uint32(at + 8));
    const hasRoom = found({
      interface: index,
      time: (ticks * resolution.numerator) / resolution.denominator + resolution.offset,
      bytes: this.#bytes.subarray(data, data + captured),
      originalLength: this.#uint32(at + 16),
      comments: options
        .filter(option => option.code === OPTION.comment)
        .map(option => new TextDecoder().decode(option.data)),
      direction: DIRECTIONS[((this.#little ? flags?.[0] : flags?.[3]) ?? 0) & 3],
    });
    return hasRoom ? undefined : 'too-many-packets';
  }

  #simplePacket(at: number, end: number, found: PacketFound): CaptureProblem | undefined {
    if (at + 4 > end || this.#resolutions[this.#sectionFirst] === undefined) {
      return 'bad-block';
    }
    const originalLength = this.#uint32(at);
    const hasRoom = found({
      interface: this.#sectionFirst,
      time: 0n,
      bytes: this.#bytes.subarray(at + 4, Math.min(at + 4 + originalLength, end)),
      originalLength,
      comments: [],
      direction: undefined,
    });
    return hasRoom ? undefined : 'too-many-packets';
  }

  /** The options from `at` on; stops at one that does not fit. */
  #options(at: number, end: number): Option[] {
    const options: Option[] = [];
    let i = at;
    while (i + 4 <= end) {
      const code = this.#uint16(i);
      const length = this.#uint16(i + 2);
      if (code === OPTION.endOfOptions || i + 4 + length > end) {
        break;
      }
      options.push({ code, data: this.#bytes.subarray(i + 4, i + 4 + length) });
      i += 4 + ((length + 3) & ~3);
    }
    return options;
  }

  #uint16(at: number): number {
    return at + 2 > this.#bytes.length ? 0 : this.#view.getUint16(at, this.#little);
  }

  #uint32(at: number): number {
    return at + 4 > this.#bytes.length ? 0 : this.#view.getUint32(at, this.#little);
  }
}
