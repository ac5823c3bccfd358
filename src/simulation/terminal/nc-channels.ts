/** The two ways in which `nc` reaches its peer. */
import { datagramFailure } from '../../engine/stack/datagram-failure';
import type { TcpHandler, TcpSocket } from '../../engine/stack/tcp/socket';
import type { UdpLayer, UdpSocket } from '../../engine/stack/udp-layer';
import type { IpAddress } from '../../net/ip-address';
import type { NcChannel } from './nc-conversation';

/** What comes from the peer. */
export interface NcReceiver {
  received(data: Uint8Array): void;
  /** No more comes. */
  peerEnded(): void;
}

/** Bytes that wait for room in the connection at most. */
const MOST_UNSENT = 1 << 20;

/** A connection that is open. What comes before somebody listens is kept. */
export class TcpChannel implements NcChannel, TcpHandler {
  private unsent: Uint8Array[] = [];
  private waiting = 0;
  private finishing = false;
  private readonly before: Uint8Array[] = [];
  private endedBefore = false;
  private receiver: NcReceiver | undefined;

  constructor(private readonly socket: TcpSocket) {
    socket.handler = this;
  }

  /** Tells `receiver` what came, and what will. */
  listen(receiver: NcReceiver): void {
    this.receiver = receiver;
    this.before.splice(0).forEach(data => {
      receiver.received(data);
    });
    if (this.endedBefore) {
      receiver.peerEnded();
    }
  }

  send(data: Uint8Array): void {
    if (this.waiting + data.length <= MOST_UNSENT && !this.finishing) {
      this.unsent.push(data);
      this.waiting += data.length;
      this.flush();
    }
  }

  finish(): void {
    this.finishing = true;
    this.flush();
  }

  close(): void {
    this.receiver = undefined;
    this.socket.close();
  }

  data(_socket: TcpSocket, data: Uint8Array): void {
    if (this.receiver === undefined) {
      this.before.push(data.slice());
    } else {
      this.receiver.received(data);
    }
  }

  writable(): void {
    this.flush();
  }

  peerClosed(): void {
    this.peerGone();
  }

  failed(): void {
    this.unsent = [];
    this.peerGone();
  }

  private peerGone(): void {
    this.endedBefore = this.receiver === undefined;
    this.receiver?.peerEnded();
  }

  private flush(): void {
    for (let data = this.unsent.shift(); data !== undefined; data = this.unsent.shift()) {
      const taken = this.socket.send(data);
      this.waiting -= taken;
      if (taken < data.length) {
        this.unsent.unshift(data.subarray(taken));
        return;
      }
    }
    if (this.finishing) {
      this.socket.finish();
    }
  }
}

/** A socket that is connected to one peer, by UDP. */
export class UdpChannel implements NcChannel {
  receiver: NcReceiver | undefined;

  private constructor(
    private readonly socket: UdpSocket<IpAddress>,
    private readonly peer: IpAddress,
    private readonly port: number,
  ) {
    socket.accepts = (from, fromPort) => from === peer && fromPort === port;
  }

  /** A socket of its own; undefined where the port is taken. */
  static open(
    udp: UdpLayer,
    localPort: number | undefined,
    peer: IpAddress,
    port: number,
  ): UdpChannel | undefined {
    const socket = udp.openDual(localPort ?? 0, {
      datagram: data => {
        channel?.receiver?.received(data);
      },
      unreachable: error => {
        if (datagramFailure(error) !== undefined && channel !== undefined) {
          channel.refused = true;
          channel.receiver?.peerEnded();
        }
      },
    });
    const channel = socket === undefined ? undefined : new UdpChannel(socket, peer, port);
    return channel;
  }

  /** A socket that listened, and now speaks to the one who was heard first. */
  static of(socket: UdpSocket<IpAddress>, peer: IpAddress, port: number): UdpChannel {
    return new UdpChannel(socket, peer, port);
  }

  /** An error came back. */
  refused = false;

  send(data: Uint8Array): void {
    this.socket.send(data, this.peer, this.port);
  }

  finish(): void {
    // UDP has no end that could be told.
  }

  close(): void {
    this.socket.close();
  }
}
