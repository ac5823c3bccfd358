/**
 * What a host knows of one neighbour's hardware address: the state machine of RFC 4861 7.3.2 and appendix C, which Linux uses for ARP
 * as well (net/core/neighbour.c). Pure: a state, an input and the time give the next state and what to do.
 */
import { UNKNOWN_MAC, type MacAddress } from '../../../net/mac-address';
import { LINUX } from '../linux-policy';

export interface NeighbourEntry {
  readonly state: NeighbourState;
  /** Meaningless while incomplete or failed. */
  readonly mac: MacAddress;
  /** When the state ends by itself, in ns; never for stale and failed. */
  readonly deadline: number;
  /** Requests sent in this state. */
  readonly requests: number;
}

export type NeighbourState = 'incomplete' | 'reachable' | 'stale' | 'delay' | 'probe' | 'failed';

export type NeighbourInput =
  /** A packet for the neighbour. */
  | { readonly kind: 'used' }
  /** The deadline has come. */
  | { readonly kind: 'timeout' }
  /** The neighbour said its address: in answer to our request, or on its own. */
  | { readonly kind: 'heard'; readonly mac: MacAddress; readonly solicited: boolean }
  /** The neighbour advertised itself by IPv6, with or without its address; `override` says that it may be another one now. */
  | {
      readonly kind: 'advertised';
      readonly mac: MacAddress | undefined;
      readonly solicited: boolean;
      readonly override: boolean;
    };

/** What the owner of the entry does next. */
export type NeighbourOutput = 'ask-everyone' | 'ask-neighbour' | 'send-waiting' | 'give-up';

export interface NeighbourStep {
  readonly entry: NeighbourEntry;
  readonly output?: NeighbourOutput;
}

const NEVER = Number.POSITIVE_INFINITY;

/** An entry nobody has asked for yet. */
export const UNKNOWN_NEIGHBOUR: NeighbourEntry = {
  state: 'failed',
  mac: UNKNOWN_MAC,
  deadline: NEVER,
  requests: 0,
};

/** Whether packets may be sent to the entry's address in this state. */
export function isUsable(entry: NeighbourEntry): boolean {
  return entry.state !== 'incomplete' && entry.state !== 'failed';
}

/** @param reachableTime ns for which an answer counts as fresh */
export function stepNeighbour(
  entry: NeighbourEntry,
  input: NeighbourInput,
  now: number,
  reachableTime: number,
): NeighbourStep {
  switch (input.kind) {
    case 'used':
      return use(entry, now);
    case 'timeout':
      return timeOut(entry, now);
    case 'heard':
      return hear(entry, input.mac, input.solicited, now, reachableTime);
    case 'advertised':
      return takeAdvertisement(entry, input, now, reachableTime);
  }
}

function use(entry: NeighbourEntry, now: number): NeighbourStep {
  switch (entry.state) {
    case 'failed':
      return {
        entry: {
          state: 'incomplete',
          mac: UNKNOWN_MAC,
          deadline: now + LINUX.neighbourRetransmit,
          requests: 1,
        },
        output: 'ask-everyone',
      };
    case 'stale':
      return { entry: { ...entry, state: 'delay', deadline: now + LINUX.neighbourDelay, requests: 0 } };
    case 'incomplete':
    case 'reachable':
    case 'delay':
    case 'probe':
      return { entry };
  }
}

function timeOut(entry: NeighbourEntry, now: number): NeighbourStep {
  const again = { ...entry, deadline: now + LINUX.neighbourRetransmit, requests: entry.requests + 1 };
  switch (entry.state) {
    case 'incomplete':
      return entry.requests < LINUX.neighbourBroadcasts
        ? { entry: again, output: 'ask-everyone' }
        : { entry: UNKNOWN_NEIGHBOUR, output: 'give-up' };
    case 'reachable':
      return { entry: { ...entry, state: 'stale', deadline: NEVER, requests: 0 } };
    case 'delay':
      return { entry: { ...again, state: 'probe', requests: 1 }, output: 'ask-neighbour' };
    case 'probe':
      return entry.requests < LINUX.neighbourUnicasts
        ? { entry: again, output: 'ask-neighbour' }
        : { entry: UNKNOWN_NEIGHBOUR, output: 'give-up' };
    case 'stale':
    case 'failed':
      return { entry };
  }
}

function hear(
  entry: NeighbourEntry,
  mac: MacAddress,
  solicited: boolean,
  now: number,
  reachableTime: number,
): NeighbourStep {
  const output = entry.state === 'incomplete' ? ({ output: 'send-waiting' } as const) : {};
  if (solicited) {
    return { entry: { state: 'reachable', mac, deadline: now + reachableTime, requests: 0 }, ...output };
  }
  if (isUsable(entry) && entry.mac === mac) {
    return { entry };
  }
  return { entry: { state: 'stale', mac, deadline: NEVER, requests: 0 }, ...output };
}

/** RFC 4861 7.2.5. */
function takeAdvertisement(
  entry: NeighbourEntry,
  { mac, solicited, override }: Extract<NeighbourInput, { kind: 'advertised' }>,
  now: number,
  reachableTime: number,
): NeighbourStep {
  if (!isUsable(entry)) {
    return entry.state === 'failed' || mac === undefined
      ? { entry }
      : hear(entry, mac, solicited, now, reachableTime);
  }
  const differs = mac !== undefined && mac !== entry.mac;
  if (differs && !override) {
    return entry.state === 'reachable'
      ? { entry: { ...entry, state: 'stale', deadline: NEVER, requests: 0 } }
      : { entry };
  }
  return solicited || differs ? hear(entry, mac ?? entry.mac, solicited, now, reachableTime) : { entry };
}
