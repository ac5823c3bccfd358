/** The options that an answer to a packet carries: its recorded route and timestamps go on (RFC 1122 3.2.2.6; Linux `__ip_options_echo`). */
import { readUint32, writeUint32 } from '../../../wire/bytes';
import type { Ipv4Address } from '../../../net/ipv4-address';
import { headerLength, IPV4_HEADER_BYTES } from '../../../wire/ipv4';
import { IPV4_OPTION, readIpv4Option, TIMESTAMP_FLAG } from '../../../wire/ipv4-option';
import type { OptionPlace } from './header-options';

/** For packets without. */
export const NO_OPTIONS = new Uint8Array();

const SLOT_BYTES = 4;

/**
 * The options of the answer, a multiple of four bytes, with the answerer's address and time where there is room left.
 * @param bytes the packet as this machine left it: read by readHeaderOptions
 * @param end where the options that make sense end
 * @returns undefined when the packet deserves no answer, since its list ends in half a slot
 */
export function answeredOptions(
  bytes: Uint8Array,
  ipAt: number,
  end: number,
  place: OptionPlace,
): Uint8Array | undefined {
  const [route, stamps] = [IPV4_OPTION.recordRoute, IPV4_OPTION.timestamp].map(type =>
    findOption(bytes, ipAt, end, type),
  );
  if (route === undefined && stamps === undefined) {
    return NO_OPTIONS;
  }
  const used = (route?.length ?? 0) + (stamps?.length ?? 0);
  const options = new Uint8Array((used + 3) & ~3);
  if (route !== undefined) {
    options.set(route);
    if (!continueRoute(options.subarray(0, route.length), place)) {
      return undefined;
    }
  }
  if (stamps !== undefined) {
    const at = route?.length ?? 0;
    options.set(stamps, at);
    if (!continueStamps(options.subarray(at, at + stamps.length), place)) {
      return undefined;
    }
  }
  return options;
}

/** Where the options of a header end. */
export function optionsEnd(bytes: Uint8Array, ipAt: number): number {
  return ipAt + headerLength(bytes, ipAt);
}

function findOption(bytes: Uint8Array, ipAt: number, end: number, type: number): Uint8Array | undefined {
  let at = ipAt + IPV4_HEADER_BYTES;
  while (at < end) {
    const option = readIpv4Option(bytes, at, end);
    if (option === undefined || option.type === IPV4_OPTION.end) {
      return undefined;
    }
    if (option.type === type) {
      return bytes.subarray(at, at + option.length);
    }
    at += option.length;
  }
  return undefined;
}

function continueRoute(option: Uint8Array, place: OptionPlace): boolean {
  const pointer = option[2] ?? 0;
  if (pointer > option.length) {
    return true;
  }
  if (pointer + SLOT_BYTES - 1 > option.length) {
    return false;
  }
  writeUint32(option, pointer - 1, place.address);
  option[2] = pointer + SLOT_BYTES;
  return true;
}

function continueStamps(option: Uint8Array, place: OptionPlace): boolean {
  const pointer = option[2] ?? 0;
  const flag = (option[3] ?? 0) & 15;
  if (pointer > option.length) {
    return true;
  }
  switch (flag) {
    case TIMESTAMP_FLAG.timesOnly:
      return stamp(option, pointer, place.time);
    case TIMESTAMP_FLAG.addressesToo:
      if (pointer + SLOT_BYTES - 1 > option.length) {
        return false;
      }
      writeUint32(option, pointer - 1, place.address);
      return stamp(option, pointer + SLOT_BYTES, place.time);
    case TIMESTAMP_FLAG.prespecifiedAddresses: {
      const fits = pointer + 2 * SLOT_BYTES - 1 <= option.length;
      return fits && place.isOwn(readUint32(option, pointer - 1) as Ipv4Address)
        ? stamp(option, pointer + SLOT_BYTES, place.time)
        : true;
    }
    default:
      return true;
  }
}

function stamp(option: Uint8Array, pointer: number, time: number): boolean {
  if (pointer + SLOT_BYTES - 1 > option.length) {
    return false;
  }
  writeUint32(option, pointer - 1, time);
  option[2] = pointer + SLOT_BYTES;
  return true;
}
