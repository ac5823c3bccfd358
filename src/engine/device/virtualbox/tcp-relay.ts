/** Joins two TCP connections into one way: what comes in at one end goes out at the other, no faster than that end takes it. */
import type { TcpHandler, TcpSocket } from '../../stack/tcp/socket';

/** One direction. What the outgoing end had no room for waits here while the incoming end is not read, so that its window closes. */
class Direction {
  private rest = new Uint8Array(0);
  private ended = false;
  private flushing = false;

  constructor(
    private readonly from: TcpSocket,
    private readonly to: TcpSocket,
  ) {}

  data(data: Uint8Array): void {
    // What an end that is still opening is to send is fetched when it is open (slirp_pollfds_fill; pxtcp_pcb_connected).
    const taken = this.to.state === 'syn-sent' ? 0 : this.to.send(data);
    if (taken < data.length) {
      this.rest = data.slice(taken);
      this.from.pause();
    }
  }

  /** There is room again at the outgoing end. */
  flush(): void {
    // What is sent now may make room at once, and call this method again.
    if (this.flushing) {
      return;
    }
    if (this.rest.length > 0) {
      this.flushing = true;
      let taken = 1;
      while (taken > 0 && this.rest.length > 0) {
        taken = this.to.send(this.rest);
        this.rest = this.rest.subarray(taken);
      }
      this.flushing = false;
      if (this.rest.length > 0) {
        return;
      }
      this.from.resume();
    }
    this.finishIfDone();
  }

  /** The incoming end sends no more: a half close, once the rest has gone. */
  end(): void {
    this.ended = true;
    this.finishIfDone();
  }

  private finishIfDone(): void {
    if (this.ended && this.rest.length === 0) {
      this.ended = false;
      this.to.finish();
    }
  }
}

/** Joins two connections, of which either may still be opening. A bad end of one is a reset for the other. */
export function relayTcp(one: TcpSocket, other: TcpSocket): void {
  const onward = new Direction(one, other);
  const back = new Direction(other, one);
  one.handler = endOf(other, onward, back);
  other.handler = endOf(one, back, onward);
}

function endOf(other: TcpSocket, incoming: Direction, outgoing: Direction): TcpHandler {
  return {
    connected: () => outgoing.flush(),
    data: (_socket, data) => incoming.data(data),
    writable: () => outgoing.flush(),
    peerClosed: () => incoming.end(),
    failed: () => other.abort(),
  };
}
