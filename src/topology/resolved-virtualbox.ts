/** What VirtualBox adds to a host, every default filled in: an engine for each NAT adapter, switches and services for the other modes. */
import type { IpAddress } from '../net/ip-address';
import type { Ipv4Address } from '../net/ipv4-address';
import type { Ipv4Prefix } from '../net/ipv4-prefix';
import type { Ipv6Prefix } from '../net/ipv6-prefix';
import type { MacAddress } from '../net/mac-address';
import type { ResolvedDeviceBase, ResolvedPort } from './resolved';
import type { ResolvedPortForward } from './resolved-machine';

/** Releases whose behaviour differs; the newest is the default. */
export type VirtualBoxVersion = '6.1' | '7.0' | '7.1' | '7.2';

/** The NAT engine that VirtualBox runs for one adapter of one VM. Its one port is `guest`. */
export interface ResolvedVirtualBoxNat extends ResolvedDeviceBase {
  readonly kind: 'virtualbox-nat';
  readonly version: VirtualBoxVersion;
  readonly network: Ipv4Prefix;
  /** The stack device whose sockets the engine uses. */
  readonly host: string;
  readonly vmName: string;
  readonly localhostReachable: boolean;
  readonly forwards?: readonly ResolvedPortForward[];
  /** `--natdnsproxy` and `--natdnshostresolver`: up to 7.0. */
  readonly dnsProxy?: boolean;
  readonly dnsHostResolver?: boolean;
  /** `--natbindip`. */
  readonly bindAddress?: Ipv4Address;
  /** From 7.1 on, where the file names IPv6 at all. */
  readonly ipv6?: Ipv6Prefix;
}

/**
 * VirtualBox's own switch (SrvIntNetR0.cpp), which does not learn: internal networks, host-only networks, NAT networks, and the filter on
 * a bridged network card. Its name is what VirtualBox calls the network: `intnet`, `HostInterfaceNetworking-eth0`, `NatNetwork`.
 */
export interface ResolvedVirtualBoxSwitch extends ResolvedDeviceBase {
  readonly kind: 'virtualbox-switch';
  readonly role: 'internal' | 'host-only' | 'bridged' | 'nat-network';
  readonly network: string;
  readonly ports: readonly ResolvedVirtualBoxSwitchPort[];
  /** The network card is a Wi-Fi station: one hardware address on the air for all (SharedMacOnWire). */
  readonly sharedMacOnWire?: boolean;
}

export interface ResolvedVirtualBoxSwitchPort extends ResolvedPort {
  /** `adapter` of a VM, `service` of VirtualBox itself, the `host`'s own stack, or the `wire` of a bridged card. */
  readonly role: 'adapter' | 'service' | 'host' | 'wire';
  /** The configured address of what is plugged in here; absent on the wire. */
  readonly stationMac?: MacAddress;
  readonly promiscuous: 'deny' | 'allow-vms' | 'allow-all';
}

/** VBoxNetDhcpd on one network. Its one port is `network`. */
export interface ResolvedVirtualBoxDhcp extends ResolvedDeviceBase {
  readonly kind: 'virtualbox-dhcp';
  readonly version: VirtualBoxVersion;
  readonly mac: MacAddress;
  readonly subnet: Ipv4Prefix;
  readonly server: Ipv4Address;
  readonly first: Ipv4Address;
  readonly last: Ipv4Address;
  readonly router?: Ipv4Address;
  /** The host whose name servers are told, for a NAT network. */
  readonly nameServersOf?: string;
  readonly reservations?: readonly { readonly mac: MacAddress; readonly address: Ipv4Address }[];
}

/** The service behind a NAT network. Its one port is `network`. */
export interface ResolvedVirtualBoxNatNetwork extends ResolvedDeviceBase {
  readonly kind: 'virtualbox-nat-network';
  readonly version: VirtualBoxVersion;
  readonly mac: MacAddress;
  readonly host: string;
  readonly network: Ipv4Prefix;
  readonly gateway: Ipv4Address;
  /** What stands for 127.0.0.1 of the host, .2 by default. */
  readonly loopback: Ipv4Address;
  readonly forwards: readonly ResolvedPortForward[];
  readonly ipv6?: { readonly prefix: Ipv6Prefix; readonly defaultRoute: boolean };
}

/**
 * A process on a host that carries frames over UDP: one frame or packet, one datagram, no header. VirtualBox's generic driver UDPTunnel, a
 * VPN made of a TUN device, or a bridged one of a TAP device. Its one port is `device`.
 */
export interface ResolvedTunnel extends ResolvedDeviceBase {
  readonly kind: 'tunnel';
  readonly carries: 'ethernet' | 'ip';
  /** Without IFF_NO_PI each packet has 4 bytes in front: flags and EtherType (tun_pi in linux/if_tun.h). */
  readonly packetInformation: boolean;
  /** The stack device whose sockets the process uses. */
  readonly host: string;
  readonly localPort: number;
  readonly remote: IpAddress;
  readonly remotePort: number;
}
