/**
 * Who hears whose broadcasts: segments joined by cables, bridges and VLAN tags. A frame is untagged (tag 0) or has the tag of a VLAN (IEEE
 * 802.1Q); switches that look at tags join the two where a port takes one for the other.
 */
import type {
  ResolvedDevice,
  ResolvedInterface,
  ResolvedStackDevice,
  ResolvedSwitchPort,
  ResolvedTopology,
} from '../../../src/topology/resolved';
import { bridgeId } from '../inner-bridges';
import { portId } from '../model';
import { DisjointSets } from './disjoint-sets';
import { subnetsOfDevice, subnetsOfInterface } from './subnets';

/** The tag of frames that have none. */
export const UNTAGGED = 0;

export interface BroadcastDomain {
  /** VLAN ids under which its frames travel, in order; empty where they have no tag anywhere and no switch looks at tags. */
  readonly vlans: readonly number[];
  /** Ids of the nodes that forward it: switches, hubs, VirtualBox's networks, bridges. */
  readonly segments: readonly string[];
  /** Interfaces in it, as `device:interface`. */
  readonly interfaces: readonly string[];
  /** As written, the most telling first. */
  readonly subnets: readonly string[];
}

export interface TaggedDomain {
  /** UNTAGGED or a VLAN id. */
  readonly tag: number;
  /** Index of the domain. */
  readonly domain: number;
}

export interface BroadcastDomains {
  readonly domains: readonly BroadcastDomain[];
  /** By cable id, what travels on it, by tag. */
  readonly ofCable: ReadonlyMap<string, readonly TaggedDomain[]>;
  /** By `device:interface`, the index of its domain. */
  readonly ofInterface: ReadonlyMap<string, number>;
}

export function broadcastDomains(topology: ResolvedTopology): BroadcastDomains {
  return new Builder(topology).build();
}

interface Member {
  readonly vlans: Set<number>;
  readonly segments: Set<string>;
  readonly interfaces: string[];
  readonly subnets: Set<string>;
  readonly cables: { readonly cable: string; readonly tag: number }[];
}

class Builder {
  private readonly sets = new DisjointSets();
  private readonly members = new Map<string, Member>();
  /** The cable in each port; an unplugged one joins nothing. */
  private readonly cables = new Map<string, string>();
  private readonly tags: readonly number[];

  constructor(private readonly topology: ResolvedTopology) {
    for (const { id, ends, up } of topology.cables) {
      if (up) {
        ends.forEach(({ device, port }) => this.cables.set(portId(device, port), id));
      }
    }
    this.tags = [UNTAGGED, ...[...vlansOf(topology)].sort((a, b) => a - b)];
  }

  build(): BroadcastDomains {
    const places = this.topology.devices.flatMap(device => this.join(device));
    for (const cable of new Set(this.cables.values())) {
      for (const tag of this.tags) {
        places.push({ key: cableKey(cable, tag), add: member => member.cables.push({ cable, tag }) });
      }
    }
    for (const { key, add } of places) {
      const root = this.sets.find(key);
      const member = this.members.get(root) ?? emptyMember();
      this.members.set(root, member);
      add(member);
    }
    const kept = [...this.members.values()].filter(
      ({ interfaces, segments, cables }) =>
        interfaces.length > 0 || (segments.size > 0 && cables.some(({ tag }) => tag === UNTAGGED)),
    );
    const ofCable = new Map<string, TaggedDomain[]>();
    const ofInterface = new Map<string, number>();
    kept.forEach(({ cables, interfaces }, domain) => {
      for (const { cable, tag } of cables) {
        ofCable.set(cable, [...(ofCable.get(cable) ?? []), { tag, domain }]);
      }
      interfaces.forEach(id => ofInterface.set(id, domain));
    });
    ofCable.forEach(list => list.sort((a, b) => a.tag - b.tag));
    const domains = kept.map(({ vlans, segments, interfaces, subnets }) => ({
      vlans: [...vlans].sort((a, b) => a - b),
      segments: [...segments],
      interfaces,
      subnets: [...subnets],
    }));
    return { domains, ofCable, ofInterface };
  }

  /** Joins what a device joins; returns what is to be found in which set. */
  private join(device: ResolvedDevice): Place[] {
    switch (device.kind) {
      case 'switch':
        return device.vlanAware === true
          ? this.joinVlans(device.id, device.ports, subnetsOfDevice(device))
          : this.joinAll(device.id, device.ports, subnetsOfDevice(device));
      case 'hub':
      case 'virtualbox-switch':
        return this.joinAll(device.id, device.ports, []);
      case 'virtualbox-nat':
      case 'virtualbox-nat-network':
      case 'virtualbox-dhcp':
      case 'internet':
      case 'tunnel':
        return device.ports.map(port =>
          station(
            this.plug(device.id, port.name, UNTAGGED),
            portId(device.id, port.name),
            subnetsOfDevice(device),
          ),
        );
      case 'host':
      case 'vm':
      case 'router':
      case 'container':
        return device.interfaces.flatMap(one => this.joinInterface(device, one));
    }
  }

