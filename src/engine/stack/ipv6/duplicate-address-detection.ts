/** Whether an address is unique on its link (RFC 4862 5.4, with the nonce of RFC 7527): asks for it, and listens for who has it. */
import { UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { solicitedNodeGroup } from '../../../net/ipv6-link-layer';
import { NDP_HOP_LIMIT, ndpBytes } from '../../../wire/ndp';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import type { NetworkInterface } from '../network-interface';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';

/** Hears how it went. */
export interface UniquenessListener {
  addressUnique(address: Ipv6Address): void;
  addressDuplicate(address: Ipv6Address): void;
}

interface Probe {
  /** Solicitations still to be sent. */
  left: number;
  /** When the next one is due, or the answer to the last one is late. */
  deadline: number;
  /** Of our own solicitations, so that one that comes back is no sign of another node. */
  readonly nonce: Uint8Array;
}

/** Bytes of a nonce, which fill its option (RFC 3971 5.3.2; measured). */
const NONCE_BYTES = 6;

export class DuplicateAddressDetection implements TimerOwner {
  private readonly probes = new Map<Ipv6Address, Probe>();
  private readonly timer: Timer;

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly on: NetworkInterface,
    private readonly listener: UniquenessListener,
    private readonly random: RandomStream,
  ) {
    this.timer = new Timer(sender.simulator, this);
  }

  /** Begins with an address, after a random delay. */
  begin(address: Ipv6Address): void {
    this.probes.set(address, {
      left: LINUX_IPV6.duplicateProbes,
      deadline: this.sender.simulator.now + Math.floor(this.random.fraction() * LINUX_IPV6.duplicateDelay),
      nonce: Uint8Array.from({ length: NONCE_BYTES }, () => this.random.integer(0, 255)),
    });
    this.rearm();
  }

  cancel(address: Ipv6Address): void {
    this.probes.delete(address);
    this.rearm();
  }

  /**
   * Someone else asked for the address, or advertised it, while it was being tested.
   * @param nonce of a solicitation that has one
   */
  conflict(address: Ipv6Address, nonce: Uint8Array | undefined): void {
    const probe = this.probes.get(address);
    if (probe !== undefined && !(nonce !== undefined && sameBytes(nonce, probe.nonce))) {
      this.cancel(address);
      this.listener.addressDuplicate(address);
    }
  }

  timerExpired(): void {
    const { now } = this.sender.simulator;
    for (const [address, probe] of this.probes) {
      if (probe.deadline <= now) {
        this.advance(address, probe, now);
      }
    }
    this.rearm();
  }

  private advance(address: Ipv6Address, probe: Probe, now: number): void {
    if (probe.left === 0) {
      this.probes.delete(address);
      this.listener.addressUnique(address);
      return;
    }
    probe.left--;
    probe.deadline = now + LINUX_IPV6.duplicateWait;
    const message = ndpBytes({
      kind: 'neighbour-solicitation',
      target: address,
      options: [{ kind: 'nonce', nonce: probe.nonce }],
    });
    this.sender.sendControl(this.on, UNSPECIFIED_IPV6, solicitedNodeGroup(address), message, NDP_HOP_LIMIT);
  }

  private rearm(): void {
    const earliest = Math.min(...[...this.probes.values()].map(({ deadline }) => deadline));
    if (earliest === Number.POSITIVE_INFINITY) {
      this.timer.cancel();
    } else {
      this.timer.arm(earliest - this.sender.simulator.now);
    }
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
