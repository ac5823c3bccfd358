/** What an interface knows of the routers that ask who listens: how often, and which version of IGMP they speak. */
import type { IgmpQuery } from '../../../wire/igmp';
import { SECOND } from '../linux-policy';
import { LINUX_IGMP } from './linux-igmp-policy';

export class Querier {
  /** Until when reports are of version 1, and of version 2, in ns (RFC 3376 7.2.1). */
  private version1Until = 0;
  private version2Until = 0;
  private interval: number = LINUX_IGMP.queryInterval;
  private responseInterval: number = LINUX_IGMP.responseInterval;
  /** Times a change is told. */
  robustness: number = LINUX_IGMP.robustness;

  /** The version that hosts speak now. */
  version(now: number): 1 | 2 | 3 {
    if (now < this.version1Until) {
      return 1;
    }
    return now < this.version2Until ? 2 : 3;
  }

  /** Takes note of a query (Linux `igmp_heard_query`). */
  heard(query: IgmpQuery, now: number): void {
    const longest = (query.maximumResponseTime / 10) * SECOND;
    if (query.version === 3) {
      // One that is older still decides.
      if (this.version(now) === 3) {
        this.robustness = query.robustness || LINUX_IGMP.robustness;
        this.interval = query.interval * SECOND || LINUX_IGMP.queryInterval;
        this.responseInterval = longest;
      }
      return;
    }
    // RFC 3376 8.12.
    const until = now + this.robustness * this.interval + this.responseInterval;
    if (query.version === 1) {
      this.version1Until = until;
    } else {
      this.version2Until = until;
    }
  }
}
