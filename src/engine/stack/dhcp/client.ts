/** A DHCP client on one interface, as BusyBox udhcpc sends and hears it (RFC 2131; measured frames of 342 bytes). */
import { BROADCAST_IPV4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import {
  addressOption,
  bytesOption,
  DHCP_MESSAGE_TYPE,
  DHCP_OPTION,
  messageTypeOption,
  readAddress,
  readAddresses,
  readMessageType,
  readSeconds,
  readText,
  textOption,
  uint16Option,
  type DhcpOption,
} from '../../../wire/dhcp-option';
import { DHCP_OPERATION, emitDhcp, parseDhcp, type DhcpMessage } from '../../../wire/dhcp';
import { destinationAddress, IP_PROTOCOL, isFragment, protocol, sourceAddress } from '../../../wire/ipv4';
import {
  checkUdp,
  destinationPort,
  UDP_HEADER_BYTES,
  UDP_PORT,
  udpLength,
  writeUdp,
} from '../../../wire/udp';
import { writeUint48 } from '../../../wire/bytes';
import { maskOf } from '../../../net/ipv4-prefix';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { IP_AT, PACKET_HEADER_BYTES, payloadAt, payloadLength } from '../ipv4/ip-packet';
import type { Ipv4Layer } from '../ipv4-layer';
import { LINUX, SECOND } from '../linux-policy';
import type { NetworkInterface, PacketTap } from '../network-interface';
import { DATAGRAM_HEADER_BYTES, type UdpLayer } from '../udp-layer';
import {
  startClient,
  stepClient,
  type ClientInput,
  type ClientOutput,
  type ClientState,
  type Lease,
} from './client-state';

/** What udhcpc asks for by default: mask, router, name servers, host name, domain, broadcast address, time servers. */
const PARAMETERS = [1, 3, 6, 12, 15, 28, 42];

/** udhcpc's default -V. */
const VENDOR_CLASS = 'udhcp 1.35.0';

/** Option 57: the longest message the client takes. */
const MAXIMUM_MESSAGE_BYTES = 576;

/** Raw packets carry no DF (measured). */
const PACKET = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: false } as const;

/** Who configures the interface. */
export interface LeaseHolder {
  leaseGranted(on: NetworkInterface, lease: Lease): void;
  leaseLost(on: NetworkInterface): void;
}

export class DhcpClient implements PacketTap, TimerOwner {
  private state: ClientState;
  private readonly timer: Timer;
  private readonly random: RandomStream;
  private transactionId = 0;
  private rounds = 0;

  constructor(
    private readonly ip: Ipv4Layer,
    private readonly udp: UdpLayer,
    private readonly on: NetworkInterface,
    private readonly hostName: string,
    private readonly holder: LeaseHolder,
  ) {
    const { simulator } = ip;
    this.timer = new Timer(simulator, this);
    this.random = simulator.random(`dhcp client ${hostName} ${on.name}`);
    this.state = startClient(simulator.now);
  }

  /** Bound, has asked in vain for a whole round, or was told to ask no more. */
  get settled(): boolean {
    return this.rounds > 0 || 'lease' in this.state || this.state.name === 'released';
  }

  get lease(): Lease | undefined {
    return 'lease' in this.state ? this.state.lease : undefined;
  }

  start(): void {
    this.on.packetTap = this;
    this.take({ kind: 'timeout' });
  }

  /** Asks for a lease now, or for more time. */
  renewNow(): void {
    this.take({ kind: 'user-renews' });
  }

  /** Gives the lease back and asks for none until `renewNow`. */
  release(): void {
    this.take({ kind: 'user-releases' });
  }

  timerExpired(): void {
    this.take({ kind: 'timeout' });
  }

