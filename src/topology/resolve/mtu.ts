/** The MTU of an interface when none is written, as Linux chooses it. */
import { membersOf } from './bridge-members';
import { findInterface, type Draft, type InterfaceDraft } from './draft';

/** Ethernet's MTU (RFC 894); TUN and TAP devices start with it too (drivers/net/tun.c). */
const ETHERNET_MTU = 1500;

/** drivers/net/loopback.c. */
const LOOPBACK_MTU = 65_536;

/** Outer Ethernet, IPv4, UDP and VXLAN headers: VXLAN_HEADROOM in include/net/vxlan.h; 20 bytes more over IPv6. */
const VXLAN_HEADROOM = 50;
const VXLAN6_HEADROOM = 70;

/** Interfaces on interfaces; the circle that a faulty file may hold ends here. */
const DEEPEST = 16;

/** The largest IP packet in bytes. */
export function mtuOf(draft: Draft, one: InterfaceDraft, depth = 0): number {
  const written = one.source.mtu ?? one.plan?.mtu;
  if (written !== undefined || depth > DEEPEST) {
    return written ?? ETHERNET_MTU;
  }
  const below = (name: string | number | undefined): number | undefined => {
    const found = name === undefined ? undefined : findInterface(draft, one.node, name);
    return found && mtuOf(draft, found, depth + 1);
  };
  switch (one.link.kind) {
    case 'port':
    case 'tap':
    case 'tun':
    case 'dummy':
      return ETHERNET_MTU;
    case 'loopback':
      return LOOPBACK_MTU;
    case 'bridge': {
      // The smallest of its members (br_mtu_auto_adjust in net/bridge/br_if.c).
      const members = membersOf(draft, one);
      const sizes = members.map(member => mtuOf(draft, member, depth + 1));
      return sizes.length === 0 ? ETHERNET_MTU : Math.min(...sizes);
    }
    case 'vlan':
      return below(one.link.parent) ?? ETHERNET_MTU;
    case 'vxlan': {
      // Only a VXLAN that is told its parent knows what fits (vxlan_config_apply in drivers/net/vxlan/vxlan_core.c).
      const headroom = typeof one.link.remotes[0] === 'bigint' ? VXLAN6_HEADROOM : VXLAN_HEADROOM;
      const parent = below(one.source.parent);
      return parent === undefined ? ETHERNET_MTU : parent - headroom;
    }
  }
}
