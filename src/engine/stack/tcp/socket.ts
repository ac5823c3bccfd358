/**
 * A TCP connection as a simulated program has it. Everything happens in virtual time: calls act at the simulator's present moment, and what
 * comes of them arrives by the handler's methods, from inside the simulator's run. A program that lives outside of virtual time acts between
 * two calls of `run…`.
 */
import type { IpAddress } from '../../../net/ip-address';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { NO_CAUSE } from '../../kernel/traffic-observer';
import type { PacketOptions } from '../ipv4/ip-packet';
import { Connection } from './connection';
import type {
  ConnectionEvent,
  ConnectionFailure,
  ConnectionState,
  PathLimits,
  SegmentOutput,
} from './control-block';
import type { TcpPolicy } from './policy';
import type { Segment } from './segment';
import type { Verdict } from './verdict';

/** An address and a port. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** What a program does when something happens to its connection; each may be left out. */
export interface TcpHandler {
  /** The handshake is done. */
  connected?(socket: TcpSocket): void;
  /**
   * Data came. Without this method data stays unread, and the window closes.
   * @param data a view that must not be kept or changed
   */
  data?(socket: TcpSocket, data: Uint8Array): void;
  /** There is room again after `send` took less than it was given. */
  writable?(socket: TcpSocket): void;
  /** The peer sends no more. Without this method the socket closes as well. */
  peerClosed?(socket: TcpSocket): void;
  /** Both sides have closed in order. */
  closed?(socket: TcpSocket): void;
  /** The connection, or the attempt at one, came to a bad end. */
  failed?(socket: TcpSocket, why: ConnectionFailure): void;
}

/** What a socket needs of its layer. */
export interface SocketHost {
  readonly simulator: Simulator;
  readonly policy: TcpPolicy;
  /** Sends a segment of this socket. */
  transmit(socket: TcpSocket, segment: Segment): void;
  /** Its state may have changed. */
  settled(socket: TcpSocket): void;
}

/** How the packets of a socket are marked; one object for all of them. */
class Marking implements PacketOptions {
  readonly timeToLive: number;
  readonly typeOfService = 0;
  readonly dontFragment: boolean;
  identification?: number;

  constructor(policy: TcpPolicy) {
    this.timeToLive = policy.timeToLive;
    this.dontFragment = policy.dontFragment;
  }
}

const EVERYTHING = Number.POSITIVE_INFINITY;

export class TcpSocket implements SegmentOutput, TimerOwner {
  /** Nobody but the layer should use it. */
  readonly connection: Connection;
  readonly marking: Marking;
  private readonly timer: Timer;
  private lastIdentification: number | undefined;
  private changedBy = NO_CAUSE;
  private settling = false;
  private reading = true;
  private peerClosePending = false;
  /** Both sides have closed, and the program may still have to read. */
  private closePending = false;
  /** The program has closed it. */
  private released = false;
  private done = false;

