/** Answers to the questions of ICMP (RFC 792, RFC 1122 3.2.2.6 and 3.2.2.8): echo and timestamp. */
import {
  ICMP_HEADER_BYTES,
  ICMP_TYPE,
  setIcmpType,
  TIMESTAMP_BYTES,
  writeTimestampReply,
} from '../../../wire/icmp';
import { destinationAddress, IP_PROTOCOL, sourceAddress } from '../../../wire/ipv4';
import type { Frame } from '../../kernel/frame';
import type { Ipv4Layer } from '../ipv4-layer';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { PacketIdentification } from '../packet-identification';
import { answeredOptions, NO_OPTIONS, optionsEnd } from './answered-options';
import { IP_AT, mayBeAnswered, PACKET_HEADER_BYTES, payloadLength, type PacketOptions } from './ip-packet';
import { hasOptions } from './option-reception';
import { millisecondsOfDay } from './time-of-day';

const REPLY: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: false };

export class IcmpReplies {
  constructor(
    private readonly ip: Ipv4Layer,
    private readonly identification: PacketIdentification,
  ) {}

  echo(request: Frame, on: NetworkInterface, at: number): void {
    const length = payloadLength(request.bytes);
    if (!this.mayAnswer(request, on)) {
      return;
    }
    const headerOptions = this.optionsFor(request);
    if (headerOptions !== undefined) {
      const { bytes } = request;
      const message = PACKET_HEADER_BYTES + headerOptions.length;
      const reply = this.ip.simulator.pool.allocate(message + length);
      reply.set(bytes.subarray(at, at + length), message);
      setIcmpType(reply, message, ICMP_TYPE.echoReply, 0);
      this.send(reply, request, headerOptions);
    }
  }

  timestamp(request: Frame, on: NetworkInterface, at: number): void {
    // Linux asks for the time of the sender and for nothing behind it (icmp_timestamp).
    if (payloadLength(request.bytes) < ICMP_HEADER_BYTES + TIMESTAMP_BYTES) {
      on.drop(request, 'malformed');
      return;
    }
    if (!this.mayAnswer(request, on)) {
      return;
    }
    const headerOptions = this.optionsFor(request);
    if (headerOptions !== undefined) {
      const { pool, now } = this.ip.simulator;
      const message = PACKET_HEADER_BYTES + headerOptions.length;
      const reply = pool.allocate(message + ICMP_HEADER_BYTES + 3 * TIMESTAMP_BYTES);
      reply.set(request.bytes.subarray(at, at + ICMP_HEADER_BYTES + TIMESTAMP_BYTES), message);
      writeTimestampReply(reply, message, millisecondsOfDay(now));
      this.send(reply, request, headerOptions);
    }
  }

  /** Whether it was this machine that was asked, and not everybody, by one who can be answered; the reason is recorded where not. */
  private mayAnswer(request: Frame, on: NetworkInterface): boolean {
    if (!this.ip.isLocal(destinationAddress(request.bytes, IP_AT))) {
      // net.ipv4.icmp_echo_ignore_broadcasts is 1.
      on.drop(request, 'broadcast-ignored');
      return false;
    }
    if (!mayBeAnswered(sourceAddress(request.bytes, IP_AT))) {
      on.drop(request, 'source-invalid');
      return false;
    }
    return true;
  }

  /** Undefined when the options of the request forbid an answer. */
  private optionsFor({ bytes }: Frame): Uint8Array | undefined {
    return hasOptions(bytes)
      ? answeredOptions(bytes, IP_AT, optionsEnd(bytes, IP_AT), this.ip.options.placeFor(bytes))
      : NO_OPTIONS;
  }

  private send(reply: Uint8Array, request: Frame, headerOptions: Uint8Array): void {
    const { ip } = this;
    const to = sourceAddress(request.bytes, IP_AT);
    const from = destinationAddress(request.bytes, IP_AT);
    const id = this.identification.next(to, IP_PROTOCOL.icmp);
    const options = headerOptions.length === 0 ? REPLY : { ...REPLY, headerOptions };
    ip.sender.send(reply, from, to, IP_PROTOCOL.icmp, options, id, ip.routes.lookup(to));
  }
}
