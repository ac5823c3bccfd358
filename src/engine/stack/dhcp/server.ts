/** A DHCP server as dnsmasq serves its networks (RFC 2131 4.3; options and their order measured on dnsmasq 2.90, run with --no-ping). */
import { BROADCAST_IPV4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { lastAddressOf, maskOf, prefixContains, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { MacAddress } from '../../../net/mac-address';
import { DHCP_OPERATION, emitDhcp, parseDhcp, type DhcpMessage } from '../../../wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  DHCP_OPTION,
  findOption,
  messageTypeOption,
  readAddress,
  readMessageType,
  readText,
  secondsOption,
  textOption,
  type DhcpOption,
} from '../../../wire/dhcp-option';
import { UDP_PORT } from '../../../wire/udp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';
import { DhcpRelay } from './relay';
import { ServerLeases, type ServerLease } from './server-leases';
import { ANSWER_PACKET, sendToClient } from './to-client';

/** What one network is given. */
export interface DhcpScope {
  /** Where its clients, or the relay they ask through, are heard. */
  readonly on: NetworkInterface;
  /** Of clients on the interface's own link where it has an address of this subnet, of a relay's clients elsewhere. */
  readonly subnet: Ipv4Prefix;
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
  readonly leaseSeconds: number;
  readonly router: Ipv4Address | undefined;
  readonly nameServers: readonly Ipv4Address[];
  readonly domain: string | undefined;
  /** It is the only server of its network, so what others gave is refused (dnsmasq --dhcp-authoritative; off by default). */
  readonly authoritative?: boolean;
  readonly reservations?: readonly { readonly mac: MacAddress; readonly address: Ipv4Address }[];
  /** Instead of the server's own, or after them; told to clients that ask for them or that ask for nothing in particular. */
  readonly options?: readonly DhcpOption[];
}

/** A network that is served. */
interface Served {
  readonly scope: DhcpScope;
  readonly leases: ServerLeases;
}

/** How long an offered address is kept for the client, in ns (dnsmasq: one minute). */
const OFFER_LIFETIME = 60 * SECOND;

export class DhcpServer implements DatagramReceiver {
  private readonly served: Served[] = [];
  private readonly relay: DhcpRelay;
  private socket: UdpSocket | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
  ) {
    this.relay = new DhcpRelay(udp);
  }

  /** Begins to serve a network. */
  serve(scope: DhcpScope): void {
    this.listen();
    const own = new Set(scope.on.addresses.map(({ address }) => address));
    const reservations = new Map(scope.reservations?.map(({ mac, address }) => [mac, address]));
    this.served.push({ scope, leases: new ServerLeases(scope.first, scope.last, own, reservations) });
  }

  /** Hands what clients of an interface ask to a server elsewhere. */
  relayFrom(on: NetworkInterface, server: Ipv4Address): void {
    this.listen();
    this.relay.add(on, server);
  }

  /** Every lease that it gave, and every address that it offers. */
  *allLeases(): IterableIterator<ServerLease> {
    for (const { leases } of this.served) {
      yield* leases.all();
    }
  }

  /** Those of the first network that is served on an interface. */
  leasesOn(on: NetworkInterface): ServerLeases | undefined {
    return this.served.find(({ scope }) => scope.on === on)?.leases;
  }

  datagram(
    data: Uint8Array,
    _from: Ipv4Address,
    _port: number,
    to: Ipv4Address,
    on: NetworkInterface,
    frame: Frame,
  ): void {
    const relayed = this.socket === undefined ? 'not-for-relay' : this.relay.take(data, on, this.socket);
    const refused = relayed === 'not-for-relay' ? this.serveMessage(data, to, on) : relayed;
    if (refused !== undefined && refused !== 'passed-on') {
      on.drop(frame, refused);
    }
  }

  /** @returns why nothing came of the message */
  private serveMessage(data: Uint8Array, to: Ipv4Address, on: NetworkInterface): DropReason | undefined {
    const message = parseDhcp(data, 0, data.length);
    if (typeof message === 'string') {
      return 'malformed';
    }
    if (message.operation !== DHCP_OPERATION.request) {
      return 'dhcp-ignored';
    }
    const served = this.servedFor(message, on);
    if (served !== undefined) {
      return this.answer(message, served, to === BROADCAST_IPV4);
    }
    return message.relayAddress === UNSPECIFIED_IPV4 ? 'dhcp-ignored' : 'dhcp-relay-unserved';
  }

  private listen(): void {
    this.socket ??= this.udp.open(UDP_PORT.dhcpServer, this, ANSWER_PACKET);
  }

  /** The network of the relay, of the client's address where it has one, or of the link (RFC 2131 4.3.1). */
  private servedFor(message: DhcpMessage, on: NetworkInterface): Served | undefined {
    const { relayAddress, clientAddress } = message;
    if (relayAddress !== UNSPECIFIED_IPV4) {
      return this.served.find(({ scope }) => prefixContains(scope.subnet, relayAddress));
    }
    return (
      this.served.find(({ scope }) => scope.on === on && prefixContains(scope.subnet, clientAddress)) ??
      this.served.find(({ scope }) => scope.on === on && onOwnLink(scope))
    );
  }

  private answer(
    message: DhcpMessage,
    { scope, leases }: Served,
    toEveryone: boolean,
  ): DropReason | undefined {
    const type = readMessageType(message);
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    const isForOther = server !== undefined && server !== scope.on.primaryAddress;
    if (isForOther && type !== DHCP_MESSAGE_TYPE.request) {
      return 'dhcp-other-server';
    }
    switch (type) {
      case DHCP_MESSAGE_TYPE.discover:
        return this.offer(message, scope, leases);
      case DHCP_MESSAGE_TYPE.request:
        return isForOther
          ? this.passOver(message, scope, leases)
          : this.grant(message, scope, leases, toEveryone);
      case DHCP_MESSAGE_TYPE.release:
        return this.release(message, leases);
      case DHCP_MESSAGE_TYPE.decline: {
        const address = readAddress(message, DHCP_OPTION.requestedAddress);
        if (address === undefined || leases.of(message.clientMac)?.address !== address) {
          return 'dhcp-client-unknown';
        }
        leases.decline(message.clientMac, address, this.simulator.now);
        return undefined;
      }
      case DHCP_MESSAGE_TYPE.inform:
        return this.inform(message, scope);
      default:
        return 'dhcp-ignored';
    }
  }

  private offer(message: DhcpMessage, scope: DhcpScope, leases: ServerLeases): DropReason | undefined {
    const { now, cause } = this.simulator;
    const mac = message.clientMac;
    const address = leases.choose(mac, readAddress(message, DHCP_OPTION.requestedAddress), now);
    if (address === undefined) {
      return 'dhcp-pool-exhausted';
    }
    const known = leases.of(mac);
    if (known?.address !== address || known.expiresAt <= now) {
      const expiresAt = now + OFFER_LIFETIME;
      leases.hold({ mac, address, expiresAt, offered: true, hostName: undefined, cause });
    }
    return this.reply(message, scope, DHCP_MESSAGE_TYPE.offer, address);
  }

  /** The client chose another server (RFC 2131 4.3.2); the authority for the network does not let it (dnsmasq's rfc2131.c). */
  private passOver(message: DhcpMessage, scope: DhcpScope, leases: ServerLeases): DropReason | undefined {
    leases.withdrawOffer(message.clientMac);
    return scope.authoritative === true
      ? this.refuse(message, scope, 'wrong server-ID')
      : 'dhcp-other-server';
  }

  private grant(
    message: DhcpMessage,
    scope: DhcpScope,
    leases: ServerLeases,
    toEveryone: boolean,
  ): DropReason | undefined {
    const { now, cause } = this.simulator;
    const requested = readAddress(message, DHCP_OPTION.requestedAddress);
    const address = requested ?? message.clientAddress;
    const selecting = findOption(message, DHCP_OPTION.serverIdentifier) !== undefined;
    const lease = leases.granted(message.clientMac, now);
    // A client that comes back, or renews, with what another server may have given it: only the authority decides alone.
    const isStranger = !selecting && lease === undefined && scope.authoritative !== true;
    if (isStranger) {
      const isAskedAlone = requested === undefined && !toEveryone;
      return isAskedAlone ? this.refuse(message, scope, 'lease not found') : 'dhcp-client-unknown';
    }
    if (address === UNSPECIFIED_IPV4 || !leases.mayHave(message.clientMac, address, now)) {
      const isHere = prefixContains(scope.subnet, address);
      return this.refuse(message, scope, isHere ? 'address not available' : 'wrong network');
    }
    const hostName = readText(message, DHCP_OPTION.hostName);
    const expiresAt = now + scope.leaseSeconds * SECOND;
    leases.hold({ mac: message.clientMac, address, expiresAt, hostName, cause });
    return this.reply(message, scope, DHCP_MESSAGE_TYPE.ack, address, hostName);
  }

  private release({ clientMac, clientAddress }: DhcpMessage, leases: ServerLeases): DropReason | undefined {
    if (leases.of(clientMac)?.address !== clientAddress) {
      return 'dhcp-client-unknown';
    }
    leases.release(clientMac);
    return undefined;
  }

  /** A client with an address of its own is told the rest (RFC 2131 4.3.5): no address, no times. */
  private inform(message: DhcpMessage, scope: DhcpScope): DropReason | undefined {
    const own = scope.on.primaryAddress;
    if (own === undefined || message.clientAddress === UNSPECIFIED_IPV4) {
      return own === undefined ? 'interface-has-no-address' : 'dhcp-ignored';
    }
    const options = [...headOf(DHCP_MESSAGE_TYPE.ack, own), ...parametersOf(message, scope)];
    this.send(message, scope, own, UNSPECIFIED_IPV4, options);
    return undefined;
  }

  private reply(
    message: DhcpMessage,
    scope: DhcpScope,
    type: number,
    address: Ipv4Address,
    hostName?: string,
  ): DropReason | undefined {
    const own = scope.on.primaryAddress;
    if (own === undefined) {
      return 'interface-has-no-address';
    }
    const { leaseSeconds } = scope;
    const options: DhcpOption[] = [
      ...headOf(type, own),
      secondsOption(DHCP_OPTION.leaseTime, leaseSeconds),
      secondsOption(DHCP_OPTION.renewalTime, Math.floor(leaseSeconds / 2)),
      secondsOption(DHCP_OPTION.rebindingTime, Math.floor((leaseSeconds * 7) / 8)),
      ...parametersOf(message, scope, hostName),
    ];
    this.send(message, scope, own, address, options);
    return undefined;
  }

  /** To everyone, since the client has no address that is right (RFC 2131 4.3.2). The texts are dnsmasq's. */
  private refuse(message: DhcpMessage, scope: DhcpScope, why: string): DropReason | undefined {
    const own = scope.on.primaryAddress;
    if (own === undefined) {
      return 'interface-has-no-address';
    }
    const options = [...headOf(DHCP_MESSAGE_TYPE.nak, own), textOption(DHCP_OPTION.message, why)];
    const nobody = { ...message, clientAddress: UNSPECIFIED_IPV4 };
    this.send(nobody, scope, own, UNSPECIFIED_IPV4, options);
    return undefined;
  }

  /** To the relay that asked, to a client that has an address by the routes, or else on the link (RFC 2131 4.1). */
  private send(
    request: DhcpMessage,
    scope: DhcpScope,
    source: Ipv4Address,
    yourAddress: Ipv4Address,
    options: readonly DhcpOption[],
  ): void {
    const { relayAddress, clientAddress } = request;
    const relayed = relayAddress !== UNSPECIFIED_IPV4;
    const refused = yourAddress === UNSPECIFIED_IPV4 && clientAddress === UNSPECIFIED_IPV4;
    const unicast = !refused && (clientAddress !== UNSPECIFIED_IPV4 || !request.broadcast);
    const relayInformation = findOption(request, DHCP_OPTION.relayAgentInformation);
    const answer: DhcpMessage = {
      operation: DHCP_OPERATION.reply,
      transactionId: request.transactionId,
      seconds: 0,
      // Through a relay, a refusal must ask it to tell everyone.
      broadcast: request.broadcast || (relayed && refused),
      clientAddress,
      yourAddress,
      serverAddress: unicast ? source : UNSPECIFIED_IPV4,
      relayAddress,
      clientMac: request.clientMac,
      serverName: '',
      bootFile: '',
      // What a relay added goes back to it, last (RFC 3046 2.2).
      options:
        relayInformation === undefined
          ? options
          : [...options, { code: DHCP_OPTION.relayAgentInformation, data: relayInformation }],
    };
    const bytes = emitDhcp(answer);
    if (relayed) {
      this.socket?.send(bytes, relayAddress, UDP_PORT.dhcpServer, source);
    } else if (clientAddress !== UNSPECIFIED_IPV4 && !onOwnLink(scope)) {
      this.socket?.send(bytes, clientAddress, UDP_PORT.dhcpClient, source);
    } else {
      sendToClient(answer, bytes, scope.on, source, this.udp);
    }
  }
}

