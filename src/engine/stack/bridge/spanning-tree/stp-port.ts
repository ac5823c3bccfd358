/** The variables of one port of an STP bridge (IEEE 802.1D-1998 8.5.5). */
import { compareBridgeIds, type BridgeId } from '../../../../wire/stp';
import type { PortState } from '../port-state';
import { NEVER, portIdentifier } from './spanning-tree';

/** What a bridge says of the way to the root at one of its ports. */
export interface DesignatedInformation {
  readonly root: BridgeId;
  readonly rootPathCost: number;
  readonly bridge: BridgeId;
  readonly port: number;
}

/** Negative when `one` is the better way to the root (IEEE 802.1D-1998 8.6.2.2 1). */
export function compareDesignated(one: DesignatedInformation, other: DesignatedInformation): number {
  return (
    compareBridgeIds(one.root, other.root) ||
    one.rootPathCost - other.rootPathCost ||
    compareBridgeIds(one.bridge, other.bridge) ||
    one.port - other.port
  );
}

export class StpPort {
  readonly identifier: number;
  state: PortState = 'disabled';
  pathCost = 0;
  /** The best that was heard on this port's LAN, or what this bridge itself says there. */
  designated: DesignatedInformation;
  /** When the root sent what was heard, in ns. */
  designatedSince = 0;
  acknowledgesChange = false;
  configurationPending = false;

  /** When the timers run out. */
  messageAge = NEVER;
  forwardDelay = NEVER;
  hold = NEVER;

  constructor(
    readonly number: number,
    private readonly bridge: BridgeId,
  ) {
    this.identifier = portIdentifier(number);
    this.designated = { root: bridge, rootPathCost: 0, bridge, port: this.identifier };
  }

  /** Whether this bridge is the one that connects the port's LAN to the root (Linux br_is_designated_port). */
  get isDesignated(): boolean {
    const { bridge, port } = this.designated;
    return compareBridgeIds(bridge, this.bridge) === 0 && port === this.identifier;
  }

  /** What the port says as soon as it is the designated one of its LAN (8.6.5). */
  becomeDesignated(root: BridgeId, rootPathCost: number): void {
    this.designated = { root, rootPathCost, bridge: this.bridge, port: this.identifier };
  }

  stopTimers(): void {
    this.messageAge = NEVER;
    this.forwardDelay = NEVER;
    this.hold = NEVER;
  }

  get nextDeadline(): number {
    return Math.min(this.messageAge, this.forwardDelay, this.hold);
  }
}