  /** Sees packets like udhcpc's raw socket does: also those to an address it does not have yet. */
  tap(frame: Frame): boolean {
    const { bytes } = frame;
    if (protocol(bytes, IP_AT) !== IP_PROTOCOL.udp || isFragment(bytes, IP_AT)) {
      return false;
    }
    const at = payloadAt(bytes);
    if (payloadLength(bytes) < UDP_HEADER_BYTES || destinationPort(bytes, at) !== UDP_PORT.dhcpClient) {
      return false;
    }
    const source = sourceAddress(bytes, IP_AT);
    const problem = checkUdp(bytes, at, payloadLength(bytes), source, destinationAddress(bytes, IP_AT));
    if (problem !== undefined) {
      this.on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return true;
    }
    const message = parseDhcp(bytes, at + UDP_HEADER_BYTES, udpLength(bytes, at) - UDP_HEADER_BYTES);
    const input = typeof message === 'string' ? undefined : this.inputOf(message);
    if (input === undefined) {
      this.on.drop(frame, 'dhcp-ignored');
    } else {
      this.take(input);
    }
    return true;
  }

  private inputOf(message: DhcpMessage): ClientInput | undefined {
    if (
      message.operation !== DHCP_OPERATION.reply ||
      message.transactionId !== this.transactionId ||
      message.clientMac !== this.on.mac
    ) {
      return undefined;
    }
    const server = readAddress(message, DHCP_OPTION.serverIdentifier);
    switch (readMessageType(message)) {
      case DHCP_MESSAGE_TYPE.offer:
        return server === undefined ? undefined : { kind: 'offer', address: message.yourAddress, server };
      case DHCP_MESSAGE_TYPE.ack: {
        const lease = this.leaseOf(message, server);
        return lease === undefined ? undefined : { kind: 'ack', lease };
      }
      case DHCP_MESSAGE_TYPE.nak:
        return { kind: 'nak' };
      default:
        return undefined;
    }
  }

  private leaseOf(message: DhcpMessage, server: Ipv4Address | undefined): Lease | undefined {
    const seconds = readSeconds(message, DHCP_OPTION.leaseTime);
    const mask = readAddress(message, DHCP_OPTION.subnetMask);
    const prefixLength = mask === undefined ? 24 : prefixLengthOf(mask);
    if (seconds === undefined || server === undefined || prefixLength === undefined) {
      return undefined;
    }
    const granted = this.ip.simulator.now;
    const length = seconds * SECOND;
    const renewal = readSeconds(message, DHCP_OPTION.renewalTime);
    const rebinding = readSeconds(message, DHCP_OPTION.rebindingTime);
    return {
      address: message.yourAddress,
      cause: this.ip.simulator.cause,
      prefixLength,
      server,
      routers: readAddresses(message, DHCP_OPTION.router),
      nameServers: readAddresses(message, DHCP_OPTION.domainNameServer),
      domain: readText(message, DHCP_OPTION.domainName),
      granted,
      // RFC 2131 4.4.5: half and seven eighths of the lease unless the server says otherwise.
      renewAt: granted + (renewal === undefined ? length / 2 : renewal * SECOND),
      rebindAt: granted + (rebinding === undefined ? (length * 7) / 8 : rebinding * SECOND),
      expiresAt: granted + length,
    };
  }

  private take(input: ClientInput): void {
    const { now } = this.ip.simulator;
    const { state, outputs } = stepClient(this.state, input, now);
    this.state = state;
    if (state.deadline === undefined) {
      this.timer.cancel();
    } else {
      this.timer.arm(Math.max(0, state.deadline - now));
    }
    for (const output of outputs) {
      this.perform(output);
    }
  }

