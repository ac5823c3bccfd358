/** The kind of link that a port is, as capture files and the dissector number them. */
import { LINK_TYPE } from '../trace/link-type';

/** What a trace knows of a port: one of a network, or an interface that a capture file names. */
export interface TracePort {
  readonly device: string;
  readonly name: string;
  /** The number of the port at the other end of its cable, -1 for none. */
  readonly peer: number;
  /** What its frames are, where the network says it: those of Ethernet, or IP packets alone. */
  readonly carries?: 'ethernet' | 'ip';
  /** LINKTYPE number of its frames, where a file says it. */
  readonly linkType?: number;
}

/** Ethernet where nothing is known of the port. */
export function linkTypeOf(port: TracePort | undefined): number {
  return port?.linkType ?? (port?.carries === 'ip' ? LINK_TYPE.raw : LINK_TYPE.ethernet);
}
