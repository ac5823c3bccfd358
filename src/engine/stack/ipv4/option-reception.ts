/** Packets with options as they come in (Linux `ip_rcv_options`): read, written into, or refused. */
import { isMulticastIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { destinationAddress, headerLength, IPV4_HEADER_BYTES, sourceAddress } from '../../../wire/ipv4';
import type { Frame } from '../../kernel/frame';
import type { NetworkInterface } from '../network-interface';
import type { ErrorReporter } from './error-reporter';
import { readHeaderOptions, type OptionPlace } from './header-options';
import { IP_AT } from './ip-packet';
import type { Ipv4Sender } from './ipv4-sender';
import type { LocalAddresses } from './local-addresses';
import { millisecondsOfDay } from './time-of-day';

/** A packet whose options were read. */
export interface ReceivedPacket {
  readonly frame: Frame;
  /** Where the address of the way out is to be written, should it be passed on. */
  readonly recordedAt: number | undefined;
}

/** Whether a valid packet has options, or at least room for them. */
export function hasOptions(bytes: Uint8Array): boolean {
  return headerLength(bytes, IP_AT) > IPV4_HEADER_BYTES;
}

export class OptionReception {
  constructor(
    private readonly sender: Ipv4Sender,
    private readonly local: LocalAddresses,
  ) {}

  /** Reads the options of a packet from outside; undefined, with the reason recorded and its sender told, when they stop it. */
  receive(frame: Frame, on: NetworkInterface, errors: ErrorReporter | undefined): ReceivedPacket | undefined {
    const { simulator } = this.sender;
    const bytes = simulator.pool.copy(frame.bytes);
    const read = readHeaderOptions(bytes, IP_AT, this.placeFor(bytes));
    if ('pointer' in read) {
      on.drop(frame, 'ip-options-malformed');
      errors?.parameterProblem(bytes, on, read);
      return undefined;
    }
    if (read.sourceRoute) {
      // net.ipv4.conf.all.accept_source_route is 0, and nobody is told (RFC 7126 4.3).
      on.drop(frame, 'source-route-refused');
      return undefined;
    }
    return { frame: read.changed ? simulator.frame(bytes) : frame, recordedAt: read.recordedAt };
  }

  /** What the options of a packet that is here get to know of this machine (Linux `fib_compute_spec_dst`). */
  placeFor(bytes: Uint8Array): OptionPlace {
    const { simulator, routes } = this.sender;
    const destination = destinationAddress(bytes, IP_AT);
    const back = this.local.has(destination) ? undefined : routes.lookup(sourceAddress(bytes, IP_AT));
    return {
      address: back === undefined ? destination : (this.sender.sourceFor(back) ?? UNSPECIFIED_IPV4),
      time: millisecondsOfDay(simulator.now),
      isOwn: address => this.isOwn(address),
    };
  }

  /** Whether the address is no other machine's (Linux `inet_addr_type`, not RTN_UNICAST). */
  private isOwn(address: Ipv4Address): boolean {
    return this.local.has(address) || this.local.isBroadcast(address) || isMulticastIpv4(address);
  }
}