  private perform(output: ClientOutput): void {
    switch (output.kind) {
      case 'discover':
        if (this.state.name === 'selecting' && this.state.sent === 1) {
          this.transactionId = this.random.word();
        }
        this.broadcast(DHCP_MESSAGE_TYPE.discover, []);
        return;
      case 'request':
        this.broadcast(DHCP_MESSAGE_TYPE.request, [
          addressOption(DHCP_OPTION.requestedAddress, output.address),
          addressOption(DHCP_OPTION.serverIdentifier, output.server),
        ]);
        return;
      case 'renew':
        this.transactionId = this.random.word();
        this.renew(output.lease, output.from);
        return;
      case 'release':
        this.transactionId = this.random.word();
        this.unicast(this.releaseOf(output.lease), output.lease);
        return;
      case 'configure':
        this.holder.leaseGranted(this.on, output.lease);
        return;
      case 'deconfigure':
        this.holder.leaseLost(this.on);
        return;
      case 'unanswered':
        this.rounds++;
        return;
    }
  }

  private broadcast(type: number, asked: readonly DhcpOption[], clientAddress = UNSPECIFIED_IPV4): void {
    const message = this.message(type, asked, clientAddress);
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + message.length);
    bytes.set(message, DATAGRAM_HEADER_BYTES);
    writeUdp(
      bytes,
      PACKET_HEADER_BYTES,
      clientAddress,
      BROADCAST_IPV4,
      UDP_PORT.dhcpClient,
      UDP_PORT.dhcpServer,
      message.length,
    );
    this.ip.sender.sendOnLink(bytes, clientAddress, IP_PROTOCOL.udp, PACKET, this.on);
  }

  private renew(lease: Lease, from: 'server' | 'anyone'): void {
    if (from === 'anyone') {
      this.broadcast(DHCP_MESSAGE_TYPE.request, [], lease.address);
      return;
    }
    this.unicast(this.message(DHCP_MESSAGE_TYPE.request, [], lease.address), lease);
  }

  private unicast(message: Uint8Array, lease: Lease): void {
    const socket = this.udp.open(UDP_PORT.dhcpClient, { datagram: () => undefined });
    socket?.send(message, lease.server, UDP_PORT.dhcpServer, lease.address);
    socket?.close();
  }

  /** Option order as udhcpc 1.35 writes it: 53, what this message asks, 57, 55, 12, 60, 61. */
  private message(type: number, asked: readonly DhcpOption[], clientAddress: Ipv4Address): Uint8Array {
    return this.emit(clientAddress, [
      messageTypeOption(type),
      ...asked,
      uint16Option(DHCP_OPTION.maximumMessageSize, MAXIMUM_MESSAGE_BYTES),
      bytesOption(DHCP_OPTION.parameterRequestList, ...PARAMETERS),
      textOption(DHCP_OPTION.hostName, this.hostName),
      textOption(DHCP_OPTION.vendorClass, VENDOR_CLASS),
      this.clientIdentifier(),
    ]);
  }

  /** A release asks for nothing: 53, 54, 61 (measured on udhcpc 1.35). */
  private releaseOf({ address, server }: Lease): Uint8Array {
    return this.emit(address, [
      messageTypeOption(DHCP_MESSAGE_TYPE.release),
      addressOption(DHCP_OPTION.serverIdentifier, server),
      this.clientIdentifier(),
    ]);
  }

  private clientIdentifier(): DhcpOption {
    const data = new Uint8Array(7);
    data[0] = 1;
    writeUint48(data, 1, this.on.mac);
    return { code: DHCP_OPTION.clientIdentifier, data };
  }

  private emit(clientAddress: Ipv4Address, options: readonly DhcpOption[]): Uint8Array {
    return emitDhcp({
      operation: DHCP_OPERATION.request,
      transactionId: this.transactionId,
      seconds: 0,
      broadcast: false,
      clientAddress,
      yourAddress: UNSPECIFIED_IPV4,
      serverAddress: UNSPECIFIED_IPV4,
      relayAddress: UNSPECIFIED_IPV4,
      clientMac: this.on.mac,
      serverName: '',
      bootFile: '',
      options,
    });
  }
}

/** Leading ones of a mask; undefined when ones follow zeros. */
function prefixLengthOf(mask: Ipv4Address): number | undefined {
  const length = Math.clz32(~mask);
  return maskOf(length) === mask ? length : undefined;
}
