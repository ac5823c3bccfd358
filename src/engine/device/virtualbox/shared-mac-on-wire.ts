/**
 * A bridged Wi-Fi card (SharedMacOnWire, SrvIntNetR0.cpp of 7.0.10). An access point takes frames of its station's own hardware address
 * only, so guests borrow the host's: what they send gets it as its source, and what comes back is sorted by IP address. Only ARP, IPv4
 * and IPv6 can cross.
 */
import { BROADCAST_IPV4, isMulticastIpv4, UNSPECIFIED_IPV4 } from '../../../net/ipv4-address';
import { BROADCAST_MAC, isGroupMac, macFromNumber, type MacAddress } from '../../../net/mac-address';
import { ARP_BYTES, parseArp } from '../../../wire/arp';
import { readUint32, writeUint48 } from '../../../wire/bytes';
import { parseDhcp } from '../../../wire/dhcp';
import { DHCP_MESSAGE_TYPE, readMessageType } from '../../../wire/dhcp-option';
import {
  destinationMac,
  ETHERNET_HEADER_BYTES,
  ETHERTYPE,
  etherType,
  writeEthernetHeader,
} from '../../../wire/ethernet';
import {
  checkIpv4,
  destinationAddress,
  headerLength,
  IP_PROTOCOL,
  isFragment,
  protocol,
  sourceAddress,
  totalLength,
} from '../../../wire/ipv4';
import { destinationPort, sourcePort, UDP_HEADER_BYTES, UDP_PORT } from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { IP_AT } from '../../stack/ipv4/ip-packet';
import type { SwitchStation } from './internal-switch';
import { withBroadcastFlag } from './shared-mac-dhcp';
import { ipv6Addresses, withLinkLayerAddress } from './shared-mac-ipv6';

/** Addresses remembered for all guests of one card; the oldest makes room. VirtualBox's cache grows as it needs, this is a bound of ours. */
const MAXIMUM_ADDRESSES = 256;

/** Where the sender's hardware address lies in an ARP packet (RFC 826). */
const ARP_SENDER_MAC = 8;

/** 33:33:00:00:00:00, the group addresses of IPv6 (RFC 2464 7); 01:00:5e:00:00:00, those of IPv4 (RFC 1112 6.4). */
const IPV6_GROUPS = 0x3333_0000_0000;
const IPV4_GROUPS = 0x0100_5e00_0000;

export class SharedMacOnWire {
  /** Which guest has an address; IPv4 as `4` and a number, IPv6 as its bytes in text. */
  private readonly members = new Map<string, SwitchStation>();

  constructor(
    private readonly simulator: Simulator,
    /** The address of the Wi-Fi card, the only one on the air. */
    private readonly hostMac: MacAddress,
  ) {}

  /** Remembers the addresses that a guest shows: in ARP, as the source of packets, in neighbour discovery (intnetR0IfSnoopAddr). */
  snoop(bytes: Uint8Array, member: SwitchStation): void {
    switch (etherType(bytes)) {
      case ETHERTYPE.arp: {
        const packet = parseArp(bytes, ETHERNET_HEADER_BYTES, bytes.length - ETHERNET_HEADER_BYTES);
        if (typeof packet !== 'string') {
          this.learnIpv4(packet.senderIp, member);
        }
        return;
      }
      case ETHERTYPE.ipv4:
        if (isPacket(bytes)) {
          this.learnIpv4(sourceAddress(bytes, IP_AT), member);
        }
        return;
      case ETHERTYPE.ipv6:
        for (const address of ipv6Addresses(bytes, IP_AT).senders) {
          this.learn(address, member);
        }
        return;
      default:
        return;
    }
  }

  /** Remembers an address that a DHCP server on the air gives to a guest (intnetR0NetworkSnoopDhcp). */
  snoopLease(bytes: Uint8Array, members: readonly SwitchStation[]): void {
    if (etherType(bytes) !== ETHERTYPE.ipv4 || !isPacket(bytes) || isFragment(bytes, IP_AT)) {
      return;
    }
    const at = IP_AT + headerLength(bytes, IP_AT);
    if (protocol(bytes, IP_AT) !== IP_PROTOCOL.udp || sourcePort(bytes, at) !== UDP_PORT.dhcpServer) {
      return;
    }
    const from = at + UDP_HEADER_BYTES;
    const message = parseDhcp(bytes, from, IP_AT + totalLength(bytes, IP_AT) - from);
    if (typeof message !== 'string' && readMessageType(message) === DHCP_MESSAGE_TYPE.ack) {
      const member = members.find(({ mac }) => mac === message.clientMac);
      if (member !== undefined) {
        this.learnIpv4(message.yourAddress, member);
      }
    }
  }

