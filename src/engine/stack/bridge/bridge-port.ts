/** One port of a bridge: what is plugged in there, its spanning tree state, its VLANs and who watches it. */
import type { DropReason } from '../../kernel/drop-reason';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver } from '../../kernel/port';
import type { Bridge } from './bridge';
import { learnsIn, type PortState } from './port-state';
import type { PortVlans } from './vlan-rules';

/** What carries the frames of a bridge port: a port of the device, a member interface of a machine, or that machine's own stack. */
export interface BridgeLink {
  send(frame: Frame): void;
  /** Whether a frame sent now would get anywhere. */
  readonly carrier: boolean;
  /** Bits per second; path costs follow from it. */
  readonly rate?: number | undefined;
}

export interface BridgePortOptions {
  /** From 1, as spanning tree and `bridge link` number ports. */
  readonly number: number;
  readonly name: string;
  /** The number that its drops are recorded under. */
  readonly record: number;
  /** Undefined where tags are not looked at. */
  readonly vlans: PortVlans | undefined;
  /** The machine's own end of its bridge: learns nothing, and gets no frames for stations that nobody knows. */
  readonly local: boolean;
}

export class BridgePort implements FrameReceiver {
  readonly number: number;
  readonly name: string;
  readonly record: number;
  readonly vlans: PortVlans | undefined;
  readonly local: boolean;

  link: BridgeLink | undefined;

  /** Whether frames pass: the state is forwarding. Kept apart since every frame asks. */
  forwards = true;

  /** Gets a copy of what goes in and out here. */
  mirror: BridgePort | undefined;

  /** Is itself such a mirror, and takes no part in anything else. */
  isMirror = false;

  private currentState: PortState = 'forwarding';

  constructor(
    private readonly bridge: Bridge,
    { number, name, record, vlans, local }: BridgePortOptions,
  ) {
    this.number = number;
    this.name = name;
    this.record = record;
    this.vlans = vlans;
    this.local = local;
  }

  get state(): PortState {
    return this.currentState;
  }

  set state(state: PortState) {
    this.currentState = state;
    this.forwards = state === 'forwarding';
  }

  get learns(): boolean {
    return learnsIn(this.currentState);
  }

  get carrier(): boolean {
    return this.link?.carrier === true;
  }

  /** A frame came in here. */
  receive(frame: Frame): void {
    this.bridge.receive(frame, this);
  }

  /** Sends a frame out of here, whatever the state: the bridge has decided, or it is a BPDU. */
  send(frame: Frame): void {
    this.mirror?.link?.send(frame);
    if (this.link === undefined) {
      this.drop(frame, 'port-unconnected');
      return;
    }
    this.link.send(frame);
  }

  carrierChanged(): void {
    this.bridge.carrierChanged(this);
  }

  drop(frame: Frame, reason: DropReason): void {
    this.bridge.simulator.drop(this.record, frame, reason);
  }
}