  constructor(
    private readonly host: SocketHost,
    readonly local: Endpoint,
    readonly remote: Endpoint,
    path: PathLimits,
    timestampOffset: number,
    /** Whom it tells; a program may put another in its place. */
    public handler: TcpHandler,
  ) {
    this.marking = new Marking(host.policy);
    this.timer = new Timer(host.simulator, this);
    const identity = { localPort: local.port, remotePort: remote.port, timestampOffset };
    this.connection = new Connection(host.policy, identity, path, this);
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  /** The record that brought it into its state; NO_CAUSE where that was time, or the machine itself. */
  get cause(): number {
    return this.changedBy;
  }

  /** Virtual time, ns. */
  get now(): number {
    return this.host.simulator.now;
  }

  /** Gives data to send; returns how many bytes were taken. `writable` tells when there is room for the rest. */
  send(data: Uint8Array): number {
    return this.act(now => this.connection.write(data, now));
  }

  /** Bytes that `send` would take now. */
  get room(): number {
    return this.connection.room;
  }

  /** Sends no more: a half close. What the peer sends still comes. */
  finish(): void {
    this.act(now => {
      this.connection.finish(now);
    });
  }

  /** Is done in both directions: data that comes from now on is answered with RST, and the handler hears only how it ends. */
  close(): void {
    this.released = true;
    this.act(now => {
      this.connection.close(now);
    });
  }

  /** Ends the connection at once with a RST; the handler hears no more. */
  abort(): void {
    this.done = true;
    this.act(now => {
      this.connection.abort(now);
    });
  }

  /** Leaves data unread until `resume`: the window closes as it comes. */
  pause(): void {
    this.reading = false;
  }

  resume(): void {
    this.reading = true;
    this.act(() => {
      this.deliverData();
    });
  }

  /** Bytes that wait to be read while the socket is paused. */
  get readable(): number {
    return this.connection.readable;
  }

  /** Takes up to this many bytes while the socket is paused. */
  read(most: number): Uint8Array {
    return this.act(now => this.connection.read(most, now).slice());
  }

  /** TCP_NODELAY: small segments do not wait for acknowledgments. */
  setNoDelay(on: boolean): void {
    this.act(now => {
      this.connection.setNoDelay(on, now);
    });
  }

  /** SO_KEEPALIVE */
  setKeepAlive(on: boolean): void {
    this.act(now => {
      this.connection.setKeepAlive(on, now);
    });
  }

  /** TCP_USER_TIMEOUT: how long data may stay without acknowledgment, ns. */
  setUserTimeout(time: number | undefined): void {
    this.connection.userTimeout = time;
  }

  /** For the layer: a segment of this connection came. */
  receive(segment: Segment): Verdict {
    const verdict = this.act(now => this.connection.receive(segment, now));
    this.connection.acknowledgeWhenRead(this.now);
    return verdict;
  }

  /** For the layer: does something to the connection, then tells the program what came of it. */
  act<Result>(action: (now: number) => Result): Result {
    const { simulator } = this.host;
    const before = this.connection.state;
    const result = action(simulator.now);
    if (this.connection.state !== before) {
      this.changedBy = simulator.cause;
    }
    this.settle();
    return result;
  }

  /** For the layer: the identification of its next packet, which counts from a random number (inet_id). */
  nextIdentification(random: RandomStream): number {
    this.lastIdentification = ((this.lastIdentification ?? random.word()) + 1) & 0xffff;
    return this.lastIdentification;
  }

  transmit(segment: Segment): void {
    this.host.transmit(this, segment);
  }

  timerExpired(): void {
    this.act(now => {
      this.connection.timeout(now);
    });
  }

  private settle(): void {
    if (this.settling) {
      return;
    }
    this.settling = true;
    for (
      let events = this.connection.takeEvents();
      events.length > 0;
      events = this.connection.takeEvents()
    ) {
      for (const event of events) {
        this.deliver(event);
      }
    }
    this.settling = false;
    const { deadline } = this.connection;
    if (deadline === undefined) {
      this.timer.cancel();
    } else {
      // Never before the deadline, whose fraction of a nanosecond would be waited for again and again.
      this.timer.arm(Math.max(0, Math.ceil(deadline - this.host.simulator.now)));
    }
    this.host.settled(this);
  }

  private deliver(event: ConnectionEvent): void {
    if (this.done) {
      return;
    }
    const { handler } = this;
    switch (event.kind) {
      case 'connected':
        handler.connected?.(this);
        return;
      case 'readable':
        this.deliverData();
        return;
      case 'writable':
        handler.writable?.(this);
        return;
      case 'peer-closed':
        this.peerClosePending = true;
        this.deliverPeerClose();
        return;
      case 'closed':
        this.closePending = true;
        this.deliverClose();
        return;
      case 'failed':
        this.done = true;
        handler.failed?.(this, event.why);
        return;
    }
  }

  private deliverData(): void {
    while (
      this.reading &&
      !this.released &&
      !this.done &&
      this.handler.data !== undefined &&
      this.connection.readable > 0
    ) {
      const data = this.connection.read(EVERYTHING, this.host.simulator.now);
      this.handler.data(this, data);
    }
    this.deliverPeerClose();
  }

  private deliverPeerClose(): void {
    if (
      !this.peerClosePending ||
      this.released ||
      (this.connection.readable > 0 && this.handler.data !== undefined)
    ) {
      this.deliverClose();
      return;
    }
    this.peerClosePending = false;
    if (this.handler.peerClosed === undefined) {
      this.connection.close(this.host.simulator.now);
    } else {
      this.handler.peerClosed(this);
    }
    this.deliverClose();
  }

  /** Tells that it is over, once what came has been read: a program does not lose it because the connection has ended meanwhile. */
  private deliverClose(): void {
    const isUnread = this.peerClosePending && !this.released && this.handler.data !== undefined;
    if (this.closePending && !isUnread) {
      this.closePending = false;
      this.done = true;
      this.handler.closed?.(this);
    }
  }
}
