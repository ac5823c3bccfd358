/** Listening: LISTEN of RFC 9293 3.10.7.2, with connections that an application may decide on before they are answered. */
import type { IpAddress } from '../../../net/ip-address';
import type { Segment } from './segment';
import type { Endpoint, TcpHandler, TcpSocket } from './socket';

export interface ListenOptions {
  /** Undefined for every port that has no listener of its own. */
  readonly port: number | undefined;
  /** Undefined for every address. */
  readonly address?: IpAddress;
  /** Half-open connections at most; the policy's where absent. */
  readonly backlog?: number;
  /** A connection is open: gives what handles it. */
  accept(socket: TcpSocket): TcpHandler;
  /** A SYN came: decides what becomes of it, now or later. Without this method every SYN is answered at once. */
  incoming?(request: ConnectionRequest): void;
}

/** A SYN that is held until the application has decided; SYNs that repeat it are ignored meanwhile. */
export interface ConnectionRequest {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Answers with SYN and ACK; undefined when it is too late. */
  accept(): TcpSocket | undefined;
  /** Answers with RST. */
  refuse(): void;
  /** Answers nothing; a repeated SYN begins anew. */
  ignore(): void;
}

export class TcpListener {
  /** Connections in SYN-RECEIVED, and requests that wait for a decision. */
  halfOpen = 0;

  constructor(
    readonly options: ListenOptions,
    private readonly backlog: number,
    private readonly closeIt: (listener: TcpListener) => void,
  ) {}

  get full(): boolean {
    return this.halfOpen >= this.backlog;
  }

  /** Takes no more connections; those that are there stay. */
  close(): void {
    this.closeIt(this);
  }

  /** How well it fits this end: undefined for not at all, more for more exactly. */
  rank(local: Endpoint): number | undefined {
    const { port, address } = this.options;
    if ((port !== undefined && port !== local.port) || (address !== undefined && address !== local.address)) {
      return undefined;
    }
    return (port === undefined ? 0 : 2) + (address === undefined ? 0 : 1);
  }
}

/** A request that is held. */
export interface HeldRequest {
  readonly listener: TcpListener;
  readonly syn: Segment;
}
