/**
 * How VirtualBox's NAT engine behaves, by release: up to 7.0 its own descendant of BSD slirp, from 7.1 on libslirp; and the service of a
 * NAT network, lwIP up to 7.1. Values are from the sources of VirtualBox 7.0.10 (src/VBox/Devices/Network/slirp and
 * src/VBox/NetworkServices/NAT) and libslirp 4.7, and from captures of libslirp.
 */
import { addressAt, lastAddressOf, type Ipv4Prefix } from '../../../net/ipv4-prefix';
import type { Ipv4Address } from '../../../net/ipv4-address';
import { macFromNumber, type MacAddress } from '../../../net/mac-address';
import type { VirtualBoxVersion } from '../../../topology/resolved';
import { DHCP_OPTION } from '../../../wire/dhcp-option';
import { SECOND } from '../../stack/linux-policy';
import {
  LIBSLIRP_TCP,
  VIRTUALBOX_LWIP_TCP,
  VIRTUALBOX_SLIRP_TCP,
  type TcpPolicy,
} from '../../stack/tcp/policy';
import type { LinkIdentity } from './guest-link';
import { LWIP_ARP_BYTES, LWIP_ERRORS, LWIP_TIME_TO_LIVE } from './lwip-station';

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
  /** What ICMP errors look like. */
  readonly errors: LinkIdentity['errors'];
  readonly dhcp: DhcpProfile;
  readonly udp: UdpProfile;
  readonly tcp: TcpPolicy;
  /** The time to live of a RST that no connection sent, and of all others. */
  readonly resetTimeToLive: number;
  /** Whether the host's loopback can be shut off from guests at all. */
  readonly guardsLoopback: boolean;
  /** Whether a SYN to host 2 of any network is taken for one to the host's loopback (7.0.10, tcp_input.c near line 514). */
  readonly confusesHostTwo: boolean;
  /** What serves names at the engine's own address: `--natdnsproxy` and `--natdnshostresolver` count up to 7.0. */
  readonly dns: 'choosable' | 'relay';
}

export interface UdpProfile {
  /** Whom a guest's socket hears: everybody (one socket for each guest address and port), or who it speaks to (one for each flow). */
  readonly filtering: 'endpoint-independent' | 'address-and-port-dependent';
  /** Of what goes to the guest. */
  readonly timeToLive: number;
  /** Whether a datagram to an address of the engine's own has to survive one more router, as all others have. */
  readonly countsOwnHop: boolean;
  /** Whether an error is from whom the host heard it, be that its own 127.0.0.1, or from whom the guest spoke to. */
  readonly errorsFrom: 'offender' | 'destination';
  /** ns that an idle socket lives; it is closed at the next tick after that. */
  readonly idle: number;
  readonly tick: number;
  /** ns that a socket has left after an answer from port 53; undefined: as long as after any. */
  readonly idleAfterDns: number | undefined;
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
const SOCKET_IDLE = 240 * SECOND;

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
  errors: { quotedPayloadBytes: 8, precedence: true, keepsDontFragment: false },
  dhcp: {
    order: [messageType, subnetMask, router, domainNameServer, domainName, leaseTime, serverIdentifier],
    serverAddressOffset: NAT_OFFSET.tftp,
    copiesRequest: true,
    servesWholeNetwork: true,
    ackNamesClientAddress: true,
    alwaysBroadcast: false,
    namesBootFile: true,
    refusal: undefined,
  },
  udp: {
    filtering: 'endpoint-independent',
    timeToLive: 64,
    countsOwnHop: false,
    errorsFrom: 'destination',
    idle: SOCKET_IDLE,
    tick: 1,
    idleAfterDns: undefined,
  },
  // tcp_output.c and tcp_subr.c: 64, but for a RST without a connection.
  tcp: { ...VIRTUALBOX_SLIRP_TCP, timeToLive: 64 },
  resetTimeToLive: 255,
  // The attribute localhost-reachable is new in 7.0.
  guardsLoopback: false,
  confusesHostTwo: false,
  dns: 'choosable',
};

