/** Runs the spanning tree of a bridge: hands it BPDUs, carrier and time, and does what it decides. */
import type { MacAddress } from '../../../../net/mac-address';
import type { ResolvedSpanningTree } from '../../../../topology/resolved';
import { bpduFrameBytes, parseBpduFrame, writeBpduFrame, type Bpdu } from '../../../../wire/stp';
import type { Frame } from '../../../kernel/frame';
import { Timer, type TimerOwner } from '../../../kernel/timer';
import { NO_CAUSE } from '../../../kernel/traffic-observer';
import { SECOND } from '../../linux-policy';
import type { Bridge, BridgeProtocol } from '../bridge';
import type { BridgePort } from '../bridge-port';
import type { PortState } from '../port-state';
import type {
  SpanningTree,
  SpanningTreeActions,
  SpanningTreeSettings,
  SpanningTreeStatus,
} from './spanning-tree';
import { RstpBridge } from './rstp/rstp-bridge';
import { StpBridge } from './stp-bridge';

/** Rate of a port that has none of its own: what a veth pair says (drivers/net/veth.c: SPEED_10000). */
const VIRTUAL_RATE = 1e10;

/** Hello time may not be shorter, in seconds (IEEE 802.1D-2004 table 17-1). */
const SHORTEST_HELLO = 1;

export class SpanningTreeRunner implements BridgeProtocol, SpanningTreeActions, TimerOwner {
  private readonly timer: Timer;
  private readonly usualAgeing: number;
  private tree: SpanningTree | undefined;

  /**
   * @param mac in the bridge's identifier
   * @param sourceOf the address that BPDUs of a port come from
   */
  constructor(
    private readonly bridge: Bridge,
    private readonly config: ResolvedSpanningTree,
    private readonly mac: MacAddress,
    private readonly sourceOf: (port: BridgePort) => MacAddress,
  ) {
    this.timer = new Timer(bridge.simulator, this);
    this.usualAgeing = bridge.stations.ageing;
    bridge.protocol = this;
    for (const port of this.participants) {
      port.state = 'disabled';
    }
  }

  /** Begins: every port with carrier takes part from now on. */
  start(): void {
    const { bridge, config } = this;
    const settings: SpanningTreeSettings = {
      id: { priority: config.priority, mac: this.mac },
      helloTime: Math.max(config.helloSeconds, SHORTEST_HELLO) * SECOND,
      maximumAge: config.maximumAgeSeconds * SECOND,
      forwardDelay: config.forwardDelaySeconds * SECOND,
    };
    const { now } = bridge.simulator;
    this.tree =
      config.protocol === 'stp'
        ? new StpBridge(settings, bridge.ports.length, this, now)
        : new RstpBridge(settings, bridge.ports.length, this, now);
    for (const port of this.participants) {
      this.carrierChanged(port);
    }
    this.expectNext();
  }

  /** Ends: no port takes part any more. */
  stop(): void {
    this.tree = undefined;
    this.timer.cancel();
    this.setAgeing(undefined);
    for (const port of this.participants) {
      port.state = 'disabled';
    }
  }

  get status(): SpanningTreeStatus | undefined {
    return this.tree?.status;
  }

  receive(frame: Frame, port: BridgePort): void {
    const bpdu = parseBpduFrame(frame.bytes);
    const { tree } = this;
    const used =
      typeof bpdu !== 'string' && tree?.receive(port.number, bpdu, this.bridge.simulator.now) === true;
    if (!used) {
      port.drop(frame, 'bpdu-ignored');
    }
    this.expectNext();
  }

  carrierChanged(port: BridgePort): void {
    const { now } = this.bridge.simulator;
    if (port.local || port.isMirror) {
      return;
    }
    if (port.carrier) {
      this.tree?.linkUp(port.number, port.link?.rate ?? VIRTUAL_RATE, now);
    } else {
      this.tree?.linkDown(port.number, now);
    }
    this.expectNext();
  }

  timerExpired(): void {
    // Hellos have no frame as their cause.
    this.bridge.simulator.cause = NO_CAUSE;
    this.tree?.advance(this.bridge.simulator.now);
    this.expectNext();
  }

  transmit(number: number, bpdu: Bpdu): void {
    const port = this.bridge.ports[number - 1];
    if (port?.carrier === true) {
      const { simulator } = this.bridge;
      const bytes = simulator.pool.allocate(bpduFrameBytes(bpdu));
      writeBpduFrame(bpdu, this.sourceOf(port), bytes);
      port.send(simulator.frame(bytes));
    }
  }

  setState(number: number, state: PortState): void {
    const port = this.bridge.ports[number - 1];
    if (port !== undefined && !port.local && !port.isMirror) {
      port.state = state;
      this.bridge.stateChanged();
    }
  }

  setAgeing(ageing: number | undefined): void {
    this.bridge.stations.ageing = ageing ?? this.usualAgeing;
  }

  flush(number: number): void {
    const port = this.bridge.ports[number - 1];
    if (port !== undefined) {
      this.bridge.stations.flush(port);
    }
  }

  private get participants(): readonly BridgePort[] {
    return this.bridge.ports.filter(port => !port.local && !port.isMirror);
  }

  private expectNext(): void {
    const next = this.tree?.nextDeadline ?? Number.POSITIVE_INFINITY;
    if (Number.isFinite(next)) {
      this.timer.arm(Math.max(next - this.bridge.simulator.now, 0));
    } else {
      this.timer.cancel();
    }
  }
}
