/** IPv4 of a stack as packets come in: checked, delivered or forwarded (RFC 791, RFC 1122 3.2, RFC 1812 5). */
import { BROADCAST_IPV4, isLoopbackIpv4, isMulticastIpv4, type Ipv4Address } from '../../net/ipv4-address';
import { isGroupMac } from '../../net/mac-address';
import { writeUint32 } from '../../wire/bytes';
import { destinationMac, ETHERTYPE } from '../../wire/ethernet';
import {
  checkIpv4,
  decrementTimeToLive,
  destinationAddress,
  dontFragment,
  IP_PROTOCOL,
  isFragment,
  protocol,
  sourceAddress,
  timeToLive,
  totalLength,
  writeHeaderChecksum,
} from '../../wire/ipv4';
import { Frame } from '../kernel/frame';
import type { Simulator } from '../kernel/simulator';
import type { Arp } from './neighbour/arp';
import type { ErrorReporter } from './ipv4/error-reporter';
import { FragmentQueue } from './ipv4/fragment-queue';
import { IP_AT } from './ipv4/ip-packet';
import { Ipv4Sender } from './ipv4/ipv4-sender';
import { LocalAddresses } from './ipv4/local-addresses';
import { LoopbackDelivery } from './ipv4/loopback-delivery';
import { hasOptions, OptionReception } from './ipv4/option-reception';
import type { PacketHook, ProtocolHandler } from './ipv4/packet-hook';
import { ROUTE_REFUSAL } from './ipv4/route-refusal';
import { SourceValidation } from './ipv4/source-validation';
import type { NetworkInterface } from './network-interface';
import type { Route, RoutingTable } from './routing-table';

export class Ipv4Layer {
  private readonly protocols = new Map<number, ProtocolHandler>();
  private readonly local = new LocalAddresses();
  private readonly interfaces: NetworkInterface[] = [];
  /** Fragments of packets to this machine. */
  private readonly fragments: FragmentQueue;
  /** Fragments of all packets, where a hook wants them whole (Linux `nf_defrag_ipv4`). */
  private readonly trackedFragments: FragmentQueue;

  readonly sender: Ipv4Sender;
  readonly sources: SourceValidation;
  readonly options: OptionReception;
  errors: ErrorReporter | undefined;

  constructor(
    readonly simulator: Simulator,
    readonly routes: RoutingTable,
    /** Of the interfaces whose next hops have hardware addresses. */
    arpOf: ReadonlyMap<NetworkInterface, Arp>,
    /** net.ipv4.ip_forward. */
    private readonly forwarding: boolean,
  ) {
    const loopback = new LoopbackDelivery(simulator, frame => {
      // Local deliveries name the stack's first interface as theirs.
      const [on] = this.interfaces;
      if (on !== undefined) {
        this.deliver(frame, on);
      }
    });
    this.sender = new Ipv4Sender(simulator, routes, this.local, loopback, this.interfaces, arpOf);
    this.sources = new SourceValidation(routes, this.local);
    this.options = new OptionReception(this.sender, this.local);
    this.fragments = new FragmentQueue(simulator, (first, on) => {
      this.errors?.reassemblyTimedOut(first, on);
    });
    this.trackedFragments = new FragmentQueue(simulator, (first, on) => {
      // Only the destination says that it waited in vain (RFC 792; Linux frag_expire_skip_icmp).
      if (this.local.has(destinationAddress(first.bytes, IP_AT))) {
        this.errors?.reassemblyTimedOut(first, on);
      }
    });
  }

  /** Takes the IPv4 frames of an interface. */
  attach(on: NetworkInterface): void {
    on.register(ETHERTYPE.ipv4, this);
    this.interfaces.push(on);
  }

  register(number: number, handler: ProtocolHandler): void {
    this.protocols.set(number, handler);
  }

  isLocal(address: Ipv4Address): boolean {
    return this.local.has(address);
  }

  addLocal(address: Ipv4Address): void {
    this.local.add(address);
  }

  removeLocal(address: Ipv4Address): void {
    this.local.remove(address);
  }

