/**
 * IPv6 of VirtualBox's NAT engine from 7.1 on, as libslirp has it: it advertises a prefix of its own, stands for the host and its name
 * server as ::2 and ::3 of it, answers their echoes. UDP and TCP of IPv6 go no further here. Measured on libslirp
 * 4.7; the source is ip6_icmp.c and ip6_input.c, and DrvNATlibslirp.cpp of VirtualBox.
 */
import {
  ALL_NODES_IPV6,
  ipv6FromBigInt,
  isMulticastIpv6,
  UNSPECIFIED_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import { LINK_LOCAL_PREFIX, multicastMac } from '../../../net/ipv6-link-layer';
import { ipv6PrefixContains, type Ipv6Prefix } from '../../../net/ipv6-prefix';
import { macFromNumber, type MacAddress } from '../../../net/mac-address';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import {
  checkIcmpv6,
  finishIcmpv6,
  ICMPV6_MESSAGE_BYTES,
  ICMPV6_TYPE,
  icmpv6Type,
} from '../../../wire/icmpv6';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import {
  checkIpv6,
  hopLimit,
  IPV6_HEADER_BYTES,
  ipv6Destination,
  ipv6PayloadLength,
  ipv6Source,
  nextHeader,
  writeIpv6Header,
} from '../../../wire/ipv6';
import { isNdp, NDP_HOP_LIMIT, ndpBytes, parseNdp, type NdpMessage } from '../../../wire/ndp';
import type { NdpOption } from '../../../wire/ndp-option';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../../stack/linux-policy';

/** Where the engine's frames go and where the guest's end. */
export interface GuestWire {
  send(bytes: Uint8Array): void;
  drop(frame: Frame, reason: DropReason): void;
}

const IP_AT = ETHERNET_HEADER_BYTES;
const MESSAGE_AT = IP_AT + IPV6_HEADER_BYTES;

/** fe80::2, the router. */
const ROUTER = ipv6FromBigInt(LINK_LOCAL_PREFIX.network | 2n);

/** Host parts of the host itself and of its name server (DrvNATlibslirp.cpp). */
const HOST = 2n;
const NAME_SERVER = 3n;

/** ra_timer_handler: an advertisement every 200 to 600 s (NDP_MinRtrAdvInterval, NDP_MaxRtrAdvInterval). */
const SHORTEST_INTERVAL = 200 * SECOND;
const LONGEST_INTERVAL = 600 * SECOND;

/** NDP_AdvDefaultLifetime, NDP_AdvValidLifetime, NDP_AdvPrefLifetime, in seconds. */
const ROUTER_LIFETIME = 1800;
const VALID_LIFETIME = 86_400;
const PREFERRED_LIFETIME = 14_400;

/** Twice NDP_MaxRtrAdvInterval, which is in milliseconds there. */
const NAME_SERVER_LIFETIME = 1_200_000;

/** Every packet of the engine's own (IP_MAXTTL; measured). */
const HOP_LIMIT = 255;

/** Guests whose hardware address is remembered (NDP_TABLE_SIZE). */
const GUESTS = 16;

export class NatIpv6 implements TimerOwner {
  private readonly guests = new Map<Ipv6Address, MacAddress>();
  private readonly timer: Timer;
  private readonly host: Ipv6Address;
  private readonly nameServer: Ipv6Address;

  /** @param hasNameServer whether the host knows a name server by IPv6, which alone makes the engine advertise its own */
  constructor(
    simulator: Simulator,
    private readonly wire: GuestWire,
    private readonly prefix: Ipv6Prefix,
    private readonly hasNameServer: () => boolean,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(simulator, this);
    this.host = ipv6FromBigInt(prefix.network | HOST);
    this.nameServer = ipv6FromBigInt(prefix.network | NAME_SERVER);
  }

  /** The VM is on: the first advertisement comes by itself after a while. */
  start(): void {
    this.timer.arm(SHORTEST_INTERVAL + this.random.fraction() * (LONGEST_INTERVAL - SHORTEST_INTERVAL));
  }

  timerExpired(): void {
    this.advertise();
    this.start();
  }

  receive(frame: Frame): void {
    const reason = this.use(frame.bytes);
    if (reason !== undefined) {
      this.wire.drop(frame, reason);
    }
  }

  private use(bytes: Uint8Array): DropReason | undefined {
    if (checkIpv6(bytes, IP_AT, bytes.length - IP_AT) !== undefined) {
      return 'malformed';
    }
    const destination = ipv6Destination(bytes, IP_AT);
    if (hopLimit(bytes, IP_AT) === 0) {
      return 'ttl-expired';
    }
    if (nextHeader(bytes, IP_AT) !== IP_PROTOCOL.icmpv6) {
      // Multicast listener reports among them: libslirp reads no extension headers.
      return isMulticastIpv6(destination) ? 'multicast-not-joined' : 'nat-not-carried';
    }
    const length = ipv6PayloadLength(bytes, IP_AT);
    const problem = checkIcmpv6(bytes, MESSAGE_AT, length, IP_AT);
    if (problem !== undefined) {
      return problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed';
    }
    const type = icmpv6Type(bytes, MESSAGE_AT);
    if (isNdp(type)) {
      return this.useNeighbourMessage(bytes, length);
    }
    return type === ICMPV6_TYPE.echoRequest ? this.answerEcho(bytes, length) : 'nat-not-carried';
  }

  private useNeighbourMessage(bytes: Uint8Array, length: number): DropReason | undefined {
    const message = parseNdp(bytes, MESSAGE_AT, length);
    if (typeof message === 'string' || hopLimit(bytes, IP_AT) !== NDP_HOP_LIMIT) {
      return 'neighbour-discovery-invalid';
    }
    const source = ipv6Source(bytes, IP_AT);
    this.learn(source, message);
    switch (message.kind) {
      case 'router-solicitation':
        this.advertise();
        return undefined;
      case 'neighbour-solicitation':
        return this.answerSolicitation(message.target, source);
      case 'neighbour-advertisement':
        return undefined;
      case 'router-advertisement':
      case 'redirect':
        return 'neighbour-discovery-ignored';
    }
  }

  private answerSolicitation(target: Ipv6Address, asker: Ipv6Address): DropReason | undefined {
    if (asker === UNSPECIFIED_IPV6 || !this.isOwn(target)) {
      // A guest that tests its own address.
      return 'neighbour-discovery-ignored';
    }
    const mac = macOf(target);
    const message = ndpBytes({
      kind: 'neighbour-advertisement',
      router: true,
      solicited: true,
      override: true,
      target,
      options: [{ kind: 'target-link-layer', mac }],
    });
    this.send(target, asker, message);
    return undefined;
  }

  /** Only for the engine's own addresses: it carries no echo beyond (VirtualBox 7.2 manual, NAT limitations). */
  private answerEcho(bytes: Uint8Array, length: number): DropReason | undefined {
    const destination = ipv6Destination(bytes, IP_AT);
    if (!this.isOwn(destination) || length < ICMPV6_MESSAGE_BYTES) {
      return 'nat-not-carried';
    }
    const message = bytes.slice(MESSAGE_AT, MESSAGE_AT + length);
    message[0] = ICMPV6_TYPE.echoReply;
    this.send(destination, ipv6Source(bytes, IP_AT), message);
    return undefined;
  }

  private advertise(): void {
    const mac = macOf(ROUTER);
    const options: NdpOption[] = [
      { kind: 'source-link-layer', mac },
      {
        kind: 'prefix',
        prefix: this.prefix,
        onLink: true,
        autonomous: true,
        validLifetime: VALID_LIFETIME,
        preferredLifetime: PREFERRED_LIFETIME,
      },
    ];
    if (this.hasNameServer()) {
      options.push({ kind: 'dns-servers', lifetime: NAME_SERVER_LIFETIME, servers: [this.nameServer] });
    }
    const message = ndpBytes({
      kind: 'router-advertisement',
      hopLimit: 64,
      managed: false,
      otherConfiguration: false,
      preference: 'medium',
      lifetime: ROUTER_LIFETIME,
      reachableTime: 0,
      retransmitTime: 0,
      options,
    });
    this.send(ROUTER, ALL_NODES_IPV6, message);
  }

  private send(source: Ipv6Address, destination: Ipv6Address, message: Uint8Array): void {
    const mac = isMulticastIpv6(destination) ? multicastMac(destination) : this.guests.get(destination);
    const bytes = new Uint8Array(MESSAGE_AT + message.length);
    bytes.set(message, MESSAGE_AT);
    writeIpv6Header(bytes, IP_AT, {
      trafficClass: 0,
      flowLabel: 0,
      payloadLength: message.length,
      nextHeader: IP_PROTOCOL.icmpv6,
      hopLimit: HOP_LIMIT,
      source,
      destination,
    });
    finishIcmpv6(bytes, MESSAGE_AT, message.length, IP_AT);
    // The guest asked just now, so it is known; one that hides its hardware address gets its answer as everyone does.
    writeEthernetHeader(bytes, mac ?? multicastMac(ALL_NODES_IPV6), macOf(source), ETHERTYPE.ipv6);
    this.wire.send(bytes);
  }

  /** ndp_table_add: from solicitations and advertisements of guests. */
  private learn(source: Ipv6Address, { options }: NdpMessage): void {
    for (const option of options) {
      const tells = option.kind === 'source-link-layer' || option.kind === 'target-link-layer';
      if (tells && source !== UNSPECIFIED_IPV6) {
        if (this.guests.size >= GUESTS && !this.guests.has(source)) {
          const [oldest = source] = this.guests.keys();
          this.guests.delete(oldest);
        }
        this.guests.set(source, option.mac);
      }
    }
  }

  private isOwn(address: Ipv6Address): boolean {
    const inPrefix = ipv6PrefixContains(this.prefix, address);
    return address === ROUTER || (inPrefix && (address === this.host || address === this.nameServer));
  }
}

/** 52:56 and the last four bytes of the address (in6_compute_ethaddr). */
function macOf(address: Ipv6Address): MacAddress {
  return macFromNumber(0x5256_0000_0000 + Number(address & 0xffff_ffffn));
}
