/**
 * VirtualBox's DHCP server for host-only, internal and NAT networks (VBoxNetDhcpd; NetworkServices/Dhcpd/DHCPD.cpp, DhcpMessage.cpp and
 * Config.cpp of 7.0.10): a station of its own on the network, made of lwIP.
 */
import {
  BROADCAST_IPV4,
  isLoopbackIpv4,
  UNSPECIFIED_IPV4,
  type Ipv4Address,
} from '../../../net/ipv4-address';
import { addressAt, maskOf } from '../../../net/ipv4-prefix';
import { BROADCAST_MAC } from '../../../net/mac-address';
import type { ResolvedVirtualBoxDhcp } from '../../../topology/resolved';
import { DHCP_OPERATION, emitDhcp, parseDhcp, type DhcpMessage } from '../../../wire/dhcp';
import {
  addressOption,
  DHCP_MESSAGE_TYPE,
  DHCP_OPTION,
  findOption,
  messageTypeOption,
  readAddress,
  readMessageType,
  readSeconds,
  secondsOption,
  textOption,
  type DhcpOption,
} from '../../../wire/dhcp-option';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { UDP_HEADER_BYTES, UDP_PORT, udpLength, writeUdp } from '../../../wire/udp';
import { destinationAddress } from '../../../wire/ipv4';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt } from '../../stack/ipv4/ip-packet';
import type { Stack } from '../../stack/stack';
import { DATAGRAM_HEADER_BYTES } from '../../stack/udp-layer';
import { DhcpBindings, type DhcpBinding, type DhcpClientId } from './dhcp-bindings';
import { LwipStation } from './lwip-station';

/** Lease times in seconds (DHCPConfigImpl.cpp): option 51 of the client is kept between the outer two. */
const MINIMUM_LEASE = 300;
const DEFAULT_LEASE = 600;
const MAXIMUM_LEASE = 43_200;

/** Every answer is zero padded to this (RTNET_DHCP_NORMAL_SIZE): a frame of 590 bytes. */
const ANSWER_BYTES = 548;

/** Where `hops` lies in a message (RFC 2131 figure 1). */
const HOPS = 3;

/** RFC 4039: the client takes an ACK at once. */
const RAPID_COMMIT = 80;

/** What the NAT network gives as the address of a name server that listens on the host's 127.0.0.1 (NATNetworkImpl.cpp). */
const LOOPBACK_OFFSET = 2;

export class VirtualBoxDhcp implements FrameReceiver {
  private readonly station: LwipStation;
  private readonly bindings: DhcpBindings;

  /** @param host whose name servers are told */
  constructor(
    private readonly simulator: Simulator,
    private readonly config: ResolvedVirtualBoxDhcp,
    private readonly host: Stack | undefined,
  ) {
    const { mac, server, first, last, reservations = [] } = config;
    this.station = new LwipStation(simulator, mac, [server]);
    // The server's own address is kept like a reservation (Db::init).
    this.bindings = new DhcpBindings(first, last, [...reservations, { mac, address: server }]);
  }

  plug(port: Port): void {
    this.station.port = port;
  }

  /** The leases: what the file NETWORK-Dhcpd.leases holds. A simulation begins without any, so that it is the same each time. */
  leases(): readonly DhcpBinding[] {
    return this.bindings.leases(this.simulator.now);
  }

  receive(frame: Frame): void {
    const datagram = this.station.receive(frame);
    if (datagram === undefined) {
      return;
    }
    if (datagram.port !== UDP_PORT.dhcpServer) {
      this.station.refuse(frame);
      return;
    }
    const at = payloadAt(frame.bytes);
    const data = frame.bytes.subarray(at + UDP_HEADER_BYTES, at + udpLength(frame.bytes, at));
    const toEveryone = destinationAddress(frame.bytes, IP_AT) === BROADCAST_IPV4;
    const refused = this.serve(data, toEveryone);
    if (refused !== undefined) {
      this.station.drop(frame, refused);
    }
  }

