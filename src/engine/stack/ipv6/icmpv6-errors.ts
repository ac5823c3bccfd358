/** ICMPv6 errors that this node sends (RFC 4443 3), within the rules of RFC 4443 2.4 and at Linux's rate. */
import { isMulticastIpv6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { isGroupMac } from '../../../net/mac-address';
import { destinationMac } from '../../../wire/ethernet';
import {
  finishIcmpv6,
  ICMPV6_MESSAGE_BYTES,
  ICMPV6_TYPE,
  icmpv6Type,
  isIcmpv6Error,
  TIME_EXCEEDED_CODE_V6,
  UNREACHABLE_CODE_V6,
  writeIcmpv6,
} from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import {
  IPV6_HEADER_BYTES,
  ipv6Destination,
  ipv6PayloadLength,
  ipv6Source,
  writeIpv6Address,
} from '../../../wire/ipv6';
import { findUpperLayer } from '../../../wire/ipv6-extension';
import type { Frame } from '../../kernel/frame';
import { IcmpErrorRate } from '../icmp-error-rate';
import type { PacketOptions } from '../ipv4/ip-packet';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { Ipv6ErrorReporter } from './ipv6-layer';
import { IPV6_AT, IPV6_PACKET_HEADER_BYTES } from './ip-packet';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { ReassemblyListener } from './reassembly';

const OPTIONS: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: false };

/** Quoted bytes: what the minimum MTU leaves (RFC 4443 2.4 c). */
const QUOTED_BYTES = LINUX_IPV6.errorBytes - IPV6_HEADER_BYTES - ICMPV6_MESSAGE_BYTES;

export class Icmpv6Errors implements Ipv6ErrorReporter, ReassemblyListener {
  private readonly rate = new IcmpErrorRate();

  constructor(private readonly sender: Ipv6Sender) {}

  noRoute(frame: Frame, on: NetworkInterface): void {
    this.unreachable(frame.bytes, on, UNREACHABLE_CODE_V6.noRoute);
  }

  prohibited(frame: Frame, on: NetworkInterface): void {
    this.unreachable(frame.bytes, on, UNREACHABLE_CODE_V6.prohibited);
  }

  beyondScope(frame: Frame, on: NetworkInterface): void {
    this.unreachable(frame.bytes, on, UNREACHABLE_CODE_V6.beyondScope);
  }

  portUnreachable(frame: Frame, on: NetworkInterface): void {
    this.unreachable(frame.bytes, on, UNREACHABLE_CODE_V6.port);
  }

  /** A firewall refuses the packet (nft `reject`). */
  rejected(bytes: Uint8Array, on: NetworkInterface): void {
    this.unreachable(bytes, on, UNREACHABLE_CODE_V6.port);
  }

  /** The next hop did not answer solicitations. */
  addressUnreachable(bytes: Uint8Array, on: NetworkInterface): void {
    this.unreachable(bytes, on, UNREACHABLE_CODE_V6.address);
  }

  timeExceeded({ bytes }: Frame, on: NetworkInterface): void {
    this.send(bytes, on, ICMPV6_TYPE.timeExceeded, TIME_EXCEEDED_CODE_V6.inTransit, 0, false);
  }

  /** RFC 8200 4.5: only when the beginning of the packet came. */
  incomplete(_frames: readonly Frame[], first: Frame | undefined, on: NetworkInterface): void {
    if (first !== undefined) {
      this.send(first.bytes, on, ICMPV6_TYPE.timeExceeded, TIME_EXCEEDED_CODE_V6.reassembly, 0, false);
    }
  }

  tooBig({ bytes }: Frame, on: NetworkInterface, mtu: number): void {
    this.send(bytes, on, ICMPV6_TYPE.packetTooBig, 0, mtu, true);
  }

  parameterProblem(
    { bytes }: Frame,
    on: NetworkInterface,
    code: number,
    pointer: number,
    evenToGroup: boolean,
  ): void {
    this.send(bytes, on, ICMPV6_TYPE.parameterProblem, code, pointer, evenToGroup);
  }

  private unreachable(bytes: Uint8Array, on: NetworkInterface, code: number): void {
    this.send(bytes, on, ICMPV6_TYPE.destinationUnreachable, code, 0, false);
  }

  /**
   * @param evenToGroup whether packets to groups may be answered too: too big ones, and options that ask for it (RFC 4443 2.4 e.3)
   */
  private send(
    bytes: Uint8Array,
    on: NetworkInterface,
    type: number,
    code: number,
    rest: number,
    evenToGroup: boolean,
  ): void {
    const source = ipv6Source(bytes, IPV6_AT);
    const destination = ipv6Destination(bytes, IPV6_AT);
    const toGroup = isMulticastIpv6(destination) || isGroupMac(destinationMac(bytes));
    if (
      source === UNSPECIFIED_IPV6 ||
      isMulticastIpv6(source) ||
      (toGroup && !evenToGroup) ||
      speaksOfAnother(bytes) ||
      !this.allows(source, type)
    ) {
      return;
    }
    const { interfaces } = this.sender;
    const from = interfaces.isOwnUnicast(destination) ? destination : this.sender.sourceFor(source, on);
    if (from === undefined) {
      return;
    }
    const quoted = Math.min(IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IPV6_AT), QUOTED_BYTES);
    const error = this.sender.allocate(ICMPV6_MESSAGE_BYTES + quoted);
    const at = IPV6_PACKET_HEADER_BYTES;
    writeIcmpv6(error, at, type, code, rest);
    error.set(bytes.subarray(IPV6_AT, IPV6_AT + quoted), at + ICMPV6_MESSAGE_BYTES);
    writeIpv6Address(error, IPV6_AT + 8, from);
    writeIpv6Address(error, IPV6_AT + 24, source);
    finishIcmpv6(error, at, ICMPV6_MESSAGE_BYTES + quoted, IPV6_AT);
    this.sender.send(error, from, source, IP_PROTOCOL.icmpv6, OPTIONS, on);
  }

  /** Linux limits every error but "packet too big" (icmp.ratemask 0-1,3-127), and none to itself (icmpv6_xrlim_allow). */
  private allows(to: Ipv6Address, type: number): boolean {
    if (type === ICMPV6_TYPE.packetTooBig || this.sender.interfaces.isLocal(to)) {
      return true;
    }
    return this.rate.allows(to, this.sender.simulator.now, LINUX_IPV6.errorInterval);
  }
}

/** No error may answer an error or a redirect (RFC 4443 2.4 e.1, e.2); what a later fragment is of does not show (Linux is_ineligible). */
function speaksOfAnother(bytes: Uint8Array): boolean {
  const upper = findUpperLayer(bytes, IPV6_AT, bytes.length);
  if (upper?.protocol !== IP_PROTOCOL.icmpv6 || upper.inLaterFragment) {
    return false;
  }
  const type = icmpv6Type(bytes, upper.at);
  return isIcmpv6Error(type) || type === ICMPV6_TYPE.redirect;
}