  /** Frames with any tag go everywhere. */
  private joinAll(
    id: string,
    ports: readonly { readonly name: string }[],
    subnets: readonly string[],
  ): Place[] {
    return this.tags.map(tag => {
      const key = segmentKey(id, tag);
      ports.forEach(port => this.sets.join(key, this.plug(id, port.name, tag)));
      return segment(key, id, tag === UNTAGGED ? subnets : [], tag);
    });
  }

  private joinVlans(id: string, ports: readonly ResolvedSwitchPort[], subnets: readonly string[]): Place[] {
    const vlans = new Set<number>();
    for (const { name, accessVlan, trunk } of ports) {
      const untagged = accessVlan ?? (trunk === undefined ? 1 : undefined);
      if (untagged !== undefined) {
        vlans.add(untagged);
        this.sets.join(segmentKey(id, untagged), this.plug(id, name, UNTAGGED));
      }
      for (const tag of trunk === 'all' ? this.tags : (trunk ?? [])) {
        if (tag !== UNTAGGED && tag !== untagged) {
          vlans.add(tag);
          this.sets.join(segmentKey(id, tag), this.plug(id, name, tag));
        }
      }
    }
    return [...vlans].map(vlan => segment(segmentKey(id, vlan), id, subnets, vlan));
  }

  private joinInterface(device: ResolvedStackDevice, one: ResolvedInterface): Place[] {
    for (const tag of one.bridge === undefined ? [] : this.tags) {
      this.sets.join(
        segmentKey(bridgeId(device.id, one.bridge ?? ''), tag),
        this.interfaceKey(device, one.name, tag),
      );
    }
    const key = this.interfaceKey(device, one.name, UNTAGGED);
    const bridge =
      one.link?.kind === 'bridge' ? [segment(key, bridgeId(device.id, one.name), [], UNTAGGED)] : [];
    const listens = one.addressing.kind !== 'none' || (one.ipv6?.addresses.length ?? 0) > 0;
    const inner = one.link?.kind === 'loopback' || one.link?.kind === 'dummy';
    return !listens || inner
      ? bridge
      : [...bridge, station(key, portId(device.id, one.name), subnetsOfInterface(device, one))];
  }

  /** Where frames with this tag are that an interface sends. A VLAN's interface adds its tag. */
  private interfaceKey(device: ResolvedStackDevice, name: string, tag: number, depth = 0): string {
    const link = device.interfaces.find(one => one.name === name)?.link;
    switch (link?.kind) {
      case 'vlan':
        return depth > 2 || tag !== UNTAGGED
          ? segmentKey(portId(device.id, name), tag)
          : this.interfaceKey(device, link.parent, link.id, depth + 1);
      case 'bridge':
        return segmentKey(bridgeId(device.id, name), tag);
      case 'vxlan':
        return `vxlan ${link.id} ${tag}`;
      case 'loopback':
      case 'dummy':
        return segmentKey(portId(device.id, name), tag);
      case 'port':
      case 'tap':
      case 'tun':
      case undefined:
        return this.plug(device.id, name, tag);
    }
  }

  /** What is in a port: its cable, or only the port itself. */
  private plug(device: string, port: string, tag: number): string {
    const id = portId(device, port);
    const cable = this.cables.get(id);
    return cable === undefined ? segmentKey(id, tag) : cableKey(cable, tag);
  }
}

interface Place {
  readonly key: string;
  readonly add: (member: Member) => void;
}

function segment(key: string, id: string, subnets: readonly string[], tag: number): Place {
  return {
    key,
    add: member => {
      member.segments.add(id);
      subnets.forEach(subnet => member.subnets.add(subnet));
      if (tag !== UNTAGGED) {
        member.vlans.add(tag);
      }
    },
  };
}

function station(key: string, id: string, subnets: readonly string[]): Place {
  return {
    key,
    add: member => {
      member.interfaces.push(id);
      subnets.forEach(subnet => member.subnets.add(subnet));
    },
  };
}

function emptyMember(): Member {
  return { vlans: new Set(), segments: new Set(), interfaces: [], subnets: new Set(), cables: [] };
}

function cableKey(cable: string, tag: number): string {
  return `cable ${tag} ${cable}`;
}

function segmentKey(id: string, tag: number): string {
  return `segment ${tag} ${id}`;
}

/** Every VLAN that the file names. */
function vlansOf({ devices }: ResolvedTopology): Set<number> {
  const vlans = new Set<number>();
  for (const device of devices) {
    if (device.kind === 'switch' && device.vlanAware === true) {
      for (const { accessVlan, trunk } of device.ports) {
        [
          ...(accessVlan === undefined ? [] : [accessVlan]),
          ...(Array.isArray(trunk) ? (trunk as readonly number[]) : []),
        ].forEach(vlan => vlans.add(vlan));
      }
    }
    if ('interfaces' in device) {
      device.interfaces.forEach(({ link }) => link?.kind === 'vlan' && vlans.add(link.id));
    }
  }
  return vlans;
}
