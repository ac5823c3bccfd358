/**
 * Frames with a tag that no VLAN interface took: one that gives a priority only, VID 0, is of the interface itself; another is for nobody here
 * (IEEE 802.1Q-2018 table 9-2; Linux `__netif_receive_skb_core`, where such a frame becomes PACKET_OTHERHOST).
 */
import { ETHERNET_HEADER_BYTES, VLAN_TAG_BYTES } from '../../../wire/ethernet';
import { PRIORITY_VLAN, vlanId, writeUntagged } from '../../../wire/vlan';
import type { Frame } from '../../kernel/frame';
import type { EtherTypeHandler, NetworkInterface } from '../network-interface';

export const PRIORITY_TAG: EtherTypeHandler = {
  receive(frame: Frame, on: NetworkInterface): void {
    const { bytes } = frame;
    if (bytes.length < ETHERNET_HEADER_BYTES + VLAN_TAG_BYTES) {
      on.drop(frame, 'malformed');
    } else if (vlanId(bytes) !== PRIORITY_VLAN) {
      on.drop(frame, 'vlan-unknown');
    } else {
      const untagged = on.simulator.pool.allocate(bytes.length - VLAN_TAG_BYTES);
      writeUntagged(bytes, untagged);
      on.receive(on.simulator.frame(untagged));
    }
  },
};
