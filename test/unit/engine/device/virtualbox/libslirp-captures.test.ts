/**
 * VirtualBox's NAT from 7.1 on is libslirp, as is QEMU's user network: what a recorded Linux guest asks libslirp 4.7 is asked of the engine
 * again, and every byte of the answers must be the same.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../../../../../src/trace/pcap-reader';
import { fieldsOf } from '../../../../kernel/frame-fields';
import { frameText } from '../../../../kernel/frame-text';
import { fromMac, frameProblems, IP, long, PAYLOAD, word } from '../../packets';
import { FirstSequences, isTcp, replay, type RecordedFrame } from './guest-replay';
import { LibslirpHost, PORT, type BrowserVisit, type Writes } from './libslirp-host';

const CAPTURES = join(import.meta.dirname, '../../../../../../shared/data/captures/qemu-user-network');
const present = existsSync(CAPTURES);

if (!present) {
  console.log(`skipped: no captures of QEMU's user network at ${relative(process.cwd(), CAPTURES)}`);
}

const FIN = 1;
const PSH = 8;
/** Bytes, without the frame check sequence (IEEE 802.3 3.2.8). */
const SHORTEST_FRAME = 60;

const GUEST_MAC = '52:54:00:12:34:56';

/** What may differ, all of it, each with why. When a frame comes is free as well; in which order is not. */
const FREE: Readonly<Record<string, string>> = {
  'tcp.seq':
    'The engine counts first sequence numbers from its start, which was before the recording; what is counted from there is compared.',
  'tcp.checksum': 'It covers the sequence number. That it is right is checked.',
};

/** Frames of the guest that are not sent again. */
const LEFT_OUT: Readonly<Record<string, { readonly frames: number; readonly reason: string }>> = {
  'slirp-opts-ipv6.pcap': {
    frames: 4,
    reason:
      'The first four are DHCP with addresses and options that QEMU was told to use, and VirtualBox has no settings for.',
  },
};

function recordedIn(name: string): readonly RecordedFrame[] {
  const { packets } = readCapture(new Uint8Array(readFileSync(join(CAPTURES, name))));
  return packets.slice(LEFT_OUT[name]?.frames ?? 0);
}

const isFromGuest = (bytes: Uint8Array): boolean => fromMac(bytes) === GUEST_MAC;

/** What a segment or a datagram carries. */
function payloadOf(bytes: Uint8Array): Uint8Array {
  const header = isTcp(bytes) ? (bytes[PAYLOAD + 12]! >>> 4) * 4 : 8;
  return bytes.slice(PAYLOAD + header, IP + word(bytes, IP + 2));
}

const isUdpFrom = (bytes: Uint8Array, port: number): boolean =>
  word(bytes, 12) === 0x0800 && bytes[IP + 9] === 17 && word(bytes, PAYLOAD) === port;

/** Each frame as the values of its fields, with the free ones told apart only by what is counted from them. */
function fieldsOfAll(frames: readonly Uint8Array[]): readonly (readonly string[])[] {
  const first = new FirstSequences();
  first.learn(frames);
  return frames.map(bytes => [
    frameText(bytes),
    ...fieldsOf(bytes).map(({ name, start, length }) => {
      if (name === 'tcp.seq') {
        const from = first.of(word(bytes, PAYLOAD), word(bytes, PAYLOAD + 2));
        return `${name} + ${(long(bytes, PAYLOAD + 4) - from) >>> 0}`;
      }
      const value = Buffer.from(bytes.subarray(start, start + length)).toString('hex');
      return FREE[name] === undefined ? `${name} ${value}` : name;
    }),
  ]);
}

/** libslirp pushes the segment that empties its buffer of what the host wrote (`tcp_output`). */
const isPushed = (bytes: Uint8Array): boolean => (bytes[PAYLOAD + 13]! & PSH) !== 0;

