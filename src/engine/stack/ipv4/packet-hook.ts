/** Who handles packets beside IP itself: the protocols above it, and the hooks of netfilter on the way. */
import type { Frame } from '../../kernel/frame';
import type { Refusal } from '../../kernel/drop-reason';
import type { NetworkInterface } from '../network-interface';

/** A protocol above IP. */
export interface ProtocolHandler {
  /** A whole packet for this host; the IP header is valid, the payload unchecked. */
  receive(frame: Frame, on: NetworkInterface): void;
}

/** Sees packets as they pass at the five points of netfilter, may rewrite them and may refuse them: connection tracking, NAT, firewall. */
export interface PacketHook {
  /**
   * Before a packet from outside is routed: gives the frame to go on with, or why it may not; undefined when the hook keeps it and
   * answers for it.
   */
  prerouting(frame: Frame, on: NetworkInterface): Frame | Refusal | undefined;
  /** Before a whole packet is delivered here, also one from this stack itself. */
  input(frame: Frame, on: NetworkInterface): Refusal | undefined;
  /** Before a packet is passed on: its time to live is taken down and its route known. */
  forward(bytes: Uint8Array, from: NetworkInterface, out: NetworkInterface): Refusal | undefined;
  /** Before a packet of this stack's own goes out: may change `bytes` in place, and is routed anew when its destination changed. */
  output(bytes: Uint8Array, out: NetworkInterface | undefined): Refusal | undefined;
  /** Before a packet leaves: may change `bytes` in place. */
  postrouting(bytes: Uint8Array, out: NetworkInterface): Refusal | undefined;
}
