/** Reads capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), both byte orders. Bounded; never throws. */
import { BLOCK, BYTE_ORDER_MAGIC, OPTION } from './pcapng-blocks';

/** Packets read from one file when nobody says otherwise. */
export const DEFAULT_PACKETS = 1_000_000;

/** Interfaces read from one file; a file with more is broken off. */
const MOST_INTERFACES = 65_536;

export interface CaptureInterface {
  readonly name: string;
  readonly description: string;
  /** LINKTYPE number. */
  readonly linkType: number;
}

export interface CapturedPacket {
  /** Index into the file's interfaces. */
  readonly interface: number;
  /** ns since 1970, or since whatever the writer counted from. */
  readonly time: bigint;
  readonly bytes: Uint8Array;
  /** Bytes the packet had on the wire. */
  readonly originalLength: number;
  readonly comments: readonly string[];
  readonly direction: 'inbound' | 'outbound' | undefined;
}

export interface CaptureFile {
  /** Only pcapng has interfaces with numbers and names. */
  readonly format: 'pcap' | 'pcapng';
  readonly interfaces: readonly CaptureInterface[];
  readonly packets: readonly CapturedPacket[];
  /** Why reading stopped before the end; what came before it is good. */
  readonly problem?: 'not-a-capture' | 'truncated' | 'bad-block' | 'too-many-packets';
}

type Problem = NonNullable<CaptureFile['problem']>;

/** pcap magic numbers, for microseconds and for nanoseconds. */
const PCAP_MICROSECONDS = 0xa1b2c3d4;
const PCAP_NANOSECONDS = 0xa1b23c4d;

const NOT_A_CAPTURE: CaptureFile = { format: 'pcap', interfaces: [], packets: [], problem: 'not-a-capture' };

/** Reads the whole file, at most `maximumPackets` of it. The packets' bytes are views on `file`. */
export function readCapture(file: Uint8Array, maximumPackets = DEFAULT_PACKETS): CaptureFile {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 24) {
    return NOT_A_CAPTURE;
  }
  if (view.getUint32(0) === BLOCK.sectionHeader) {
    return new PcapngReader(file, view, maximumPackets).read();
  }
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === PCAP_MICROSECONDS || magic === PCAP_NANOSECONDS) {
      return readPcap(file, view, little, magic === PCAP_NANOSECONDS ? 1n : 1000n, maximumPackets);
    }
  }
  return NOT_A_CAPTURE;
}

