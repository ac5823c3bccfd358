/** From the bytes of a frame to columns and a tree of fields. */
import { PacketInProgress } from './dissector';
import { LINK_TYPE } from '../link-type';
import { linkDissector } from './link-layer';
import type { Dissection } from './packet-field';
import { TABLES } from './registry';

export type { Dissection, PacketColumns, PacketField } from './packet-field';

/**
 * What a frame says. Any bytes have a tree; what is wrong with them stands in `problem` of the line it is about.
 * @param linkType LINKTYPE number of where it was captured
 */
export function dissect(bytes: Uint8Array, linkType: number = LINK_TYPE.ethernet): Dissection {
  const packet = new PacketInProgress(bytes, TABLES);
  linkDissector(linkType)(packet, 0, bytes.length);
  return packet.dissection;
}
