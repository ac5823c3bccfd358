/** Where the sequence numbers of connections begin (RFC 6528). */
import type { RandomStream } from '../../kernel/random-stream';
import { MILLISECOND } from '../linux-policy';
import type { TcpPolicy } from './policy';

/** Linux's clock of sequence numbers: one for every 64 ns (seq_scale of net/core/secure_seq.c). */
const NANOSECONDS_PER_NUMBER = 64;

/** BSD: TCP_ISSINCR / 2 for each connection and each slow tick of 500 ms (VirtualBox slirp/tcp_subr.c, tcp_timer.c). */
const COUNTER_STEP = 64_000;
const SLOW_TICK = 500 * MILLISECOND;

export class InitialSequence {
  private connections = 0;

  constructor(
    private readonly rule: TcpPolicy['initialSequence'],
    private readonly random: RandomStream,
  ) {}

  next(now: number): number {
    if (this.rule === 'random') {
      return (this.random.word() + Math.floor(now / NANOSECONDS_PER_NUMBER)) >>> 0;
    }
    const steps = this.connections++ + Math.floor(now / SLOW_TICK);
    return (1 + steps * COUNTER_STEP) >>> 0;
  }
}
