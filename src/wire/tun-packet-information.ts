/**
 * What a TUN or TAP device puts in front of each packet that a process reads, and expects in front of what it writes, unless the process
 * asked for none with IFF_NO_PI: `struct tun_pi` of linux/if_tun.h, flags and then the EtherType in network order.
 */
import { readUint16, writeUint16 } from './bytes';

export const TUN_PACKET_INFORMATION_BYTES = 4;

/** Writes it with no flag set, as the kernel does for a packet that the process has room for. */
export function writeTunPacketInformation(b: Uint8Array, at: number, etherType: number): void {
  writeUint16(b, at, 0);
  writeUint16(b, at + 2, etherType);
}

/** The EtherType; undefined when the bytes from `at` on are too few. The kernel looks at no flag of what is written. */
export function parseTunPacketInformation(b: Uint8Array, at: number): number | undefined {
  return b.length - at < TUN_PACKET_INFORMATION_BYTES ? undefined : readUint16(b, at + 2);
}
