/**
 * How VirtualBox's NAT engine behaves, by release: up to 7.0 its own descendant of BSD slirp, from 7.1 on libslirp. Values are from the
 * sources of VirtualBox 7.0.10 (src/VBox/Devices/Network/slirp) and libslirp 4.7, and from captures of libslirp.
 */
import { addressAt, lastAddressOf, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { Ipv4Address } from '../../../net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../../net/mac-address';
import type { VirtualBoxVersion } from '../../../topology/resolved';
import { DHCP_OPTION } from '../../../wire/dhcp-option';
import type { LinkIdentity } from './guest-link';

export interface NatProfile {
  /** The hardware address that stands for an address of the engine. */
  readonly macOf: (address: Ipv4Address) => MacAddress;
  /** Bytes of an ARP reply's frame. */
  readonly arpReplyBytes: number;
  /** Whether the TFTP address (.4) answers ARP and echo. */
  readonly tftpAddressAnswers: boolean;
  /** Whether the gateway address (.2) answers echo while the host's loopback is not reachable. */
  readonly gatewayAnswersEcho: boolean;
  /** The time to live of echo replies to the guest: of the engine itself, or the request's own value. */
  readonly ownEchoTimeToLive: number | 'request';
  /** Whose time to live, type of service and DF the host's sockets send with: their own, or those of the guest's packet. */
  readonly relayedMarks: 'host' | 'guest';
  /** Echo requests that may wait for their answers, and how many of them are left when that is too many. */
  readonly waitingEchoes: { readonly most: number; readonly afterCleaning: number };
  /** Seconds after which an echo request waits no longer; undefined: until it gives way to others. */
  readonly echoSeconds: number | undefined;
  /** Whether a datagram to everyone of the guest's network goes to everyone of the host's. */
  readonly relaysBroadcasts: boolean;
  /** Bytes behind the IP header that an ICMP error quotes at most. */
  readonly quotedPayloadBytes: number;
  readonly dhcp: DhcpProfile;
  /** Seconds that a socket has left after an answer from port 53; undefined: as many as it had. */
  readonly dnsSocketSeconds: number | undefined;
}

export interface DhcpProfile {
  /** Options of OFFER and ACK in wire order; each is left out when it has no value. */
  readonly order: readonly number[];
  /** siaddr, as an offset in the network. */
  readonly serverAddressOffset: number;
  /** Whether flags and giaddr of the request appear in the answer. */
  readonly copiesRequest: boolean;
  /** Whether any address of the network may be leased to who asks for it, not only those of the pool; DECLINE and INFORM count, too. */
  readonly servesWholeNetwork: boolean;
  /** Whether ciaddr of an ACK holds the leased address. */
  readonly ackNamesClientAddress: boolean;
  /** Whether every answer goes to 255.255.255.255, or only where the client asks for it. */
  readonly alwaysBroadcast: boolean;
  /** The name servers in the lease: the engine's own relay, or the host's servers themselves. */
  readonly nameServers: 'relay' | 'host';
  /** Whether the boot file field holds `VM.pxe`. */
  readonly namesBootFile: boolean;
  /** Option 56 of a NAK; undefined: option 54 instead. */
  readonly refusal: string | undefined;
}

/** Offsets of the engine's addresses in its network (ctl.h; libslirp's configuration in DrvNATlibslirp.cpp). */
export const NAT_OFFSET = { gateway: 2, nameServer: 3, tftp: 4, firstLease: 15 } as const;

/** Clients one engine can serve (bootp.c, NB_ADDR). */
export const NAT_LEASES = 16;

/** Option 51 (bootp.c, LEASE_TIME). */
export const NAT_LEASE_SECONDS = 86_400;

/** An idle UDP socket is closed after this (socket.h, SO_EXPIRE). */
export const NAT_SOCKET_SECONDS = 240;

const { subnetMask, router, domainNameServer, domainName, leaseTime, messageType, serverIdentifier } =
  DHCP_OPTION;

/** Type of service of DHCP answers (bootp.c: IPTOS_LOWDELAY). */
export const NAT_DHCP_TYPE_OF_SERVICE = 0x10;

const BSD_SLIRP: NatProfile = {
  // slirp.c, special_ethaddr: the host part replaces the last byte.
  macOf: address => macFromNumber(0x52_54_00_12_35_00 + (address & 0xff)),
  arpReplyBytes: 42,
  tftpAddressAnswers: true,
  gatewayAnswersEcho: false,
  ownEchoTimeToLive: 'request',
  relayedMarks: 'guest',
  // ip_icmp.c: the cache of 100 is halved when it is full.
  waitingEchoes: { most: 100, afterCleaning: 50 },
  echoSeconds: undefined,
  relaysBroadcasts: true,
  // ip_icmp.c, icmp_error: ICMP_MINLEN of data.
  quotedPayloadBytes: 8,
  dhcp: {
    order: [messageType, subnetMask, router, domainNameServer, domainName, leaseTime, serverIdentifier],
    serverAddressOffset: NAT_OFFSET.tftp,
    copiesRequest: true,
    servesWholeNetwork: true,
    ackNamesClientAddress: true,
    alwaysBroadcast: false,
    nameServers: 'host',
    namesBootFile: true,
    refusal: undefined,
  },
  dnsSocketSeconds: undefined,
};

const LIBSLIRP: NatProfile = {
  // slirp.c: 52:55 and the four bytes of the address.
  macOf: address => macFromNumber(0x52_55 * 2 ** 32 + address),
  arpReplyBytes: 64,
  tftpAddressAnswers: false,
  gatewayAnswersEcho: true,
  ownEchoTimeToLive: 255,
  relayedMarks: 'host',
  // One socket each: below a process's usual limit of 1024 open files.
  waitingEchoes: { most: 1000, afterCleaning: 999 },
  // socket.h, SO_EXPIRE: sockets for echoes live as long as those for datagrams.
  echoSeconds: 240,
  relaysBroadcasts: false,
  // ip_icmp.c, ICMP_MAXDATALEN: 576 - 28, the quoted IP header among them.
  quotedPayloadBytes: 528,
  dhcp: {
    order: [messageType, serverIdentifier, subnetMask, router, domainNameServer, leaseTime, domainName],
    serverAddressOffset: NAT_OFFSET.gateway,
    copiesRequest: false,
    servesWholeNetwork: false,
    ackNamesClientAddress: false,
    alwaysBroadcast: true,
    nameServers: 'relay',
    namesBootFile: false,
    refusal: 'requested address not available',
  },
  dnsSocketSeconds: 10,
};

export const NAT_PROFILES: Record<VirtualBoxVersion, NatProfile> = {
  '6.1': BSD_SLIRP,
  '7.0': BSD_SLIRP,
  '7.1': LIBSLIRP,
  '7.2': LIBSLIRP,
};

/** The engine's addresses in its network. */
export interface NatAddresses {
  readonly gateway: Ipv4Address;
  readonly nameServer: Ipv4Address;
  readonly tftp: Ipv4Address;
  readonly broadcast: Ipv4Address;
}

export function natAddresses(network: Ipv4Prefix): NatAddresses {
  return {
    gateway: addressAt(network, NAT_OFFSET.gateway),
    nameServer: addressAt(network, NAT_OFFSET.nameServer),
    tftp: addressAt(network, NAT_OFFSET.tftp),
    broadcast: lastAddressOf(network),
  };
}

/** Who the engine is on its guest's link. */
export function natIdentity(profile: NatProfile, addresses: NatAddresses): LinkIdentity {
  const { gateway, nameServer, tftp } = addresses;
  return {
    address: gateway,
    answersFor: address =>
      address === gateway || address === nameServer || (address === tftp && profile.tftpAddressAnswers),
    macOf: profile.macOf,
    arpReplyBytes: profile.arpReplyBytes,
    learnsFromAll: true,
    errors: { quotedPayloadBytes: profile.quotedPayloadBytes, precedence: true },
  };
}
