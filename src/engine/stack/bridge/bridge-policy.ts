/** Where bridges differ, as data with the source beside each field. */

export interface BridgePolicy {
  /** Whether frames from a group address, or from 00:00:00:00:00:00, are dropped instead of passed on unlearned. */
  readonly dropsInvalidSources: boolean;
  /** Last octets of 01:80:c2:00:00:0x that are passed on when no spanning tree runs. */
  readonly forwardedReserved: readonly number[];
  /** Stations remembered; when all places are taken, new ones are flooded to as if unknown. */
  readonly maximumStations: number;
}

/** A switch that stands alone. */
export const SWITCH_POLICY: BridgePolicy = {
  // IEEE 802.1D-2004 7.8 b): a group address is not learned; nothing says that the frame is discarded.
  dropsInvalidSources: false,
  // IEEE 802.1D-2004 7.12.6 forwards none of them, for bridges that all take part in the spanning tree. A switch without one that kept BPDUs
  // would hide loops from its neighbours, so that, as in Linux, these pass.
  forwardedReserved: [0x00],
  // The table of a small switch.
  maximumStations: 8192,
};

/** The bridge of Linux 6.18 (net/bridge/br_input.c, br_fdb.c) with the defaults of `ip link add type bridge`. */
export const LINUX_BRIDGE_POLICY: BridgePolicy = {
  // br_handle_frame: is_valid_ether_addr(source).
  dropsInvalidSources: true,
  // br_handle_frame: the bridge group address when stp_state is 0; group_fwd_mask is 0.
  forwardedReserved: [0x00],
  // fdb_max_learned is 0, no limit; this one is of the simulation.
  maximumStations: 65_536,
};
