/** Drops as a user sees them: why, and whether it is worth a look. */
import { DROP_REASONS, dropReasonOf, type DropReason } from '../src/engine/kernel/drop-reason';
import { translate } from './strings';

/**
 * What every Ethernet does all day: a frame that a switch floods or a broadcast or multicast reaches stations it is not for, and a
 * spanning tree keeps frames from going round. Shown, but not as something that went wrong.
 */
const EVERYDAY: ReadonlySet<DropReason> = new Set([
  'not-for-this-station',
  'same-port',
  'port-unconnected',
  'broadcast-ignored',
  'dhcp-ignored',
  'multicast-not-joined',
  'no-other-port',
  'reserved-address',
  'port-blocked',
  'port-learning',
]);

export interface DropWords {
  readonly text: string;
  readonly quiet: boolean;
}

const EVERYDAY_SENTENCES: ReadonlySet<string> = new Set([...EVERYDAY].map(reason => DROP_REASONS[reason]));

/** Whether a reason in a row's words is nothing that went wrong. */
export function isQuiet(sentence: string): boolean {
  return EVERYDAY_SENTENCES.has(sentence);
}

/** By the code in a record; one of a newer simulation has no words. */
export function describeDrop(code: number): DropWords {
  const reason = dropReasonOf(code);
  return reason === undefined
    ? { text: '', quiet: false }
    : { text: translate(DROP_REASONS[reason]), quiet: EVERYDAY.has(reason) };
}
