/** The DHCP server inside a NAT engine (bootp.c of VirtualBox's slirp and of libslirp). */
import {
  BROADCAST_IPV4,
  ipv4FromNumber,
  UNSPECIFIED_IPV4,
  type Ipv4Address,
} from '../../../net/ipv4-address';
import { addressAt, maskOf, prefixContains, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import { BROADCAST_MAC, type MacAddress } from '../../../net/mac-address';
import { DHCP_OPERATION, emitDhcp, parseDhcp, type DhcpMessage } from '../../../wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  DHCP_OPTION,
  messageTypeOption,
  readAddress,
  readMessageType,
  secondsOption,
  textOption,
  type DhcpOption,
} from '../../../wire/dhcp-option';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { UDP_PORT, writeUdp } from '../../../wire/udp';
import type { DropReason } from '../../kernel/drop-reason';
import { PACKET_HEADER_BYTES } from '../../stack/ipv4/ip-packet';
import { DATAGRAM_HEADER_BYTES } from '../../stack/udp-layer';
import type { GuestLink } from './guest-link';
import {
  NAT_DHCP_TYPE_OF_SERVICE,
  NAT_LEASE_SECONDS,
  NAT_LEASES,
  NAT_OFFSET,
  type NatAddresses,
  type NatProfile,
} from './nat-profile';

/** Bytes of every answer: the fixed header and an option area of 312, zero padded, so the frame is 590 bytes long (bootp.h). */
const ANSWER_BYTES = 548;

/** Time to live of the engine's UDP packets. */
const TIME_TO_LIVE = 64;

/** What the host knows that its guests are told. */
export interface HostNames {
  nameServers(): readonly Ipv4Address[];
  domain(): string | undefined;
}

export class NatDhcp {
  /** Who has, or is kept from, which address. */
  private readonly leases = new Map<MacAddress, Ipv4Address>();

  constructor(
    private readonly link: GuestLink,
    private readonly profile: NatProfile,
    private readonly network: Ipv4Prefix,
    private readonly addresses: NatAddresses,
    private readonly vmName: string,
    private readonly host: HostNames,
  ) {}

  /** @returns why nothing came of the message */
  receive(data: Uint8Array): DropReason | undefined {
    const message = parseDhcp(data, 0, data.length);
    if (typeof message === 'string') {
      return 'malformed';
    }
    if (message.operation !== DHCP_OPERATION.request) {
      return 'dhcp-ignored';
    }
    switch (readMessageType(message)) {
      case DHCP_MESSAGE_TYPE.discover:
        return this.offer(message);
      case DHCP_MESSAGE_TYPE.request:
        return this.grant(message);
      case DHCP_MESSAGE_TYPE.release:
        this.release(message);
        return undefined;
      case DHCP_MESSAGE_TYPE.decline:
        return this.profile.dhcp.servesWholeNetwork && this.reserve(message) ? undefined : 'dhcp-ignored';
      case DHCP_MESSAGE_TYPE.inform:
        return this.profile.dhcp.servesWholeNetwork && this.inform(message) ? undefined : 'dhcp-ignored';
      default:
        return 'dhcp-ignored';
    }
  }

  private offer(message: DhcpMessage): DropReason | undefined {
    const address = this.leases.get(message.clientMac) ?? this.allocate(message.clientMac);
    if (address === undefined) {
      return 'dhcp-pool-exhausted';
    }
    this.answer(message, DHCP_MESSAGE_TYPE.offer, address);
    return undefined;
  }

  private grant(message: DhcpMessage): DropReason | undefined {
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    if (server !== undefined && server !== this.addresses.gateway) {
      return 'dhcp-other-server';
    }
    const wanted = readAddress(message, DHCP_OPTION.requestedAddress) ?? message.clientAddress;
    const address = this.take(message.clientMac, wanted);
    if (address === undefined) {
      this.refuse(message);
    } else {
      this.link.learn(address, message.clientMac);
      this.answer(message, DHCP_MESSAGE_TYPE.ack, address);
    }
    return undefined;
  }

  private release(message: DhcpMessage): void {
    if (this.leases.get(message.clientMac) === message.clientAddress) {
      this.leases.delete(message.clientMac);
    }
  }

  /** An address that a client found in use is kept from others, and whoever uses it is asked who they are (bootp.c, DHCPDECLINE). */
  private reserve(message: DhcpMessage): boolean {
    const address = readAddress(message, DHCP_OPTION.requestedAddress) ?? message.clientAddress;
    const isUnknown = this.mayServe(address) && !this.isLeased(address);
    if (isUnknown && this.leases.size < NAT_LEASES) {
      this.leases.set(message.clientMac, address);
      this.link.ask(address);
      return true;
    }
    return false;
  }

