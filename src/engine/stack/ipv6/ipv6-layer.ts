/** What a stack receives by IPv6: checked, delivered or forwarded (RFC 8200, RFC 4291). */
import {
  isLinkLocalIpv6,
  isMulticastIpv6,
  LOOPBACK_IPV6,
  UNSPECIFIED_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import { isGroupMac } from '../../../net/mac-address';
import { destinationMac, ETHERTYPE } from '../../../wire/ethernet';
import {
  checkIpv6,
  decrementHopLimit,
  hopLimit,
  IPV6_HEADER_BYTES,
  ipv6Destination,
  ipv6PayloadLength,
  ipv6Source,
} from '../../../wire/ipv6';
import { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { PacketHook } from '../ipv4/packet-hook';
import type { EtherTypeHandler, NetworkInterface } from '../network-interface';
import { checkHopByHop, followHeaders, type HeaderOutcome } from './header-chain';
import type { Ipv6Interface } from './ipv6-interface';
import { IPV6_AT } from './ip-packet';
import type { Hop, Ipv6Sender, LocalDelivery } from './ipv6-sender';
import { Ipv6Reassembly, type CutPacket, type ReassemblyListener } from './reassembly';

/** A whole packet for this node, its extension headers obeyed. */
export interface Ipv6Packet {
  readonly frame: Frame;
  readonly source: Ipv6Address;
  readonly destination: Ipv6Address;
  /** Where the payload begins in the frame's bytes, and how many bytes it has. */
  readonly at: number;
  readonly length: number;
}

/** A protocol above IPv6. */
export interface Ipv6ProtocolHandler {
  receive(packet: Ipv6Packet, on: NetworkInterface): void;
}

/** Speaks of packets that could not be used, to whoever sent them. */
export interface Ipv6ErrorReporter {
  noRoute(frame: Frame, on: NetworkInterface): void;
  prohibited(frame: Frame, on: NetworkInterface): void;
  beyondScope(frame: Frame, on: NetworkInterface): void;
  timeExceeded(frame: Frame, on: NetworkInterface): void;
  tooBig(frame: Frame, on: NetworkInterface, mtu: number): void;
  parameterProblem(
    frame: Frame,
    on: NetworkInterface,
    code: number,
    pointer: number,
    evenToGroup: boolean,
  ): void;
}

/** Hears of packets that go back out where they came in (RFC 4861 8.2). */
export interface DetourObserver {
  detour(frame: Frame, on: NetworkInterface, hop: Hop): void;
}

export class Ipv6Layer implements EtherTypeHandler {
  private readonly protocols = new Map<number, Ipv6ProtocolHandler>();
  /** Fragments of packets to this node. */
  private readonly reassembly: Ipv6Reassembly;
  /** Fragments of all packets, where a hook wants them whole (Linux `nf_defrag_ipv6`). */
  private readonly trackedFragments: Ipv6Reassembly;

  errors: (Ipv6ErrorReporter & ReassemblyListener) | undefined;
  detours: DetourObserver | undefined;

  constructor(
    private readonly simulator: Simulator,
    readonly sender: Ipv6Sender,
    /** net.ipv6.conf.all.forwarding. */
    private readonly forwarding: boolean,
  ) {
    const listener: ReassemblyListener = {
      incomplete: (frames, first, on) => {
        for (const frame of frames) {
          on.drop(frame, 'fragments-missing');
        }
        this.errors?.incomplete(frames, first, on);
      },
    };
    this.reassembly = new Ipv6Reassembly(simulator, listener);
    this.trackedFragments = new Ipv6Reassembly(simulator, listener);
  }

  /** Takes the IPv6 frames of an interface. */
  attach(on: NetworkInterface): void {
    on.register(ETHERTYPE.ipv6, this);
  }

  register(protocol: number, handler: Ipv6ProtocolHandler): void {
    this.protocols.set(protocol, handler);
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const side = this.sender.interfaces.of(on);
    if (checkIpv6(frame.bytes, IPV6_AT, frame.bytes.length - IPV6_AT) !== undefined) {
      on.drop(frame, 'malformed');
      return;
    }
    const source = ipv6Source(frame.bytes, IPV6_AT);
    const destination = ipv6Destination(frame.bytes, IPV6_AT);
    if (side === undefined || isMulticastIpv6(source) || source === LOOPBACK_IPV6) {
      on.drop(frame, 'source-invalid');
      return;
    }
    if (destination === LOOPBACK_IPV6 || destination === UNSPECIFIED_IPV6) {
      // No link leads there (RFC 4291 2.5.2, 2.5.3).
      on.drop(frame, 'no-route');
      return;
    }
    const { hook } = this.sender;
    if (hook === undefined) {
      this.route(frame, side, undefined);
    } else {
      this.filter(hook, frame, side);
    }
  }

  /** Shows a packet from outside to the hook, whole. */
  private filter(hook: PacketHook, frame: Frame, side: Ipv6Interface): void {
    const { on } = side;
    const outcome = followHeaders(frame.bytes, IPV6_AT);
    let whole = frame;
    let cut: CutPacket | undefined;
    if (outcome.kind === 'fragment') {
      const joined = this.join(this.trackedFragments, frame, on, outcome.at, outcome.namedAt);
      if (joined === undefined) {
        return;
      }
      whole = joined.frame;
      cut = joined.cut;
    }
    const passed = hook.prerouting(whole, on);
    if (passed instanceof Frame) {
      this.route(passed, side, cut);
    } else if (passed !== undefined) {
      on.refuse(whole, passed);
    }
  }

  /** Hands a packet for this node to its protocol, when all of it is there. */
  deliver(frame: Frame, on: NetworkInterface): void {
    const outcome = followHeaders(frame.bytes, IPV6_AT);
    switch (outcome.kind) {
      case 'upper-layer':
        this.deliverUpper(frame, on, outcome);
        return;
      case 'fragment':
        this.collect(frame, on, outcome.at, outcome.namedAt);
        return;
      case 'problem':
      case 'refused':
      case 'no-next-header':
      case 'malformed':
        this.refuse(frame, on, outcome);
    }
  }

  /** @param cut how a packet came that was put together here: it is cut again, to no larger fragments */
  private route(frame: Frame, side: Ipv6Interface, cut: CutPacket | undefined): void {
    const { on } = side;
    const destination = ipv6Destination(frame.bytes, IPV6_AT);
    if (this.sender.interfaces.accepts(destination, side)) {
      this.deliver(frame, on);
    } else if (isMulticastIpv6(destination)) {
      on.drop(frame, 'multicast-not-joined');
    } else if (side.entryOf(destination)?.uniqueness === 'tentative') {
      on.drop(frame, 'address-tentative');
    } else if (!this.forwarding) {
      on.drop(frame, 'forwarding-off');
    } else {
      this.forward(frame, on, destination, cut);
    }
  }

  private deliverUpper(
    frame: Frame,
    on: NetworkInterface,
    { protocol, at, namedAt }: Extract<HeaderOutcome, { kind: 'upper-layer' }>,
  ): void {
    const { bytes } = frame;
    const refused = this.sender.hook?.input(frame, on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    const handler = this.protocols.get(protocol);
    if (handler === undefined) {
      on.drop(frame, 'protocol-unreachable');
      // RFC 4443 3.4, code 1.
      this.errors?.parameterProblem(frame, on, 1, namedAt - IPV6_AT, false);
      return;
    }
    const packet = {
      frame,
      source: ipv6Source(bytes, IPV6_AT),
      destination: ipv6Destination(bytes, IPV6_AT),
      at,
      length: IPV6_AT + IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IPV6_AT) - at,
    };
    handler.receive(packet, on);
  }

  private collect(frame: Frame, on: NetworkInterface, at: number, namedAt: number): void {
    const joined = this.join(this.reassembly, frame, on, at, namedAt);
    if (joined !== undefined) {
      this.deliver(joined.frame, on);
    }
  }

  /** Takes a fragment; gives the packet when it is whole. */
  private join(
    fragments: Ipv6Reassembly,
    frame: Frame,
    on: NetworkInterface,
    at: number,
    namedAt: number,
  ): { readonly frame: Frame; readonly cut: CutPacket } | undefined {
    const outcome = fragments.add(frame, at, namedAt, on);
    switch (outcome.kind) {
      case 'whole':
        return { frame: this.simulator.frame(outcome.bytes), cut: outcome.cut };
      case 'kept':
        break;
      case 'repeated':
        on.drop(frame, 'fragment-repeated');
        break;
      case 'overlap':
        on.drop(frame, 'fragments-overlap');
        break;
      case 'no-room':
        on.drop(frame, 'table-full');
        break;
      case 'problem':
        on.drop(frame, 'malformed');
        this.errors?.parameterProblem(frame, on, outcome.code, outcome.pointer, false);
    }
    return undefined;
  }

  private refuse(
    frame: Frame,
    on: NetworkInterface,
    outcome: Exclude<HeaderOutcome, { kind: 'upper-layer' | 'fragment' }>,
  ): void {
    switch (outcome.kind) {
      case 'problem':
        on.drop(frame, 'extension-header-refused');
        this.errors?.parameterProblem(frame, on, outcome.code, outcome.pointer, outcome.evenToGroup);
        return;
      case 'refused':
        on.drop(frame, 'extension-header-refused');
        return;
      case 'no-next-header':
        on.drop(frame, 'protocol-unreachable');
        return;
      case 'malformed':
        on.drop(frame, 'malformed');
    }
  }

  private forward(
    frame: Frame,
    on: NetworkInterface,
    destination: Ipv6Address,
    cut: CutPacket | undefined,
  ): void {
    const { bytes } = frame;
    const { sender } = this;
    const source = ipv6Source(bytes, IPV6_AT);
    if (isGroupMac(destinationMac(bytes)) || source === UNSPECIFIED_IPV6) {
      // What came to everyone on a link stays there, or two routers would multiply it (Linux ip6_forward, PACKET_HOST).
      on.drop(frame, 'broadcast-ignored');
      return;
    }
    const options = checkHopByHop(bytes, IPV6_AT);
    if (options !== undefined && options.kind !== 'upper-layer' && options.kind !== 'fragment') {
      this.refuse(frame, on, options);
      return;
    }
    if (hopLimit(bytes, IPV6_AT) <= 1) {
      on.drop(frame, 'ttl-expired');
      this.errors?.timeExceeded(frame, on);
      return;
    }
    const hop = sender.hopTo(destination);
    if (typeof hop === 'string') {
      on.drop(frame, hop);
      this.tellNoWay(frame, on, hop);
      return;
    }
    if (isLinkLocalIpv6(source) || isLinkLocalIpv6(destination)) {
      // RFC 4291 2.5.6: such packets never leave their link.
      on.drop(frame, 'beyond-scope');
      if (isLinkLocalIpv6(source) && hop.on !== on) {
        this.errors?.beyondScope(frame, on);
      }
      return;
    }
    const length = IPV6_HEADER_BYTES + ipv6PayloadLength(bytes, IPV6_AT);
    const mtu = sender.linkMtuOf(hop.on);
    // What arrived in fragments that fit may leave in such (Linux ip6_pkt_too_big).
    if ((cut?.largest ?? length) > mtu) {
      on.drop(frame, 'packet-too-big');
      this.errors?.tooBig(frame, on, mtu);
      return;
    }
    this.passOn(frame, on, hop, length, cut);
  }

  private passOn(
    frame: Frame,
    on: NetworkInterface,
    hop: Hop,
    length: number,
    cut: CutPacket | undefined,
  ): void {
    // Padding behind the packet belongs to the link it came by, so only the packet itself goes on.
    const copy = this.simulator.pool.copy(frame.bytes, IPV6_AT + length);
    decrementHopLimit(copy, IPV6_AT);
    if (hop.on === on) {
      this.detours?.detour(frame, on, hop);
    }
    const refused = this.sender.hook?.forward(copy, on, hop.on);
    if (refused !== undefined) {
      on.refuse(frame, refused);
      return;
    }
    this.sender.output(copy, hop, cut);
  }

  private tellNoWay(frame: Frame, on: NetworkInterface, reason: string): void {
    if (reason === 'no-route') {
      this.errors?.noRoute(frame, on);
    } else if (reason === 'route-prohibited') {
      this.errors?.prohibited(frame, on);
    }
  }
}

/** Packets of a node to itself: they cross no port, but take their turn in the event queue. */
export class Ipv6Loopback implements LocalDelivery {
  private layer: Ipv6Layer | undefined;
  private readonly waiting: NetworkInterface[] = [];

  constructor(private readonly simulator: Simulator) {}

  /** Delivers to this layer from now on. */
  deliverTo(layer: Ipv6Layer): void {
    this.layer = layer;
  }

  schedule(bytes: Uint8Array, on: NetworkInterface): void {
    this.waiting.push(on);
    this.simulator.schedule(this.simulator.now, this, this.simulator.frame(bytes), this.simulator.cause);
  }

  occur(frame: Frame | null, cause: number): void {
    // Events at one time come in the order they were scheduled, so the interfaces do too.
    const on = this.waiting.shift();
    if (frame !== null && on !== undefined) {
      this.simulator.cause = cause;
      this.layer?.deliver(frame, on);
    }
  }
}
