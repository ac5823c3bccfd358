/** The kind of link that a port is, as capture files and the dissector number them. */
import type { NetworkPort } from '../engine/network';
import { LINK_TYPE } from '../trace/link-type';

/** Ethernet where nothing is known of the port. */
export function linkTypeOf(port: NetworkPort | undefined): number {
  return port?.carries === 'ip' ? LINK_TYPE.raw : LINK_TYPE.ethernet;
}
