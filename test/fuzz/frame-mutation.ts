/** Frames that nobody should send: real ones changed a little, built ones with odd fields, and noise. */
import type { Ipv4Address } from '../../src/net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../src/net/mac-address';
import type { RandomStream } from '../../src/engine/kernel/random-stream';
import { clientFrame, type MessageName } from '../unit/engine/stack/dhcp/dhcp-frames';
import {
  arpFrame,
  echoFrame,
  errorFrame,
  IP,
  ipv4Frame,
  PAYLOAD,
  sumOf,
  udpFrame,
  withHeaderChecksum,
  type Ends,
} from '../unit/engine/packets';

/** Whom frames speak of. */
export interface Vocabulary {
  readonly macs: readonly MacAddress[];
  readonly addresses: readonly Ipv4Address[];
  readonly ports: readonly number[];
}

const ODD_ADDRESSES = [0, 0xffffffff, 0x7f000001, 0xe0000001, 0xf0000001, 0x0a0002ff] as Ipv4Address[];
const ODD_MACS = [0, 2 ** 48 - 1, 0x01005e000001].map(macFromNumber);
const DHCP_TYPES: MessageName[] = [
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
];
const LENGTHS = [0, 1, 13, 14, 15, 33, 34, 41, 42, 46, 60, 62, 590, 1514, 4000];

export class FrameMutation {
  constructor(
    private readonly random: RandomStream,
    private readonly words: Vocabulary,
  ) {}

  /** The next frame; `seen` are frames that were really sent. */
  next(seen: readonly Uint8Array[]): Uint8Array {
    const kind = this.below(10);
    if (kind === 0) {
      return this.noise(this.pick(LENGTHS));
    }
    const whole = kind < 6 && seen.length > 0 ? this.pick(seen).slice() : this.built();
    let bytes = whole;
    for (let changes = this.below(4); changes > 0; changes--) {
      bytes = this.changed(bytes, seen);
    }
    return this.below(3) === 0 ? bytes : repaired(bytes);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  below(count: number): number {
    return this.random.integer(0, count - 1);
  }

  private noise(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  private address(): Ipv4Address {
    return this.pick(this.below(6) === 0 ? ODD_ADDRESSES : this.words.addresses);
  }

  private mac(): MacAddress {
    return this.pick(this.below(6) === 0 ? ODD_MACS : this.words.macs);
  }

  private ends(): Ends {
    return { fromMac: this.mac(), toMac: this.mac(), from: this.address(), to: this.address() };
  }

  private port(): number {
    return this.below(4) === 0 ? this.below(65_536) : this.pick(this.words.ports);
  }

  private built(): Uint8Array {
    const header = {
      timeToLive: this.pick([0, 1, 2, 64, 255]),
      dontFragment: this.below(2) === 0,
      moreFragments: this.below(20) === 0,
      fragmentOffset: this.below(20) === 0 ? 8 * this.below(100) : 0,
    };
    const data = this.noise(this.pick([0, 1, 8, 56, 600, 1472]));
    switch (this.below(7)) {
      case 0:
        return arpFrame(
          this.pick([1, 1, 2, 0, 9]),
          { mac: this.mac(), ip: this.address() },
          { mac: this.mac(), ip: this.address() },
        );
      case 1:
        return echoFrame(this.ends(), this.below(20), this.below(5), {
          ...header,
          type: this.pick([0, 8]),
          data,
        });
      case 2:
        return clientFrame(
          this.pick(DHCP_TYPES),
          {
            mac: this.mac(),
            operation: this.pick([1, 2]),
            more: [{ code: this.below(256), data: this.noise(this.below(30)) }],
          },
          this.below(2) === 0 ? this.ends() : undefined,
        );
      case 3:
        return errorFrame(
          this.ends(),
          this.pick([3, 4, 5, 11, 12]),
          this.below(16),
          this.below(2) === 0
            ? udpFrame(this.ends(), this.port(), this.port(), data)
            : echoFrame(this.ends(), this.below(20)),
          { ...header, length: this.pick([0, 19, 20, 27, 28, 60, 548]) },
        );
      case 4:
        return ipv4Frame(this.ends(), data, { ...header, protocol: this.pick([6, 6, 47, this.below(256)]) });
      default:
        return udpFrame(this.ends(), this.port(), this.port(), data, header);
    }
  }

  private changed(bytes: Uint8Array, seen: readonly Uint8Array[]): Uint8Array {
    const at = this.below(Math.max(1, bytes.length));
    switch (this.below(6)) {
      case 0:
        bytes[at]! ^= 1 << this.below(8);
        return bytes;
      case 1:
        bytes[at] = this.pick([0, 1, 0x7f, 0x80, 0xff]);
        return bytes;
      case 2:
        // Cut, or with something behind.
        return this.below(2) === 0
          ? bytes.slice(0, at)
          : Uint8Array.of(...bytes, ...this.noise(this.below(40)));
      case 3: {
        // The beginning of one frame, the end of another.
        const other = seen.length === 0 ? this.built() : this.pick(seen);
        return Uint8Array.of(...bytes.subarray(0, at), ...other.subarray(at));
      }
      case 4: {
        // For somebody who is there.
        const mac = this.mac();
        for (let index = 0; index < 6 && index < bytes.length; index++) {
          bytes[index] = Math.floor(mac / 2 ** (40 - 8 * index)) & 255;
        }
        return bytes;
      }
      default: {
        // A length, a type, a port or an option: two bytes somewhere in the headers.
        const field = this.below(Math.max(1, Math.min(bytes.length, 60) - 1));
        const value = this.pick([0, 1, 7, 8, 20, 28, 53, 67, 68, 0xff, 0xffff, this.below(65_536)]);
        bytes[field] = value >> 8;
        bytes[field + 1] = value;
        return bytes;
      }
    }
  }
}

/** The frame with checksums that fit what it is now, as far as there is a header; so the change is met behind the first check. */
function repaired(bytes: Uint8Array): Uint8Array {
  const header = (bytes[IP] ?? 0) & 15;
  if (
    bytes.length < PAYLOAD ||
    bytes[12] !== 8 ||
    bytes[13] !== 0 ||
    header < 5 ||
    IP + header * 4 > bytes.length
  ) {
    return bytes;
  }
  const copy = withHeaderChecksum(bytes);
  const at = IP + header * 4;
  const total = copy[IP + 2]! * 256 + copy[IP + 3]!;
  const end = Math.min(copy.length, IP + total);
  const set = (field: number, start: number) => {
    if (field + 2 <= end) {
      copy[field] = 0;
      copy[field + 1] = 0;
      const sum = 0xffff - sumOf(copy.subarray(at, end), start);
      copy[field] = sum >> 8;
      copy[field + 1] = sum & 255;
    }
  };
  if (copy[IP + 9] === 1) {
    set(at + 2, 0);
  } else if (copy[IP + 9] === 17) {
    const length = Math.max(0, end - at);
    set(at + 6, sumOf(Uint8Array.of(...copy.subarray(IP + 12, IP + 20), 0, 17, length >> 8, length & 255)));
  }
  return copy;
}
