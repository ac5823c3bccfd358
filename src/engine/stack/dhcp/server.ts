/** A DHCP server as dnsmasq serves one network (RFC 2131 4.3; options and their order measured on dnsmasq 2.90, run with --no-ping). */
import { BROADCAST_IPV4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { lastAddressOf, maskOf, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import { BROADCAST_MAC, type MacAddress } from '../../../net/mac-address';
import { DHCP_OPERATION, emitDhcp, parseDhcp, type DhcpMessage } from '../../../wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  DHCP_OPTION,
  messageTypeOption,
  readAddress,
  readMessageType,
  readText,
  secondsOption,
  textOption,
  type DhcpOption,
} from '../../../wire/dhcp-option';
import { ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { IP_PROTOCOL, writeIpv4Header } from '../../../wire/ipv4';
import { UDP_PORT, writeUdp } from '../../../wire/udp';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT, PACKET_HEADER_BYTES } from '../ipv4-layer';
import { LINUX, SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import { DATAGRAM_HEADER_BYTES, type DatagramReceiver, type UdpLayer, type UdpSocket } from '../udp-layer';
import { ServerLeases } from './server-leases';

/** What one network is given. */
export interface DhcpScope {
  readonly on: NetworkInterface;
  readonly subnet: Ipv4Prefix;
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
  readonly leaseSeconds: number;
  readonly router: Ipv4Address | undefined;
  readonly nameServers: readonly Ipv4Address[];
  readonly domain: string | undefined;
}

/** How long an offered address is kept for the client, in ns (dnsmasq: one minute). */
const OFFER_LIFETIME = 60 * SECOND;

/** Type of service of dnsmasq's answers (measured 0xc0). */
const TYPE_OF_SERVICE = 0xc0;

export class DhcpServer implements DatagramReceiver {
  private readonly scopes = new Map<NetworkInterface, { scope: DhcpScope; leases: ServerLeases }>();
  private socket: UdpSocket | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
  ) {}

  /** Begins to serve a network. */
  serve(scope: DhcpScope): void {
    this.socket ??= this.udp.open(UDP_PORT.dhcpServer, this);
    const reserved = new Set(scope.on.addresses.map(({ address }) => address));
    this.scopes.set(scope.on, { scope, leases: new ServerLeases(scope.first, scope.last, reserved) });
  }

  leasesOn(on: NetworkInterface): ServerLeases | undefined {
    return this.scopes.get(on)?.leases;
  }

  datagram(
    data: Uint8Array,
    _from: Ipv4Address,
    _port: number,
    _to: Ipv4Address,
    on: NetworkInterface,
  ): void {
    const served = this.scopes.get(on);
    const message = parseDhcp(data, 0, data.length);
    if (served === undefined || typeof message === 'string' || message.operation !== DHCP_OPERATION.request) {
      return;
    }
    const { scope, leases } = served;
    switch (readMessageType(message)) {
      case DHCP_MESSAGE_TYPE.discover:
        this.offer(message, scope, leases);
        return;
      case DHCP_MESSAGE_TYPE.request:
        this.grant(message, scope, leases);
        return;
      case DHCP_MESSAGE_TYPE.release:
        leases.release(message.clientMac);
        return;
      default:
        return;
    }
  }

  private offer(message: DhcpMessage, scope: DhcpScope, leases: ServerLeases): void {
    const { now } = this.simulator;
    const mac = message.clientMac;
    const address = leases.choose(mac, readAddress(message, DHCP_OPTION.requestedAddress), now);
    if (address === undefined) {
      return;
    }
    const known = leases.of(mac);
    if (known?.address !== address || known.expiresAt <= now) {
      leases.hold({ mac, address, expiresAt: now + OFFER_LIFETIME, hostName: undefined });
    }
    this.reply(message, scope, DHCP_MESSAGE_TYPE.offer, address);
  }

  private grant(message: DhcpMessage, scope: DhcpScope, leases: ServerLeases): void {
    const { now } = this.simulator;
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    if (server !== undefined && server !== scope.on.primaryAddress) {
      // The client chose another server: its offer is free again (RFC 2131 4.3.2).
      leases.release(message.clientMac);
      return;
    }
    const address = readAddress(message, DHCP_OPTION.requestedAddress) ?? message.clientAddress;
    if (address === UNSPECIFIED_IPV4 || !leases.mayHave(message.clientMac, address, now)) {
      this.refuse(message, scope);
      return;
    }
    const hostName = readText(message, DHCP_OPTION.hostName);
    const expiresAt = now + scope.leaseSeconds * SECOND;
    leases.hold({ mac: message.clientMac, address, expiresAt, hostName });
    this.reply(message, scope, DHCP_MESSAGE_TYPE.ack, address);
  }

  private reply(message: DhcpMessage, scope: DhcpScope, type: number, address: Ipv4Address): void {
    const own = scope.on.primaryAddress;
    if (own === undefined) {
      return;
    }
    const { leaseSeconds, router, nameServers, domain } = scope;
    const options: DhcpOption[] = [
      messageTypeOption(type),
      addressOption(DHCP_OPTION.serverIdentifier, own),
      secondsOption(DHCP_OPTION.leaseTime, leaseSeconds),
      secondsOption(DHCP_OPTION.renewalTime, Math.floor(leaseSeconds / 2)),
      secondsOption(DHCP_OPTION.rebindingTime, Math.floor((leaseSeconds * 7) / 8)),
      addressOption(DHCP_OPTION.subnetMask, maskOf(scope.subnet.length)),
      addressOption(DHCP_OPTION.broadcastAddress, lastAddressOf(scope.subnet)),
    ];
    if (router !== undefined) {
      options.push(addressOption(DHCP_OPTION.router, router));
    }
    if (nameServers.length > 0) {
      options.push(addressOption(DHCP_OPTION.domainNameServer, ...nameServers));
    }
    if (domain !== undefined) {
      options.push(textOption(DHCP_OPTION.domainName, domain));
    }
    const renewal = message.clientAddress !== UNSPECIFIED_IPV4;
    this.send(message, scope.on, own, address, options, renewal || !message.broadcast);
  }

  private refuse(message: DhcpMessage, scope: DhcpScope): void {
    const own = scope.on.primaryAddress;
    if (own === undefined) {
      return;
    }
    const options = [
      messageTypeOption(DHCP_MESSAGE_TYPE.nak),
      addressOption(DHCP_OPTION.serverIdentifier, own),
      textOption(DHCP_OPTION.message, 'address not available'),
    ];
    this.send(message, scope.on, own, UNSPECIFIED_IPV4, options, false);
  }

  /** Answers go straight to the client's hardware address, which has no ARP to answer with yet (RFC 2131 4.1). */
  private send(
    request: DhcpMessage,
    on: NetworkInterface,
    source: Ipv4Address,
    yourAddress: Ipv4Address,
    options: readonly DhcpOption[],
    unicast: boolean,
  ): void {
    const message = emitDhcp({
      operation: DHCP_OPERATION.reply,
      transactionId: request.transactionId,
      seconds: 0,
      broadcast: request.broadcast,
      clientAddress: request.clientAddress,
      yourAddress,
      serverAddress: unicast ? source : UNSPECIFIED_IPV4,
      relayAddress: UNSPECIFIED_IPV4,
      clientMac: request.clientMac,
      serverName: '',
      bootFile: '',
      options,
    });
    const destination = unicast ? yourAddress : BROADCAST_IPV4;
    const mac: MacAddress = unicast ? request.clientMac : BROADCAST_MAC;
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + message.length);
    bytes.set(message, DATAGRAM_HEADER_BYTES);
    writeUdp(
      bytes,
      PACKET_HEADER_BYTES,
      source,
      destination,
      UDP_PORT.dhcpServer,
      UDP_PORT.dhcpClient,
      message.length,
    );
    writeIpv4Header(bytes, IP_AT, {
      totalLength: bytes.length - IP_AT,
      identification: 0,
      dontFragment: false,
      timeToLive: LINUX.timeToLive,
      typeOfService: TYPE_OF_SERVICE,
      protocol: IP_PROTOCOL.udp,
      source,
      destination,
    });
    writeEthernetHeader(bytes, mac, on.mac, ETHERTYPE.ipv4);
    on.send(bytes);
  }
}
