/** Reads whole capture files: pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng), both byte orders. Never throws. */
import { CaptureReader } from './capture-file/capture-reader';
import type { CapturedPacket, CaptureInterface, CaptureProblem } from './capture-file/captured-packet';

export type { CapturedPacket, CaptureInterface } from './capture-file/captured-packet';

/** Packets read from one file when nobody says otherwise. */
export const DEFAULT_PACKETS = 1_000_000;

export interface CaptureFile {
  /** Only pcapng has interfaces with numbers and names. */
  readonly format: 'pcap' | 'pcapng';
  readonly interfaces: readonly CaptureInterface[];
  readonly packets: readonly CapturedPacket[];
  /** Why reading stopped before the end; what came before it is good. */
  readonly problem?: CaptureProblem;
}

/** Reads the whole file, at most `maximumPackets` of it. The packets' bytes are views on `file`. */
export function readCapture(file: Uint8Array, maximumPackets = DEFAULT_PACKETS): CaptureFile {
  const packets: CapturedPacket[] = [];
  const reader = new CaptureReader(packet => packets.length < maximumPackets && packets.push(packet) > 0);
  reader.push(file);
  reader.end();
  const { format, interfaces, problem } = reader;
  return { format, interfaces, packets, ...(problem === undefined ? {} : { problem }) };
}
