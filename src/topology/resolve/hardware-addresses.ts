/** Hardware addresses for interfaces that name none: made from names, so that the same file always gives the same ones. */
import { macFromNumber, UNKNOWN_MAC, type MacAddress } from '../../net/mac-address';
import { membersOf } from './bridge-members';
import { allInterfaces, findInterface, portsOf, type Draft, type InterfaceDraft } from './draft';
import { inOrderOfNeed } from './order-of-need';

/** `virtualbox`: 08:00:27 and three bytes, as VirtualBox (HostImpl.cpp); `local`: 02 and five bytes, locally administered (IEEE 802c). */
export type MacFamily = 'virtualbox' | 'local';

/** Second byte of local addresses: 02:01 to 02:20 would show in Wireshark as those of Microsoft's load balancer (its manuf file). */
const CLEAR_OF_VENDORS = 0x40;

/** Gives every interface without an address one that no other in the file has, and the DHCP servers of VirtualBox theirs. */
export function assignMacs(draft: Draft): void {
  const interfaces = allInterfaces(draft);
  const ports = [...draft.ports.keys()].flatMap(device => portsOf(draft, device));
  const taken = new Set<MacAddress>([...interfaces, ...ports].flatMap(({ mac }) => (mac ? [mac] : [])));
  for (const one of interfaces) {
    if (one.mac === UNKNOWN_MAC && hasOwnMac(draft, one)) {
      const family = one.slot === undefined ? 'local' : 'virtualbox';
      one.mac = generateMac(family, `${one.node}/${one.slot ?? one.name}`, taken);
      taken.add(one.mac);
    }
  }
  for (const network of draft.virtualBoxNetworks.values()) {
    if (network.dhcp !== undefined) {
      // VirtualBox makes it at random (NetworkServices/Dhcpd/Config.cpp).
      network.dhcpMac = generateMac('virtualbox', `${network.id}/dhcp`, taken);
      taken.add(network.dhcpMac);
    }
  }
  inOrderOfNeed(draft, interfaces).forEach(one => {
    if (one.mac === UNKNOWN_MAC) {
      one.mac = inheritedMac(draft, one);
    }
  });
}

/** Whether the address is the interface's own: a bridge has that of a member, a VLAN that of its parent. */
export function hasOwnMac(draft: Draft, one: InterfaceDraft): boolean {
  switch (one.link.kind) {
    case 'port':
    case 'tap':
    case 'vxlan':
    case 'dummy':
      return true;
    case 'bridge':
      return membersOf(draft, one).length === 0;
    case 'vlan':
    case 'tun':
    case 'loopback':
      return false;
  }
}

/** The lowest of a bridge's members (br_stp_recalculate_bridge_id in net/bridge/br_stp_if.c), or the VLAN's parent's. */
function inheritedMac(draft: Draft, one: InterfaceDraft): MacAddress {
  switch (one.link.kind) {
    case 'bridge':
      return macFromNumber(Math.min(...membersOf(draft, one).map(({ mac }) => mac)));
    case 'vlan':
      return findInterface(draft, one.node, one.link.parent)?.mac ?? UNKNOWN_MAC;
    default:
      return UNKNOWN_MAC;
  }
}

/** The address that belongs to a name, or the next one that is free. */
export function generateMac(family: MacFamily, name: string, taken: ReadonlySet<MacAddress>): MacAddress {
  for (let attempt = 0; ; attempt++) {
    const high = hash(`${name}#${attempt}`);
    const mac =
      family === 'virtualbox'
        ? macFromNumber(0x08_00_27 * 2 ** 24 + (high >>> 8))
        : macFromNumber(
            0x02 * 2 ** 40 + (CLEAR_OF_VENDORS | (hash(`${attempt}#${name}`) >>> 24)) * 2 ** 32 + high,
          );
    if (!taken.has(mac)) {
      return mac;
    }
  }
}

/** FNV-1a, 32 bits, over UTF-16 code units, with a last mix so that short names differ in every byte. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
