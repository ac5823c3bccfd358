/**
 * How a NAT picks the outside port: Linux's masquerade keeps the inside port where the answers stay unambiguous, and otherwise takes a
 * random one of the same class (nf_nat_core.c, nf_nat_l4proto_unique_tuple; measured on Linux 6.18). ICMP identifiers count as ports
 * without classes.
 */
import type { RandomStream } from '../../../kernel/random-stream';

/** What is wanted of an outside port. */
export interface PortRequest {
  /** The inside port or identifier. */
  readonly wanted: number;
  readonly isIcmpIdentifier: boolean;
  /** Whether answers to a port would be ambiguous, or it belongs to another inside port. */
  readonly isTaken: (port: number) => boolean;
  /** Even stays even and odd stays odd (RFC 4787 REQ-4); Linux does not see to that. */
  readonly keepsParity?: boolean;
  /** Every port of the class is tried before the NAT gives up; Linux tries a few hundred. */
  readonly isExhaustive?: boolean;
}

/** Ports tried after a random start; then half as many after another one, and so on (NF_NAT_MAX_ATTEMPTS of nf_nat_core.c). */
const FIRST_ATTEMPTS = 128;

/** The round that was shorter than this is the last. */
const LEAST_ATTEMPTS = 16;

/** @returns the lowest and highest port that may stand in for this one */
export function portClass(port: number, isIcmpIdentifier: boolean): readonly [number, number] {
  if (isIcmpIdentifier) {
    return [0, 65535];
  }
  if (port < 512) {
    return [1, 511];
  }
  return port < 1024 ? [600, 1023] : [1024, 65535];
}

export class PortAllocator {
  /** Where the search of each class goes on, for sequential allocation. */
  private readonly next = new Map<number, number>();

  constructor(
    private readonly allocation: 'preserving' | 'sequential' | 'random',
    private readonly random: RandomStream,
  ) {}

  /** @returns the outside port; undefined when none was found */
  allocate(request: PortRequest): number | undefined {
    const { wanted, isTaken } = request;
    if (this.allocation === 'preserving' && !isTaken(wanted)) {
      return wanted;
    }
    const [first, last] = portClass(wanted, request.isIcmpIdentifier);
    const step = request.keepsParity === true ? 2 : 1;
    const base = step === 1 || first % 2 === wanted % 2 ? first : first + 1;
    const count = Math.floor((last - base) / step) + 1;
    const found = this.search(
      count,
      request.isExhaustive === true,
      base,
      index => !isTaken(base + index * step),
    );
    return found === undefined ? undefined : base + found * step;
  }

  /** The index, below `count`, of a port that is free. */
  private search(
    count: number,
    isExhaustive: boolean,
    base: number,
    isFree: (index: number) => boolean,
  ): number | undefined {
    if (this.allocation === 'sequential') {
      const found = firstFree(this.next.get(base) ?? 0, count, count, isFree);
      this.next.set(base, (found ?? 0) + 1);
      return found;
    }
    let attempts = isExhaustive ? count : Math.min(FIRST_ATTEMPTS, count);
    for (;;) {
      const found = firstFree(this.random.integer(0, count - 1), attempts, count, isFree);
      if (found !== undefined || attempts >= count || attempts < LEAST_ATTEMPTS) {
        return found;
      }
      attempts = attempts >>> 1;
    }
  }
}

function firstFree(
  start: number,
  attempts: number,
  count: number,
  isFree: (index: number) => boolean,
): number | undefined {
  for (let tried = 0; tried < attempts; tried++) {
    const index = (start + tried) % count;
    if (isFree(index)) {
      return index;
    }
  }
  return undefined;
}
