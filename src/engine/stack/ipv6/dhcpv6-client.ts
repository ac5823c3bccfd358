/** A client of stateless DHCPv6 (RFC 8415 18.2.6): asks for name servers when a router says that there is more to know. */
import { parseIpv6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import {
  DHCPV6_MESSAGE,
  DHCPV6_OPTION,
  DHCPV6_PORT,
  dhcpv6Bytes,
  elapsedTime,
  findDhcpv6Option,
  linkLayerDuid,
  optionRequest,
  parseDhcpv6,
  readDomainList,
  readNameServers,
  readRefreshTime,
} from '../../../wire/dhcpv6';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { MILLISECOND, SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { UdpLayer, UdpSocket } from '../udp-layer';
import type { AdvertisedNames } from './router-discovery';

/** All_DHCP_Relay_Agents_and_Servers (RFC 8415 7.1). */
export const DHCPV6_SERVERS = parseIpv6('ff02::1:2') ?? UNSPECIFIED_IPV6;

/** INF_MAX_DELAY, INF_TIMEOUT and INF_MAX_RT (RFC 8415 7.6). */
const MAXIMUM_DELAY = SECOND;
const TIMEOUT = SECOND;
const MAXIMUM_TIMEOUT = 3600 * SECOND;

/** IRT_DEFAULT and IRT_MINIMUM in seconds (RFC 8415 7.6). */
const REFRESH_TIME = 86_400;
const MINIMUM_REFRESH_TIME = 600;

/** Hears what a server said. */
export type NamesHandler = (names: AdvertisedNames, on: NetworkInterface) => void;

export class Dhcpv6Client {
  private socket: UdpSocket<Ipv6Address> | undefined;
  private readonly exchanges = new Map<NetworkInterface, Exchange>();

  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
    private readonly names: NamesHandler,
    private readonly random: RandomStream,
  ) {}

  /** Begins to ask on this interface, unless it does so already. */
  start(on: NetworkInterface): void {
    this.socket ??= this.udp.openIpv6(DHCPV6_PORT.client, this);
    if (this.socket !== undefined && !this.exchanges.has(on)) {
      const exchange = new Exchange(this.simulator, this.socket, on, this.random);
      this.exchanges.set(on, exchange);
      exchange.begin();
    }
  }

  /** The interface went down: what it was told holds no more. */
  stop(on: NetworkInterface): void {
    this.exchanges.get(on)?.end();
    this.exchanges.delete(on);
  }

  datagram(
    data: Uint8Array,
    _from: Ipv6Address,
    _fromPort: number,
    _to: Ipv6Address,
    on: NetworkInterface,
  ): void {
    const names = this.exchanges.get(on)?.receive(data);
    if (names !== undefined) {
      this.names(names, on);
    }
  }
}

/** Questions and answers on one interface. */
class Exchange implements TimerOwner {
  private readonly timer: Timer;
  private transaction = 0;
  /** When the first message of this exchange went out; undefined before. */
  private since: number | undefined;
  /** ns until the next try; 0 once there is an answer. */
  private timeout = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly socket: UdpSocket<Ipv6Address>,
    private readonly on: NetworkInterface,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(simulator, this);
  }

  begin(): void {
    this.since = undefined;
    this.timeout = 0;
    this.transaction = this.random.integer(0, 0xff_ffff);
    this.timer.arm(this.random.fraction() * MAXIMUM_DELAY);
  }

  end(): void {
    this.timer.cancel();
  }

  timerExpired(): void {
    this.since ??= this.simulator.now;
    const hundredths = Math.floor((this.simulator.now - this.since) / (10 * MILLISECOND));
    const message = dhcpv6Bytes({
      type: DHCPV6_MESSAGE.informationRequest,
      transaction: this.transaction,
      options: [
        { code: DHCPV6_OPTION.clientIdentifier, data: linkLayerDuid(this.on.mac) },
        optionRequest([
          DHCPV6_OPTION.nameServers,
          DHCPV6_OPTION.domainList,
          DHCPV6_OPTION.informationRefreshTime,
        ]),
        elapsedTime(hundredths),
      ],
    });
    this.socket.send(message, DHCPV6_SERVERS, DHCPV6_PORT.server, undefined, this.on);
    // RFC 8415 15: the first timeout, then twice the last one, each a tenth more or less.
    const next = this.timeout === 0 ? TIMEOUT : this.timeout * 2;
    this.timeout = Math.min(next, MAXIMUM_TIMEOUT) * (0.9 + 0.2 * this.random.fraction());
    this.timer.arm(this.timeout);
  }

  /** What an answer to this question says; undefined for anything else. */
  receive(data: Uint8Array): AdvertisedNames | undefined {
    const message = parseDhcpv6(data, 0, data.length);
    if (
      typeof message === 'string' ||
      message.type !== DHCPV6_MESSAGE.reply ||
      message.transaction !== this.transaction ||
      this.timeout === 0 ||
      findDhcpv6Option(message, DHCPV6_OPTION.serverIdentifier) === undefined
    ) {
      return undefined;
    }
    const refresh = Math.max(MINIMUM_REFRESH_TIME, readRefreshTime(message) ?? REFRESH_TIME) * SECOND;
    this.begin();
    this.timer.arm(refresh);
    // What is told holds a little longer than until the next answer.
    const until = this.simulator.now + refresh + 2 * MAXIMUM_DELAY;
    return {
      servers: readNameServers(message).map(address => ({ address, until })),
      domains: readDomainList(message).map(name => ({ name, until })),
    };
  }
}
