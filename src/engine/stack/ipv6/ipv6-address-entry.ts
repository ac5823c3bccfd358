/** The addresses of an interface and how long they may be used (RFC 4862 5.5). Times in ns of virtual time. */
import type { Ipv6Address } from '../../../net/ipv6-address';

export type AddressOrigin = 'link-local' | 'static' | 'autoconfiguration';

export interface Ipv6AddressEntry {
  readonly address: Ipv6Address;
  readonly prefixLength: number;
  readonly origin: AddressOrigin;
  /** Tentative until it is known to be unique on the link, duplicate when it is not (RFC 4862 5.4). */
  readonly uniqueness: 'tentative' | 'unique' | 'duplicate';
  /** From here on it is deprecated: not for new connections while there is a better one. */
  readonly preferredUntil: number;
  /** From here on it is gone. */
  readonly validUntil: number;
}

/** Never. */
export const FOREVER = Number.POSITIVE_INFINITY;

/** Whether packets may come from this address now. */
export function isUsableAddress(entry: Ipv6AddressEntry): boolean {
  return entry.uniqueness === 'unique';
}

export function isDeprecated(entry: Ipv6AddressEntry, now: number): boolean {
  return entry.preferredUntil <= now;
}
