/** IGMP of a stack: the groups of all its interfaces, and the messages about them. */
import { isMulticastIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import { isGroupMac } from '../../../net/mac-address';
import { destinationMac } from '../../../wire/ethernet';
import { checkIgmp, IGMP_TYPE, igmpGroup, igmpType, parseIgmpQuery } from '../../../wire/igmp';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { ROUTER_ALERT } from '../../../wire/ipv4-option';
import type { Frame } from '../../kernel/frame';
import { PACKET_HEADER_BYTES, payloadAt, payloadLength, type PacketOptions } from '../ipv4/ip-packet';
import type { GroupReceiver } from '../ipv4/group-receiver';
import type { ProtocolHandler } from '../ipv4/packet-hook';
import type { Ipv4Layer } from '../ipv4-layer';
import type { NetworkInterface } from '../network-interface';
import { ALL_HOSTS, GroupMembership } from './group-membership';
import { LINUX_IGMP } from './linux-igmp-policy';

const MESSAGE: PacketOptions = {
  timeToLive: LINUX_IGMP.timeToLive,
  typeOfService: LINUX_IGMP.typeOfService,
  dontFragment: true,
  headerOptions: ROUTER_ALERT,
};

export class IgmpLayer implements ProtocolHandler, GroupReceiver {
  private readonly memberships = new Map<NetworkInterface, GroupMembership>();

  private readonly waiting = new Map<NetworkInterface, readonly Ipv4Address[]>();

  constructor(
    private readonly ip: Ipv4Layer,
    /** Of the stack: its random streams are named after it. */
    private readonly name: string,
  ) {
    ip.register(IP_PROTOCOL.igmp, this);
    ip.sender.groups = this;
  }

  /** Whether the interface listens to the group. */
  isMember(group: Ipv4Address, on: NetworkInterface): boolean {
    return group === ALL_HOSTS || this.memberships.get(on)?.has(group) === true;
  }

  /**
   * Listens to a group, as a socket with IP_ADD_MEMBERSHIP; as many calls of `leave` end it.
   * @returns false for an address that is no group, and when the interface listens to as many groups as it can
   */
  join(group: Ipv4Address, on: NetworkInterface): boolean {
    return isMulticastIpv4(group) && (group === ALL_HOSTS || this.membershipOf(on).join(group));
  }

  leave(group: Ipv4Address, on: NetworkInterface): void {
    this.memberships.get(on)?.leave(group);
  }

  /** The groups that the interface joined, oldest first; every host's is not among them. */
  groupsOf(on: NetworkInterface): readonly Ipv4Address[] {
    return this.memberships.get(on)?.joined ?? [];
  }

  /** Listens to these groups from the time that the interface has an address: so that what it says comes from it. */
  joinWhenAddressed(groups: readonly Ipv4Address[], on: NetworkInterface): void {
    this.waiting.set(on, groups);
    this.addressesChanged(on);
  }

  addressesChanged(on: NetworkInterface): void {
    const groups = this.waiting.get(on);
    if (groups !== undefined && on.primaryAddress !== undefined) {
      this.waiting.delete(on);
      for (const group of groups) {
        this.join(group, on);
      }
    }
  }

  /** The interface came up or went down. */
  interfaceChanged(on: NetworkInterface): void {
    const membership = this.memberships.get(on);
    if (on.running) {
      membership?.linkUp();
    } else {
      membership?.linkDown();
    }
  }

  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    const at = payloadAt(bytes);
    const length = payloadLength(bytes);
    const problem = checkIgmp(bytes, at, length);
    if (problem !== undefined) {
      on.drop(frame, problem === 'bad-checksum' ? 'checksum-wrong' : 'malformed');
      return;
    }
    switch (igmpType(bytes, at)) {
      case IGMP_TYPE.query: {
        const query = parseIgmpQuery(bytes, at, length);
        if (typeof query === 'string') {
          on.drop(frame, 'malformed');
        } else {
          this.memberships.get(on)?.queried(query);
        }
        return;
      }
      case IGMP_TYPE.reportV1:
      case IGMP_TYPE.reportV2:
        if (isGroupMac(destinationMac(bytes))) {
          this.memberships.get(on)?.reported(igmpGroup(bytes, at));
        }
        return;
      default:
        // Reports of version 3 and departures concern routers and switches alone.
        on.drop(frame, 'igmp-not-for-hosts');
    }
  }

  private membershipOf(on: NetworkInterface): GroupMembership {
    const there = this.memberships.get(on);
    if (there !== undefined) {
      return there;
    }
    const { simulator } = this.ip;
    const random = simulator.random(`igmp ${this.name} ${on.name}`);
    const made = new GroupMembership(simulator, random, (message, destination) => {
      this.send(message, destination, on);
    });
    this.memberships.set(on, made);
    return made;
  }

  private send(message: Uint8Array, destination: Ipv4Address, on: NetworkInterface): void {
    const at = PACKET_HEADER_BYTES + ROUTER_ALERT.length;
    const bytes = this.ip.simulator.pool.allocate(at + message.length);
    bytes.set(message, at);
    const source = on.primaryAddress ?? UNSPECIFIED_IPV4;
    this.ip.sender.sendToGroup(bytes, source, destination, IP_PROTOCOL.igmp, MESSAGE, on);
  }
}
