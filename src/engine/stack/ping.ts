/** The `ping` program of a Linux host (iputils): sends echo requests at an interval and waits for each answer. */
import { isIpv4, type IpAddress } from '../../net/ip-address';
import type { Simulator } from '../kernel/simulator';
import { Timer, type TimerOwner } from '../kernel/timer';
import type { EchoClient } from './icmp-layer';
import type { PacketOptions } from './ipv4/ip-packet';
import { LINUX, SECOND } from './linux-policy';
import { ICMP_TYPE } from '../../wire/icmp';
import { ICMPV6_TYPE } from '../../wire/icmpv6';

/** What became of one request. Times in ns. */
export interface EchoOutcome {
  /** From 1. */
  readonly sequence: number;
  readonly result: 'reply' | 'timeout' | 'unreachable' | 'expired' | 'not-sent';
  readonly time: number;
  readonly from?: IpAddress;
  readonly ttl?: number;
  /** Numbers of ICMP, or of ICMPv6 where `from` is an IPv6 address. */
  readonly icmp?: { readonly type: number; readonly code: number };
}

/** ICMP or ICMPv6: what a ping needs of it. */
export interface EchoProtocol<Address extends IpAddress> {
  /** Opens an echo client under this identifier; false when it is taken. */
  openEcho(identifier: number, client: EchoClient<Address>): boolean;
  closeEcho(identifier: number): void;
  /** Sends an echo request; false, with the reason recorded, when there is no way to send it. */
  sendEcho(
    identifier: number,
    sequence: number,
    destination: Address,
    data: Uint8Array,
    options: PacketOptions,
  ): boolean;
}

export interface PingRequest<Address extends IpAddress = IpAddress> {
  readonly destination: Address;
  readonly count: number;
  readonly interval: number;
  readonly within: number;
  /** Bytes of data. */
  readonly size: number;
  readonly identifier: number;
  /** 64 where absent. */
  readonly timeToLive?: number;
  /** Hears of each request as it ends; then the outcomes are not kept. */
  readonly progress?: (outcome: EchoOutcome) => void;
}

/** ping asks the kernel for path MTU discovery, so its requests carry DF (measured). */
const REQUEST: PacketOptions = { timeToLive: LINUX.timeToLive, typeOfService: 0, dontFragment: true };

/** Bytes of the time stamp in front of the pattern: struct timeval of a 64-bit machine. */
const TIMESTAMP_BYTES = 16;

/** A ping on its way. */
export interface RunningPing {
  readonly transmitted: number;
  stop(): void;
}

export class Ping<Address extends IpAddress> implements EchoClient<Address>, TimerOwner {
  private readonly outcomes: EchoOutcome[] = [];
  /** Sending times of the requests that wait, by sequence. */
  private readonly waiting = new Map<number, number>();
  private readonly sender: Timer;
  private readonly patience: Timer;
  private readonly options: PacketOptions;
  private sent = 0;
  private settled = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly icmp: EchoProtocol<Address>,
    private readonly request: PingRequest<Address>,
    private readonly done: (outcomes: readonly EchoOutcome[]) => void,
  ) {
    this.sender = new Timer(simulator, this);
    this.patience = new Timer(simulator, this);
    this.options = { ...REQUEST, timeToLive: request.timeToLive ?? REQUEST.timeToLive };
  }

  /** Requests so far. */
  get transmitted(): number {
    return this.sent;
  }

  /** Sends no more and waits for nothing; `done` is not called. */
  stop(): void {
    this.waiting.clear();
    this.sender.cancel();
    this.patience.cancel();
    this.icmp.closeEcho(this.request.identifier);
  }

  /** Sends the first request; false when the identifier is in use. */
  start(): boolean {
    if (!this.icmp.openEcho(this.request.identifier, this)) {
      return false;
    }
    this.send();
    return true;
  }

  timerExpired(timer: Timer): void {
    if (timer === this.sender) {
      this.send();
      return;
    }
    const { now } = this.simulator;
    for (const [sequence, at] of this.waiting) {
      if (at + this.request.within <= now) {
        this.settle({ sequence, result: 'timeout', time: now - at });
      }
    }
    this.waitForNext();
  }

  echoReply(sequence: number, from: Address, ttl: number): void {
    const at = this.waiting.get(sequence);
    if (at !== undefined) {
      this.settle({ sequence, result: 'reply', time: this.simulator.now - at, from, ttl });
    }
  }

  echoFailed(sequence: number, from: Address, type: number, code: number): void {
    const at = this.waiting.get(sequence);
    if (at !== undefined) {
      const timeExceeded = isIpv4(from) ? ICMP_TYPE.timeExceeded : ICMPV6_TYPE.timeExceeded;
      const result = type === timeExceeded ? 'expired' : 'unreachable';
      this.settle({ sequence, result, time: this.simulator.now - at, from, icmp: { type, code } });
    }
  }

  private send(): void {
    const sequence = ++this.sent;
    const { request, simulator } = this;
    this.waiting.set(sequence, simulator.now);
    const data = echoData(request.size, simulator.now);
    const sent = this.icmp.sendEcho(
      request.identifier,
      sequence & 0xffff,
      request.destination,
      data,
      this.options,
    );
    if (this.sent < request.count) {
      this.sender.arm(request.interval);
    }
    if (sent) {
      this.waitForNext();
    } else {
      this.settle({ sequence, result: 'not-sent', time: 0 });
    }
  }

  private waitForNext(): void {
    for (const at of this.waiting.values()) {
      this.patience.arm(at + this.request.within - this.simulator.now);
      return;
    }
    this.patience.cancel();
  }

  private settle(outcome: EchoOutcome): void {
    if (!this.waiting.delete(outcome.sequence)) {
      return;
    }
    if (this.request.progress === undefined) {
      this.outcomes.push(outcome);
    } else {
      this.request.progress(outcome);
    }
    if (++this.settled === this.request.count) {
      this.sender.cancel();
      this.patience.cancel();
      this.icmp.closeEcho(this.request.identifier);
      this.done(this.outcomes);
    } else {
      this.waitForNext();
    }
  }
}

/** The data of a request: its time as seconds and microseconds, little-endian, then bytes that count up from 0x10 (measured). */
function echoData(size: number, now: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    data[index] = index & 0xff;
  }
  if (size >= TIMESTAMP_BYTES) {
    const view = new DataView(data.buffer);
    view.setUint32(0, Math.floor(now / SECOND), true);
    view.setUint32(4, 0, true);
    view.setUint32(8, Math.floor((now % SECOND) / 1000), true);
    view.setUint32(12, 0, true);
  }
  return data;
}
