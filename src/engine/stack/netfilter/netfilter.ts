/**
 * The netfilter of a Linux machine: connection tracking, NAT and packet filter at the five hooks of IPv4, in this order.
 *
 * - from an interface: track, destination NAT → routing → to this machine: filter `input`, confirm
 * -                                                    → to another: filter `forward`, source NAT, confirm
 * - of this machine: track, filter `output` → routing → source NAT, confirm
 *
 * A connection is confirmed, and so remembered, when its first packet was let through all of it. Packets of a machine to itself are not
 * tracked.
 */
import type { ResolvedFirewallRule, ResolvedSourceNat } from '../../../topology/resolved';
import { UNREACHABLE_CODE } from '../../../wire/icmp';
import { IP_PROTOCOL, protocol, sourceAddress } from '../../../wire/ipv4';
import type { Refusal } from '../../kernel/drop-reason';
import { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { IcmpLayer } from '../icmp-layer';
import { IP_AT } from '../ipv4/ip-packet';
import type { Ipv4Layer } from '../ipv4-layer';
import type { PacketHook } from '../ipv4/packet-hook';
import type { Ipv6Stack } from '../ipv6/ipv6-stack';
import type { NetworkInterface } from '../network-interface';
import { INVALID, type PacketTrack } from './conntrack/connection';
import { ConnectionRoom, ipv4Connections } from './conntrack/connection-table';
import { ConnectionTracker, TABLE_FULL } from './conntrack/connection-tracker';
import { IPV4_READER } from './conntrack/ipv4-reader';
import { LINUX_TIMEOUTS } from './conntrack/timeouts';
import { Firewall, type Chain } from './filter/firewall';
import { Rejector } from './filter/reject';
import { FILTERED, Nat, NO_PORT } from './nat/nat';
import { Ipv6Netfilter } from './ipv6-netfilter';
import { isCarried, isTranslated, translate } from './nat/translation';
import { UnsolicitedSyns } from './nat/unsolicited-syns';

export interface NetfilterConfig {
  /** The device's name, for its random stream. */
  readonly name: string;
  readonly nat?: { readonly config: ResolvedSourceNat; readonly outside: NetworkInterface };
  readonly firewall?: readonly ResolvedFirewallRule[];
}

const FULL: Refusal = { reason: 'table-full' };
const NOT_CARRIED: Refusal = { reason: 'nat-not-carried' };
const NO_MAPPING: Refusal = { reason: 'nat-no-mapping' };

/** What is known of the packet on its way. */
interface Passage {
  /** The frame that came in, translated; of the machine's own packets the bytes. */
  readonly packet: Frame | Uint8Array | undefined;
  readonly track: PacketTrack;
}

const NOTHING: Passage = { packet: undefined, track: INVALID };

export class Netfilter implements PacketHook {
  private readonly room = new ConnectionRoom();
  readonly connections = ipv4Connections(this.room);
  /** The same for IPv6, where the machine has it; NAT is for IPv4 alone. */
  ipv6: Ipv6Netfilter | undefined;
  readonly nat: Nat | undefined;
  readonly firewall: Firewall | undefined;
  private readonly tracker: ConnectionTracker;
  private readonly rejector: Rejector;
  private readonly unsolicited: UnsolicitedSyns | undefined;
  private readonly simulator: Simulator;
  /** The packet from an interface that is on its way now. */
  private passing = NOTHING;
  /** The packet of this machine's own that is on its way now, perhaps because of the other. */
  private leaving = NOTHING;

  constructor(
    ip: Ipv4Layer,
    private readonly icmp: IcmpLayer,
    { name, nat, firewall }: NetfilterConfig,
  ) {
    const { simulator } = ip;
    this.simulator = simulator;
    this.nat = nat && new Nat(nat.config, nat.outside, this.connections, simulator.random(`nat ${name}`));
    this.firewall = firewall && new Firewall(firewall);
    this.tracker = new ConnectionTracker(
      IPV4_READER,
      this.connections,
      this.nat?.policy.timeouts ?? LINUX_TIMEOUTS,
    );
    this.rejector = new Rejector(ip, icmp);
    const wait = this.nat?.policy.unsolicitedSynWait ?? 0;
    if (wait > 0) {
      this.unsolicited = new UnsolicitedSyns(simulator, wait, (frame, on) => {
        this.refuseSyn(frame, on);
      });
    }
  }

  /** Filters IPv6 too, by the same rules: as a table of the family `inet` does. */
  coverIpv6({ sender, errors }: Pick<Ipv6Stack, 'sender' | 'errors'>): void {
    if (this.firewall !== undefined) {
      this.ipv6 = new Ipv6Netfilter(sender, errors, this.firewall, this.room);
      sender.hook = this.ipv6;
    }
  }

  /** Switches firewall rules or port forwards of this name on or off, for new connections too; false when there are none. */
  enableRule(name: string, enabled: boolean): boolean {
    const rules = this.firewall?.enable(name, enabled) ?? false;
    const forwards = this.nat?.forwards.enable(name, enabled) ?? false;
    return rules || forwards;
  }

  prerouting(frame: Frame, on: NetworkInterface): Frame | Refusal | undefined {
    const { nat } = this;
    const { now } = this.simulator;
    const refreshes = nat === undefined || nat.policy.inboundRefreshes || on !== nat.outside;
    const track = this.tracker.track(frame.bytes, now, true, refreshes, this.simulator.cause);
    if (track === TABLE_FULL) {
      return FULL;
    }
    if (nat !== undefined && begins(track)) {
      const refused = nat.decideDestination(track.end.connection, on, now);
      if (refused !== undefined) {
        return this.refuse(refused, frame, on);
      }
    }
    const packet = this.translated(frame, track);
    if (packet instanceof Frame) {
      this.passing = { packet, track };
    }
    return packet;
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
    if (this.nat !== undefined && isTranslated(track, 'destination')) {
      translate(bytes, track, 'destination');
    }
    return this.filter('output', bytes, track, undefined, out);
  }

  postrouting(bytes: Uint8Array, out: NetworkInterface): Refusal | undefined {
    const isOwn = this.leaving.packet === bytes;
    const { track } = isOwn ? this.leaving : this.passing;
    const { nat } = this;
    if (nat === undefined) {
      return this.confirm(track);
    }
    if (track.end === undefined) {
      return isOwn ? undefined : this.passUntracked(bytes, out, nat);
    }
    if (begins(track)) {
      const refused = nat.decideSource(track.end.connection, out, this.simulator.now);
      if (refused !== undefined) {
        if (refused === NO_PORT && nat.policy.tellsExhaustion && !isOwn) {
          this.icmp.errors.unreachable(bytes, out, UNREACHABLE_CODE.communicationProhibited);
        }
        return refused;
      }
    }
    if (isTranslated(track, 'source')) {
      translate(bytes, track, 'source');
    }
    return this.confirm(track);
  }

  /** The frame with its destination as NAT wants it. */
  private translated(frame: Frame, track: PacketTrack): Frame | Refusal {
    if (this.nat === undefined || track.end === undefined) {
      return frame;
    }
    if (!isCarried(frame.bytes, track)) {
      return NOT_CARRIED;
    }
    if (!isTranslated(track, 'destination')) {
      return frame;
    }
    const copy = this.simulator.pool.copy(frame.bytes);
    translate(copy, track, 'destination');
    return this.simulator.frame(copy);
  }

  /** Packets of no connection leave a Linux router as they came, with their inside address (measured); a stricter NAT keeps them in. */
  private passUntracked(bytes: Uint8Array, out: NetworkInterface, nat: Nat): Refusal | undefined {
    if (out !== nat.outside || nat.isOutside(sourceAddress(bytes, IP_AT))) {
      return undefined;
    }
    return nat.policy.passesInvalid ? undefined : NO_MAPPING;
  }

  private filter(
    chain: Chain,
    bytes: Uint8Array,
    track: PacketTrack,
    from: NetworkInterface | undefined,
    out: NetworkInterface | undefined,
  ): Refusal | undefined {
    const verdict = this.firewall?.decide(
      chain,
      { reader: IPV4_READER, bytes, from: from?.name, out: out?.name },
      track.state,
    );
    const at = from ?? out;
    if (verdict !== undefined && at !== undefined) {
      this.rejector.answer(verdict, bytes, at);
    }
    return verdict?.refusal;
  }

  /** Remembers a connection whose first packet came through. */
  private confirm({ state, end }: PacketTrack): Refusal | undefined {
    if (end === undefined || state === 'related' || this.tracker.confirm(end, this.simulator.now)) {
      return undefined;
    }
    return NO_PORT;
  }

  private refuse(refused: Refusal, frame: Frame, on: NetworkInterface): Refusal | undefined {
    const waits =
      refused === FILTERED &&
      on === this.nat?.outside &&
      protocol(frame.bytes, IP_AT) === IP_PROTOCOL.tcp &&
      this.unsolicited?.hold(frame, on) === true;
    return waits ? undefined : refused;
  }

  /** A SYN has waited: by now it is half of a simultaneous open, or its sender is told. */
  private refuseSyn(frame: Frame, on: NetworkInterface): void {
    on.refuse(frame, FILTERED);
    if (!this.tracker.isKnown(frame.bytes, this.simulator.now)) {
      this.icmp.errors.unreachable(frame.bytes, on, UNREACHABLE_CODE.port);
    }
  }
}

/** Whether the packet begins a connection that is not in the table yet. */
function begins(
  track: PacketTrack,
): track is PacketTrack & { readonly end: NonNullable<PacketTrack['end']> } {
  const { state, end } = track;
  return end !== undefined && state !== 'related' && !end.isReply && !end.connection.confirmed;
}
