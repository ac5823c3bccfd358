/** Where the fragments of a stack wait for each other: one queue for packets to the machine itself, another where NAT must see whole packets. */
import { ETHERNET_HEADER_BYTES } from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { LINUX } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import { Reassembly, type Discarded } from './reassembly';

interface Fragment {
  readonly frame: Frame;
  readonly on: NetworkInterface;
  readonly cause: number;
}

export interface WholePacket {
  readonly frame: Frame;
  /** IP length in bytes of its largest fragment. */
  readonly largestFragment: number;
}

const LIMITS = {
  time: LINUX.reassemblyTime,
  memory: LINUX.reassemblyMemory,
  distance: LINUX.reassemblyDistance,
};

export class FragmentQueue implements TimerOwner {
  private readonly reassembly = new Reassembly<Fragment>(LIMITS);
  private readonly timer: Timer;

  /** @param expired hears of packets that never became whole, by their first fragment (RFC 792: only with it there is something to quote) */
  constructor(
    private readonly simulator: Simulator,
    private readonly expired: (first: Frame, on: NetworkInterface) => void,
  ) {
    this.timer = new Timer(simulator, this);
  }

  /** Takes a fragment; gives the whole packet when this was the last one that lacked. */
  take(frame: Frame, on: NetworkInterface): WholePacket | undefined {
    const { simulator } = this;
    const fragment = { frame, on, cause: simulator.cause };
    const step = this.reassembly.add(frame.bytes, ETHERNET_HEADER_BYTES, fragment, simulator.now);
    this.discard(step.discarded);
    this.rearm();
    const { whole } = step;
    return whole && { frame: simulator.frame(whole.bytes), largestFragment: whole.largestFragment };
  }

  timerExpired(): void {
    for (const packet of this.reassembly.expire(this.simulator.now)) {
      this.discard(packet);
      if (packet.first !== undefined) {
        this.simulator.cause = packet.first.cause;
        this.expired(packet.first.frame, packet.first.on);
      }
    }
    this.rearm();
  }

  /** Each fragment is dropped for the cause that brought it. */
  private discard(discarded: Discarded<Fragment> | undefined): void {
    if (discarded === undefined) {
      return;
    }
    const { simulator } = this;
    const { cause } = simulator;
    for (const fragment of discarded.fragments) {
      simulator.cause = fragment.cause;
      fragment.on.drop(fragment.frame, discarded.reason);
    }
    simulator.cause = cause;
  }

  private rearm(): void {
    const { deadline } = this.reassembly;
    if (deadline === undefined) {
      this.timer.cancel();
    } else {
      this.timer.arm(deadline - this.simulator.now);
    }
  }
}