  /** Options without a lease for a client that has an address (RFC 2131 4.3.5). */
  private inform(message: DhcpMessage): boolean {
    if (!prefixContains(this.network, message.clientAddress)) {
      return false;
    }
    this.link.learn(message.clientAddress, message.clientMac);
    this.answer(message, DHCP_MESSAGE_TYPE.ack, message.clientAddress);
    return true;
  }

  /** A known client gets its address, an unknown one any that is free: leases never expire. */
  private take(mac: MacAddress, wanted: Ipv4Address): Ipv4Address | undefined {
    const isFree = this.leases.get(mac) === wanted || !this.isLeased(wanted);
    const hasRoom = this.leases.has(mac) || this.leases.size < NAT_LEASES;
    if (!this.mayServe(wanted) || !isFree || !hasRoom) {
      return undefined;
    }
    this.leases.set(mac, wanted);
    return wanted;
  }

  /** Whether an address may be a guest's: up to 7.0 any of the network, from 7.1 on only those of the pool. */
  private mayServe(address: Ipv4Address): boolean {
    const index = address - this.addressAt(0);
    const inPool = index >= 0 && index < NAT_LEASES;
    return prefixContains(this.network, address) && (inPool || this.profile.dhcp.servesWholeNetwork);
  }

  private isLeased(address: Ipv4Address): boolean {
    return [...this.leases.values()].includes(address);
  }

  private allocate(mac: MacAddress): Ipv4Address | undefined {
    for (let index = 0; index < NAT_LEASES && this.leases.size < NAT_LEASES; index++) {
      const address = this.addressAt(index);
      if (!this.isLeased(address)) {
        this.leases.set(mac, address);
        return address;
      }
    }
    return undefined;
  }

  private addressAt(index: number): Ipv4Address {
    return ipv4FromNumber(addressAt(this.network, NAT_OFFSET.firstLease) + index);
  }

  private answer(request: DhcpMessage, type: number, address: Ipv4Address): void {
    const { dhcp } = this.profile;
    const options = dhcp.order.flatMap(code => this.option(code, type));
    this.send(request, address, options, dhcp.alwaysBroadcast || request.broadcast, type);
  }

  private option(code: number, type: number): readonly DhcpOption[] {
    const { gateway } = this.addresses;
    switch (code) {
      case DHCP_OPTION.messageType:
        return [messageTypeOption(type)];
      case DHCP_OPTION.serverIdentifier:
      case DHCP_OPTION.router:
        return [addressOption(code, gateway)];
      case DHCP_OPTION.subnetMask:
        return [addressOption(code, maskOf(this.network.length))];
      case DHCP_OPTION.domainNameServer:
        return [addressOption(code, ...this.host.nameServers())];
      case DHCP_OPTION.leaseTime:
        return [secondsOption(code, NAT_LEASE_SECONDS)];
      case DHCP_OPTION.domainName: {
        const domain = this.host.domain();
        return domain === undefined ? [] : [textOption(code, domain)];
      }
      default:
        return [];
    }
  }

  private refuse(request: DhcpMessage): void {
    const { refusal } = this.profile.dhcp;
    const detail =
      refusal === undefined
        ? addressOption(DHCP_OPTION.serverIdentifier, this.addresses.gateway)
        : textOption(DHCP_OPTION.message, refusal);
    const options = [messageTypeOption(DHCP_MESSAGE_TYPE.nak), detail];
    this.send(request, UNSPECIFIED_IPV4, options, true, DHCP_MESSAGE_TYPE.nak);
  }

  private send(
    request: DhcpMessage,
    yourAddress: Ipv4Address,
    options: readonly DhcpOption[],
    broadcast: boolean,
    type: number,
  ): void {
    const { dhcp } = this.profile;
    const copied = dhcp.copiesRequest;
    const message = emitDhcp(
      {
        operation: DHCP_OPERATION.reply,
        transactionId: request.transactionId,
        seconds: 0,
        broadcast: copied && request.broadcast,
        clientAddress:
          dhcp.ackNamesClientAddress && type === DHCP_MESSAGE_TYPE.ack ? yourAddress : UNSPECIFIED_IPV4,
        yourAddress,
        serverAddress: addressAt(this.network, dhcp.serverAddressOffset),
        relayAddress: copied ? request.relayAddress : UNSPECIFIED_IPV4,
        clientMac: request.clientMac,
        serverName: '',
        bootFile: dhcp.namesBootFile ? `${this.vmName}.pxe` : '',
        options,
      },
      { minimumBytes: ANSWER_BYTES },
    );
    const source = this.addresses.gateway;
    const destination = broadcast ? BROADCAST_IPV4 : yourAddress;
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
    this.link.sendPacket(
      bytes,
      {
        dontFragment: false,
        timeToLive: TIME_TO_LIVE,
        typeOfService: NAT_DHCP_TYPE_OF_SERVICE,
        protocol: IP_PROTOCOL.udp,
        source,
        destination,
      },
      broadcast ? BROADCAST_MAC : request.clientMac,
    );
  }
}
