/** What the dissector says about a packet. */

/** A line of the details tree, named as Wireshark names the field. */
export interface PacketField {
  /** Wireshark's filter name, `ip.src`. */
  readonly name: string;
  /** The line a user reads: `Source Address: 10.0.2.15`. */
  readonly text: string;
  /** First byte and number of bytes in the frame; 0 bytes for a derived value. */
  readonly start: number;
  readonly length: number;
  /** The value alone, as `tshark -T fields` prints it: `10.0.2.15`, `0x0800`, `1` for true. A line that only groups others has none. */
  readonly value?: string;
  readonly children?: readonly PacketField[];
  /** Set when the bytes contradict the protocol, with why. */
  readonly problem?: string;
}

/** The columns of the packet list. */
export interface PacketColumns {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly info: string;
}

/** All that a frame says. */
export interface Dissection {
  readonly columns: PacketColumns;
  readonly layers: readonly PacketField[];
}
