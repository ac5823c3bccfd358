/**
 * The DHCP client's states (RFC 2131 4.4, figure 5) with the retries of BusyBox udhcpc 1.35. Pure: a state, an input and the time give
 * the next state and what to do.
 */
import type { Ipv4Address } from '../../../net/ipv4-address';
import { SECOND } from '../linux-policy';

/** What a server granted. Times in ns of virtual time. */
export interface Lease {
  readonly address: Ipv4Address;
  readonly prefixLength: number;
  readonly server: Ipv4Address;
  readonly routers: readonly Ipv4Address[];
  readonly nameServers: readonly Ipv4Address[];
  readonly domain: string | undefined;
  readonly granted: number;
  /** T1 and T2 (RFC 2131 4.4.5), and the end. */
  readonly renewAt: number;
  readonly rebindAt: number;
  readonly expiresAt: number;
  /** The record of the acknowledgement. */
  readonly cause: number;
}

export type ClientState =
  /** Waits before it asks anybody. */
  | { readonly name: 'init'; readonly deadline: number }
  | { readonly name: 'selecting'; readonly deadline: number; readonly sent: number }
  | {
      readonly name: 'requesting';
      readonly deadline: number;
      readonly sent: number;
      readonly address: Ipv4Address;
      readonly server: Ipv4Address;
    }
  | { readonly name: 'bound'; readonly deadline: number; readonly lease: Lease }
  | { readonly name: 'renewing'; readonly deadline: number; readonly lease: Lease }
  | { readonly name: 'rebinding'; readonly deadline: number; readonly lease: Lease }
  /** Gave its lease back and asks for none until it is told to. */
  | { readonly name: 'released'; readonly deadline: undefined };

export type ClientInput =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'offer'; readonly address: Ipv4Address; readonly server: Ipv4Address }
  | { readonly kind: 'ack'; readonly lease: Lease }
  | { readonly kind: 'nak' }
  /** The user wants a lease now, or more time for the present one: udhcpc's SIGUSR1. */
  | { readonly kind: 'user-renews' }
  /** The user gives the lease back: udhcpc's SIGUSR2. */
  | { readonly kind: 'user-releases' };

/** What the owner of the state does, in order. */
export type ClientOutput =
  | { readonly kind: 'discover' }
  | { readonly kind: 'request'; readonly address: Ipv4Address; readonly server: Ipv4Address }
  /** Asks the server that gave the lease, or any server, for more time. */
  | { readonly kind: 'renew'; readonly lease: Lease; readonly from: 'server' | 'anyone' }
  /** Tells the server that the lease is given back (RFC 2131 4.4.6). */
  | { readonly kind: 'release'; readonly lease: Lease }
  | { readonly kind: 'configure'; readonly lease: Lease }
  | { readonly kind: 'deconfigure' }
  /** A whole round of asking went unanswered. */
  | { readonly kind: 'unanswered' };

export interface ClientStep {
  readonly state: ClientState;
  readonly outputs: readonly ClientOutput[];
}

/** udhcpc -t 3 -T 3 -A 20, its defaults. */
const ATTEMPTS = 3;
const ATTEMPT_TIMEOUT = 3 * SECOND;
const ROUND_PAUSE = 20 * SECOND;

/** After a refusal udhcpc waits, lest a broken server be flooded. */
const NAK_PAUSE = 3 * SECOND;

/** RFC 2131 4.4.5: a renewal is repeated after half the time left, but not sooner than this. */
const RENEWAL_PAUSE = 60 * SECOND;

/** The state of a client that begins at `now`. */
export function startClient(now: number): ClientState {
  return { name: 'init', deadline: now };
}

export function stepClient(state: ClientState, input: ClientInput, now: number): ClientStep {
  switch (input.kind) {
    case 'timeout':
      return timeOut(state, now);
    case 'offer':
      return state.name === 'selecting' ? request(input.address, input.server, 1, now) : stay(state);
    case 'ack':
      return acknowledged(state, input.lease);
    case 'nak':
      return refused(state, now);
    case 'user-renews':
      return renewNow(state, now);
    case 'user-releases':
      return release(state);
  }
}

