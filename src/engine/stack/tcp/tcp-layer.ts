/** TCP of a machine: its connections and listeners, and the way of segments between them and IP (RFC 9293 3.10.7). */
import type { IpAddress } from '../../../net/ip-address';
import { IP_PROTOCOL, IPV4_HEADER_BYTES } from '../../../wire/ipv4';
import { checkTcp, TCP_FLAG, TCP_HEADER_BYTES, writeTcp } from '../../../wire/tcp';
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import type { IpOutput } from '../ip-output';
import type { PacketOptions } from '../ipv4/ip-packet';
import type { ConnectionFailure, PathLimits } from './control-block';
import { InitialSequence } from './initial-sequence';
import { TcpListener, type HeldRequest, type ListenOptions } from './listener';
import { chooseLocalPort } from './local-port';
import type { TcpPolicy } from './policy';
import { answerWithReset } from './reset';
import { optionLength, readSegment, writeOptions, type Segment } from './segment';
import { SocketTable } from './socket-table';
import { TcpSocket, type Endpoint, type SocketHost, type TcpHandler } from './socket';
import type { Verdict } from './verdict';

/** IPv6 header without extensions (RFC 8200 3). */
const IPV6_HEADER_BYTES = 40;

export interface ConnectOptions {
  readonly remote: Endpoint;
  /** Chosen where absent; it need not be this machine's for one that speaks in the place of others. */
  readonly localAddress?: IpAddress;
  readonly localPort?: number;
  readonly handler: TcpHandler;
}

/** Where a segment came in: records that it goes no further. */
export interface SegmentOrigin {
  drop(frame: Frame, reason: DropReason): void;
}

/** What an error says of a segment that was sent. */
export type SegmentError =
  | { readonly kind: 'unreachable'; readonly why: ConnectionFailure }
  | { readonly kind: 'too-big'; readonly mtu: number };

export class TcpLayer implements SocketHost {
  private readonly sockets = new SocketTable();
  private readonly listeners: TcpListener[] = [];
  /** The listener of each connection that is half open. */
  private readonly halfOpen = new Map<TcpSocket, TcpListener>();
  private readonly held: (HeldRequest & { readonly local: Endpoint; readonly remote: Endpoint })[] = [];
  private readonly ips: IpOutput[] = [];
  private readonly waiting = new Set<TcpSocket>();
  private readonly sequence: InitialSequence;
  private readonly random: RandomStream;
  /** How segments of no connection are marked. */
  private readonly resetMarking: PacketOptions;

  /** @param name of the machine, for its random numbers */
  constructor(
    readonly simulator: Simulator,
    name: string,
    readonly policy: TcpPolicy,
  ) {
    this.random = simulator.random(`tcp ${name}`);
    this.resetMarking = {
      timeToLive: policy.timeToLive,
      typeOfService: 0,
      dontFragment: policy.dontFragment,
      ...(policy.ownIdentification ? { identification: 0 } : {}),
    };
    this.sequence = new InitialSequence(policy.initialSequence, simulator.random(`tcp sequence ${name}`));
  }

  /** Sends over this version of IP from now on. */
  addIp(output: IpOutput): void {
    this.ips.push(output);
  }

  /** Listens; undefined when somebody listens there already. */
  listen(options: ListenOptions): TcpListener | undefined {
    const taken = this.listeners.some(
      ({ options: other }) => other.port === options.port && other.address === options.address,
    );
    if (taken) {
      return undefined;
    }
    const listener = new TcpListener(options, options.backlog ?? this.policy.synBacklog, gone => {
      this.listeners.splice(0, this.listeners.length, ...this.listeners.filter(each => each !== gone));
    });
    this.listeners.push(listener);
    return listener;
  }

  /** The address from which this machine would speak to another; undefined where there is no way. */
  sourceFor(destination: IpAddress): IpAddress | undefined {
    return this.ipFor(destination)?.sourceFor(destination);
  }

  /** Opens a connection. What is wrong at once, such as no route, is told to the handler as well; undefined when no port or no room is left. */
  connect(options: ConnectOptions): TcpSocket | undefined {
    const { remote, handler } = options;
    const ip = this.ipFor(remote.address);
    const address = options.localAddress ?? ip?.sourceFor(remote.address);
    const from = address ?? remote.address;
    const port = options.localPort ?? this.freePort(from, remote);
    const local = { address: from, port: port ?? 0 };
    if (
      port === undefined ||
      this.sockets.has(local, remote) ||
      this.sockets.size >= this.policy.connections
    ) {
      return undefined;
    }
    const socket = this.newSocket(local, remote, handler);
    socket.act(now => {
      if (address === undefined) {
        socket.connection.failToOpen();
      } else {
        socket.connection.open(this.sequence.next(now), now);
      }
    });
    return socket;
  }

