/**
 * A station made of lwIP, as VirtualBox's network services are (lwipopts.h and lwIP's etharp.c, icmp.c, ip4.c): it answers ARP and ping,
 * refuses what nobody serves, and sends with a time to live of 255 under one identification counter.
 */
import { BROADCAST_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import type { MacAddress } from '../../../net/mac-address';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, etherType } from '../../../wire/ethernet';
import { checkIcmp, ICMP_TYPE, icmpType, setIcmpType, UNREACHABLE_CODE } from '../../../wire/icmp';
import {
  checkIpv4,
  destinationAddress,
  dontFragment,
  identification,
  IP_PROTOCOL,
  isFragment,
  protocol,
  sourceAddress,
  typeOfService,
} from '../../../wire/ipv4';
import { checkUdp, destinationPort } from '../../../wire/udp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength } from '../../stack/ipv4/ip-packet';
import { sendGuestError } from './guest-errors';
import { GuestLink, type LinkIdentity } from './guest-link';

/** lwIP's IP_DEFAULT_TTL and ICMP_TTL. */
export const LWIP_TIME_TO_LIVE = 255;

/** lwIP's ICMP errors quote the header and 8 bytes (icmp.c, ICMP_DEST_UNREACH_DATASIZE), at type of service 0. */
export const LWIP_ERRORS = { quotedPayloadBytes: 8, precedence: false, keepsDontFragment: false } as const;

/** The length of lwIP's ARP replies: no padding. */
export const LWIP_ARP_BYTES = 42;

export function lwipIdentity(mac: MacAddress, own: readonly [Ipv4Address, ...Ipv4Address[]]): LinkIdentity {
  return {
    address: own[0],
    answersFor: address => own.includes(address),
    macOf: () => mac,
    arpReplyBytes: LWIP_ARP_BYTES,
    learnsFromAll: false,
    errors: LWIP_ERRORS,
  };
}

export class LwipStation {
  private readonly link: GuestLink;

  /** @param own its addresses; it asks from the first */
  constructor(
    simulator: Simulator,
    mac: MacAddress,
    private readonly own: readonly [Ipv4Address, ...Ipv4Address[]],
  ) {
    this.link = new GuestLink(simulator, lwipIdentity(mac, own));
  }

  set port(port: Port) {
    this.link.port = port;
  }

  drop(frame: Frame, reason: DropReason): void {
    this.link.drop(frame, reason);
  }

  /** Takes a frame; a valid datagram for this station is the caller's, who learns its port. */
  receive(frame: Frame): { readonly port: number } | undefined {
    if (frame.bytes.length < ETHERNET_HEADER_BYTES) {
      this.drop(frame, 'malformed');
      return undefined;
    }
    switch (etherType(frame.bytes)) {
      case ETHERTYPE.arp:
        this.link.receiveArp(frame);
        return undefined;
      case ETHERTYPE.ipv4:
        return this.receivePacket(frame);
      default:
        this.drop(frame, 'ethertype-unknown');
        return undefined;
    }
  }

  /** Says that nobody serves the port of a datagram. */
  refuse(frame: Frame): void {
    this.drop(frame, 'port-unreachable');
    this.reportUnreachable(frame, UNREACHABLE_CODE.port);
  }

  /** Completes and sends a packet whose payload is in place. */
  send(
    bytes: Uint8Array,
    protocolNumber: number,
    source: Ipv4Address,
    destination: Ipv4Address,
    mac?: MacAddress,
  ): void {
    this.link.sendPacket(
      bytes,
      {
        dontFragment: false,
        timeToLive: LWIP_TIME_TO_LIVE,
        typeOfService: 0,
        protocol: protocolNumber,
        source,
        destination,
      },
      mac,
    );
  }

  private receivePacket(frame: Frame): { readonly port: number } | undefined {
    const { bytes } = frame;
    const problem = checkIpv4(bytes, IP_AT, bytes.length - IP_AT);
    if (problem !== undefined) {
      this.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return undefined;
    }
    const destination = destinationAddress(bytes, IP_AT);
    if (!this.own.includes(destination) && destination !== BROADCAST_IPV4) {
      this.drop(frame, 'forwarding-off');
      return undefined;
    }
    if (isFragment(bytes, IP_AT)) {
      this.drop(frame, 'fragment-unsupported');
      return undefined;
    }
    switch (protocol(bytes, IP_AT)) {
      case IP_PROTOCOL.udp:
        return this.receiveDatagram(frame);
      case IP_PROTOCOL.icmp:
        this.receiveIcmp(frame);
        return undefined;
      default:
        this.drop(frame, 'protocol-unreachable');
        this.reportUnreachable(frame, UNREACHABLE_CODE.protocol);
        return undefined;
    }
  }

  private receiveDatagram(frame: Frame): { readonly port: number } | undefined {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const source = sourceAddress(bytes, IP_AT);
    const problem = checkUdp(bytes, at, payloadLength(bytes), source, destinationAddress(bytes, IP_AT));
    if (problem !== undefined) {
      this.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return undefined;
    }
    return { port: destinationPort(bytes, at) };
  }

  private receiveIcmp(frame: Frame): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const problem = checkIcmp(bytes, at, payloadLength(bytes));
    if (problem !== undefined) {
      this.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
    } else if (destinationAddress(bytes, IP_AT) === BROADCAST_IPV4) {
      this.drop(frame, 'broadcast-ignored');
    } else if (icmpType(bytes, at) === ICMP_TYPE.echoRequest) {
      this.reflect(bytes);
    } else {
      this.drop(frame, 'no-such-request');
    }
  }

  /** lwIP turns the request around in its own buffer: identification, type of service and DF stay (icmp.c, icmp_input). */
  private reflect(request: Uint8Array): void {
    const at = payloadAt(request);
    const reply = new Uint8Array(PACKET_HEADER_BYTES + payloadLength(request));
    reply.set(request.subarray(at, at + payloadLength(request)), PACKET_HEADER_BYTES);
    setIcmpType(reply, PACKET_HEADER_BYTES, ICMP_TYPE.echoReply, 0);
    this.link.sendPacket(
      reply,
      {
        dontFragment: dontFragment(request, IP_AT),
        timeToLive: LWIP_TIME_TO_LIVE,
        typeOfService: typeOfService(request, IP_AT),
        protocol: IP_PROTOCOL.icmp,
        source: destinationAddress(request, IP_AT),
        destination: sourceAddress(request, IP_AT),
      },
      undefined,
      identification(request, IP_AT),
    );
  }

  private reportUnreachable(frame: Frame, code: number): void {
    if (destinationAddress(frame.bytes, IP_AT) !== BROADCAST_IPV4) {
      sendGuestError(this.link, frame.bytes, this.own[0], ICMP_TYPE.destinationUnreachable, code);
    }
  }
}