function readPcap(
  file: Uint8Array,
  view: DataView,
  little: boolean,
  unit: bigint,
  maximumPackets: number,
): CaptureFile {
  const interfaces = [{ name: '', description: '', linkType: view.getUint32(20, little) & 0xffff }];
  const packets: CapturedPacket[] = [];
  const ended = (problem: Problem): CaptureFile => ({ format: 'pcap', interfaces, packets, problem });
  let at = 24;
  while (at < file.length) {
    if (packets.length >= maximumPackets) {
      return ended('too-many-packets');
    }
    if (at + 16 > file.length) {
      return ended('truncated');
    }
    const length = view.getUint32(at + 8, little);
    if (at + 16 + length > file.length) {
      return ended('truncated');
    }
    packets.push({
      interface: 0,
      time:
        BigInt(view.getUint32(at, little)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * unit,
      bytes: file.subarray(at + 16, at + 16 + length),
      originalLength: view.getUint32(at + 12, little),
      comments: [],
      direction: undefined,
    });
    at += 16 + length;
  }
  return { format: 'pcap', interfaces, packets };
}

/** What an interface's timestamps count: so many ns times `numerator` / `denominator`. */
interface Resolution {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** if_tsresol: a power of ten, or of two with the top bit set (section 4.2); microseconds when left out. */
function resolutionOf(value: number): Resolution {
  const exponent = BigInt(value & 0x7f);
  const denominator = (value & 0x80) === 0 ? 10n ** exponent : 2n ** exponent;
  return { numerator: 1_000_000_000n, denominator };
}

/** What the low two bits of epb_flags mean (section 4.3.1). */
const DIRECTIONS = [undefined, 'inbound', 'outbound', undefined] as const;

interface Option {
  readonly code: number;
  readonly data: Uint8Array;
}

class PcapngReader {
  readonly #interfaces: CaptureInterface[] = [];
  readonly #resolutions: Resolution[] = [];
  readonly #packets: CapturedPacket[] = [];
  #little = true;
  /** The first interface of the section being read. */
  #sectionFirst = 0;

  constructor(
    private readonly file: Uint8Array,
    private readonly view: DataView,
    private readonly maximumPackets: number,
  ) {}

  read(): CaptureFile {
    let at = 0;
    while (at < this.file.length) {
      if (at + 12 > this.file.length) {
        return this.#ended('truncated');
      }
      if (this.view.getUint32(at) === BLOCK.sectionHeader) {
        this.#little = this.view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
        this.#sectionFirst = this.#interfaces.length;
      }
      const length = this.#uint32(at + 4);
      if (length < 12 || length % 4 !== 0) {
        return this.#ended('bad-block');
      }
      if (at + length > this.file.length) {
        return this.#ended('truncated');
      }
      const problem = this.#block(this.#uint32(at), at + 8, at + length - 4);
      if (problem !== undefined) {
        return this.#ended(problem);
      }
      at += length;
    }
    return { format: 'pcapng', interfaces: this.#interfaces, packets: this.#packets };
  }

  #ended(problem: Problem): CaptureFile {
    return { format: 'pcapng', interfaces: this.#interfaces, packets: this.#packets, problem };
  }

  /** Reads a block's body, which lies from `at` to `end`. */
  #block(type: number, at: number, end: number): Problem | undefined {
    switch (type) {
      case BLOCK.interfaceDescription:
        return this.#interfaceDescription(at, end);
      case BLOCK.enhancedPacket:
        return this.#enhancedPacket(at, end);
      case BLOCK.simplePacket:
        return this.#simplePacket(at, end);
      default:
        return undefined;
    }
  }

  #interfaceDescription(at: number, end: number): Problem | undefined {
    if (at + 8 > end || this.#interfaces.length >= MOST_INTERFACES) {
      return 'bad-block';
    }
    const options = this.#options(at + 8, end);
    const text = (code: number): string =>
      new TextDecoder().decode(options.find(option => option.code === code)?.data ?? new Uint8Array(0));
    this.#interfaces.push({
      name: text(OPTION.interfaceName),
      description: text(OPTION.interfaceDescription),
      linkType: this.#uint16(at),
    });
    const resolution = options.find(option => option.code === OPTION.timestampResolution)?.data[0];
    this.#resolutions.push(resolutionOf(resolution ?? 6));
    return undefined;
  }

  #enhancedPacket(at: number, end: number): Problem | undefined {
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
    return this.#add({
      interface: index,
      time: (ticks * resolution.numerator) / resolution.denominator,
      bytes: this.file.subarray(data, data + captured),
      originalLength: this.#uint32(at + 16),
      comments: options
        .filter(option => option.code === OPTION.comment)
        .map(option => new TextDecoder().decode(option.data)),
      direction: DIRECTIONS[((this.#little ? flags?.[0] : flags?.[3]) ?? 0) & 3],
    });
  }

  #simplePacket(at: number, end: number): Problem | undefined {
    if (at + 4 > end || this.#resolutions[this.#sectionFirst] === undefined) {
      return 'bad-block';
    }
    const originalLength = this.#uint32(at);
    const bytes = this.file.subarray(at + 4, Math.min(at + 4 + originalLength, end));
    return this.#add({
      interface: this.#sectionFirst,
      time: 0n,
      bytes,
      originalLength,
      comments: [],
      direction: undefined,
    });
  }

  #add(packet: CapturedPacket): Problem | undefined {
    if (this.#packets.length >= this.maximumPackets) {
      return 'too-many-packets';
    }
    this.#packets.push(packet);
    return undefined;
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
      options.push({ code, data: this.file.subarray(i + 4, i + 4 + length) });
      i += 4 + ((length + 3) & ~3);
    }
    return options;
  }

  #uint16(at: number): number {
    return at + 2 > this.file.length ? 0 : this.view.getUint16(at, this.#little);
  }

  #uint32(at: number): number {
    return at + 4 > this.file.length ? 0 : this.view.getUint32(at, this.#little);
  }
}
