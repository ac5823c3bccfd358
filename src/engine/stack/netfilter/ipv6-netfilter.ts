/**
 * The netfilter of a Linux machine for IPv6: connection tracking and packet filter at the five hooks, without NAT. The rules and the room
 * for connections are those of IPv4.
 */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { Frame } from '../../kernel/frame';
import type { Refusal } from '../../kernel/drop-reason';
import type { Simulator } from '../../kernel/simulator';
import type { PacketHook } from '../ipv4/packet-hook';
import type { Icmpv6Errors } from '../ipv6/icmpv6-errors';
import type { Ipv6Sender } from '../ipv6/ipv6-sender';
import type { NetworkInterface } from '../network-interface';
import { INVALID, type PacketTrack } from './conntrack/connection';
import { ipv6Connections, type ConnectionRoom } from './conntrack/connection-table';
import { ConnectionTracker, TABLE_FULL } from './conntrack/connection-tracker';
import { IPV6_READER } from './conntrack/ipv6-reader';
import { LINUX_TIMEOUTS } from './conntrack/timeouts';
import type { Chain, Firewall } from './filter/firewall';
import { Ipv6Rejector } from './filter/ipv6-reject';

const FULL: Refusal = { reason: 'table-full' };

/** What is known of the packet on its way. */
interface Passage {
  readonly packet: Frame | Uint8Array | undefined;
  readonly track: PacketTrack<Ipv6Address>;
}

const NOTHING: Passage = { packet: undefined, track: INVALID };

export class Ipv6Netfilter implements PacketHook {
  readonly connections;
  private readonly simulator: Simulator;
  private readonly tracker: ConnectionTracker<Ipv6Address>;
  private readonly rejector: Ipv6Rejector;
  /** The packet from an interface that is on its way now. */
  private passing = NOTHING;
  /** The packet of this machine's own that is on its way now, perhaps because of the other. */
  private leaving = NOTHING;

  constructor(
    sender: Ipv6Sender,
    errors: Icmpv6Errors,
    private readonly firewall: Firewall,
    room: ConnectionRoom,
  ) {
    this.simulator = sender.simulator;
    this.connections = ipv6Connections(room);
    this.tracker = new ConnectionTracker(IPV6_READER, this.connections, LINUX_TIMEOUTS);
    this.rejector = new Ipv6Rejector(sender, errors);
  }

  prerouting(frame: Frame): Frame | Refusal {
    const track = this.tracker.track(frame.bytes, this.simulator.now, true, true, this.simulator.cause);
    if (track === TABLE_FULL) {
      return FULL;
    }
    this.passing = { packet: frame, track };
    return frame;
  }

  input(frame: Frame, on: NetworkInterface): Refusal | undefined {
    if (this.passing.packet !== frame) {
      // The machine's own: nothing is asked of it.
      return undefined;
    }
    const { track } = this.passing;
    return this.filter('input', frame.bytes, track, on, undefined) ?? this.confirm(track);
  }

  forward(bytes: Uint8Array, from: NetworkInterface, out: NetworkInterface): Refusal | undefined {
    return this.filter('forward', bytes, this.passing.track, from, out);
  }

  output(bytes: Uint8Array, out: NetworkInterface | undefined): Refusal | undefined {
    const track = this.tracker.track(bytes, this.simulator.now, false, true, this.simulator.cause);
    if (track === TABLE_FULL) {
      return FULL;
    }
    this.leaving = { packet: bytes, track };
    return this.filter('output', bytes, track, undefined, out);
  }

  postrouting(bytes: Uint8Array): Refusal | undefined {
    return this.confirm((this.leaving.packet === bytes ? this.leaving : this.passing).track);
  }

  private filter(
    chain: Chain,
    bytes: Uint8Array,
    track: PacketTrack<Ipv6Address>,
    from: NetworkInterface | undefined,
    out: NetworkInterface | undefined,
  ): Refusal | undefined {
    const packet = { reader: IPV6_READER, bytes, from: from?.name, out: out?.name };
    const verdict = this.firewall.decide(chain, packet, track.state);
    const at = from ?? out;
    if (verdict !== undefined && at !== undefined) {
      this.rejector.answer(verdict, bytes, at);
    }
    return verdict?.refusal;
  }

  /** Remembers a connection whose first packet came through; another one that took its place meanwhile loses the packet. */
  private confirm({ state, end }: PacketTrack<Ipv6Address>): Refusal | undefined {
    return end === undefined || state === 'related' || this.tracker.confirm(end, this.simulator.now)
      ? undefined
      : FULL;
  }
}
