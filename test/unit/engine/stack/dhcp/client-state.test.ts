import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  startClient,
  stepClient,
  type ClientInput,
  type ClientOutput,
  type ClientState,
  type Lease,
} from '../../../../../src/engine/stack/dhcp/client-state';
import { SECOND } from '../../station';
import { ip } from '../../topologies';

const NOW = 1000 * SECOND;
const ADDRESS = ip('10.0.0.100');
const SERVER = ip('10.0.0.1');

/** A lease of an hour that began now. */
function leaseFrom(granted: number): Lease {
  return {
    address: ADDRESS,
    prefixLength: 24,
    server: SERVER,
    routers: [SERVER],
    nameServers: [SERVER],
    domain: undefined,
    granted,
    renewAt: granted + 1800 * SECOND,
    rebindAt: granted + 3150 * SECOND,
    expiresAt: granted + 3600 * SECOND,
    cause: 7,
  };
}

const LEASE = leaseFrom(NOW - 1800 * SECOND);
const FRESH = leaseFrom(NOW);

const STATES = {
  init: { name: 'init', deadline: NOW },
  'selecting 1': { name: 'selecting', deadline: NOW, sent: 1 },
  'selecting 3': { name: 'selecting', deadline: NOW, sent: 3 },
  'requesting 1': { name: 'requesting', deadline: NOW, sent: 1, address: ADDRESS, server: SERVER },
  'requesting 3': { name: 'requesting', deadline: NOW, sent: 3, address: ADDRESS, server: SERVER },
  bound: { name: 'bound', deadline: NOW, lease: LEASE },
  renewing: { name: 'renewing', deadline: NOW, lease: LEASE },
  rebinding: { name: 'rebinding', deadline: NOW, lease: LEASE },
  released: { name: 'released', deadline: undefined },
} satisfies Record<string, ClientState>;

const INPUTS = {
  timeout: { kind: 'timeout' },
  offer: { kind: 'offer', address: ADDRESS, server: SERVER },
  ack: { kind: 'ack', lease: FRESH },
  nak: { kind: 'nak' },
  renews: { kind: 'user-renews' },
  releases: { kind: 'user-releases' },
} satisfies Record<string, ClientInput>;

const DISCOVER: ClientOutput = { kind: 'discover' };
const REQUEST: ClientOutput = { kind: 'request', address: ADDRESS, server: SERVER };
const CONFIGURE: ClientOutput = { kind: 'configure', lease: FRESH };
const DECONFIGURE: ClientOutput = { kind: 'deconfigure' };
const RELEASE: ClientOutput = { kind: 'release', lease: LEASE };
const renew = (from: 'server' | 'anyone'): ClientOutput => ({ kind: 'renew', lease: LEASE, from });

/**
 * RFC 2131 figure 5 with the patience of udhcpc: three tries of 3 s, a pause of 20 s, 3 s after a refusal. State, input, seconds since
 * now, next state, seconds from then until it ends by itself, outputs. What is not in the table changes nothing.
 */