  /** @returns why nothing came of the message */
  private serve(data: Uint8Array, toEveryone: boolean): DropReason | undefined {
    const message = parseDhcp(data, 0, data.length);
    if (typeof message === 'string') {
      return 'malformed';
    }
    if (message.operation !== DHCP_OPERATION.request) {
      return 'dhcp-ignored';
    }
    // There is no relaying (DhcpClientMessage::parse).
    if (message.relayAddress !== UNSPECIFIED_IPV4 || data[HOPS] !== 0) {
      return 'dhcp-relay-unserved';
    }
    const client = clientOf(message);
    const type = readMessageType(message);
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    if (server !== undefined && server !== this.config.server) {
      const wanted = readAddress(message, DHCP_OPTION.requestedAddress);
      if (toEveryone && type === DHCP_MESSAGE_TYPE.request && wanted !== undefined) {
        this.bindings.cancelOffer(client, wanted);
      }
      return 'dhcp-other-server';
    }
    switch (type) {
      case DHCP_MESSAGE_TYPE.discover:
        return this.offer(message, client);
      case DHCP_MESSAGE_TYPE.request:
        this.grant(message, client);
        return undefined;
      case DHCP_MESSAGE_TYPE.inform:
        return this.inform(message);
      case DHCP_MESSAGE_TYPE.release:
        return this.bindings.release(client, message.clientAddress) ? undefined : 'dhcp-client-unknown';
      default:
        // DECLINE is read and forgotten.
        return 'dhcp-ignored';
    }
  }

  private offer(message: DhcpMessage, client: DhcpClientId): DropReason | undefined {
    if (message.clientAddress !== UNSPECIFIED_IPV4) {
      return 'dhcp-ignored';
    }
    const binding = this.allocate(message, client);
    if (binding === undefined) {
      return 'dhcp-pool-exhausted';
    }
    const isRapid = findOption(message, RAPID_COMMIT) !== undefined;
    const lease = this.lend(message, binding, isRapid ? 'acked' : 'offered');
    const type = isRapid ? DHCP_MESSAGE_TYPE.ack : DHCP_MESSAGE_TYPE.offer;
    const rapid = isRapid ? [{ code: RAPID_COMMIT, data: new Uint8Array(0) }] : [];
    this.send(message, type, binding.address, [lease, ...rapid, ...this.configured(message)]);
    return undefined;
  }

  private grant(message: DhcpMessage, client: DhcpClientId): void {
    const { clientAddress } = message;
    const wanted = readAddress(message, DHCP_OPTION.requestedAddress);
    if (clientAddress !== UNSPECIFIED_IPV4 && wanted !== undefined && wanted !== clientAddress) {
      const reason = textOption(DHCP_OPTION.message, 'Requested address does not match ciaddr');
      this.send(message, DHCP_MESSAGE_TYPE.nak, UNSPECIFIED_IPV4, [reason]);
      return;
    }
    const binding = this.allocate(message, client);
    if (binding === undefined) {
      this.send(message, DHCP_MESSAGE_TYPE.nak, UNSPECIFIED_IPV4, []);
      return;
    }
    const lease = this.lend(message, binding, 'acked');
    const options = [lease, ...this.configured(message)];
    this.send(message, DHCP_MESSAGE_TYPE.ack, binding.address, options, renewalTarget(message));
  }

  private inform(message: DhcpMessage): DropReason | undefined {
    const hasList = findOption(message, DHCP_OPTION.parameterRequestList) !== undefined;
    if (message.clientAddress === UNSPECIFIED_IPV4 || !hasList) {
      return 'dhcp-ignored';
    }
    const options = this.configured(message);
    this.send(message, DHCP_MESSAGE_TYPE.ack, UNSPECIFIED_IPV4, options, renewalTarget(message));
    return undefined;
  }

  /** A DISCOVER may ask for anything; a REQUEST for an address that the server has not got is refused (Db::allocateBinding). */
  private allocate(message: DhcpMessage, client: DhcpClientId): DhcpBinding | undefined {
    const wanted = readAddress(message, DHCP_OPTION.requestedAddress);
    if (wanted === undefined || this.bindings.mayAskFor(wanted, client)) {
      return this.bindings.allocate(client, wanted, this.simulator.now);
    }
    return readMessageType(message) === DHCP_MESSAGE_TYPE.discover
      ? this.bindings.allocate(client, undefined, this.simulator.now)
      : undefined;
  }