function acknowledged(state: ClientState, lease: Lease): ClientStep {
  switch (state.name) {
    case 'requesting':
    case 'renewing':
    case 'rebinding':
      return bind(lease);
    case 'init':
    case 'selecting':
    case 'bound':
    case 'released':
      return stay(state);
  }
}

/** Whoever is bound asks its server, whoever waits or has released begins; whoever is asking already goes on. */
function renewNow(state: ClientState, now: number): ClientStep {
  switch (state.name) {
    case 'init':
    case 'released':
      return discover(1, now);
    case 'bound':
    case 'renewing':
    case 'rebinding':
      return timeOut(state, now);
    case 'selecting':
    case 'requesting':
      return stay(state);
  }
}

/** Whoever has no lease yet only ceases to ask. */
function release(state: ClientState): ClientStep {
  const released: ClientState = { name: 'released', deadline: undefined };
  return {
    state: released,
    outputs: 'lease' in state ? [{ kind: 'release', lease: state.lease }, { kind: 'deconfigure' }] : [],
  };
}

function timeOut(state: ClientState, now: number): ClientStep {
  switch (state.name) {
    case 'init':
      return discover(1, now);
    case 'selecting':
      return state.sent < ATTEMPTS ? discover(state.sent + 1, now) : pause(now);
    case 'requesting':
      return state.sent < ATTEMPTS
        ? request(state.address, state.server, state.sent + 1, now)
        : discover(1, now);
    case 'bound':
    case 'renewing':
      return now < state.lease.rebindAt ? renew(state.lease, now) : rebind(state.lease, now);
    case 'rebinding':
      return rebind(state.lease, now);
    case 'released':
      return stay(state);
  }
}

function stay(state: ClientState): ClientStep {
  return { state, outputs: [] };
}

function discover(sent: number, now: number): ClientStep {
  return {
    state: { name: 'selecting', deadline: now + ATTEMPT_TIMEOUT, sent },
    outputs: [{ kind: 'discover' }],
  };
}

function pause(now: number): ClientStep {
  return { state: { name: 'init', deadline: now + ROUND_PAUSE }, outputs: [{ kind: 'unanswered' }] };
}

function request(address: Ipv4Address, server: Ipv4Address, sent: number, now: number): ClientStep {
  return {
    state: { name: 'requesting', deadline: now + ATTEMPT_TIMEOUT, sent, address, server },
    outputs: [{ kind: 'request', address, server }],
  };
}

function bind(lease: Lease): ClientStep {
  return {
    state: { name: 'bound', deadline: lease.renewAt, lease },
    outputs: [{ kind: 'configure', lease }],
  };
}

function renew(lease: Lease, now: number): ClientStep {
  const deadline = Math.min(lease.rebindAt, now + Math.max(RENEWAL_PAUSE, (lease.rebindAt - now) / 2));
  return {
    state: { name: 'renewing', deadline, lease },
    outputs: [{ kind: 'renew', lease, from: 'server' }],
  };
}

function rebind(lease: Lease, now: number): ClientStep {
  if (now >= lease.expiresAt) {
    const { state, outputs } = discover(1, now);
    return { state, outputs: [{ kind: 'deconfigure' }, ...outputs] };
  }
  const deadline = Math.min(lease.expiresAt, now + Math.max(RENEWAL_PAUSE, (lease.expiresAt - now) / 2));
  return {
    state: { name: 'rebinding', deadline, lease },
    outputs: [{ kind: 'renew', lease, from: 'anyone' }],
  };
}

function refused(state: ClientState, now: number): ClientStep {
  const again: ClientState = { name: 'init', deadline: now + NAK_PAUSE };
  switch (state.name) {
    case 'requesting':
      return { state: again, outputs: [] };
    case 'renewing':
    case 'rebinding':
      return { state: again, outputs: [{ kind: 'deconfigure' }] };
    case 'init':
    case 'selecting':
    case 'bound':
    case 'released':
      return stay(state);
  }
}
