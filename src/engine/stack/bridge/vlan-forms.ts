/** The two forms of a frame in a VLAN bridge, with and without a tag, each made once and only if a port wants it. */
import { VLAN_TAG_BYTES } from '../../../wire/ethernet';
import { hasVlanTag, setVlanId, vlanId, writeTagged, writeUntagged } from '../../../wire/vlan';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';

export class VlanForms {
  private withTag: Frame | undefined;
  private without: Frame | undefined;

  /** @param vlan the VLAN the frame was found to be in, whatever its tag says */
  constructor(
    private readonly simulator: Simulator,
    private readonly frame: Frame,
    private readonly vlan: number,
  ) {
    if (!hasVlanTag(frame.bytes)) {
      this.without = frame;
    } else if (vlanId(frame.bytes) === vlan) {
      this.withTag = frame;
    }
  }

  /** With a tag of its VLAN; a priority tag keeps its priority. */
  get tagged(): Frame {
    return (this.withTag ??= this.makeTagged());
  }

  /** Without its outer tag. */
  get untagged(): Frame {
    return (this.without ??= this.makeUntagged());
  }

  private makeTagged(): Frame {
    const { bytes } = this.frame;
    const { pool } = this.simulator;
    if (hasVlanTag(bytes)) {
      const copy = pool.copy(bytes);
      setVlanId(copy, this.vlan);
      return this.copyOf(copy);
    }
    const longer = pool.allocate(bytes.length + VLAN_TAG_BYTES);
    writeTagged(bytes, { priority: 0, dropEligible: false, id: this.vlan }, longer);
    return this.copyOf(longer);
  }

  private makeUntagged(): Frame {
    const { bytes } = this.frame;
    const shorter = this.simulator.pool.allocate(bytes.length - VLAN_TAG_BYTES);
    writeUntagged(bytes, shorter);
    return this.copyOf(shorter);
  }

  private copyOf(bytes: Uint8Array): Frame {
    const copy = this.simulator.frame(bytes);
    copy.relays = this.frame.relays;
    return copy;
  }
}
