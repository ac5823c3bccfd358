import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isUsable,
  stepNeighbour,
  UNKNOWN_NEIGHBOUR,
  type NeighbourEntry,
  type NeighbourInput,
  type NeighbourState,
} from '../../../../../src/engine/stack/neighbour/neighbour-entry';
import { macFromNumber, UNKNOWN_MAC } from '../../../../../src/net/mac-address';
import { SECOND } from '../../station';

const OLD = macFromNumber(0x0200000000aa);
const NEW = macFromNumber(0x0200000000bb);
const NOW = 100 * SECOND;
const REACHABLE = 30 * SECOND;

function entryIn(state: NeighbourState, requests = 0): NeighbourEntry {
  const known = state !== 'incomplete' && state !== 'failed';
  return { state, mac: known ? OLD : UNKNOWN_MAC, deadline: NOW, requests };
}

const USED: NeighbourInput = { kind: 'used' };
const TIMEOUT: NeighbourInput = { kind: 'timeout' };
const ANSWER: NeighbourInput = { kind: 'heard', mac: NEW, solicited: true };
const SAME_ANSWER: NeighbourInput = { kind: 'heard', mac: OLD, solicited: true };
const NEWS: NeighbourInput = { kind: 'heard', mac: NEW, solicited: false };
const SAME_NEWS: NeighbourInput = { kind: 'heard', mac: OLD, solicited: false };

const never = Number.POSITIVE_INFINITY;

/**
 * RFC 4861 appendix C, with Linux's numbers for ARP: three requests a second apart, five seconds from use to probe, three probes.
 * From, requests sent so far, event, to, hardware address, seconds until it ends by itself, requests, output.
 */
const TABLE: [
  NeighbourState,
  number,
  string,
  NeighbourInput,
  NeighbourState,
  number,
  number,
  number,
  string?,
][] = [
  ['failed', 0, 'packet to send', USED, 'incomplete', UNKNOWN_MAC, 1, 1, 'ask-everyone'],
  ['failed', 0, 'answer', ANSWER, 'reachable', NEW, 30, 0],
  ['failed', 0, 'unasked news', NEWS, 'stale', NEW, never, 0],
  ['failed', 0, 'timeout', TIMEOUT, 'failed', UNKNOWN_MAC, 0, 0],
  ['incomplete', 1, 'packet to send', USED, 'incomplete', UNKNOWN_MAC, 0, 1],
  ['incomplete', 1, 'timeout, fewer than N', TIMEOUT, 'incomplete', UNKNOWN_MAC, 1, 2, 'ask-everyone'],
  ['incomplete', 2, 'timeout, fewer than N', TIMEOUT, 'incomplete', UNKNOWN_MAC, 1, 3, 'ask-everyone'],
  ['incomplete', 3, 'timeout, N or more', TIMEOUT, 'failed', UNKNOWN_MAC, never, 0, 'give-up'],
  ['incomplete', 1, 'answer', ANSWER, 'reachable', NEW, 30, 0, 'send-waiting'],
  ['incomplete', 2, 'unasked news', NEWS, 'stale', NEW, never, 0, 'send-waiting'],
  ['reachable', 0, 'packet to send', USED, 'reachable', OLD, 0, 0],
  ['reachable', 0, 'timeout', TIMEOUT, 'stale', OLD, never, 0],
  ['reachable', 0, 'same answer', SAME_ANSWER, 'reachable', OLD, 30, 0],
  ['reachable', 0, 'answer with another address', ANSWER, 'reachable', NEW, 30, 0],
  ['reachable', 0, 'same news', SAME_NEWS, 'reachable', OLD, 0, 0],
  ['reachable', 0, 'news of another address', NEWS, 'stale', NEW, never, 0],
  ['stale', 0, 'packet to send', USED, 'delay', OLD, 5, 0],
  ['stale', 0, 'timeout', TIMEOUT, 'stale', OLD, 0, 0],
  ['stale', 0, 'answer', ANSWER, 'reachable', NEW, 30, 0],
  ['stale', 0, 'same news', SAME_NEWS, 'stale', OLD, 0, 0],
  ['stale', 0, 'news of another address', NEWS, 'stale', NEW, never, 0],
  ['delay', 0, 'packet to send', USED, 'delay', OLD, 0, 0],
  ['delay', 0, 'timeout', TIMEOUT, 'probe', OLD, 1, 1, 'ask-neighbour'],
  ['delay', 0, 'same answer', SAME_ANSWER, 'reachable', OLD, 30, 0],
  ['delay', 0, 'same news', SAME_NEWS, 'delay', OLD, 0, 0],
  ['delay', 0, 'news of another address', NEWS, 'stale', NEW, never, 0],
  ['probe', 1, 'packet to send', USED, 'probe', OLD, 0, 1],
  ['probe', 1, 'timeout, fewer than N', TIMEOUT, 'probe', OLD, 1, 2, 'ask-neighbour'],
  ['probe', 2, 'timeout, fewer than N', TIMEOUT, 'probe', OLD, 1, 3, 'ask-neighbour'],
  ['probe', 3, 'timeout, N or more', TIMEOUT, 'failed', UNKNOWN_MAC, never, 0, 'give-up'],
  ['probe', 2, 'same answer', SAME_ANSWER, 'reachable', OLD, 30, 0],
  ['probe', 2, 'same news', SAME_NEWS, 'probe', OLD, 0, 2],
  ['probe', 2, 'news of another address', NEWS, 'stale', NEW, never, 0],
];

describe('neighbour entry', () => {
  it.each(TABLE)('%s (%i sent), %s', (from, sent, _event, input, to, mac, seconds, requests, output) => {
    const step = stepNeighbour(entryIn(from, sent), input, NOW, REACHABLE);
    expect(step.entry).toEqual({ state: to, mac, deadline: NOW + seconds * SECOND, requests });
    expect(step.output).toBe(output);
  });

  it('may be sent to in every state that has an address', () => {
    const states: NeighbourState[] = ['incomplete', 'failed', 'reachable', 'stale', 'delay', 'probe'];
    expect(states.filter(state => isUsable(entryIn(state)))).toEqual([
      'reachable',
      'stale',
      'delay',
      'probe',
    ]);
    expect(isUsable(UNKNOWN_NEIGHBOUR)).toBe(false);
  });

  it('asks at most three times in a row, whatever happens, unless it hears something', () => {
    const input = fc.constantFrom(USED, TIMEOUT, SAME_ANSWER, ANSWER, NEWS, SAME_NEWS);
    fc.assert(
      fc.property(fc.array(input, { maxLength: 50 }), inputs => {
        let entry = UNKNOWN_NEIGHBOUR;
        let asked = 0;
        for (const each of inputs) {
          const step = stepNeighbour(entry, each, NOW, REACHABLE);
          if (step.output === 'ask-everyone' || step.output === 'ask-neighbour') {
            asked = step.entry.state === entry.state ? asked + 1 : 1;
            expect(asked).toBeLessThanOrEqual(3);
          }
          ({ entry } = step);
          expect(isUsable(entry)).toBe(entry.mac !== UNKNOWN_MAC);
        }
      }),
    );
  });
});
