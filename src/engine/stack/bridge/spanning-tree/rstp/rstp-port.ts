/** The variables of one port of an RSTP bridge, under the names of IEEE 802.1D-2004 17.19. Timers hold the moment at which they run out. */
import type { BridgeId } from '../../../../../wire/stp';
import { portIdentifier, type PortRole } from '../spanning-tree';
import type { DesignatedInformation } from '../stp-port';

/** Message age, maximum age, hello time and forward delay, in ns (17.13). */
export interface RstpTimes {
  readonly messageAge: number;
  readonly maximumAge: number;
  readonly helloTime: number;
  readonly forwardDelay: number;
}

export function sameTimes(one: RstpTimes, other: RstpTimes): boolean {
  return (
    one.messageAge === other.messageAge &&
    one.maximumAge === other.maximumAge &&
    one.helloTime === other.helloTime &&
    one.forwardDelay === other.forwardDelay
  );
}

export class RstpPort {
  readonly identifier: number;
  enabled = false;
  pathCost = 0;

  infoIs: 'disabled' | 'aged' | 'mine' | 'received' = 'disabled';
  portPriority: DesignatedInformation;
  designatedPriority: DesignatedInformation;
  portTimes: RstpTimes;
  designatedTimes: RstpTimes;

  role: PortRole = 'disabled';
  selectedRole: PortRole = 'disabled';
  selected = false;
  reselect = true;
  updtInfo = false;

  agree = false;
  agreed = false;
  proposed = false;
  proposing = false;
  synced = false;
  sync = false;
  reRoot = false;
  disputed = false;

  learn = false;
  forward = false;

  operEdge = false;
  sendRstp = true;
  newInfo = true;

  rcvdTc = false;
  rcvdTcn = false;
  rcvdTcAck = false;
  tcProp = false;
  tcAck = false;
  /** Whether the topology change machine is past `learning`. */
  tcActive = false;

  edgeDelayWhile = 0;
  fdWhile = 0;
  helloWhen = 0;
  mdelayWhile = 0;
  rbWhile = 0;
  rcvdInfoWhile = 0;
  rrWhile = 0;
  tcWhile = 0;
  txCount = 0;
  /** When txCount goes down by one. */
  txTick = 0;

  constructor(
    readonly number: number,
    bridge: BridgeId,
    times: RstpTimes,
  ) {
    this.identifier = portIdentifier(number);
    this.portPriority = { root: bridge, rootPathCost: 0, bridge, port: this.identifier };
    this.designatedPriority = this.portPriority;
    this.portTimes = times;
    this.designatedTimes = times;
  }

  /** 17.20.5: a port that speaks RSTP waits a hello time where others wait a forward delay. */
  get forwardDelay(): number {
    return this.sendRstp ? this.designatedTimes.helloTime : this.designatedTimes.forwardDelay;
  }

  /** The next moment after `now` at which a timer of this port runs out. */
  nextDeadline(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    const { edgeDelayWhile, fdWhile, helloWhen, mdelayWhile, rbWhile, rcvdInfoWhile, rrWhile, tcWhile } =
      this;
    for (const timer of [
      edgeDelayWhile,
      fdWhile,
      helloWhen,
      mdelayWhile,
      rbWhile,
      rcvdInfoWhile,
      rrWhile,
      tcWhile,
      this.txTick,
    ]) {
      if (timer > now && timer < next) {
        next = timer;
      }
    }
    return next;
  }
}
