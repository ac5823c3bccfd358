/** Asks a name server over TCP (RFC 7766). */
import type { IpAddress } from '../../../net/ip-address';
import { UDP_PORT } from '../../../wire/udp';
import type { TcpHandler, TcpSocket } from '../tcp/socket';
import type { TcpLayer } from '../tcp/tcp-layer';
import { DnsStream, onConnection } from './tcp-stream';

export interface TcpAsker {
  /** A message came. */
  message(data: Uint8Array): void;
  /** No more will come. */
  ended(): void;
}

/** Connects, and sends the questions in one piece when it may. Whoever asks closes the socket; undefined when no socket was free. */
export function askOverTcp(
  tcp: TcpLayer,
  server: IpAddress,
  questions: readonly Uint8Array[],
  asker: TcpAsker,
): TcpSocket | undefined {
  const stream = new DnsStream();
  const handler: TcpHandler = {
    connected: socket => {
      socket.send(onConnection(questions));
    },
    data: (_socket, data) => {
      for (const message of stream.take(data)) {
        asker.message(message);
      }
    },
    peerClosed: socket => {
      socket.close();
      asker.ended();
    },
    failed: () => {
      asker.ended();
    },
  };
  return tcp.connect({ remote: { address: server, port: UDP_PORT.dns }, handler });
}
