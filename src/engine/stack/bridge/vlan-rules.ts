/** Which VLANs a port carries, and with or without a tag (IEEE 802.1Q-2018 6.9 and 8.6). */
import { DEFAULT_VLAN, FIRST_VLAN, hasVlanTag, LAST_VLAN, PRIORITY_VLAN, vlanId } from '../../../wire/vlan';

/** The VLANs of one port. */
export interface PortVlans {
  /** The VLAN of untagged frames, in and out (PVID); 0 for none: untagged frames are not taken. */
  readonly untagged: number;
  /** Further VLANs, whose frames have a tag here. */
  readonly tagged: 'all' | ReadonlySet<number>;
}

const NO_VLANS: ReadonlySet<number> = new Set();

/** What a topology says of a port: an access port of `accessVlan`, or with `trunk` a trunk whose native VLAN that is. */
export function portVlans(accessVlan?: number, trunk?: 'all' | readonly number[]): PortVlans {
  if (trunk === undefined) {
    return { untagged: accessVlan ?? DEFAULT_VLAN, tagged: NO_VLANS };
  }
  return { untagged: accessVlan ?? 0, tagged: trunk === 'all' ? 'all' : new Set(trunk) };
}

/** Whether frames of this VLAN go in and out here. */
export function carriesVlan(port: PortVlans, vlan: number): boolean {
  return vlan === port.untagged || port.tagged === 'all' || port.tagged.has(vlan);
}

/**
 * The VLAN that a frame coming in belongs to; 0 when the port does not take it. A priority tag (VID 0) counts as none (IEEE 802.1Q-2018
 * 6.9.1), 4095 is nobody's, and of two tags the outer one decides. An access port takes its own VLAN tagged too, as Linux and Cisco do.
 */
export function ingressVlan(port: PortVlans, b: Uint8Array): number {
  const id = hasVlanTag(b) ? vlanId(b) : PRIORITY_VLAN;
  if (id === PRIORITY_VLAN) {
    return port.untagged;
  }
  return id >= FIRST_VLAN && id <= LAST_VLAN && carriesVlan(port, id) ? id : 0;
}
