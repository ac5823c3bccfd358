/** A server of stateless DHCPv6 (RFC 8415 18.3.6): tells name servers to who asks, and gives no addresses. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { MacAddress } from '../../../net/mac-address';
import {
  DHCPV6_MESSAGE,
  DHCPV6_OPTION,
  DHCPV6_PORT,
  dhcpv6Bytes,
  domainListOption,
  findDhcpv6Option,
  linkLayerDuid,
  nameServersOption,
  parseDhcpv6,
  requestedOptions,
  type Dhcpv6Message,
  type Dhcpv6Option,
} from '../../../wire/dhcpv6';
import type { NetworkInterface } from '../network-interface';
import type { UdpLayer, UdpSocket } from '../udp-layer';

/** What an interface's clients are told. */
export interface StatelessScope {
  readonly nameServers: readonly Ipv6Address[];
  readonly domains: readonly string[];
}

export class Dhcpv6Server {
  private socket: UdpSocket<Ipv6Address> | undefined;
  private readonly scopes = new Map<NetworkInterface, StatelessScope>();

  constructor(private readonly udp: UdpLayer) {}

  /** Answers on this interface, whose group DHCPV6_SERVERS must be joined. */
  serve(on: NetworkInterface, scope: StatelessScope): void {
    this.scopes.set(on, scope);
    this.socket ??= this.udp.openIpv6(DHCPV6_PORT.server, this);
  }

  datagram(
    data: Uint8Array,
    from: Ipv6Address,
    fromPort: number,
    _to: Ipv6Address,
    on: NetworkInterface,
  ): void {
    const message = parseDhcpv6(data, 0, data.length);
    const scope = this.scopes.get(on);
    if (typeof message === 'string' || scope === undefined) {
      return;
    }
    const answer = answerTo(message, scope, on.mac);
    if (answer !== undefined) {
      this.socket?.send(dhcpv6Bytes(answer), from, fromPort, undefined, on);
    }
  }
}

/** The reply to an information request; undefined for one that is for another server, and for any other message. */
export function answerTo(
  message: Dhcpv6Message,
  { nameServers, domains }: StatelessScope,
  mac: MacAddress,
): Dhcpv6Message | undefined {
  const identifier = linkLayerDuid(mac);
  const wanted = findDhcpv6Option(message, DHCPV6_OPTION.serverIdentifier);
  const forUs = wanted === undefined || wanted.every((byte, index) => byte === identifier[index]);
  if (message.type !== DHCPV6_MESSAGE.informationRequest || !forUs) {
    return undefined;
  }
  const asked = requestedOptions(message);
  const client = findDhcpv6Option(message, DHCPV6_OPTION.clientIdentifier);
  const options: Dhcpv6Option[] = [
    ...(client === undefined ? [] : [{ code: DHCPV6_OPTION.clientIdentifier, data: client }]),
    { code: DHCPV6_OPTION.serverIdentifier, data: identifier },
    ...(nameServers.length > 0 && asked.includes(DHCPV6_OPTION.nameServers)
      ? [nameServersOption(nameServers)]
      : []),
    ...(domains.length > 0 && asked.includes(DHCPV6_OPTION.domainList) ? [domainListOption(domains)] : []),
  ];
  return { type: DHCPV6_MESSAGE.reply, transaction: message.transaction, options };
}