const TABLE: [
  keyof typeof STATES,
  keyof typeof INPUTS,
  number,
  ClientState['name'],
  number | undefined,
  ...ClientOutput[],
][] = [
  ['init', 'timeout', 0, 'selecting', 3, DISCOVER],
  ['selecting 1', 'timeout', 0, 'selecting', 3, DISCOVER],
  ['selecting 3', 'timeout', 0, 'init', 20, { kind: 'unanswered' }],
  ['selecting 1', 'offer', 0, 'requesting', 3, REQUEST],
  ['selecting 3', 'offer', 0, 'requesting', 3, REQUEST],
  ['requesting 1', 'timeout', 0, 'requesting', 3, REQUEST],
  ['requesting 3', 'timeout', 0, 'selecting', 3, DISCOVER],
  ['requesting 1', 'ack', 0, 'bound', 1800, CONFIGURE],
  ['requesting 3', 'ack', 0, 'bound', 1800, CONFIGURE],
  ['requesting 1', 'nak', 0, 'init', 3],
  ['requesting 3', 'nak', 0, 'init', 3],
  // Half of the 1350 s between T1 and T2, then a quarter.
  ['bound', 'timeout', 0, 'renewing', 675, renew('server')],
  ['renewing', 'timeout', 675, 'renewing', 337.5, renew('server')],
  // Never sooner than a minute, but at T2 by the latest.
  ['renewing', 'timeout', 1250, 'renewing', 60, renew('server')],
  ['renewing', 'timeout', 1320, 'renewing', 30, renew('server')],
  ['renewing', 'timeout', 1350, 'rebinding', 225, renew('anyone')],
  ['rebinding', 'timeout', 1350, 'rebinding', 225, renew('anyone')],
  ['rebinding', 'timeout', 1750, 'rebinding', 50, renew('anyone')],
  ['rebinding', 'timeout', 1800, 'selecting', 3, DECONFIGURE, DISCOVER],
  ['renewing', 'ack', 0, 'bound', 1800, CONFIGURE],
  ['rebinding', 'ack', 0, 'bound', 1800, CONFIGURE],
  ['renewing', 'nak', 0, 'init', 3, DECONFIGURE],
  ['rebinding', 'nak', 0, 'init', 3, DECONFIGURE],
  // The user's wishes.
  ['init', 'renews', 0, 'selecting', 3, DISCOVER],
  ['released', 'renews', 0, 'selecting', 3, DISCOVER],
  ['bound', 'renews', 0, 'renewing', 675, renew('server')],
  ['renewing', 'renews', 0, 'renewing', 675, renew('server')],
  ['rebinding', 'renews', 1350, 'rebinding', 225, renew('anyone')],
  ['init', 'releases', 0, 'released', undefined],
  ['selecting 1', 'releases', 0, 'released', undefined],
  ['selecting 3', 'releases', 0, 'released', undefined],
  ['requesting 1', 'releases', 0, 'released', undefined],
  ['requesting 3', 'releases', 0, 'released', undefined],
  ['bound', 'releases', 0, 'released', undefined, RELEASE, DECONFIGURE],
  ['renewing', 'releases', 0, 'released', undefined, RELEASE, DECONFIGURE],
  ['rebinding', 'releases', 0, 'released', undefined, RELEASE, DECONFIGURE],
];

describe('DHCP client', () => {
  it.each(TABLE)('%s, %s after %i s: %s', (from, input, after, to, seconds, ...outputs) => {
    const now = NOW + after * SECOND;
    const step = stepClient(STATES[from], INPUTS[input], now);
    expect(step.state.name).toBe(to);
    expect(step.state.deadline).toBe(seconds === undefined ? undefined : now + seconds * SECOND);
    expect(step.outputs).toEqual(outputs);
  });

  const listed = new Set(TABLE.map(([from, input]) => `${from} ${input}`));
  const others = (Object.keys(STATES) as (keyof typeof STATES)[]).flatMap(from =>
    (Object.keys(INPUTS) as (keyof typeof INPUTS)[])
      .filter(input => !listed.has(`${from} ${input}`))
      .map(input => [from, input] as const),
  );
  it.each(others)('%s: %s changes nothing', (from, input) => {
    expect(stepClient(STATES[from], INPUTS[input], NOW)).toEqual({ state: STATES[from], outputs: [] });
  });

  it('begins at once', () => {
    expect(startClient(NOW)).toEqual({ name: 'init', deadline: NOW });
  });

  it('has an end to its state in sight unless released, and is configured exactly while it holds a lease', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.values(INPUTS)), { maxLength: 60 }), inputs => {
        let state = startClient(0);
        let now = 0;
        let configured = false;
        for (const input of inputs) {
          now = input.kind === 'timeout' ? Math.max(now, state.deadline ?? now) : now;
          const given = input.kind === 'ack' ? { kind: 'ack' as const, lease: leaseFrom(now) } : input;
          const step = stepClient(state, given, now);
          for (const { kind } of step.outputs) {
            configured = kind === 'configure' || (configured && kind !== 'deconfigure');
          }
          ({ state } = step);
          expect(configured).toBe('lease' in state);
          expect(Number.isFinite(state.deadline)).toBe(state.name !== 'released');
          expect('lease' in state && state.deadline > state.lease.expiresAt).toBe(false);
        }
      }),
    );
  });
});
