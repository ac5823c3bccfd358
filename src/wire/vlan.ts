/** VLAN tags (IEEE 802.1Q-2018 clause 9): 4 bytes between the source address and the EtherType. */
import { readUint16, writeUint16 } from './bytes';
import { ETHERNET_HEADER_BYTES, ETHERTYPE, etherType, VLAN_TAG_BYTES } from './ethernet';

/** VID 0: the tag gives a priority only, and the VLAN is that of untagged frames (IEEE 802.1Q-2018 table 9-2). */
export const PRIORITY_VLAN = 0;

/** VIDs that a VLAN may have; 0 stands for none and 4095 is reserved (IEEE 802.1Q-2018 table 9-2). */
export const FIRST_VLAN = 1;
export const LAST_VLAN = 4094;

/** The VLAN of untagged frames where nothing else is set (IEEE 802.1Q-2018 table 9-2, default PVID). */
export const DEFAULT_VLAN = 1;

/** Where the tag begins: behind both addresses. */
const TAG_AT = 12;

/** The three fields of a tag (IEEE 802.1Q-2018 9.6). */
export interface VlanTag {
  /** PCP, 0 to 7. */
  readonly priority: number;
  /** DEI: may be dropped first under congestion. */
  readonly dropEligible: boolean;
  /** VID, 0 to 4095. */
  readonly id: number;
}

/** Whether the frame begins with a customer tag (0x8100) that is all there. A service tag (0x88a8) is not one. */
export function hasVlanTag(b: Uint8Array): boolean {
  return etherType(b) === ETHERTYPE.vlan && b.length >= ETHERNET_HEADER_BYTES + VLAN_TAG_BYTES;
}

/** The VID of a tagged frame, 0 to 4095. */
export function vlanId(b: Uint8Array): number {
  return readUint16(b, ETHERNET_HEADER_BYTES) & 0xfff;
}

/** The fields of a tagged frame's outer tag. */
export function vlanTag(b: Uint8Array): VlanTag {
  const control = readUint16(b, ETHERNET_HEADER_BYTES);
  return { priority: control >>> 13, dropEligible: (control & 0x1000) !== 0, id: control & 0xfff };
}

/** Writes the frame with a tag of its own in front of what it carries, which may be another tag, into `into`: 4 bytes longer. */
export function writeTagged(
  b: Uint8Array,
  { priority, dropEligible, id }: VlanTag,
  into: Uint8Array,
  type: number = ETHERTYPE.vlan,
): void {
  into.set(b.subarray(0, TAG_AT));
  into.set(b.subarray(TAG_AT), TAG_AT + VLAN_TAG_BYTES);
  writeUint16(into, TAG_AT, type);
  writeUint16(into, TAG_AT + 2, ((priority & 7) << 13) | (dropEligible ? 0x1000 : 0) | (id & 0xfff));
}

/** Writes the frame without its outer tag into `into`: 4 bytes shorter. */
export function writeUntagged(b: Uint8Array, into: Uint8Array): void {
  into.set(b.subarray(0, TAG_AT));
  into.set(b.subarray(TAG_AT + VLAN_TAG_BYTES), TAG_AT);
}

/** Puts another VID into the outer tag, in place; priority and drop eligibility stay. */
export function setVlanId(b: Uint8Array, id: number): void {
  writeUint16(b, ETHERNET_HEADER_BYTES, (readUint16(b, ETHERNET_HEADER_BYTES) & 0xf000) | (id & 0xfff));
}
