/** Where the headers lie that a capture filter looks at. */
import { readUint16 } from '../../wire/bytes';
import { ETHERTYPE, ETHERTYPE_MINIMUM } from '../../wire/ethernet';
import { LINK_TYPE } from '../link-type';

const HEADER = 14;
const TAG = 4;
const IPV6_HEADER = 40;
const IPV6_FRAGMENT = 44;

export class FrameView {
  /** Whether it has an Ethernet header, at 0. */
  readonly isEthernet: boolean;
  /** Of its outer tag; undefined without one. */
  readonly vlan: number | undefined;
  /** EtherType behind the outer tag, which the kernel has taken off before a filter sees the frame; below 0x600 a length. */
  readonly type: number;
  readonly networkAt: number;

  constructor(
    readonly bytes: Uint8Array,
    linkType: number,
    readonly direction: 'in' | 'out' | undefined,
  ) {
    this.isEthernet = linkType === LINK_TYPE.ethernet;
    if (!this.isEthernet) {
      this.type = (bytes[0] ?? 0) >>> 4 === 6 ? ETHERTYPE.ipv6 : ETHERTYPE.ipv4;
      this.networkAt = 0;
      this.vlan = undefined;
      return;
    }
    const type = bytes.length < HEADER ? 0 : readUint16(bytes, 12);
    const isTagged =
      (type === ETHERTYPE.vlan || type === ETHERTYPE.serviceVlan) && bytes.length >= HEADER + TAG;
    this.vlan = isTagged ? readUint16(bytes, HEADER) & 0x0fff : undefined;
    this.type = isTagged ? readUint16(bytes, HEADER + 2) : type;
    this.networkAt = HEADER + (isTagged ? TAG : 0);
  }

  get isIpv4(): boolean {
    return this.type === ETHERTYPE.ipv4;
  }

  get isIpv6(): boolean {
    return this.type === ETHERTYPE.ipv6;
  }

  get isLlc(): boolean {
    return this.isEthernet && this.type < ETHERTYPE_MINIMUM;
  }

  /** What IP says that it carries; -1 for no IP. Of IPv6 only a fragment's header is looked behind, as libpcap does. */
  get protocol(): number {
    const { bytes, networkAt } = this;
    if (this.isIpv4) {
      return bytes[networkAt + 9] ?? -1;
    }
    if (!this.isIpv6) {
      return -1;
    }
    const next = bytes[networkAt + 6] ?? -1;
    return next === IPV6_FRAGMENT ? (bytes[networkAt + IPV6_HEADER] ?? -1) : next;
  }

  /** Where the transport's header is; -1 where there is none: in a later fragment. */
  get transportAt(): number {
    const { bytes, networkAt } = this;
    if (this.isIpv6) {
      return bytes[networkAt + 6] === IPV6_FRAGMENT ? -1 : networkAt + IPV6_HEADER;
    }
    if (!this.isIpv4 || bytes.length < networkAt + 8) {
      return -1;
    }
    const isLater = (readUint16(bytes, networkAt + 6) & 0x1fff) !== 0;
    return isLater ? -1 : networkAt + ((bytes[networkAt] ?? 0) & 15) * 4;
  }
}

/** Thrown where a filter looks behind the end of a packet: the packet does not match then, whatever else is asked (BPF). */
export class OutOfPacket extends Error {}

/** An unsigned number of 1, 2 or 4 bytes. */
export function load({ bytes }: FrameView, at: number, size: number): number {
  if (at < 0 || at + size > bytes.length) {
    throw new OutOfPacket();
  }
  let value = 0;
  for (let index = 0; index < size; index++) {
    value = value * 256 + (bytes[at + index] ?? 0);
  }
  return value;
}
