/** A DHCP relay agent (RFC 1542 4, RFC 2131 4.1): hands what clients of a link ask to a server elsewhere, and its answers back. */
import { UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { readUint32, writeUint32 } from '../../../wire/bytes';
import { DHCP_OPERATION, parseDhcp } from '../../../wire/dhcp';
import { UDP_PORT } from '../../../wire/udp';
import type { DropReason } from '../../kernel/drop-reason';
import type { NetworkInterface } from '../network-interface';
import type { UdpLayer, UdpSocket } from '../udp-layer';
import { sendToClient } from './to-client';

/** Where the hop count and the relay's address lie in a message (RFC 2131 2). */
const HOPS_AT = 3;
const RELAY_ADDRESS_AT = 24;

/** A request that passed more relays than this is discarded: the default of RFC 1542 4.1.1. */
const MAXIMUM_HOPS = 4;

export type RelayVerdict = 'passed-on' | 'not-for-relay' | DropReason;

export class DhcpRelay {
  private readonly servers = new Map<NetworkInterface, Ipv4Address[]>();

  constructor(private readonly udp: Pick<UdpLayer, 'identificationTowards'>) {}

  /** Hands what is asked on this interface to one more server. */
  add(on: NetworkInterface, server: Ipv4Address): void {
    this.servers.set(on, [...(this.servers.get(on) ?? []), server]);
  }

  /** What became of a message: `not-for-relay` when it is none to pass on, from a client or back to one. */
  take(data: Uint8Array, on: NetworkInterface, socket: UdpSocket): RelayVerdict {
    const message = parseDhcp(data, 0, data.length);
    if (typeof message === 'string') {
      return 'not-for-relay';
    }
    if (message.operation === DHCP_OPERATION.reply) {
      const out = this.interfaceOf(message.relayAddress);
      if (out !== undefined) {
        sendToClient(message, data, out, message.relayAddress, this.udp);
      }
      return out === undefined ? 'not-for-relay' : 'passed-on';
    }
    // What a client says to its server alone, renewals and releases, is routed and comes here only by mistake.
    const servers = message.clientAddress === UNSPECIFIED_IPV4 ? this.servers.get(on) : undefined;
    const own = on.primaryAddress;
    if (servers === undefined || own === undefined) {
      return 'not-for-relay';
    }
    const hops = data[HOPS_AT] ?? 0;
    if (hops >= MAXIMUM_HOPS) {
      return 'dhcp-hops-exceeded';
    }
    const onward = data.slice();
    onward[HOPS_AT] = hops + 1;
    // The first relay's address stays: it tells the server which network the client is in.
    if (readUint32(onward, RELAY_ADDRESS_AT) === UNSPECIFIED_IPV4) {
      writeUint32(onward, RELAY_ADDRESS_AT, own);
    }
    for (const server of servers) {
      socket.send(onward, server, UDP_PORT.dhcpServer);
    }
    return 'passed-on';
  }

  private interfaceOf(address: Ipv4Address): NetworkInterface | undefined {
    for (const on of this.servers.keys()) {
      if (on.addresses.some(own => own.address === address)) {
        return on;
      }
    }
    return undefined;
  }
}
