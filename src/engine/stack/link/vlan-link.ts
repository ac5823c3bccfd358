/**
 * VLAN interfaces of Linux (net/8021q): each is a parent's frames with one tag of IEEE 802.1Q, which it takes off and puts on. What it sends
 * has priority 0, since the maps from and to packet priorities are empty at first (`ip link … egress-qos-map`).
 */
import { ETHERNET_HEADER_BYTES, VLAN_TAG_BYTES } from '../../../wire/ethernet';
import { vlanId, writeTagged, writeUntagged, type VlanTag } from '../../../wire/vlan';
import type { Frame } from '../../kernel/frame';
import type { InterfaceStateListener, Link, NetworkInterface, TagDemultiplexer } from '../network-interface';

export class VlanLink implements Link, InterfaceStateListener {
  private readonly tag: VlanTag;
  private parentWasUp: boolean;
  private sending = false;
  /** What has just arrived at the parent, and what of it is for this interface. */
  private tagged: Frame | undefined;
  private arriving: Frame | undefined;

  constructor(
    private readonly on: NetworkInterface,
    private readonly parent: NetworkInterface,
    id: number,
  ) {
    this.tag = { priority: 0, dropEligible: false, id };
    this.parentWasUp = parent.up;
    on.link = this;
    vlansOf(parent).add(id, this);
    parent.observe(this);
  }

  get carrier(): boolean {
    return this.parent.running;
  }

  send(frame: Frame): void {
    if (this.sending) {
      this.on.drop(frame, 'link-loop');
      return;
    }
    if (frame.bytes.length < ETHERNET_HEADER_BYTES) {
      this.on.drop(frame, 'malformed');
      return;
    }
    this.sending = true;
    this.parent.transmit(this.withTag(frame));
    this.sending = false;
  }

  /** A frame of the parent with this interface's tag. */
  receive(frame: Frame): void {
    const { simulator } = this.on;
    const untagged = simulator.pool.allocate(frame.bytes.length - VLAN_TAG_BYTES);
    writeUntagged(frame.bytes, untagged);
    this.tagged = frame;
    this.arriving = simulator.frame(untagged);
    this.on.receive(this.arriving);
  }

  /** Drops are recorded at the port below, whose frames have the tag. */
  asRecorded(frame: Frame): Frame {
    const tagged = this.tagged !== undefined && frame === this.arriving ? this.tagged : this.withTag(frame);
    return this.parent.link?.asRecorded?.(tagged) ?? tagged;
  }

  /** VLAN interfaces are set down and up with their parent (`vlan_device_event` without LOOSE_BINDING). */
  interfaceChanged(parent: NetworkInterface): void {
    if (parent.up !== this.parentWasUp) {
      this.parentWasUp = parent.up;
      this.on.up = parent.up;
    }
    this.on.stateChanged();
  }

  /** What is too short for a header has no place for a tag. */
  private withTag(frame: Frame): Frame {
    const { simulator } = this.on;
    if (frame.bytes.length < ETHERNET_HEADER_BYTES) {
      return frame;
    }
    const tagged = simulator.pool.allocate(frame.bytes.length + VLAN_TAG_BYTES);
    writeTagged(frame.bytes, this.tag, tagged);
    return simulator.frame(tagged);
  }
}

/** The VLAN interfaces of one parent, by VID. */
class VlanGroup implements TagDemultiplexer {
  private readonly links = new Map<number, VlanLink>();

  add(id: number, link: VlanLink): void {
    this.links.set(id, link);
  }

  receive(frame: Frame): boolean {
    const { bytes } = frame;
    const whole = bytes.length >= ETHERNET_HEADER_BYTES + VLAN_TAG_BYTES;
    const link = whole ? this.links.get(vlanId(bytes)) : undefined;
    link?.receive(frame);
    return link !== undefined;
  }
}

function vlansOf(parent: NetworkInterface): VlanGroup {
  if (parent.tagged instanceof VlanGroup) {
    return parent.tagged;
  }
  const group = new VlanGroup();
  parent.tagged = group;
  return group;
}
