/** Who dissects what: the tables by which layers find each other, and every field any of them declares. */
import { IP_PROTOCOL } from '../../wire/ipv4';
import { ETHERTYPE } from '../../wire/ethernet';
import { UDP_PORT } from '../../wire/udp';
import { ARP_FIELDS, dissectArp } from './arp';
import { DATA_FIELDS } from './data';
import { DHCP_FIELDS, dissectDhcp } from './dhcp';
import { DHCP_OPTIONS } from './dhcp-options';
import type { DissectorTables } from './dissector';
import { DNS_FIELDS, dissectDns, dissectDnsOverTcp } from './dns';
import { DNS_RECORD_FIELDS } from './dns-record';
import { dissectVlan, ETHERNET_FIELDS, VLAN_FIELDS } from './ethernet';
import type { FieldDeclaration } from './field';
import { ICMP_FIELDS, icmpDissector } from './icmp';
import { icmpv6Dissector, ICMPV6_FIELDS } from './icmpv6';
import { dissectHttp, HTTP_FIELDS } from './http';
import { dissectIgmp, IGMP_FIELDS } from './igmp';
import { dissectIpv4, IPV4_FIELDS } from './ipv4';
import { IPV4_OPTION_FIELDS } from './ipv4-options';
import { dissectIpv6, IPV6_FIELDS } from './ipv6';
import { COOKED_FIELDS, NULL_FIELDS } from './link-layer';
import { dissectLlc, LLC_FIELDS, STP_FIELDS } from './llc';
import { NDP_FIELDS } from './ndp';
import { dissectSsh, SSH_FIELDS } from './ssh';
import { dissectTcp, TCP_FIELDS } from './tcp';
import { TCP_OPTION_FIELDS } from './tcp-options';
import { dissectUdp, UDP_FIELDS } from './udp';
import { dissectVxlan, VXLAN_FIELDS, VXLAN_PORT } from './vxlan';

/** Ports of TCP whose services the dissector reads; those of HTTP are Wireshark's. */
const TCP_PORT = { ssh: 22, dns: 53, http: [80, 3128, 5985, 8080, 8088] } as const;

export const TABLES: DissectorTables = {
  etherType: new Map([
    [ETHERTYPE.ipv4, dissectIpv4],
    [ETHERTYPE.arp, dissectArp],
    [ETHERTYPE.ipv6, dissectIpv6],
    [ETHERTYPE.vlan, dissectVlan],
    [ETHERTYPE.serviceVlan, dissectVlan],
  ]),
  ipProtocol: new Map([
    [IP_PROTOCOL.icmp, icmpDissector(dissectIpv4)],
    [IP_PROTOCOL.igmp, dissectIgmp],
    [IP_PROTOCOL.tcp, dissectTcp],
    [IP_PROTOCOL.udp, dissectUdp],
    [IP_PROTOCOL.icmpv6, icmpv6Dissector(dissectIpv6)],
  ]),
  udpPort: new Map([
    [UDP_PORT.dns, dissectDns],
    [UDP_PORT.dhcpServer, dissectDhcp],
    [UDP_PORT.dhcpClient, dissectDhcp],
    [VXLAN_PORT, dissectVxlan],
  ]),
  tcpPort: new Map([
    [TCP_PORT.ssh, dissectSsh],
    [TCP_PORT.dns, dissectDnsOverTcp],
    ...TCP_PORT.http.map(port => [port, dissectHttp] as const),
  ]),
  llc: dissectLlc,
};

const DECLARED: readonly Readonly<Record<string, FieldDeclaration>>[] = [
  ETHERNET_FIELDS,
  NULL_FIELDS,
  COOKED_FIELDS,
  VLAN_FIELDS,
  LLC_FIELDS,
  STP_FIELDS,
  ARP_FIELDS,
  IPV4_FIELDS,
  IPV4_OPTION_FIELDS,
  IPV6_FIELDS,
  ICMP_FIELDS,
  IGMP_FIELDS,
  ICMPV6_FIELDS,
  NDP_FIELDS,
  UDP_FIELDS,
  TCP_FIELDS,
  TCP_OPTION_FIELDS,
  DHCP_FIELDS,
  DNS_FIELDS,
  DNS_RECORD_FIELDS,
  HTTP_FIELDS,
  SSH_FIELDS,
  VXLAN_FIELDS,
  DATA_FIELDS,
];

/** Every field with a value, by its name. */
export const FIELDS: ReadonlyMap<string, FieldDeclaration> = new Map(
  [
    ...DECLARED.flatMap(fields => Object.values(fields)),
    ...[...DHCP_OPTIONS.values()].map(option => option.field),
  ].map(field => [field.name, field]),
);
