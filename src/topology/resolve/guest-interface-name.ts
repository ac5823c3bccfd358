/** What the guest of a VM calls its network cards. */

/**
 * What a Linux guest calls each adapter: VirtualBox (chipset PIIX3) puts slots 1 to 8 at PCI devices 3, 8, 9, 10 and 16 to 19 of bus 0
 * (BusAssignmentManager.cpp), and udev names a card on bus 0 `enp0s` and the device.
 */
const GUEST_NAMES = ['enp0s3', 'enp0s8', 'enp0s9', 'enp0s10', 'enp0s16', 'enp0s17', 'enp0s18', 'enp0s19'];

/** The name of the card in an adapter slot, from 1. */
export function guestInterfaceName(slot: number): string {
  return GUEST_NAMES[slot - 1] ?? `enp0s${slot}`;
}
