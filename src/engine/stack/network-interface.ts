/**
 * A network interface of a stack: a station with its addresses. What it is made of is its link: a port of its own, or what makes one
 * interface of another, such as a VLAN. Whatever that is, a frame in here has the shape of Ethernet, so that IP begins at one place.
 */
import type { Ipv4Address } from '../../net/ipv4-address';
import { lastAddressOf, prefixContains, prefixOf, type Ipv4InterfaceAddress } from '../../net/ipv4-prefix';
import { BROADCAST_MAC, isGroupMac, type MacAddress } from '../../net/mac-address';
import { destinationMac, ETHERNET_HEADER_BYTES, ETHERTYPE, etherType } from '../../wire/ethernet';
import type { DropReason, Refusal } from '../kernel/drop-reason';
import type { Frame } from '../kernel/frame';
import type { FrameReceiver, Port } from '../kernel/port';
import type { Simulator } from '../kernel/simulator';
import { PRIORITY_TAG } from './link/priority-tag';

/** A protocol above Ethernet. */
export interface EtherTypeHandler {
  receive(frame: Frame, on: NetworkInterface): void;
}

/** What listens to an interface below IP, as a DHCP client's packet socket does. */
export interface PacketTap {
  /** Sees every IPv4 frame that reached the station; true when it used it and nobody else should. */
  tap(frame: Frame, on: NetworkInterface): boolean;
}

/** Is told of a frame as it is on the link, to look at it: a program such as tcpdump. */
export type FrameTap = (bytes: Uint8Array, direction: 'in' | 'out') => void;

/** What takes the finished frames of an interface: a port, or what changes them and hands them on. */
export interface Link {
  /** Takes a frame whose bytes will not change any more. */
  send(frame: Frame): void;
  /** Whether a frame sent now would get anywhere: LOWER_UP of `ip link`. */
  readonly carrier: boolean;
  /** Bits per second, where the link has a rate. */
  readonly rate?: number | undefined;
  /** The other way: told by the interface when it is set up or down, so that whoever is at the other end can notice. */
  setEnabled?(enabled: boolean): void;
  /** How a frame of the interface looks where its drops are recorded; as it is where absent. */
  asRecorded?(frame: Frame): Frame;
}

/** What an interface can be a member of, a bridge: takes its frames before the stack sees them (Linux `rx_handler`). */
export interface InterfaceMaster {
  receive(frame: Frame, member: NetworkInterface): void;
}

/** Takes the tagged frames of an interface that are for one of its VLAN interfaces, also of a member of a bridge (Linux `vlan_do_receive`). */
export interface TagDemultiplexer {
  /** False for a frame that is for none of them. */
  receive(frame: Frame): boolean;
}

/** Hears when an interface is set up or down, and when its link gains or loses carrier. */
export interface InterfaceStateListener {
  interfaceChanged(on: NetworkInterface): void;
}

export class NetworkInterface implements FrameReceiver {
  private readonly handlers = new Map<number, EtherTypeHandler>([[ETHERTYPE.vlan, PRIORITY_TAG]]);
  private readonly stateListeners: InterfaceStateListener[] = [];
  private list: readonly Ipv4InterfaceAddress[] = [];
  private linkOrNone: Link | undefined;
  private isUp = true;
  /** What the listeners were last told: not up, up, running. */
  private toldState: number | undefined;

  /** The packet socket open on this interface, if any. */
  packetTap: PacketTap | undefined;

  /** Who looks at its frames; undefined for nobody. */
  private taps: readonly FrameTap[] | undefined;

  /** The bridge that this interface is a member of, if any. */
  master: InterfaceMaster | undefined;

  /** Its VLAN interfaces, if any. */
  tagged: TagDemultiplexer | undefined;

  /** Whether frames for other stations are taken, too: Linux sets IFF_PROMISC on a member of a bridge, and while somebody captures. */
  get promiscuous(): boolean {
    return this.master !== undefined || this.taps !== undefined;
  }

  constructor(
    readonly simulator: Simulator,
    readonly name: string,
    readonly mac: MacAddress,
    /** Largest IP packet in bytes. */
    readonly mtu: number,
    /** Where its drops are recorded: its own port, or one below it. */
    readonly portNumber: number,
    /** Whether next hops have hardware addresses to be asked for: false for TUN, loopback and dummy interfaces (IFF_NOARP). */
    readonly resolvesNeighbours = true,
  ) {}

  /** What takes the frames of this interface. */
  set link(link: Link | undefined) {
    this.linkOrNone = link;
    link?.setEnabled?.(this.isUp);
  }

  get link(): Link | undefined {
    return this.linkOrNone;
  }

  /** The port whose frames this interface receives, and which takes its own. */
  set port(port: Port) {
    this.link = port;
  }

  /** Whether it is set up (IFF_UP): `ip link set … up` and `down`. */
  get up(): boolean {
    return this.isUp;
  }

  set up(up: boolean) {
    if (up !== this.isUp) {
      this.isUp = up;
      this.linkOrNone?.setEnabled?.(up);
      this.stateChanged();
    }
  }

