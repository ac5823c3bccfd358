/** The messages of neighbour discovery (RFC 4861 4), parsed from and emitted as ICMPv6 messages; the checksum is ICMPv6's. */
import type { Ipv6Address } from '../net/ipv6-address';
import { isMulticastIpv6 } from '../net/ipv6-address';
import { readUint16, readUint32, writeUint16, writeUint32 } from './bytes';
import { ICMPV6_TYPE, icmpv6Code, icmpv6Type } from './icmpv6';
import { readIpv6Address, writeIpv6Address } from './ipv6';
import { ndpOptionBytes, parseNdpOptions, type NdpOption } from './ndp-option';
import type { WireProblem } from './problem';

/** Every message of neighbour discovery has this hop limit, so none came through a router (RFC 4861 3.1). */
export const NDP_HOP_LIMIT = 255;

export type NdpMessage =
  RouterSolicitation | RouterAdvertisement | NeighbourSolicitation | NeighbourAdvertisement | Redirect;

export interface RouterSolicitation {
  readonly kind: 'router-solicitation';
  readonly options: readonly NdpOption[];
}

export interface RouterAdvertisement {
  readonly kind: 'router-advertisement';
  /** 0 when the router says nothing of it. */
  readonly hopLimit: number;
  /** Flag M: addresses by DHCPv6. */
  readonly managed: boolean;
  /** Flag O: other configuration by DHCPv6. */
  readonly otherConfiguration: boolean;
  /** RFC 4191 2.2. */
  readonly preference: RouterPreference;
  /** Seconds; 0 when it is no default router. */
  readonly lifetime: number;
  /** Milliseconds; 0 when the router says nothing of it. */
  readonly reachableTime: number;
  /** Milliseconds; 0 when the router says nothing of it. */
  readonly retransmitTime: number;
  readonly options: readonly NdpOption[];
}

export type RouterPreference = 'low' | 'medium' | 'high';

export interface NeighbourSolicitation {
  readonly kind: 'neighbour-solicitation';
  readonly target: Ipv6Address;
  readonly options: readonly NdpOption[];
}

export interface NeighbourAdvertisement {
  readonly kind: 'neighbour-advertisement';
  readonly router: boolean;
  readonly solicited: boolean;
  readonly override: boolean;
  readonly target: Ipv6Address;
  readonly options: readonly NdpOption[];
}

export interface Redirect {
  readonly kind: 'redirect';
  /** The better next hop: a router, or the destination itself when it is a neighbour. */
  readonly target: Ipv6Address;
  readonly destination: Ipv6Address;
  readonly options: readonly NdpOption[];
}

/** Bytes in front of the options, by type. */
const FIXED_BYTES = new Map<number, number>([
  [ICMPV6_TYPE.routerSolicitation, 8],
  [ICMPV6_TYPE.routerAdvertisement, 16],
  [ICMPV6_TYPE.neighbourSolicitation, 24],
  [ICMPV6_TYPE.neighbourAdvertisement, 24],
  [ICMPV6_TYPE.redirect, 40],
]);

const MANAGED = 0x80;
const OTHER = 0x40;
/** 11 is low, 10 is reserved and means medium (RFC 4191 2.1). */
const PREFERENCES: readonly RouterPreference[] = ['medium', 'high', 'medium', 'low'];
const PREFERENCE_BITS: Readonly<Record<RouterPreference, number>> = { medium: 0, high: 1, low: 3 };

const ROUTER = 0x80;
const SOLICITED = 0x40;
const OVERRIDE = 0x20;

/** Whether the type is one of neighbour discovery's. */
export function isNdp(type: number): boolean {
  return FIXED_BYTES.has(type);
}

