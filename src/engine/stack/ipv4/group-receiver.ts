/** Whose packets to groups an interface takes. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import type { NetworkInterface } from '../network-interface';

/** Knows which groups a machine listens to. */
export interface GroupReceiver {
  isMember(group: Ipv4Address, on: NetworkInterface): boolean;
}
