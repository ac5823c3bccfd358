/**
 * A TCP in the hand of a test that plays its peer: `inject` and `expect` take segments in packetdrill's notation, sequence numbers
 * counted from each side's first. What is expected is compared in every field; nothing more may have been sent.
 *
 *     S 0:0(0) win 64240 <mss 1460,sackOK,TS 100 0,nop,wscale 7>
 *     P. 1:6(5) ack 1 win 502 <nop,nop,TS 100 0>
 */
import { expect } from 'vitest';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import type { IpOutput } from '../../../../../src/engine/stack/ip-output';
import type { PacketOptions } from '../../../../../src/engine/stack/ipv4/ip-packet';
import { LINUX_TCP, type TcpPolicy } from '../../../../../src/engine/stack/tcp/policy';
import type { TcpHandler, TcpSocket } from '../../../../../src/engine/stack/tcp/socket';
import { TcpLayer } from '../../../../../src/engine/stack/tcp/tcp-layer';
import type { IpAddress } from '../../../../../src/net/ip-address';
import { Recorder } from '../../recorder';
import { pattern, sumOf } from '../../packets';
import { ip } from '../../topologies';
import { readLine, segmentLine, wireBytes, type Numbers } from './segment-notation';

const OWN = ip('10.0.0.1');
const PEER = ip('10.0.0.2');
const OWN_PORT = 80;
const PEER_PORT = 40_000;
const PEER_START = 5_000_000;

export const SECOND = 1_000_000_000;
/** What Linux puts into the handshake. */
export const SYN_OPTIONS = 'mss 1460,sackOK,TS 100 0,nop,wscale 7';

export interface DialogueOptions {
  readonly policy?: Partial<TcpPolicy>;
  readonly mtu?: number;
  readonly handler?: TcpHandler;
  readonly backlog?: number;
}

/** A packet that TCP gave to IP. */
interface SentPacket {
  readonly bytes: Uint8Array;
  readonly options: PacketOptions;
  /** Virtual, ns. */
  readonly time: number;
  readonly line: string;
}

export class Dialogue implements IpOutput {
  readonly version = 4;
  readonly headerBytes = 0;
  readonly recorder = new Recorder();
  readonly simulator = new Simulator(1, this.recorder);
  readonly tcp: TcpLayer;
  /** What the program heard, in words: `connected`, `data 5`, `peer-closed`, `closed`, `refused`… */
  readonly events: string[] = [];
  readonly sent: SentPacket[] = [];
  readonly drops: string[] = [];
  mtu: number;
  /** The socket, once there is one. */
  socket: TcpSocket | undefined;
  private readonly numbers: Numbers = { own: undefined, peer: PEER_START, ownClock: undefined };
  private local = OWN_PORT;
  private readonly began: number;

  constructor(private readonly options: DialogueOptions = {}) {
    this.mtu = options.mtu ?? 1500;
    this.tcp = new TcpLayer(this.simulator, 'dialogue', { ...LINUX_TCP, ...options.policy });
    this.tcp.addIp(this);
    this.simulator.runUntil(SECOND);
    this.began = this.simulator.now;
  }

  // What TCP needs of IP.
  isLocal(address: IpAddress): boolean {
    return address === OWN;
  }
  sourceFor(): IpAddress {
    return OWN;
  }
  pathMtu(): number {
    return this.mtu;
  }
  allocate(payloadBytes: number): Uint8Array {
    return new Uint8Array(payloadBytes);
  }
  send(
    bytes: Uint8Array,
    source: IpAddress,
    destination: IpAddress,
    protocol: number,
    options: PacketOptions,
  ): boolean {
    expect([source, destination, protocol]).toEqual([OWN, PEER, 6]);
    const pseudo = sumOf(
      Uint8Array.of(10, 0, 0, 1, 10, 0, 0, 2, 0, 6, bytes.length >>> 8, bytes.length & 255),
    );
    expect(sumOf(bytes, pseudo)).toBe(0xffff);
    const line = segmentLine(bytes, this.numbers);
    this.sent.push({ bytes, options: { ...options }, time: this.simulator.now, line });
    return true;
  }