  private lend(message: DhcpMessage, binding: DhcpBinding, state: 'offered' | 'acked'): DhcpOption {
    const wanted = readSeconds(message, DHCP_OPTION.leaseTime) ?? DEFAULT_LEASE;
    const seconds = Math.min(Math.max(wanted, MINIMUM_LEASE), MAXIMUM_LEASE);
    this.bindings.lend(binding, state, seconds, this.simulator.now);
    return secondsOption(DHCP_OPTION.leaseTime, seconds);
  }

  /** The mask always; the rest where there is something to say and the client asks for it (Config::getOptionsForClient). */
  private configured(message: DhcpMessage): readonly DhcpOption[] {
    const { subnet, router, nameServersOf } = this.config;
    const requested = findOption(message, DHCP_OPTION.parameterRequestList) ?? new Uint8Array(0);
    const options = [addressOption(DHCP_OPTION.subnetMask, maskOf(subnet.length))];
    if (router !== undefined) {
      options.push(addressOption(DHCP_OPTION.router, router));
    }
    if (nameServersOf !== undefined && this.host !== undefined) {
      const servers = this.nameServers(this.host);
      if (servers.length > 0) {
        options.push(addressOption(DHCP_OPTION.domainNameServer, ...servers));
      }
      if (this.host.domain !== undefined) {
        options.push(textOption(DHCP_OPTION.domainName, this.host.domain));
      }
    }
    return options.filter(({ code }) => code === DHCP_OPTION.subnetMask || requested.includes(code));
  }

  /** The host's servers; one on its 127.0.0.1 as guests reach it, and the gateway's relay where all others are on its loopback. */
  private nameServers(host: Stack): readonly Ipv4Address[] {
    const { subnet, router } = this.config;
    const mapped = host.resolver.ipv4Servers.flatMap(server => {
      if (!isLoopbackIpv4(server)) {
        return [server];
      }
      return server === LOOPBACK ? [addressAt(subnet, LOOPBACK_OFFSET)] : [];
    });
    return mapped.length === 0 && router !== undefined ? [router] : mapped;
  }

  /** Options go out with 54 and 53 first and the rest by number; flags, siaddr, sname and file stay empty (DhcpServerMessage::encode). */
  private send(
    request: DhcpMessage,
    type: number,
    yourAddress: Ipv4Address,
    options: readonly DhcpOption[],
    destination: Ipv4Address = BROADCAST_IPV4,
  ): void {
    const { server } = this.config;
    const isRequest = readMessageType(request) === DHCP_MESSAGE_TYPE.request;
    const message = emitDhcp(
      {
        operation: DHCP_OPERATION.reply,
        transactionId: request.transactionId,
        seconds: 0,
        broadcast: false,
        clientAddress: isRequest ? request.clientAddress : UNSPECIFIED_IPV4,
        yourAddress,
        serverAddress: UNSPECIFIED_IPV4,
        relayAddress: UNSPECIFIED_IPV4,
        clientMac: request.clientMac,
        serverName: '',
        bootFile: '',
        options: [
          addressOption(DHCP_OPTION.serverIdentifier, server),
          messageTypeOption(type),
          ...options.toSorted((one, other) => one.code - other.code),
        ],
      },
      { minimumBytes: ANSWER_BYTES },
    );
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + message.length);
    bytes.set(message, DATAGRAM_HEADER_BYTES);
    const { dhcpServer, dhcpClient } = UDP_PORT;
    writeUdp(bytes, PACKET_HEADER_BYTES, server, destination, dhcpServer, dhcpClient, message.length);
    const mac = destination === BROADCAST_IPV4 ? BROADCAST_MAC : undefined;
    this.station.send(bytes, IP_PROTOCOL.udp, server, destination, mac);
  }
}

/** 127.0.0.1. */
const LOOPBACK = 0x7f000001 as Ipv4Address;

/** A client that has its address and takes unicast gets the answer there (DhcpServerMessage::maybeUnicast). */
function renewalTarget({ broadcast, clientAddress }: DhcpMessage): Ipv4Address {
  return broadcast || clientAddress === UNSPECIFIED_IPV4 ? BROADCAST_IPV4 : clientAddress;
}

function clientOf(message: DhcpMessage): DhcpClientId {
  const identifier = findOption(message, DHCP_OPTION.clientIdentifier);
  return identifier === undefined
    ? { mac: message.clientMac }
    : {
        mac: message.clientMac,
        identifier: Array.from(identifier, byte => byte.toString(16).padStart(2, '0')).join(''),
      };
}
