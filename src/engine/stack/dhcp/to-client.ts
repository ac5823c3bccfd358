/** How an answer reaches a client on the link, which has no address to be asked for by ARP yet (RFC 2131 4.1, RFC 1542 4.1.2). */
import { BROADCAST_IPV4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { BROADCAST_MAC } from '../../../net/mac-address';
import type { DhcpMessage } from '../../../wire/dhcp';
import { ETHERTYPE, writeEthernetHeader } from '../../../wire/ethernet';
import { IP_PROTOCOL, writeIpv4Header } from '../../../wire/ipv4';
import { UDP_PORT, writeUdp } from '../../../wire/udp';
import { IP_AT, PACKET_HEADER_BYTES, type PacketOptions } from '../ipv4/ip-packet';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import { DATAGRAM_HEADER_BYTES, type UdpLayer } from '../udp-layer';

/** How dnsmasq's answers are marked (type of service 0xc0 and no DF, measured). */
export const ANSWER_PACKET: PacketOptions = {
  timeToLive: LINUX.timeToLive,
  typeOfService: 0xc0,
  dontFragment: false,
};

/** Sends `bytes`, a message that reads as `answer`: to the client's hardware and new address, or to everyone. */
export function sendToClient(
  answer: Pick<DhcpMessage, 'broadcast' | 'clientAddress' | 'yourAddress' | 'clientMac'>,
  message: Uint8Array,
  on: NetworkInterface,
  source: Ipv4Address,
  udp: Pick<UdpLayer, 'identificationTowards'>,
): void {
  const { broadcast, clientAddress, yourAddress, clientMac } = answer;
  const own = yourAddress === UNSPECIFIED_IPV4 ? clientAddress : yourAddress;
  const unicast = own !== UNSPECIFIED_IPV4 && (clientAddress !== UNSPECIFIED_IPV4 || !broadcast);
  const destination = unicast ? own : BROADCAST_IPV4;
  const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + message.length);
  bytes.set(message, DATAGRAM_HEADER_BYTES);
  const { dhcpServer, dhcpClient } = UDP_PORT;
  writeUdp(bytes, PACKET_HEADER_BYTES, source, destination, dhcpServer, dhcpClient, message.length);
  writeIpv4Header(bytes, IP_AT, {
    totalLength: bytes.length - IP_AT,
    identification: udp.identificationTowards(destination),
    dontFragment: ANSWER_PACKET.dontFragment,
    timeToLive: ANSWER_PACKET.timeToLive,
    typeOfService: ANSWER_PACKET.typeOfService,
    protocol: IP_PROTOCOL.udp,
    source,
    destination,
  });
  writeEthernetHeader(bytes, unicast ? clientMac : BROADCAST_MAC, on.mac, ETHERTYPE.ipv4);
  on.send(bytes);
}
