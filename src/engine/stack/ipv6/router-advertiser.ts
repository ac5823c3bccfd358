/** A router's side of router discovery (RFC 4861 6.2) as radvd 2.19 has it, with its defaults; measured in a network namespace. */
import { ALL_NODES_IPV6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import type { Ipv6Prefix } from '../../../net/ipv6-prefix';
import { NDP_HOP_LIMIT, ndpBytes, type RouterSolicitation } from '../../../wire/ndp';
import type { NdpOption } from '../../../wire/ndp-option';
import type { DropReason } from '../../kernel/drop-reason';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Packet } from './ipv6-layer';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import type { NeighbourCache } from './neighbour-cache';
import { linkLayerOf } from './neighbour-discovery';

/** What is advertised. Lifetimes in seconds. */
export interface AdvertisementContent {
  readonly prefixes: readonly Ipv6Prefix[];
  readonly lifetime: number;
  readonly nameServers: readonly Ipv6Address[];
  readonly otherConfiguration: boolean;
  /** Search domains that DHCPv6 clients are told. */
  readonly domains?: readonly string[];
  /** radvd's AdvValidLifetime and AdvPreferredLifetime where absent. */
  readonly validLifetime?: number;
  readonly preferredLifetime?: number;
  /** How long name servers hold; radvd's AdvRDNSSLifetime where absent. */
  readonly nameServerLifetime?: number;
}

/** MinRtrAdvInterval and MaxRtrAdvInterval (RFC 4861 6.2.1; radvd.conf(5)). */
const SHORTEST_INTERVAL = 200 * SECOND;
const LONGEST_INTERVAL = 600 * SECOND;

/** MAX_INITIAL_RTR_ADVERTISEMENTS come at most MAX_INITIAL_RTR_ADVERT_INTERVAL apart (RFC 4861 10); answers count (measured). */
const INITIAL_ADVERTISEMENTS = 3;
const INITIAL_INTERVAL = 16 * SECOND;

/** AdvValidLifetime, AdvPreferredLifetime (radvd.conf(5)). */
const VALID_LIFETIME = 86_400;
const PREFERRED_LIFETIME = 14_400;

/** AdvRDNSSLifetime: MaxRtrAdvInterval (radvd.conf(5); measured). */
const NAME_SERVER_LIFETIME = 600;

export class RouterAdvertiser implements TimerOwner {
  private readonly timer: Timer;
  private sent = 0;

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly side: Ipv6Interface,
    private readonly cache: NeighbourCache | undefined,
    private readonly content: AdvertisementContent,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(sender.simulator, this);
  }

  /** The link-local address is there: advertises at once, and then again and again. */
  start(): void {
    this.sent = 0;
    this.timerExpired();
  }

  stop(): void {
    this.timer.cancel();
  }

  timerExpired(): void {
    this.advertise(ALL_NODES_IPV6);
    const interval = SHORTEST_INTERVAL + this.random.fraction() * (LONGEST_INTERVAL - SHORTEST_INTERVAL);
    this.timer.arm(this.sent < INITIAL_ADVERTISEMENTS ? Math.min(INITIAL_INTERVAL, interval) : interval);
  }

  /** A host asks (RFC 4861 6.2.6): it alone is answered, at once (AdvRASolicitedUnicast is on; measured). */
  receiveSolicitation(message: RouterSolicitation, packet: Ipv6Packet): DropReason | undefined {
    const mac = linkLayerOf(message, 'source-link-layer');
    if (packet.source === UNSPECIFIED_IPV6) {
      if (mac !== undefined) {
        return 'neighbour-discovery-invalid';
      }
      this.advertise(ALL_NODES_IPV6);
      return undefined;
    }
    if (mac !== undefined) {
      this.cache?.heard(packet.source, mac, false);
    }
    this.advertise(packet.source);
    return undefined;
  }

  private advertise(destination: Ipv6Address): void {
    const { side, content } = this;
    const source = side.linkLocal;
    if (source === undefined) {
      return;
    }
    this.sent++;
    const message = ndpBytes({
      kind: 'router-advertisement',
      hopLimit: LINUX_IPV6.hopLimit,
      managed: false,
      otherConfiguration: content.otherConfiguration,
      preference: 'medium',
      lifetime: content.lifetime,
      reachableTime: 0,
      retransmitTime: 0,
      options: this.options(),
    });
    this.sender.sendControl(side.on, source, destination, message, NDP_HOP_LIMIT, { labelled: true });
  }

  private options(): NdpOption[] {
    const { content, side } = this;
    const prefixes = content.prefixes.map((prefix): NdpOption => ({
      kind: 'prefix',
      prefix,
      onLink: true,
      autonomous: true,
      validLifetime: content.validLifetime ?? VALID_LIFETIME,
      preferredLifetime: content.preferredLifetime ?? PREFERRED_LIFETIME,
    }));
    const servers: NdpOption = {
      kind: 'dns-servers',
      lifetime: content.nameServerLifetime ?? NAME_SERVER_LIFETIME,
      servers: content.nameServers,
    };
    return [
      ...prefixes,
      ...(content.nameServers.length > 0 ? [servers] : []),
      { kind: 'source-link-layer', mac: side.on.mac },
    ];
  }
}