  /** A guest's frame as it goes on the air: from the host's hardware address, also where the payload names the guest's. */
  toAir(frame: Frame): Frame {
    const copy = this.simulator.pool.copy(frame.bytes);
    const type = etherType(copy);
    writeEthernetHeader(copy, destinationMac(copy), this.hostMac, type);
    if (type === ETHERTYPE.arp && copy.length >= ETHERNET_HEADER_BYTES + ARP_BYTES) {
      writeUint48(copy, ETHERNET_HEADER_BYTES + ARP_SENDER_MAC, this.hostMac);
    } else if (type === ETHERTYPE.ipv6) {
      withLinkLayerAddress(copy, IP_AT, this.hostMac);
    } else if (type === ETHERTYPE.ipv4 && isPacket(copy) && !isFragment(copy, IP_AT)) {
      const at = IP_AT + headerLength(copy, IP_AT);
      if (protocol(copy, IP_AT) === IP_PROTOCOL.udp && destinationPort(copy, at) === UDP_PORT.dhcpServer) {
        withBroadcastFlag(copy, at);
      }
    }
    return this.simulator.frame(copy);
  }

  /** A broadcast or multicast that the access point sent to this station alone, made a group frame again. */
  fromAir(frame: Frame): Frame {
    const { bytes } = frame;
    if (isGroupMac(destinationMac(bytes))) {
      return frame;
    }
    const group = groupOf(bytes);
    return group === undefined ? frame : this.addressedTo(frame, group);
  }

  /** The guest that a unicast frame from the air is for; undefined where it is the host's, or nobody's. */
  memberFor(bytes: Uint8Array): SwitchStation | undefined {
    if (destinationMac(bytes) !== this.hostMac) {
      return undefined;
    }
    switch (etherType(bytes)) {
      case ETHERTYPE.arp: {
        const packet = parseArp(bytes, ETHERNET_HEADER_BYTES, bytes.length - ETHERNET_HEADER_BYTES);
        return typeof packet === 'string' ? undefined : this.members.get(ipv4Key(packet.targetIp));
      }
      case ETHERTYPE.ipv4:
        return isPacket(bytes) ? this.members.get(ipv4Key(destinationAddress(bytes, IP_AT))) : undefined;
      case ETHERTYPE.ipv6: {
        const { destination } = ipv6Addresses(bytes, IP_AT);
        return destination === undefined ? undefined : this.members.get(destination);
      }
      default:
        return undefined;
    }
  }

  /** The frame with another destination; only the Ethernet header changes. */
  addressedTo(frame: Frame, mac: MacAddress): Frame {
    const copy = this.simulator.pool.copy(frame.bytes);
    writeUint48(copy, 0, mac);
    return this.simulator.frame(copy);
  }

  private learnIpv4(address: number, member: SwitchStation): void {
    const isHost = address !== UNSPECIFIED_IPV4 && address !== BROADCAST_IPV4 && address >>> 28 !== 0xe;
    if (isHost) {
      this.learn(ipv4Key(address), member);
    }
  }

  private learn(key: string, member: SwitchStation): void {
    if (!this.members.has(key) && this.members.size >= MAXIMUM_ADDRESSES) {
      const [oldest] = this.members.keys();
      this.members.delete(oldest ?? key);
    }
    this.members.set(key, member);
  }
}

const ipv4Key = (address: number): string => `4 ${address}`;

function isPacket(bytes: Uint8Array): boolean {
  return checkIpv4(bytes, IP_AT, bytes.length - IP_AT) === undefined;
}

/** The group address that belongs to the frame's IP destination, where that is everyone or a group. */
function groupOf(bytes: Uint8Array): MacAddress | undefined {
  if (etherType(bytes) === ETHERTYPE.ipv4 && isPacket(bytes)) {
    const destination = destinationAddress(bytes, IP_AT);
    if (destination === BROADCAST_IPV4) {
      return BROADCAST_MAC;
    }
    return isMulticastIpv4(destination) ? macFromNumber(IPV4_GROUPS + (destination & 0x7f_ffff)) : undefined;
  }
  const isGroup =
    etherType(bytes) === ETHERTYPE.ipv6 && bytes.length >= IP_AT + 40 && bytes[IP_AT + 24] === 0xff;
  return isGroup ? macFromNumber(IPV6_GROUPS + readUint32(bytes, IP_AT + 36)) : undefined;
}