  /** The connections there are, those that wait for duplicates to die out among them. */
  get connections(): Iterable<TcpSocket> {
    return this.sockets;
  }

  get listening(): readonly TcpListener[] {
    return this.listeners;
  }

  /**
   * A segment for this machine has arrived.
   * @param at where its header begins in the frame
   * @param length bytes of header and data, as IP says
   */
  segmentArrived(
    frame: Frame,
    at: number,
    length: number,
    source: IpAddress,
    destination: IpAddress,
    origin: SegmentOrigin,
  ): void {
    const { bytes } = frame;
    const problem = checkTcp(bytes, at, length, source, destination);
    const ip = this.ipFor(source);
    if (problem !== undefined) {
      origin.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    if (ip?.isLocal(destination) !== true) {
      origin.drop(frame, 'broadcast-ignored');
      return;
    }
    const segment = readSegment(bytes, at, length);
    const local = { address: destination, port: segment.destinationPort };
    const remote = { address: source, port: segment.sourcePort };
    const socket = this.sockets.find(destination, local.port, source, remote.port);
    const verdict =
      socket === undefined || this.makesWay(socket, segment)
        ? this.arrivedAtListener(segment, local, remote)
        : socket.receive(segment);
    if (verdict.kind === 'taken') {
      return;
    }
    origin.drop(frame, verdict.reason);
    if (verdict.kind === 'reset') {
      const answer = answerWithReset(segment, this.policy.resetWindow);
      if (answer !== undefined) {
        this.send(ip, answer, destination, source, this.resetMarking);
      }
    }
  }

  /**
   * ICMP tells of a segment that was sent from here.
   * @returns whether there is such a connection
   */
  errorArrived(local: Endpoint, remote: Endpoint, sequence: number, error: SegmentError): boolean {
    const socket = this.sockets.find(local.address, local.port, remote.address, remote.port);
    socket?.act(now => {
      if (error.kind === 'unreachable') {
        socket.connection.unreachable(sequence, error.why);
      } else {
        const path = this.pathTo(remote.address);
        const fits = error.mtu - headerBytes(this.ipFor(remote.address));
        const segmentSize = Math.min(path.segmentSize, fits);
        socket.connection.narrowed({ ...path, segmentSize }, now);
      }
    });
    return socket !== undefined;
  }

  transmit(socket: TcpSocket, segment: Segment): void {
    const { local, remote, marking } = socket;
    if (this.policy.ownIdentification) {
      const handshake = (segment.flags & TCP_FLAG.syn) !== 0 && (segment.flags & TCP_FLAG.ack) !== 0;
      const wordless = handshake || socket.state === 'time-wait';
      marking.identification = wordless ? 0 : socket.nextIdentification(this.random);
    }
    this.send(this.ipFor(remote.address), segment, local.address, remote.address, marking);
  }

  settled(socket: TcpSocket): void {
    const { state } = socket;
    const listener = this.halfOpen.get(socket);
    if (listener !== undefined && state !== 'syn-received') {
      this.halfOpen.delete(socket);
      listener.halfOpen--;
    }
    if (state === 'closed') {
      this.sockets.remove(socket);
      this.waiting.delete(socket);
    } else if (state === 'time-wait' && !this.waiting.has(socket)) {
      if (this.waiting.size >= this.policy.timeWaits) {
        // "time wait bucket table overflow": it ends at once (tcp_time_wait).
        socket.abort();
      } else {
        this.waiting.add(socket);
      }
    }
  }

  private arrivedAtListener(segment: Segment, local: Endpoint, remote: Endpoint): Verdict {
    const listener = this.listenerFor(local);
    if ((segment.flags & TCP_FLAG.rst) !== 0) {
      return { kind: 'discarded', reason: 'port-unreachable' };
    }
    if (listener === undefined || (segment.flags & TCP_FLAG.ack) !== 0) {
      return { kind: 'reset', reason: 'port-unreachable' };
    }
    if ((segment.flags & TCP_FLAG.syn) === 0) {
      return { kind: 'discarded', reason: 'tcp-not-acceptable' };
    }
    if (this.heldIndex(local, remote) >= 0) {
      return { kind: 'discarded', reason: 'tcp-old-duplicate' };
    }
    if (listener.full) {
      return { kind: 'discarded', reason: 'listen-backlog-full' };
    }
    if (this.sockets.size >= this.policy.connections) {
      return { kind: 'discarded', reason: 'table-full' };
    }
    if (listener.options.incoming === undefined) {
      this.answer(listener, segment, local, remote);
    } else {
      this.hold(listener, segment, local, remote, listener.options.incoming.bind(listener.options));
    }
    return { kind: 'taken' };
  }

  private answer(listener: TcpListener, syn: Segment, local: Endpoint, remote: Endpoint): TcpSocket {
    const socket = this.newSocket(local, remote, {
      connected: opened => {
        opened.handler = listener.options.accept(opened);
        opened.handler.connected?.(opened);
      },
    });
    listener.halfOpen++;
    this.halfOpen.set(socket, listener);
    socket.act(now => {
      socket.connection.answer(syn, this.sequence.next(now), now);
    });
    return socket;
  }

  private hold(
    listener: TcpListener,
    segment: Segment,
    local: Endpoint,
    remote: Endpoint,
    incoming: Required<ListenOptions>['incoming'],
  ): void {
    const syn = { ...segment, data: new Uint8Array(0) };
    this.held.push({ listener, syn, local, remote });
    listener.halfOpen++;
    const release = (): boolean => {
      const index = this.heldIndex(local, remote);
      if (this.held[index]?.syn !== syn) {
        return false;
      }
      this.held.splice(index, 1);
      listener.halfOpen--;
      return true;
    };
    incoming({
      local,
      remote,
      accept: () => (release() ? this.answer(listener, syn, local, remote) : undefined),
      refuse: () => {
        const answer = release() ? answerWithReset(syn, this.policy.resetWindow) : undefined;
        if (answer !== undefined) {
          this.send(this.ipFor(remote.address), answer, local.address, remote.address, this.resetMarking);
        }
      },
      ignore: () => {
        release();
      },
    });
  }

  private heldIndex(local: Endpoint, remote: Endpoint): number {
    return this.held.findIndex(
      each =>
        each.local.port === local.port &&
        each.remote.port === remote.port &&
        each.local.address === local.address &&
        each.remote.address === remote.address,
    );
  }

  private listenerFor(local: Endpoint): TcpListener | undefined {
    let best: TcpListener | undefined;
    let bestRank = -1;
    for (const listener of this.listeners) {
      const rank = listener.rank(local);
      if (rank !== undefined && rank > bestRank) {
        best = listener;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Whether an old connection in TIME-WAIT gives its place to a new one; it is gone then. */
  private makesWay(socket: TcpSocket, segment: Segment): boolean {
    const replaced =
      socket.state === 'time-wait' &&
      socket.connection.mayBeReplaced(segment) &&
      this.listenerFor(socket.local) !== undefined;
    if (replaced) {
      socket.abort();
    }
    return replaced;
  }

  private newSocket(local: Endpoint, remote: Endpoint, handler: TcpHandler): TcpSocket {
    const path = this.pathTo(remote.address);
    const socket = new TcpSocket(this, local, remote, path, this.random.word(), handler);
    this.sockets.add(socket);
    return socket;
  }

  private pathTo(remote: IpAddress): PathLimits {
    const ip = this.ipFor(remote);
    const headers = headerBytes(ip);
    const mtu = ip?.pathMtu(remote) ?? headers;
    // What is offered follows the path too, not the link alone (ipv4_default_advmss, ip6_default_advmss; measured on Linux 6.18).
    return { segmentSize: mtu - headers, offeredSegmentSize: Math.min(mtu - headers, 0xffff) };
  }

  private freePort(local: IpAddress, remote: Endpoint): number | undefined {
    return chooseLocalPort(
      this.random,
      port =>
        this.sockets.find(local, port, remote.address, remote.port) === undefined &&
        !this.listeners.some(({ options }) => options.port === port),
    );
  }

  private ipFor(address: IpAddress): IpOutput | undefined {
    const version = typeof address === 'number' ? 4 : 6;
    return this.ips.find(ip => ip.version === version);
  }

  private send(
    ip: IpOutput | undefined,
    segment: Segment,
    source: IpAddress,
    destination: IpAddress,
    marking: PacketOptions,
  ): void {
    if (ip === undefined) {
      return;
    }
    const options = optionLength(segment);
    const at = ip.headerBytes;
    const bytes = ip.allocate(TCP_HEADER_BYTES + options + segment.data.length);
    writeOptions(bytes, at + TCP_HEADER_BYTES, segment);
    bytes.set(segment.data, at + TCP_HEADER_BYTES + options);
    writeTcp(bytes, at, source, destination, segment, segment.data.length, options);
    ip.send(bytes, source, destination, IP_PROTOCOL.tcp, marking);
  }
}

function headerBytes(ip: IpOutput | undefined): number {
  return (ip?.version === 6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + TCP_HEADER_BYTES;
}
