/**
 * The `traceroute` program of a Linux host (traceroute(8) 2.1 by default: datagrams with rising TTL, several on their way at once). What
 * it does better there and not here: it waits less than 5 s for a probe whose neighbours have been answered.
 */
import { isIpv4, type IpAddress } from '../../net/ip-address';
import { ICMP_TYPE, UNREACHABLE_CODE } from '../../wire/icmp';
import { ICMPV6_TYPE } from '../../wire/icmpv6';
import type { Simulator } from '../kernel/simulator';
import { Timer, type TimerOwner } from '../kernel/timer';
import { SECOND } from './linux-policy';
import type { DatagramError, UdpLayer, UdpSocket } from './udp-layer';

/** traceroute -m, its default. */
const MAXIMUM_HOPS = 30;

export interface TracerouteOptions {
  /** traceroute -q; 3 by default. */
  readonly probesPerHop?: number;
  /** traceroute -N; 16 by default. */
  readonly probesAtOnce?: number;
}

/** traceroute -w: how long a probe is waited for, in ns. */
const PATIENCE = 5 * SECOND;

/** Port of the first probe; each further one has the next (traceroute(8), measured). */
const FIRST_PORT = 33_434;

/** What a probe carries: packets of 60 bytes over IPv4 (measured). */
const DATA = Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index);

/** Code of ICMPv6 type 1 (RFC 4443 3.1). */
const PORT_UNREACHABLE_V6 = 4;

/** Who answered a probe. */
export interface ProbeAnswer {
  readonly from: IpAddress;
  /** ns between the two. */
  readonly time: number;
  /** A router on the way, the destination itself, or whoever knew no further way. */
  readonly kind: 'on-the-way' | 'arrived' | 'unreachable';
}

/** The probes with one TTL; undefined for one that nobody answered. */
export type TracerouteHop = readonly (ProbeAnswer | undefined)[];

interface Probe {
  readonly sent: number;
  readonly socket: UdpSocket<IpAddress>;
  answer: ProbeAnswer | undefined;
  settled: boolean;
}

export class Traceroute implements TimerOwner {
  private readonly probes: Probe[] = [];
  private readonly patience: Timer;
  private readonly probesPerHop: number;
  private readonly probesAtOnce: number;
  /** Probes that may be sent: fewer once the last hop is known. */
  private limit: number;
  private ended = false;

  /** @param done gets the hops from TTL 1; none where there is no way to send anything */
  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
    private readonly destination: IpAddress,
    { probesPerHop = 3, probesAtOnce = 16 }: TracerouteOptions,
    private readonly done: (hops: readonly TracerouteHop[]) => void,
  ) {
    this.patience = new Timer(simulator, this);
    this.probesPerHop = probesPerHop;
    this.probesAtOnce = probesAtOnce;
    this.limit = MAXIMUM_HOPS * probesPerHop;
  }

  start(): void {
    this.proceed();
  }

  timerExpired(): void {
    const { now } = this.simulator;
    for (const probe of this.probes) {
      if (!probe.settled && probe.sent + PATIENCE <= now) {
        settle(probe);
      }
    }
    this.proceed();
  }

  /** Sends what may be sent, and ends when nothing is waited for any more. */
  private proceed(): void {
    while (!this.ended && this.probes.length < this.limit && this.waiting().length < this.probesAtOnce) {
      if (!this.send(this.probes.length)) {
        this.end();
        return;
      }
    }
    const [first] = this.waiting();
    if (this.ended) {
      return;
    }
    if (first === undefined) {
      this.end();
    } else {
      this.patience.arm(first.sent + PATIENCE - this.simulator.now);
    }
  }

  /** The probes of relevant hops that have no answer yet. */
  private waiting(): readonly Probe[] {
    return this.probes.slice(0, this.limit).filter(({ settled }) => !settled);
  }

  private send(index: number): boolean {
    const timeToLive = this.hopOf(index) + 1;
    const socket = this.udp.openDual(
      0,
      {
        datagram: (_data, from) => {
          this.answered(index, from, 'arrived');
        },
        unreachable: error => {
          this.answered(index, error.from, meaning(error));
        },
      },
      { timeToLive, typeOfService: 0, dontFragment: false },
    );
    if (socket === undefined) {
      return false;
    }
    this.probes.push({ sent: this.simulator.now, socket, answer: undefined, settled: false });
    return socket.send(DATA, this.destination, FIRST_PORT + index);
  }

  private answered(index: number, from: IpAddress, kind: ProbeAnswer['kind']): void {
    const probe = this.probes[index];
    if (probe === undefined || probe.settled) {
      return;
    }
    probe.answer = { from, time: this.simulator.now - probe.sent, kind };
    settle(probe);
    if (kind !== 'on-the-way') {
      this.limit = Math.min(this.limit, (this.hopOf(index) + 1) * this.probesPerHop);
    }
    this.proceed();
  }

  /** The hop of a probe, from 0. */
  private hopOf(index: number): number {
    return Math.floor(index / this.probesPerHop);
  }

  private end(): void {
    this.ended = true;
    this.patience.cancel();
    this.probes.forEach(settle);
    const answers = this.probes.slice(0, this.limit).map(({ answer }) => answer);
    const { probesPerHop } = this;
    const hops: TracerouteHop[] = [];
    for (let at = 0; at + probesPerHop <= answers.length; at += probesPerHop) {
      hops.push(answers.slice(at, at + probesPerHop));
    }
    this.done(hops);
  }
}

function settle(probe: Probe): void {
  probe.settled = true;
  probe.socket.close();
}

function meaning({ from, type, code }: DatagramError<IpAddress>): ProbeAnswer['kind'] {
  if (isIpv4(from)) {
    if (type === ICMP_TYPE.timeExceeded) {
      return 'on-the-way';
    }
    return code === UNREACHABLE_CODE.port ? 'arrived' : 'unreachable';
  }
  if (type === ICMPV6_TYPE.timeExceeded) {
    return 'on-the-way';
  }
  return code === PORT_UNREACHABLE_V6 ? 'arrived' : 'unreachable';
}
