/** Frames with odd fields that speak of addresses and ports of a network. */
import type { Ipv4Address } from '../../src/net/ipv4-address';
import { parseIpv6, type Ipv6Address } from '../../src/net/ipv6-address';
import { macFromNumber, type MacAddress } from '../../src/net/mac-address';
import type { RandomStream } from '../../src/engine/kernel/random-stream';
import type { NdpMessage } from '../../src/wire/ndp';
import { clientFrame, type MessageName } from '../unit/engine/stack/dhcp/dhcp-frames';
import {
  echoV6,
  icmpv6Frame,
  ipv6Frame,
  ndpFrame,
  udpV6Frame,
  type Ipv6Ends,
} from '../unit/engine/ipv6-packets';
import {
  arpFrame,
  echoFrame,
  errorFrame,
  ipv4Frame,
  tcpFrame,
  udpFrame,
  type Ends,
} from '../unit/engine/packets';

/** Whom frames speak of. */
export interface Vocabulary {
  readonly macs: readonly MacAddress[];
  readonly addresses: readonly Ipv4Address[];
  readonly addresses6: readonly Ipv6Address[];
  readonly ports: readonly number[];
}

const ODD_ADDRESSES = [0, 0xffffffff, 0x7f000001, 0xe0000001, 0xf0000001, 0x0a0002ff] as Ipv4Address[];
const ODD_ADDRESSES_6 = ['::', '::1', 'ff02::1', 'ff02::2', 'ff05::1', 'fe80::1', '::ffff:1.2.3.4'].map(
  text => parseIpv6(text)!,
);
const ODD_MACS = [0, 2 ** 48 - 1, 0x01005e000001, 0x333300000001].map(macFromNumber);
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
const TCP_FLAGS = ['', 'S', 'SA', 'A', 'PA', 'FA', 'R', 'RA', 'SF', 'FPU', 'SRAFPU'];
const EXTENSION_HEADERS = [0, 43, 44, 50, 51, 59, 60, 135];

export class FrameBuilder {
  constructor(
    private readonly random: RandomStream,
    private readonly words: Vocabulary,
  ) {}

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  below(count: number): number {
    return this.random.integer(0, count - 1);
  }

  noise(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  mac(): MacAddress {
    return this.pick(this.below(6) === 0 ? ODD_MACS : this.words.macs);
  }

  built(): Uint8Array {
    return this.words.addresses6.length > 0 && this.below(3) === 0 ? this.ipv6() : this.ipv4();
  }

  private address(): Ipv4Address {
    return this.pick(this.below(6) === 0 ? ODD_ADDRESSES : this.words.addresses);
  }

  private address6(): Ipv6Address {
    return this.pick(this.below(6) === 0 ? ODD_ADDRESSES_6 : this.words.addresses6);
  }

  private ends(): Ends {
    return { fromMac: this.mac(), toMac: this.mac(), from: this.address(), to: this.address() };
  }

  private ends6(): Ipv6Ends {
    return { fromMac: this.mac(), toMac: this.mac(), from: this.address6(), to: this.address6() };
  }

  private port(): number {
    return this.below(4) === 0 ? this.below(65_536) : this.pick(this.words.ports);
  }

  private data(): Uint8Array<ArrayBuffer> {
    return this.noise(this.pick([0, 1, 8, 56, 600, 1472]));
  }

  private ipv4(): Uint8Array {
    const header = {
      timeToLive: this.pick([0, 1, 2, 64, 255]),
      dontFragment: this.below(2) === 0,
      moreFragments: this.below(20) === 0,
      fragmentOffset: this.below(20) === 0 ? 8 * this.below(100) : 0,
    };
    const data = this.data();
    switch (this.below(8)) {
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
        return ipv4Frame(this.ends(), data, {
          ...header,
          protocol: this.pick([2, 6, 41, 47, this.below(256)]),
        });
      case 5:
        return tcpFrame(this.ends(), this.port(), this.port(), this.pick(TCP_FLAGS), {
          ...header,
          sequence: this.pick([0, 1000, 0x7fffffff, 0xffffffff]),
          acknowledgment: this.pick([0, 1000, 0xffffffff]),
          window: this.pick([0, 1, 65_535]),
          data,
        });
      default:
        return udpFrame(this.ends(), this.port(), this.port(), data, header);
    }
  }

  private ipv6(): Uint8Array {
    const ends = this.ends6();
    switch (this.below(7)) {
      case 0:
        return ndpFrame(ends, this.neighbourMessage(), this.pick([255, 255, 64]));
      case 1:
        return icmpv6Frame(
          ends,
          echoV6(this.pick([128, 129]), this.below(20), this.below(5), this.below(1400)),
          {
            hopLimit: this.pick([0, 1, 64, 255]),
          },
        );
      case 2:
        // An error about anything, or any other message.
        return icmpv6Frame(
          ends,
          Uint8Array.of(
            this.pick([1, 2, 3, 4, 100, 130, 131, 132, 133, 134, 137, 143, this.below(256)]),
            this.below(8),
            0,
            0,
            ...this.noise(4),
            ...this.quoted(),
          ),
        );
      case 3:
        return ipv6Frame(ends, Uint8Array.of(...this.extension(), ...this.data()), {
          nextHeader: this.pick(EXTENSION_HEADERS),
        });
      case 4:
        return ipv6Frame(ends, this.data(), { nextHeader: this.pick([6, 17, 58, this.below(256)]) });
      default:
        return udpV6Frame(ends, this.port(), this.port(), this.data());
    }
  }

  private neighbourMessage(): NdpMessage {
    const target = this.address6();
    const link = (kind: 'source-link-layer' | 'target-link-layer') => [{ kind, mac: this.mac() }];
    switch (this.below(4)) {
      case 0:
        return { kind: 'neighbour-solicitation', target, options: link('source-link-layer') };
      case 1:
        return { kind: 'router-solicitation', options: link('source-link-layer') };
      case 2:
        return { kind: 'redirect', target, destination: this.address6(), options: link('target-link-layer') };
      default:
        return {
          kind: 'neighbour-advertisement',
          target,
          router: this.below(2) === 0,
          solicited: this.below(2) === 0,
          override: this.below(2) === 0,
          options: link('target-link-layer'),
        };
    }
  }

  /** The packet that an ICMPv6 error quotes. */
  private quoted(): Uint8Array {
    return udpV6Frame(this.ends6(), this.port(), this.port(), this.data()).slice(
      14,
      14 + this.pick([0, 39, 40, 48, 600]),
    );
  }

  /** One or two extension headers, mostly whole. */
  private extension(): Uint8Array {
    const next = () => this.pick([...EXTENSION_HEADERS, 6, 17, 58]);
    const one = () => Uint8Array.of(next(), this.pick([0, 0, 0, 1, 255]), ...this.noise(6));
    return this.below(2) === 0 ? one() : Uint8Array.of(...one(), ...one());
  }
}