/** Reads a message of `length` bytes, and judges what RFC 4861 6.1, 7.1 and 8.1 say of its code, length, target and options. */
export function parseNdp(b: Uint8Array, at: number, length: number): NdpMessage | WireProblem {
  const type = icmpv6Type(b, at);
  const fixed = FIXED_BYTES.get(type);
  if (fixed === undefined) {
    return 'bad-value';
  }
  if (length < fixed) {
    return 'truncated';
  }
  if (icmpv6Code(b, at) !== 0) {
    return 'bad-value';
  }
  const options = parseNdpOptions(b, at + fixed, at + length);
  return typeof options === 'string' ? options : parseBody(b, at, type, options);
}

function parseBody(
  b: Uint8Array,
  at: number,
  type: number,
  options: readonly NdpOption[],
): NdpMessage | WireProblem {
  if (type === ICMPV6_TYPE.routerSolicitation) {
    return { kind: 'router-solicitation', options };
  }
  if (type === ICMPV6_TYPE.routerAdvertisement) {
    const flags = b[at + 5] ?? 0;
    return {
      kind: 'router-advertisement',
      hopLimit: b[at + 4] ?? 0,
      managed: (flags & MANAGED) !== 0,
      otherConfiguration: (flags & OTHER) !== 0,
      preference: PREFERENCES[(flags >>> 3) & 3] ?? 'medium',
      lifetime: readUint16(b, at + 6),
      reachableTime: readUint32(b, at + 8),
      retransmitTime: readUint32(b, at + 12),
      options,
    };
  }
  const target = readIpv6Address(b, at + 8);
  if (isMulticastIpv6(target)) {
    return 'bad-value';
  }
  switch (type) {
    case ICMPV6_TYPE.neighbourSolicitation:
      return { kind: 'neighbour-solicitation', target, options };
    case ICMPV6_TYPE.neighbourAdvertisement: {
      const flags = b[at + 4] ?? 0;
      return {
        kind: 'neighbour-advertisement',
        router: (flags & ROUTER) !== 0,
        solicited: (flags & SOLICITED) !== 0,
        override: (flags & OVERRIDE) !== 0,
        target,
        options,
      };
    }
    default: {
      const destination = readIpv6Address(b, at + 24);
      return isMulticastIpv6(destination) ? 'bad-value' : { kind: 'redirect', target, destination, options };
    }
  }
}

/** The bytes of a message, its checksum still zero. */
export function ndpBytes(message: NdpMessage): Uint8Array {
  const options = ndpOptionBytes(message.options);
  const type = typeOf(message);
  const fixed = FIXED_BYTES.get(type) ?? 0;
  const b = new Uint8Array(fixed + options.length);
  b[0] = type;
  b.set(options, fixed);
  switch (message.kind) {
    case 'router-solicitation':
      break;
    case 'router-advertisement':
      b[4] = message.hopLimit;
      b[5] =
        (message.managed ? MANAGED : 0) |
        (message.otherConfiguration ? OTHER : 0) |
        (PREFERENCE_BITS[message.preference] << 3);
      writeUint16(b, 6, message.lifetime);
      writeUint32(b, 8, message.reachableTime);
      writeUint32(b, 12, message.retransmitTime);
      break;
    case 'neighbour-solicitation':
      writeIpv6Address(b, 8, message.target);
      break;
    case 'neighbour-advertisement':
      b[4] =
        (message.router ? ROUTER : 0) |
        (message.solicited ? SOLICITED : 0) |
        (message.override ? OVERRIDE : 0);
      writeIpv6Address(b, 8, message.target);
      break;
    case 'redirect':
      writeIpv6Address(b, 8, message.target);
      writeIpv6Address(b, 24, message.destination);
      break;
  }
  return b;
}

function typeOf(message: NdpMessage): number {
  switch (message.kind) {
    case 'router-solicitation':
      return ICMPV6_TYPE.routerSolicitation;
    case 'router-advertisement':
      return ICMPV6_TYPE.routerAdvertisement;
    case 'neighbour-solicitation':
      return ICMPV6_TYPE.neighbourSolicitation;
    case 'neighbour-advertisement':
      return ICMPV6_TYPE.neighbourAdvertisement;
    case 'redirect':
      return ICMPV6_TYPE.redirect;
  }
}
