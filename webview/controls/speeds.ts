/** The speeds a user can choose. */
import { FASTEST, type Speed } from '../../src/simulation/protocol';
import { groupedInteger } from '../trace/time-format';
import { t } from '../strings';

/** From slow to fast. A frame on a gigabit cable takes microseconds, so that only far slower than real time can it be seen to move. */
export const SPEEDS: readonly Speed[] = [0.000001, 0.00001, 0.0001, 0.001, 0.01, 0.1, 1, FASTEST];

/** What a fresh simulation runs at: one microsecond in ten milliseconds. */
export const DEFAULT_SPEED: Speed = 0.0001;

/** `1:10 000`. */
export function speedText(speed: Speed): string {
  if (speed === FASTEST) {
    return t('full speed');
  }
  if (speed === 1) {
    return t('real time');
  }
  if (speed > 1) {
    return `${groupedInteger(Math.round(speed))}:1`;
  }
  return `1:${groupedInteger(Math.round(1 / speed))}`;
}

/** The choice nearest to a speed, so that one set elsewhere still shows. */
export function nearestSpeed(speed: Speed): Speed {
  const distance = (choice: Speed): number => Math.abs(Math.log(choice) - Math.log(Math.max(speed, 1e-12)));
  return SPEEDS.reduce((best, choice) => (distance(choice) < distance(best) ? choice : best), DEFAULT_SPEED);
}
