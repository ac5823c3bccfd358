/** What capture files hold, whatever their format. */

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

/** Why reading stops before the end of a file; what came before it is good. */
export type CaptureProblem = 'not-a-capture' | 'truncated' | 'bad-block' | 'too-many-packets';

/** Reads what stands behind the beginning of a file. */
export interface RecordFormat {
  /** Only pcapng has interfaces with numbers and names. */
  readonly format: 'pcap' | 'pcapng';
  readonly interfaces: readonly CaptureInterface[];
  /**
   * Reads one record or block that begins at `at`. Its length in bytes; `incomplete` when the bytes at hand end before it does.
   * @param found gets the packet, if there is one, and says whether it had room for it
   */
  read(bytes: Uint8Array, at: number, found: PacketFound): number | 'incomplete' | CaptureProblem;
}

/** Takes a packet, whose bytes are a view; false when there may be no more. */
export type PacketFound = (packet: CapturedPacket) => boolean;

/** Bytes of the largest record or block that is believed: 16 MiB, as Wireshark has it (wiretap/pcapng.c: MAX_BLOCK_SIZE). */
export const LARGEST_RECORD = 16_777_216;

/** @returns the bytes as a view to read numbers from */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