const BSD_SLIRP_7_0: NatProfile = { ...BSD_SLIRP, guardsLoopback: true, confusesHostTwo: true };

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
  errors: { quotedPayloadBytes: 528, precedence: true, keepsDontFragment: true },
  dhcp: {
    order: [messageType, serverIdentifier, subnetMask, router, domainNameServer, leaseTime, domainName],
    serverAddressOffset: NAT_OFFSET.gateway,
    copiesRequest: false,
    servesWholeNetwork: false,
    ackNamesClientAddress: false,
    alwaysBroadcast: true,
    namesBootFile: false,
    refusal: 'requested address not available',
  },
  udp: {
    filtering: 'endpoint-independent',
    timeToLive: 64,
    // udp.c, udp_input; measured.
    countsOwnHop: true,
    // socket.c, sorecvfrom: the source of the socket's error queue; measured.
    errorsFrom: 'offender',
    idle: SOCKET_IDLE,
    tick: 1,
    // socket.h, SO_EXPIREFAST.
    idleAfterDns: 10 * SECOND,
  },
  tcp: LIBSLIRP_TCP,
  resetTimeToLive: 64,
  guardsLoopback: true,
  confusesHostTwo: false,
  dns: 'relay',
};

/** The service of a NAT network up to 7.1. It leases nothing: that is for the network's DHCP server. */
const LWIP: NatProfile = {
  ...LIBSLIRP,
  arpReplyBytes: LWIP_ARP_BYTES,
  ownEchoTimeToLive: LWIP_TIME_TO_LIVE,
  // pxping.c sets the time to live of its socket to the guest's, less one for itself.
  relayedMarks: 'host',
  // pxping.c: slots of 5 s.
  echoSeconds: 5,
  errors: LWIP_ERRORS,
  udp: {
    filtering: 'address-and-port-dependent',
    timeToLive: LWIP_TIME_TO_LIVE,
    countsOwnHop: false,
    errorsFrom: 'destination',
    // pxudp.c: a wheel of slots of 3 s; one more of them since 7.0.10.
    idle: 21 * SECOND,
    tick: 3 * SECOND,
    idleAfterDns: undefined,
  },
  tcp: VIRTUALBOX_LWIP_TCP,
  resetTimeToLive: LWIP_TIME_TO_LIVE,
  guardsLoopback: false,
};

export const NAT_PROFILES: Record<VirtualBoxVersion, NatProfile> = {
  '6.1': BSD_SLIRP,
  '7.0': BSD_SLIRP_7_0,
  '7.1': LIBSLIRP,
  '7.2': LIBSLIRP,
};

export const NAT_NETWORK_PROFILES: Record<VirtualBoxVersion, NatProfile> = {
  '6.1': { ...LWIP, udp: { ...LWIP.udp, idle: 18 * SECOND } },
  '7.0': LWIP,
  '7.1': LWIP,
  // VBoxNetSlirpNAT.cpp: libslirp without its DHCP server, the host's loopback always in reach.
  '7.2': { ...LIBSLIRP, guardsLoopback: false },
};

/** The addresses of an engine in its guests' network. */
export interface NatAddresses {
  readonly gateway: Ipv4Address;
  /** Stands for 127.0.0.1 of the host. */
  readonly loopback: Ipv4Address;
  /** Where names are asked for. */
  readonly nameServer: Ipv4Address;
  /** Where the boot file comes from, of an engine with a TFTP server. */
  readonly tftp: Ipv4Address | undefined;
  readonly broadcast: Ipv4Address;
}

export function natAddresses(network: Ipv4Prefix): NatAddresses {
  const gateway = addressAt(network, NAT_OFFSET.gateway);
  return {
    gateway,
    loopback: gateway,
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
    errors: profile.errors,
  };
}
