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
import { PACKET_HEADER_BYTES } from '../../stack/ipv4-layer';
import { DATAGRAM_HEADER_BYTES } from '../../stack/udp-layer';
import type { NatLink } from './nat-link';
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
  /** Index is the offset from the first lease. */
  private readonly leases: (MacAddress | undefined)[] = [];

  constructor(
    private readonly link: NatLink,
    private readonly profile: NatProfile,
    private readonly network: Ipv4Prefix,
    private readonly addresses: NatAddresses,
    private readonly vmName: string,
    private readonly host: HostNames,
  ) {}

  /** @returns whether the message could be used */
  receive(data: Uint8Array): boolean {
    const message = parseDhcp(data, 0, data.length);
    if (typeof message === 'string' || message.operation !== DHCP_OPERATION.request) {
      return false;
    }
    switch (readMessageType(message)) {
      case DHCP_MESSAGE_TYPE.discover:
        return this.offer(message);
      case DHCP_MESSAGE_TYPE.request:
        return this.grant(message);
      case DHCP_MESSAGE_TYPE.release:
        this.release(message);
        return true;
      default:
        return false;
    }
  }

  private offer(message: DhcpMessage): boolean {
    const address = this.addressOf(message.clientMac) ?? this.allocate(message.clientMac);
    if (address === undefined) {
      return false;
    }
    this.answer(message, DHCP_MESSAGE_TYPE.offer, address);
    return true;
  }

  private grant(message: DhcpMessage): boolean {
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    if (server !== undefined && server !== this.addresses.gateway) {
      return false;
    }
    const wanted = readAddress(message, DHCP_OPTION.requestedAddress) ?? message.clientAddress;
    const address = this.take(message.clientMac, wanted);
    if (address === undefined) {
      this.refuse(message);
    } else {
      this.link.learn(address, message.clientMac);
      this.answer(message, DHCP_MESSAGE_TYPE.ack, address);
    }
    return true;
  }

  private release(message: DhcpMessage): void {
    const index = this.leases.indexOf(message.clientMac);
    if (index >= 0 && this.addressAt(index) === message.clientAddress) {
      this.leases[index] = undefined;
    }
  }

  /** A known client gets its address, an unknown one any address of the pool that is free: leases never expire. */
  private take(mac: MacAddress, wanted: Ipv4Address): Ipv4Address | undefined {
    const index = wanted - this.addressAt(0);
    const inPool = prefixContains(this.network, wanted) && index >= 0 && index < NAT_LEASES;
    const holder = inPool ? this.leases[index] : undefined;
    if (!inPool || (holder !== undefined && holder !== mac)) {
      return undefined;
    }
    const former = this.leases.indexOf(mac);
    if (former >= 0) {
      this.leases[former] = undefined;
    }
    this.leases[index] = mac;
    return wanted;
  }

  private addressOf(mac: MacAddress): Ipv4Address | undefined {
    const index = this.leases.indexOf(mac);
    return index < 0 ? undefined : this.addressAt(index);
  }

  private allocate(mac: MacAddress): Ipv4Address | undefined {
    for (let index = 0; index < NAT_LEASES; index++) {
      if (this.leases[index] === undefined) {
        this.leases[index] = mac;
        return this.addressAt(index);
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
        return [addressOption(code, ...this.nameServers())];
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

  private nameServers(): readonly Ipv4Address[] {
    const servers = this.profile.dhcp.nameServers === 'host' ? this.host.nameServers() : [];
    return servers.length > 0 ? servers : [this.addresses.nameServer];
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
        clientAddress: copied && type === DHCP_MESSAGE_TYPE.ack ? request.clientAddress : UNSPECIFIED_IPV4,
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