  /** Seconds since the dialogue began. */
  get time(): number {
    return (this.simulator.now - this.began) / SECOND;
  }

  /** Lets this many seconds pass. */
  wait(seconds: number): this {
    this.simulator.runUntil(this.simulator.now + Math.round(seconds * SECOND));
    return this;
  }

  listen(): this {
    this.tcp.listen({
      port: OWN_PORT,
      ...(this.options.backlog === undefined ? {} : { backlog: this.options.backlog }),
      accept: socket => {
        this.socket = socket;
        return this.handler;
      },
    });
    return this;
  }

  connect(): this {
    this.local = 50_000;
    this.socket = this.tcp.connect({
      remote: { address: PEER, port: PEER_PORT },
      localPort: this.local,
      handler: this.handler,
    });
    return this;
  }

  /** The peer sends these segments now. */
  inject(...lines: readonly string[]): this {
    for (const line of lines) {
      const segment = readLine(line, this.numbers);
      const bytes = wireBytes(segment, PEER_PORT, this.local, PEER, OWN);
      this.arrive(bytes);
    }
    return this;
  }

  /** Any bytes arrive as a segment. */
  arrive(bytes: Uint8Array): void {
    this.tcp.segmentArrived(this.simulator.frame(bytes), 0, bytes.length, PEER, OWN, {
      drop: (_, reason) => {
        this.drops.push(reason);
      },
    });
  }

  /** What has been sent since the last call is exactly this; `after` seconds of waiting may come first. */
  expect(...lines: readonly string[]): this {
    expect(this.take()).toEqual(lines);
    return this;
  }

  /** Nothing has been sent since the last call. */
  silence(): this {
    return this.expect();
  }

  /** The lines of what was sent since the last call. */
  take(): string[] {
    return this.sent.splice(0).map(({ line }) => line);
  }

  /** When each segment was sent since the last call, in seconds from `since`. */
  takeTimes(since = 0): number[] {
    return this.sent
      .splice(0)
      .map(({ time }) => Math.round(((time - this.began) / SECOND - since) * 1000) / 1000);
  }

  /** The program sends so many bytes of a pattern. */
  write(length: number): this {
    expect(this.socket!.send(pattern(length))).toBe(length);
    return this;
  }

  /** Opens a connection from the peer, with these options of its SYN; `window` is the field of its first acknowledgment. */
  established(options = SYN_OPTIONS, window = options.includes('wscale') ? 512 : 65_535): this {
    this.listen().inject(`S 0:0(0) win 65535 <${options}>`);
    this.take();
    this.inject(`. 1:1(0) ack 1 win ${window} ${options.includes('TS') ? '<nop,nop,TS 100 0>' : ''}`);
    expect(this.socket?.state).toBe('established');
    this.silence();
    this.events.splice(0);
    return this;
  }

  /** What the program heard since the last call. */
  heard(...events: readonly string[]): this {
    expect(this.events.splice(0)).toEqual(events);
    return this;
  }

  /** The errors of ICMP. */
  icmp(sequence: number, error: Parameters<TcpLayer['errorArrived']>[3]): boolean {
    const [local, remote] = [
      { address: OWN, port: this.local },
      { address: PEER, port: PEER_PORT },
    ];
    return this.tcp.errorArrived(local, remote, ((this.numbers.own ?? 0) + sequence) >>> 0, error);
  }

  get state(): string {
    return this.socket?.state ?? 'none';
  }

  /** Identification of the last packet, as a socket gives it. */
  get lastOptions(): PacketOptions {
    return this.sent[this.sent.length - 1]!.options;
  }

  private get handler(): TcpHandler {
    const { events } = this;
    return {
      connected: () => events.push('connected'),
      data: (_, data) => events.push(`data ${data.length}`),
      peerClosed: () => events.push('peer-closed'),
      writable: () => events.push('writable'),
      closed: () => events.push('closed'),
      failed: (_, why) => events.push(why),
      ...this.options.handler,
    };
  }
}