  /** Takes note of the networks of all interfaces, after they changed. */
  addressesChanged(): void {
    this.local.setNetworks(this.interfaces.flatMap(({ addresses }) => addresses));
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const problem = checkIpv4(frame.bytes, IP_AT, frame.bytes.length - IP_AT);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    if (on.packetTap?.tap(frame, on) === true) {
      return;
    }
    const source = sourceAddress(frame.bytes, IP_AT);
    if (isMulticastIpv4(source) || source === BROADCAST_IPV4 || isLoopbackIpv4(source)) {
      on.drop(frame, 'source-invalid');
      return;
    }
    if (isLoopbackIpv4(destinationAddress(frame.bytes, IP_AT))) {
      // No link leads there (RFC 1122 3.2.1.3 g).
      on.drop(frame, 'no-route');
      return;
    }
    const { hook } = this.sender;
    if (hook === undefined) {
      this.route(frame, on, 0);
    } else {
      this.filter(hook, frame, on);
    }
  }

  /** Hands a packet for this host to its protocol. */
  deliver(received: Frame, on: NetworkInterface): void {
    const frame = isFragment(received.bytes, IP_AT) ? this.fragments.take(received, on)?.frame : received;
    if (frame === undefined) {
      return;
    }
    const refused = this.sender.hook?.input(frame, on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    const handler = this.protocols.get(protocol(frame.bytes, IP_AT));
    if (handler === undefined) {
      on.drop(frame, 'protocol-unreachable');
      this.errors?.protocolUnreachable(frame, on);
      return;
    }
    handler.receive(frame, on);
  }

  /** Whether a packet to this address is for everyone on the link it came by or goes to. */
  isBroadcast(address: Ipv4Address, on: NetworkInterface): boolean {
    return address === BROADCAST_IPV4 || on.isDirectedBroadcast(address);
  }

  /** Whether packets to this address are for more than one host: no packet can come from it (RFC 1122 3.2.1.3). */
  isForMany(address: Ipv4Address): boolean {
    return isMulticastIpv4(address) || this.local.isBroadcast(address);
  }

  /** Whether it passes on packets of others. */
  get forwards(): boolean {
    return this.forwarding;
  }

  /** Shows a packet from outside to the hook, whole. */
  private filter(hook: PacketHook, frame: Frame, on: NetworkInterface): void {
    let whole = frame;
    let largestFragment = 0;
    if (isFragment(frame.bytes, IP_AT)) {
      const packet = this.trackedFragments.take(frame, on);
      if (packet === undefined) {
        return;
      }
      whole = packet.frame;
      largestFragment = packet.largestFragment;
    }
    const passed = hook.prerouting(whole, on);
    if (passed instanceof Frame) {
      this.route(passed, on, largestFragment);
    } else if (passed !== undefined) {
      on.refuse(whole, passed);
    }
  }

  /** @param largestFragment of a packet that was put together here: it is cut again, to no larger ones; 0 for one that came as it is */
  private route(frame: Frame, on: NetworkInterface, largestFragment: number): void {
    if (hasOptions(frame.bytes)) {
      this.routeWithOptions(frame, on, largestFragment);
    } else {
      this.routePlain(frame, on, largestFragment, undefined);
    }
  }

  private routeWithOptions(frame: Frame, on: NetworkInterface, largestFragment: number): void {
    const problem = this.sources.problem(sourceAddress(frame.bytes, IP_AT), on, undefined);
    if (problem !== undefined) {
      on.drop(frame, problem);
      return;
    }
    const packet = this.options.receive(frame, on, this.errors);
    if (packet !== undefined) {
      this.routePlain(packet.frame, on, largestFragment, packet.recordedAt);
    }
  }

  /** @param recordedAt where the options have room for the address of its way out */
  private routePlain(
    frame: Frame,
    on: NetworkInterface,
    largestFragment: number,
    recordedAt: number | undefined,
  ): void {
    const destination = destinationAddress(frame.bytes, IP_AT);
    const isGroup = isMulticastIpv4(destination);
    if (isGroup && !this.isGroupHeard(frame.bytes, destination, on)) {
      on.drop(frame, 'multicast-not-joined');
      return;
    }
    if (this.local.has(destination) || isGroup || this.local.isBroadcast(destination)) {
      const problem = this.sources.problem(sourceAddress(frame.bytes, IP_AT), on, undefined);
      if (problem === undefined) {
        this.deliver(frame, on);
      } else {
        on.drop(frame, problem);
      }
      return;
    }
    if (!this.forwarding) {
      on.drop(frame, 'forwarding-off');
      return;
    }
    this.forward(frame, on, destination, largestFragment, recordedAt);
  }

  /** Whether the interface listens to the group; what is said about groups is heard in any case (Linux `ip_check_mc_rcu`). */
  private isGroupHeard(bytes: Uint8Array, group: Ipv4Address, on: NetworkInterface): boolean {
    return protocol(bytes, IP_AT) === IP_PROTOCOL.igmp || this.sender.groups?.isMember(group, on) === true;
  }

  private forward(
    frame: Frame,
    on: NetworkInterface,
    destination: Ipv4Address,
    largestFragment: number,
    recordedAt: number | undefined,
  ): void {
    const { bytes } = frame;
    if (isGroupMac(destinationMac(bytes))) {
      // RFC 1812 5.3.4: what came to everyone on a link stays there, or two routers would multiply it.
      on.drop(frame, 'broadcast-ignored');
      return;
    }
    const route = this.routes.lookup(destination);
    if (route === undefined) {
      on.drop(frame, 'no-route');
      this.errors?.noRoute(frame, on);
      return;
    }
    if (route.type !== undefined) {
      this.refuse(frame, on, route.type);
      return;
    }
    const source = sourceAddress(bytes, IP_AT);
    const problem = this.sources.problem(source, on, route.on);
    if (problem !== undefined) {
      on.drop(frame, problem);
      return;
    }
    if (timeToLive(bytes, IP_AT) <= 1) {
      on.drop(frame, 'ttl-expired');
      this.errors?.timeExceeded(frame, on);
      return;
    }
    const length = totalLength(bytes, IP_AT);
    const { mtu } = route.on;
    // What arrived in fragments that fit may leave in such (Linux ip_exceeds_mtu).
    if ((largestFragment === 0 ? length : largestFragment) > mtu && dontFragment(bytes, IP_AT)) {
      on.drop(frame, 'packet-too-big');
      this.errors?.tooBig(frame, on, mtu);
      return;
    }
    // Padding behind the packet belongs to the link it came by, so only the packet itself goes on.
    const copy = this.simulator.pool.copy(bytes, IP_AT + length);
    decrementTimeToLive(copy, IP_AT);
    const refused = this.sender.hook?.forward(copy, on, route.on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    // None about what NAT may still change (Linux nf_nat_icmp_reply_translation drops such).
    if (route.on === on && this.sender.hook === undefined && on.onLink(source)) {
      this.errors?.betterGateway(copy, on, route.via ?? destination);
    }
    this.recordWayOut(copy, recordedAt, route);
    const limit = largestFragment === 0 ? mtu : Math.min(mtu, largestFragment);
    this.sender.output(copy, route.on, route.via, limit);
  }

  /** Writes the address of the way out into the options that want it (Linux `ip_forward_options`). */
  private recordWayOut(bytes: Uint8Array, recordedAt: number | undefined, route: Route): void {
    const own = recordedAt === undefined ? undefined : this.sender.sourceFor(route);
    if (recordedAt !== undefined && own !== undefined) {
      writeUint32(bytes, recordedAt, own);
    }
    if (hasOptions(bytes)) {
      writeHeaderChecksum(bytes, IP_AT);
    }
  }

  private refuse(frame: Frame, on: NetworkInterface, type: Exclude<Route['type'], undefined>): void {
    on.drop(frame, ROUTE_REFUSAL[type]);
    if (type !== 'blackhole') {
      this.errors?.refused(frame, on, type);
    }
  }
}
