/** Services that need few lines: echo (RFC 862), discard (RFC 863), SSH's greeting (RFC 4253 4.2) and one that only accepts. */
import type { TcpHandler, TcpSocket } from '../tcp/socket';
import { bytesOf, textOf } from './stream-text';

/** Sends back what comes. What does not fit the send buffer stays unread until it does. */
export function echoServer(): TcpHandler {
  return new EchoConversation();
}

class EchoConversation implements TcpHandler {
  private unsent = new Uint8Array(0);
  private peerDone = false;

  data(socket: TcpSocket, data: Uint8Array): void {
    const taken = socket.send(data);
    if (taken < data.length) {
      this.unsent = data.slice(taken);
      socket.pause();
    }
  }

  writable(socket: TcpSocket): void {
    this.unsent = this.unsent.subarray(socket.send(this.unsent));
    if (this.unsent.length === 0) {
      socket.resume();
      if (this.peerDone) {
        socket.close();
      }
    }
  }

  peerClosed(socket: TcpSocket): void {
    this.peerDone = true;
    if (this.unsent.length === 0) {
      socket.close();
    }
  }
}

/** Reads what comes and throws it away. */
export function discardServer(): TcpHandler {
  return { data: () => undefined };
}

/** Bytes of the client's identification line at most (RFC 4253 4.2). */
const IDENTIFICATION_BYTES = 255;

/** OpenSSH's answer to what is no identification (sshd, kex_exchange_identification). */
const INVALID = 'Invalid SSH identification string.\r\n';

/** Names itself, and waits for the client to do so; the key exchange behind that is not simulated. */
export function sshServer(banner: string): TcpHandler {
  let line = '';
  let identified = false;
  return {
    connected: socket => {
      socket.send(bytesOf(`${banner}\r\n`));
    },
    data: (socket, data) => {
      if (identified) {
        return;
      }
      line += textOf(data.subarray(0, IDENTIFICATION_BYTES + 1));
      const end = line.indexOf('\n');
      if (end < 0 && line.length <= IDENTIFICATION_BYTES) {
        return;
      }
      identified = true;
      if (!/^SSH-(2\.0|1\.99)-/.test(line)) {
        socket.send(bytesOf(INVALID));
        socket.close();
      }
    },
  };
}