  /** Whether it is up and its link works (IFF_RUNNING). */
  get running(): boolean {
    return this.isUp && this.linkOrNone?.carrier === true;
  }

  /** Tells `listener` from now on of changes of `up` and `running`. */
  observe(listener: InterfaceStateListener): void {
    this.stateListeners.push(listener);
  }

  /** Tells everyone who wants to know, if anything has changed; for the link too, when its carrier may have. */
  stateChanged(): void {
    const state = Number(this.isUp) + Number(this.running);
    if (state === this.toldState) {
      return;
    }
    this.toldState = state;
    for (const listener of this.stateListeners) {
      listener.interfaceChanged(this);
    }
  }

  get addresses(): readonly Ipv4InterfaceAddress[] {
    return this.list;
  }

  set addresses(addresses: readonly Ipv4InterfaceAddress[]) {
    this.list = addresses;
  }

  /** The address that packets from here carry when nobody chose another. */
  get primaryAddress(): Ipv4Address | undefined {
    return this.list[0]?.address;
  }

  /** Hands frames of this EtherType to `handler`. */
  register(type: number, handler: EtherTypeHandler): void {
    this.handlers.set(type, handler);
  }

  /** Whether the address is on one of this interface's own networks. */
  onLink(address: Ipv4Address): boolean {
    return this.addressTowards(address) !== undefined;
  }

  /** This interface's address on the network that holds `other`. */
  addressTowards(other: Ipv4Address): Ipv4Address | undefined {
    return this.list.find(own => prefixContains(prefixOf(own.address, own.prefixLength), other))?.address;
  }

  /** Whether the address is the directed broadcast of one of this interface's networks (RFC 919). */
  isDirectedBroadcast(address: Ipv4Address): boolean {
    for (const own of this.list) {
      if (own.prefixLength < 31 && lastAddressOf(prefixOf(own.address, own.prefixLength)) === address) {
        return true;
      }
    }
    return false;
  }

  /** Sends a frame whose every byte is written. */
  send(bytes: Uint8Array): void {
    this.transmit(this.simulator.frame(bytes));
  }

  /** Tells of every frame that leaves or comes in here from now on, those for other stations as well (packet(7)); returns what ends it. */
  capture(tap: FrameTap): () => void {
    this.taps = [...(this.taps ?? []), tap];
    return () => {
      const left = this.taps?.filter(each => each !== tap) ?? [];
      this.taps = left.length === 0 ? undefined : left;
    };
  }

  /** Sends a frame as it is, as a bridge does through its members. */
  transmit(frame: Frame): void {
    if (!this.isUp) {
      this.drop(frame, 'interface-down');
    } else if (this.linkOrNone === undefined) {
      this.drop(frame, 'port-unconnected');
    } else {
      if (this.taps !== undefined) {
        this.tellTaps(this.taps, frame, 'out');
      }
      this.linkOrNone.send(frame);
    }
  }

  carrierChanged(): void {
    this.stateChanged();
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    if (bytes.length < ETHERNET_HEADER_BYTES) {
      this.drop(frame, 'malformed');
      return;
    }
    if (!this.isUp) {
      this.drop(frame, 'interface-down');
      return;
    }
    if (this.taps !== undefined) {
      this.tellTaps(this.taps, frame, 'in');
    }
    const type = etherType(bytes);
    if (type === ETHERTYPE.vlan && this.tagged?.receive(frame) === true) {
      return;
    }
    if (this.master !== undefined) {
      this.master.receive(frame, this);
      return;
    }
    this.receiveOwn(frame, type);
  }

  /** Records that a frame that came in here, or would have left here, goes no further. */
  drop(frame: Frame, reason: DropReason): void {
    this.simulator.drop(this.portNumber, this.recorded(frame), reason);
  }

  /** As `drop`, for what a rule decided. */
  refuse(frame: Frame, { reason, rule }: Refusal): void {
    this.simulator.drop(this.portNumber, this.recorded(frame), reason, rule);
  }

  private tellTaps(taps: readonly FrameTap[], frame: Frame, direction: 'in' | 'out'): void {
    // Of a VLAN's interface without the tag; of a TUN device without the header of a link, which it has not.
    const { bytes } = this.resolvesNeighbours ? frame : this.recorded(frame);
    for (const tap of taps) {
      tap(bytes, direction);
    }
  }

  private recorded(frame: Frame): Frame {
    return this.linkOrNone?.asRecorded?.(frame) ?? frame;
  }

  /** Hands a frame for this station to its protocol. */
  private receiveOwn(frame: Frame, type: number): void {
    const destination = destinationMac(frame.bytes);
    if (destination !== this.mac && destination !== BROADCAST_MAC && !isGroupMac(destination)) {
      this.drop(frame, 'not-for-this-station');
      return;
    }
    const handler = this.handlers.get(type);
    if (handler === undefined) {
      // To a group of nobody's here, such as the bridges' own: a network card without a listener does not even look at it.
      const isForGroup = destination !== BROADCAST_MAC && isGroupMac(destination);
      this.drop(frame, isForGroup ? 'multicast-not-joined' : 'ethertype-unknown');
      return;
    }
    handler.receive(frame, this);
  }
}
