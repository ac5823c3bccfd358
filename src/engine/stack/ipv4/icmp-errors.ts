/** ICMP errors that this machine sends, within the rules of RFC 1122 3.2.2 and RFC 1812 4.3.2 and at Linux's rate. */
import { BROADCAST_IPV4, isMulticastIpv4, type Ipv4Address } from '../../../net/ipv4-address';
import { isGroupMac } from '../../../net/mac-address';
import { destinationMac } from '../../../wire/ethernet';
import {
  ICMP_HEADER_BYTES,
  ICMP_TYPE,
  icmpType,
  isIcmpError,
  REDIRECT_CODE,
  TIME_EXCEEDED_CODE,
  UNREACHABLE_CODE,
  writeIcmpError,
} from '../../../wire/icmp';
import {
  destinationAddress,
  fragmentOffset,
  IP_PROTOCOL,
  IPV4_HEADER_BYTES,
  protocol,
  sourceAddress,
  totalLength,
} from '../../../wire/ipv4';
import type { Frame } from '../../kernel/frame';
import { IcmpErrorRate } from '../icmp-error-rate';
import type { Ipv4Layer } from '../ipv4-layer';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { PacketIdentification } from '../packet-identification';
import { answeredOptions, NO_OPTIONS, optionsEnd } from './answered-options';
import type { ErrorReporter } from './error-reporter';
import type { OptionProblem } from './header-options';
import {
  IP_AT,
  mayBeAnswered,
  PACKET_HEADER_BYTES,
  payloadAt,
  payloadLength,
  type PacketOptions,
} from './ip-packet';
import { hasOptions } from './option-reception';
import type { Redirects } from './redirects';

const ERROR: PacketOptions = {
  timeToLive: LINUX.timeToLive,
  typeOfService: LINUX.icmpErrorTypeOfService,
  dontFragment: false,
};

export class IcmpErrors implements ErrorReporter {
  private readonly rate = new IcmpErrorRate();

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly identification: PacketIdentification,
    private readonly redirects: Redirects,
  ) {}

  protocolUnreachable(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.protocol, 0);
  }

  portUnreachable(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.port, 0);
  }

  parameterProblem(bytes: Uint8Array, on: NetworkInterface, { pointer, optionAt }: OptionProblem): void {
    this.sendError(bytes, on, ICMP_TYPE.parameterProblem, 0, (pointer << 24) >>> 0, optionAt);
  }

  noRoute(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.network, 0);
  }

  /** What a route of this type answers (RFC 1812 5.2.7.1; measured). */
  refused(frame: Frame, on: NetworkInterface, by: 'unreachable' | 'prohibit'): void {
    const { host, communicationProhibited } = UNREACHABLE_CODE;
    const code = by === 'prohibit' ? communicationProhibited : host;
    this.sendError(frame.bytes, on, ICMP_TYPE.destinationUnreachable, code, 0);
  }

  betterGateway(bytes: Uint8Array, on: NetworkInterface, gateway: Ipv4Address): void {
    if (this.redirects.mayTell(sourceAddress(bytes, IP_AT), this.ip.simulator.now)) {
      this.sendError(bytes, on, ICMP_TYPE.redirect, REDIRECT_CODE.host, gateway);
    }
  }

  /** RFC 1122 3.3.2. */
  reassemblyTimedOut(first: Frame, on: NetworkInterface): void {
    this.sendError(first.bytes, on, ICMP_TYPE.timeExceeded, TIME_EXCEEDED_CODE.reassembly, 0);
  }

  timeExceeded(frame: Frame, on: NetworkInterface): void {
    this.sendError(frame.bytes, on, ICMP_TYPE.timeExceeded, TIME_EXCEEDED_CODE.inTransit, 0);
  }

  tooBig(frame: Frame, on: NetworkInterface, mtu: number): void {
    this.sendError(
      frame.bytes,
      on,
      ICMP_TYPE.destinationUnreachable,
      UNREACHABLE_CODE.fragmentationNeeded,
      mtu,
    );
  }

  /** RFC 1122 3.2.2.1: the next hop did not answer ARP. */
  hostUnreachable(bytes: Uint8Array, on: NetworkInterface): void {
    this.sendError(bytes, on, ICMP_TYPE.destinationUnreachable, UNREACHABLE_CODE.host, 0);
  }

  /** Destination unreachable with a code that somebody else chose: a firewall, a NAT. */
  unreachable(bytes: Uint8Array, on: NetworkInterface, code: number): void {
    this.sendError(bytes, on, ICMP_TYPE.destinationUnreachable, code, 0);
  }

  /**
   * Sends an error about a packet unless RFC 1122 3.2.2 or RFC 1812 4.3.2.7 forbids it, or too many went that way just now.
   * @param validUntil where the options of the packet that make sense end
   */
  private sendError(
    bytes: Uint8Array,
    on: NetworkInterface,
    type: number,
    code: number,
    rest: number,
    validUntil = optionsEnd(bytes, IP_AT),
  ): void {
    const { ip } = this;
    const source = sourceAddress(bytes, IP_AT);
    const destination = destinationAddress(bytes, IP_AT);
    if (
      !mayBeAnswered(source) ||
      destination === BROADCAST_IPV4 ||
      isMulticastIpv4(destination) ||
      on.isDirectedBroadcast(destination) ||
      isGroupMac(destinationMac(bytes)) ||
      fragmentOffset(bytes, IP_AT) !== 0 ||
      this.isError(bytes) ||
      // Linux counts no errors to itself (icmpv4_xrlim_allow: no limit on the loopback device).
      (this.isRateLimited(type, code) && !ip.isLocal(source) && !this.rate.allows(source, ip.simulator.now))
    ) {
      return;
    }
    const route = ip.routes.lookup(source);
    const own = ip.isLocal(destination) ? destination : route && ip.sender.sourceFor(route);
    const from = ip.isLocal(source) ? source : own;
    if (from === undefined) {
      return;
    }
    const headerOptions = hasOptions(bytes)
      ? answeredOptions(bytes, IP_AT, validUntil, { ...ip.options.placeFor(bytes), address: from })
      : NO_OPTIONS;
    if (headerOptions === undefined) {
      return;
    }
    const room = LINUX.icmpErrorBytes - IPV4_HEADER_BYTES - headerOptions.length - ICMP_HEADER_BYTES;
    const length = Math.min(totalLength(bytes, IP_AT), room);
    const quoted = bytes.subarray(IP_AT, IP_AT + length);
    const at = PACKET_HEADER_BYTES + headerOptions.length;
    const error = new Uint8Array(at + ICMP_HEADER_BYTES + quoted.length);
    writeIcmpError(error, at, type, code, rest, quoted);
    const id = this.identification.next(source, IP_PROTOCOL.icmp);
    const options = headerOptions.length === 0 ? ERROR : { ...ERROR, headerOptions };
    ip.sender.send(error, from, source, IP_PROTOCOL.icmp, options, id, route);
  }

  /** net.ipv4.icmp_ratemask is 6168; path MTU discovery is never held back (Linux `icmpv4_mask_allow`). */
  private isRateLimited(type: number, code: number): boolean {
    return (
      type !== ICMP_TYPE.redirect &&
      !(type === ICMP_TYPE.destinationUnreachable && code === UNREACHABLE_CODE.fragmentationNeeded)
    );
  }

  private isError(bytes: Uint8Array): boolean {
    return (
      protocol(bytes, IP_AT) === IP_PROTOCOL.icmp &&
      payloadLength(bytes) > 0 &&
      isIcmpError(icmpType(bytes, payloadAt(bytes)))
    );
  }
}