/** Whether the clients of a network are on the interface's own link, rather than behind a relay. */
function onOwnLink({ on, subnet }: DhcpScope): boolean {
  return on.addresses.some(({ address }) => prefixContains(subnet, address));
}

function headOf(type: number, server: Ipv4Address): DhcpOption[] {
  return [messageTypeOption(type), addressOption(DHCP_OPTION.serverIdentifier, server)];
}

/** What a client is told of its network, in dnsmasq's order. */
function parametersOf(message: DhcpMessage, scope: DhcpScope, hostName?: string): DhcpOption[] {
  const { subnet, router, nameServers, domain, options: further = [] } = scope;
  const own: DhcpOption[] = [
    addressOption(DHCP_OPTION.subnetMask, maskOf(subnet.length)),
    addressOption(DHCP_OPTION.broadcastAddress, lastAddressOf(subnet)),
    ...(router === undefined ? [] : [addressOption(DHCP_OPTION.router, router)]),
    ...(nameServers.length === 0 ? [] : [addressOption(DHCP_OPTION.domainNameServer, ...nameServers)]),
    ...(domain === undefined ? [] : [textOption(DHCP_OPTION.domainName, domain)]),
    ...(hostName === undefined ? [] : [textOption(DHCP_OPTION.hostName, hostName)]),
  ];
  const configured = new Map(further.map(option => [option.code, option]));
  const told = new Set(own.map(({ code }) => code));
  const asked = findOption(message, DHCP_OPTION.parameterRequestList);
  return [
    ...own.map(option => configured.get(option.code) ?? option),
    ...further.filter(({ code }) => !told.has(code) && (asked === undefined || asked.includes(code))),
  ];
}
