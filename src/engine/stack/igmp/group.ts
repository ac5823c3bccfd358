/** One group that an interface listens to. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import type { Timer } from '../../kernel/timer';

export interface Group {
  readonly address: Ipv4Address;
  /** How many want it: it is left when the last one goes. */
  reasons: number;
  /** Runs until its report is due: what a query asked for, or the old versions' unsolicited ones. */
  readonly timer: Timer;
  /** Times that version 3 has still to tell that it was joined. */
  changes: number;
  /** Times that the old versions have still to report it unasked. */
  unsolicited: number;
  /** Whether this host was the last on the link to report it: then it says so when it leaves (RFC 2236 3). */
  reporter: boolean;
}
