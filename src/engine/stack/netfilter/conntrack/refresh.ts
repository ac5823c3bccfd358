/** When a connection ends if no further packet comes: one function for each kind of transport. */
import { IP_PROTOCOL } from '../../../../wire/ipv4';
import type { IpAddress } from '../../../../net/ip-address';
import type { Connection } from './connection';
import type { TcpTracking } from './tcp-tracking';
import type { ConnectionTimeouts } from './timeouts';

/** Sets the end anew for a packet that came `now` in ns, before it is noted that it was an answer. */
export function refresh<Address extends IpAddress>(
  connection: Connection<Address>,
  timeouts: ConnectionTimeouts,
  now: number,
): void {
  connection.expires = now + lifetime(connection, timeouts, now);
}

function lifetime<Address extends IpAddress>(
  connection: Connection<Address>,
  timeouts: ConnectionTimeouts,
  now: number,
): number {
  const { original, replied, tcp } = connection;
  switch (original.protocol) {
    case IP_PROTOCOL.tcp:
      return tcp === undefined ? timeouts.generic : tcpLifetime(tcp, replied, timeouts);
    case IP_PROTOCOL.udp:
      // Answered before, and going on for a while (nf_conntrack_udp_packet).
      if (replied && now - connection.created > timeouts.udpStreamAge) {
        connection.assured = true;
        return timeouts.udpStream;
      }
      return timeouts.udp;
    case IP_PROTOCOL.icmp:
    // nf_conntrack_icmpv6_timeout is 30 s as well.
    case IP_PROTOCOL.icmpv6:
      return timeouts.icmp;
    case IP_PROTOCOL.gre:
      connection.assured ||= replied;
      return replied ? timeouts.greStream : timeouts.gre;
    default:
      return timeouts.generic;
  }
}

function tcpLifetime(tcp: TcpTracking, replied: boolean, timeouts: ConnectionTimeouts): number {
  const usual = timeouts.tcp[tcp.state];
  const isOneSided = tcp.state === 'established' && !replied;
  return tcp.unacknowledged || isOneSided ? Math.min(usual, timeouts.tcpUnacknowledged) : usual;
}
