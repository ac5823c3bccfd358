/**
 * A recorded guest speaks to another engine than it did. Its frames go out at their times, unchanged but for what they acknowledge: the
 * engine begins connections at sequence numbers of its own.
 */
import { fromMac, IP, long, PAYLOAD, sumOf, word } from '../../packets';
import type { NatBench } from './nat-bench';

export interface RecordedFrame {
  /** ns */
  readonly time: bigint;
  readonly bytes: Uint8Array;
}

const SYN = 2;
const ACK = 16;

export const isTcp = (bytes: Uint8Array): boolean => word(bytes, 12) === 0x0800 && bytes[IP + 9] === 6;

/** The first sequence number of the engine's side of each connection, by the ports that the guest sees. */
export class FirstSequences {
  private readonly byPorts = new Map<string, number>();

  /** @param frames of the engine */
  learn(frames: readonly Uint8Array[]): void {
    for (const bytes of frames) {
      if (isTcp(bytes) && (bytes[PAYLOAD + 13]! & SYN) !== 0) {
        this.byPorts.set(`${word(bytes, PAYLOAD)} ${word(bytes, PAYLOAD + 2)}`, long(bytes, PAYLOAD + 4));
      }
    }
  }

  of(enginePort: number, guestPort: number): number {
    return this.byPorts.get(`${enginePort} ${guestPort}`) ?? 0;
  }
}

/** Sends the guest's frames; what the engine sent to the guest, in order. */
export function replay(
  bench: NatBench,
  recorded: readonly RecordedFrame[],
  guestMac: string,
  actions: readonly { readonly time: bigint; readonly act: () => void }[] = [],
): readonly Uint8Array[] {
  const theirs = new FirstSequences();
  theirs.learn(recorded.flatMap(({ bytes }) => (fromMac(bytes) === guestMac ? [] : [bytes])));
  const ours = new FirstSequences();
  const heard: Uint8Array[] = [];
  const begin = bench.simulator.now;
  const start = recorded[0]?.time ?? 0n;
  const until = (time: bigint): void => {
    bench.simulator.runUntil(begin + Number(time - start));
    const fresh = bench.guest.take();
    ours.learn(fresh);
    heard.push(...fresh);
  };
  const frames = recorded
    .filter(({ bytes }) => fromMac(bytes) === guestMac)
    .map(({ time, bytes }) => ({
      time,
      act: () => bench.guest.send(translated(bytes, theirs, ours)),
    }));
  for (const { time, act } of [...frames, ...actions].sort((one, other) => Number(one.time - other.time))) {
    until(time);
    act();
  }
  until((recorded.at(-1)?.time ?? 0n) + 1_000_000n);
  return heard;
}

/** The frame with what it acknowledges as far from the engine's first sequence number as it was when it was recorded. */
function translated(bytes: Uint8Array, theirs: FirstSequences, ours: FirstSequences): Uint8Array {
  if (!isTcp(bytes) || (bytes[PAYLOAD + 13]! & ACK) === 0) {
    return bytes;
  }
  const [guestPort, enginePort] = [word(bytes, PAYLOAD), word(bytes, PAYLOAD + 2)];
  const offset = ours.of(enginePort, guestPort) - theirs.of(enginePort, guestPort);
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(PAYLOAD + 8, long(bytes, PAYLOAD + 8) + offset);
  view.setUint16(PAYLOAD + 16, 0);
  const segment = copy.subarray(PAYLOAD, IP + word(copy, IP + 2));
  const pseudo = Uint8Array.of(
    ...copy.subarray(IP + 12, IP + 20),
    ...[0, 6, segment.length >>> 8, segment.length & 255],
  );
  view.setUint16(PAYLOAD + 16, 0xffff - sumOf(segment, sumOf(pseudo)));
  return copy;
}
