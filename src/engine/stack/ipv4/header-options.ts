/**
 * What a machine does to the options of a packet that reaches it (RFC 791 3.1, RFC 1812 5.2.4 and 5.3.13; Linux `__ip_options_compile`):
 * checks them, records its address and the time where they ask for it, and finds where its way out is to be written instead.
 */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { readUint32, writeUint32 } from '../../../wire/bytes';
import { headerLength, IPV4_HEADER_BYTES } from '../../../wire/ipv4';
import {
  FIRST_ROUTE_POINTER,
  FIRST_TIMESTAMP_POINTER,
  IPV4_OPTION,
  readIpv4Option,
  TIMESTAMP_FLAG,
  type Ipv4Option,
} from '../../../wire/ipv4-option';

/** What the options need to know of the machine that they are on. */
export interface OptionPlace {
  /** The address to record: the one that the packet is for, or the one that its sender would see. */
  readonly address: Ipv4Address;
  /** ms since midnight UT. */
  readonly time: number;
  /** Whether a prespecified address is this machine's, or everybody's (Linux `inet_addr_type`). */
  readonly isOwn: (address: Ipv4Address) => boolean;
}

/** The options of one packet after this machine has read them. */
export interface ReadOptions {
  /** Where the route has this machine's address, from the start of the bytes: a router writes that of its way out there. */
  readonly recordedAt: number | undefined;
  /** Whether a source route is among them. */
  readonly sourceRoute: boolean;
  /** Whether anything was written: the header's checksum is out of date then. */
  readonly changed: boolean;
}

/** Why the options of a packet make no sense. */
export interface OptionProblem {
  /** The byte at fault, counted from the start of the header: the pointer of the ICMP parameter problem. */
  readonly pointer: number;
  /** Where the option at fault begins, from the start of the bytes: what is in front of it made sense. */
  readonly optionAt: number;
}

/** Every slot of a recorded route is an address; a timestamp may have one with it. */
const SLOT_BYTES = 4;
/** The most that four bits count (RFC 791 3.1, "Overflow"). */
const MOST_OVERFLOWS = 15;

/** Reads the options of the valid header at `ipAt`, and writes into them. The checksum is left as it is. */
export function readHeaderOptions(
  bytes: Uint8Array,
  ipAt: number,
  place: OptionPlace,
): ReadOptions | OptionProblem {
  return new OptionReader(bytes, ipAt, place).read();
}

class OptionReader {
  private recordedAt: number | undefined;
  private readonly seen = new Set<number>();
  private changed = false;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly ipAt: number,
    private readonly place: OptionPlace,
  ) {}

  read(): ReadOptions | OptionProblem {
    const { bytes, ipAt } = this;
    const end = ipAt + headerLength(bytes, ipAt);
    let at = ipAt + IPV4_HEADER_BYTES;
    while (at < end && bytes[at] !== IPV4_OPTION.end) {
      const option = readIpv4Option(bytes, at, end);
      const fault = option === undefined ? 0 : this.fault(option);
      if (option === undefined || fault !== undefined) {
        return { pointer: at + (fault ?? 0) - ipAt, optionAt: at };
      }
      at += option.length;
    }
    // Nothing but zeros may follow the end of the list.
    if (bytes.subarray(at, end).some(byte => byte !== 0)) {
      bytes.fill(0, at, end);
      this.changed = true;
    }
    const sourceRoute = this.seen.has(SOURCE_ROUTE);
    return { recordedAt: this.recordedAt, sourceRoute, changed: this.changed };
  }

  /** Which byte of the option makes no sense; undefined when all do. */
  private fault(option: Ipv4Option): number | undefined {
    switch (option.type) {
      case IPV4_OPTION.looseSourceRoute:
      case IPV4_OPTION.strictSourceRoute:
        // RFC 1812 5.2.4.1: never two, of whichever kind.
        return this.frameFault(option, SOURCE_ROUTE, FIRST_ROUTE_POINTER);
      case IPV4_OPTION.recordRoute:
        return this.frameFault(option, option.type, FIRST_ROUTE_POINTER) ?? this.recordRoute(option);
      case IPV4_OPTION.timestamp:
        return this.frameFault(option, option.type, FIRST_TIMESTAMP_POINTER) ?? this.stamp(option);
      case IPV4_OPTION.routerAlert:
        return option.length < 4 ? 1 : undefined;
      default:
        return undefined;
    }
  }

  /** What options with a pointer have in common: each is there once, long enough for its pointer, which is not too small. */
  private frameFault({ at, length }: Ipv4Option, kind: number, firstPointer: number): number | undefined {
    const again = this.seen.has(kind);
    const tooSmall = (this.bytes[at + 2] ?? 0) < firstPointer;
    if (again || length < firstPointer - 1) {
      return again ? 0 : 1;
    }
    this.seen.add(kind);
    return tooSmall ? 2 : undefined;
  }

  private recordRoute({ at, length }: Ipv4Option): number | undefined {
    const pointer = this.bytes[at + 2] ?? 0;
    if (pointer > length) {
      return undefined;
    }
    if (pointer + SLOT_BYTES - 1 > length) {
      return 2;
    }
    this.recordedAt = at + pointer - 1;
    writeUint32(this.bytes, this.recordedAt, this.place.address);
    this.changed = true;
    this.bytes[at + 2] = pointer + SLOT_BYTES;
    return undefined;
  }

  private stamp({ at, length }: Ipv4Option): number | undefined {
    const { bytes } = this;
    const pointer = bytes[at + 2] ?? 0;
    const flag = (bytes[at + 3] ?? 0) & 15;
    if (pointer > length) {
      return this.countOverflow(at, flag);
    }
    const slot = at + pointer - 1;
    const slotBytes = flag === TIMESTAMP_FLAG.timesOnly ? SLOT_BYTES : 2 * SLOT_BYTES;
    const known = flag === TIMESTAMP_FLAG.addressesToo || flag === TIMESTAMP_FLAG.prespecifiedAddresses;
    if (pointer + (known ? slotBytes : SLOT_BYTES) - 1 > length) {
      return 2;
    }
    if (flag === TIMESTAMP_FLAG.addressesToo) {
      // Stays as it is on the way out (measured on Linux 6.18).
      writeUint32(bytes, slot, this.place.address);
    } else if (
      flag === TIMESTAMP_FLAG.prespecifiedAddresses
        ? !this.place.isOwn(readUint32(bytes, slot) as Ipv4Address)
        : flag !== TIMESTAMP_FLAG.timesOnly
    ) {
      return undefined;
    }
    writeUint32(bytes, slot + slotBytes - SLOT_BYTES, this.place.time);
    bytes[at + 2] = pointer + slotBytes;
    this.changed = true;
    return undefined;
  }

  /** A full list counts who had no room; not one of prespecified addresses, in which nobody else belongs. */
  private countOverflow(at: number, flag: number): number | undefined {
    if (flag === TIMESTAMP_FLAG.prespecifiedAddresses) {
      return undefined;
    }
    const overflows = (this.bytes[at + 3] ?? 0) >>> 4;
    if (overflows === MOST_OVERFLOWS) {
      return 3;
    }
    this.bytes[at + 3] = ((overflows + 1) << 4) | flag;
    this.changed = true;
    return undefined;
  }
}

/** Stands for both kinds of source route among what was seen; no option has this type. */
const SOURCE_ROUTE = -1;
