/** What the transport protocols use of IP, whichever version: a stack has one of these for IPv4 and one for IPv6. */
import type { IpAddress } from '../../net/ip-address';
import type { PacketOptions } from './ipv4/ip-packet';

export interface IpOutput {
  readonly version: 4 | 6;

  /** Bytes in front of the payload in a buffer that `allocate` gives: Ethernet's and IP's header. */
  readonly headerBytes: number;

  /** Whether packets to this address are for this machine; for one that speaks in the place of others, whether it does for this one. */
  isLocal(address: IpAddress): boolean;

  /** The address that packets to this destination carry as their source; undefined when there is no way there. */
  sourceFor(destination: IpAddress): IpAddress | undefined;

  /** Largest IP packet in bytes that the way to this destination is known to carry. */
  pathMtu(destination: IpAddress): number;

  /** Zeroed room for a packet with so many bytes of payload, which begin at `headerBytes`. */
  allocate(payloadBytes: number): Uint8Array;

  /**
   * Completes and sends a packet whose payload is in place; its transport checksum is the caller's.
   * @returns false, with the reason recorded, when there is no way to send it
   */
  send(
    bytes: Uint8Array,
    source: IpAddress,
    destination: IpAddress,
    protocol: number,
    options: PacketOptions,
  ): boolean;
}
