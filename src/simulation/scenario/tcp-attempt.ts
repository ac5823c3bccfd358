/** One attempt to connect, decided once: by the peer, by ICMP, or by time. */
import type { NetworkControl } from '../../engine/network';
import type { Endpoint, TcpHandler, TcpSocket } from '../../engine/stack/tcp/socket';

export type ConnectOutcome = 'connected' | 'refused' | 'timeout' | 'unreachable';

/** As `nc` prints errno. */
export const CONNECT_WORDS: Record<ConnectOutcome, string> = {
  connected: 'connected',
  refused: 'Connection refused',
  timeout: 'Connection timed out',
  unreachable: 'No route to host',
};

export interface AttemptListener {
  /** @param socket of the connection, when there is one */
  readonly decided: (outcome: ConnectOutcome, socket: TcpSocket | undefined) => void;
  /** What the connection is used for once it stands. */
  readonly handler?: TcpHandler;
}

export function attemptTcp(
  network: NetworkControl,
  from: string,
  remote: Endpoint,
  within: number,
  { decided, handler = {} }: AttemptListener,
): void {
  let open = true;
  const decide = (outcome: ConnectOutcome, socket?: TcpSocket): void => {
    if (open) {
      open = false;
      decided(outcome, socket);
    }
  };
  const socket = network.stackOf(from)?.tcp.connect({
    remote,
    handler: {
      ...handler,
      connected: connected => {
        decide('connected', connected);
        handler.connected?.(connected);
      },
      failed: (failed, why) => {
        switch (why) {
          case 'refused':
          case 'reset':
            decide('refused');
            break;
          case 'timed-out':
            decide('timeout');
            break;
          case 'unreachable':
            decide('unreachable');
            break;
        }
        handler.failed?.(failed, why);
      },
    },
  });
  if (socket === undefined) {
    decide('unreachable');
    return;
  }
  network.after(within, () => {
    if (open) {
      socket.abort();
      decide('timeout');
    }
  });
}

/** `web.example port 80` */
export function endpointText(host: string, port: number): string {
  return `${host} port ${port}`;
}