/** What the web server of the recorded host wrote in its connections: what was pushed together was written together. */
function pagesIn(frames: readonly Uint8Array[]): readonly Writes[] {
  const byConnection = new Map<number, Uint8Array[]>();
  for (const bytes of frames.filter(each => isTcp(each) && word(each, PAYLOAD) === PORT.web)) {
    const guestPort = word(bytes, PAYLOAD + 2);
    const segments = byConnection.get(guestPort) ?? [];
    byConnection.set(guestPort, segments);
    segments.push(bytes);
  }
  return [...byConnection.values()].map(segments => {
    const writes: Uint8Array[] = [];
    let begun: readonly Uint8Array[] = [];
    for (const bytes of segments) {
      begun = [...begun, payloadOf(bytes)];
      if (isPushed(bytes)) {
        writes.push(Buffer.concat(begun));
        begun = [];
      }
    }
    expect(Buffer.concat(begun).length, 'bytes that were never pushed').toBe(0);
    return writes;
  });
}

/** The browser of the recorded host, which came to the guest by way of the port forward. */
function browserIn(recorded: readonly RecordedFrame[]): { readonly time: bigint } & BrowserVisit {
  const segments = recorded.filter(
    ({ bytes }) => isTcp(bytes) && [0, 2].some(side => word(bytes, PAYLOAD + side) === PORT.guestWeb),
  );
  const [asked, answered] = [false, true].map(fromGuest =>
    Buffer.concat(
      segments.filter(({ bytes }) => isFromGuest(bytes) === fromGuest).map(({ bytes }) => payloadOf(bytes)),
    ),
  );
  const opening = segments[0]!;
  const firstToEnd = segments.find(({ bytes }) => (bytes[PAYLOAD + 13]! & FIN) !== 0)!;
  return {
    time: opening.time,
    localPort: word(opening.bytes, PAYLOAD),
    request: asked!,
    end: isFromGuest(firstToEnd.bytes) ? 'with-server' : { afterBytes: answered!.length },
  };
}

/**
 * The frame without what QEMU pads: frames for a network card that wants at least 60 bytes, as the e1000 does and virtio does not
 * (net/slirp.c `net_slirp_send_packet`). This padding is the one thing of the recording that is not libslirp's.
 */
function unpadded(bytes: Uint8Array): Uint8Array {
  const end = IP + word(bytes, IP + 2);
  if (word(bytes, 12) !== 0x0800 || bytes.length === end) {
    return bytes;
  }
  expect(bytes.length).toBe(SHORTEST_FRAME);
  expect(bytes.subarray(end).every(each => each === 0)).toBe(true);
  return bytes.subarray(0, end);
}

describe.skipIf(!present)('the engine beside libslirp', () => {
  it.each([
    { name: 'slirp-virtio.pcap', padded: 0, firstToEnd: 'browser' },
    { name: 'slirp-e1000.pcap', padded: 14, firstToEnd: 'server' },
  ])(
    'answers DHCP, ARP, echo, DNS, TCP, UDP, errors, fragments and a port forward with the bytes of $name',
    ({ name, padded, firstToEnd }) => {
      const recorded = recordedIn(name);
      const onWire = recorded.map(({ bytes }) => bytes).filter(bytes => !isFromGuest(bytes));
      const theirs = onWire.map(unpadded);
      expect(theirs.filter((bytes, index) => bytes.length !== onWire[index]?.length).length).toBe(padded);
      const bench = new LibslirpHost(theirs.filter(bytes => isUdpFrom(bytes, 53)).map(payloadOf));
      bench.servePages(pagesIn(theirs));
      const { time, ...visit } = browserIn(recorded);
      expect(visit.end === 'with-server' ? 'server' : 'browser').toBe(firstToEnd);
      const ours = replay(bench, recorded, GUEST_MAC, [{ time, act: () => bench.browse(visit) }]);
      expect(ours.flatMap(frameProblems)).toEqual([]);
      expect(theirs.length).toBeGreaterThan(60);
      expect(fieldsOfAll(ours)).toEqual(fieldsOfAll(theirs));
    },
  );

  it('answers router and neighbour solicitations and echoes of IPv6 with the bytes of slirp-opts-ipv6.pcap', () => {
    const recorded = recordedIn('slirp-opts-ipv6.pcap');
    const theirs = recorded.map(({ bytes }) => bytes).filter(bytes => !isFromGuest(bytes));
    const ours = replay(new LibslirpHost([]), recorded, GUEST_MAC);
    expect(ours.flatMap(frameProblems)).toEqual([]);
    expect(theirs.length).toBe(3);
    expect(fieldsOfAll(ours)).toEqual(fieldsOfAll(theirs));
  });
});
