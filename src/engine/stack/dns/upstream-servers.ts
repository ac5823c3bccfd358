/** Which of a forwarder's servers are asked: the one that answered last, and now and then all, to find the quickest (dnsmasq without strict-order). */
import type { IpAddress } from '../../../net/ip-address';
import { SECOND } from '../linux-policy';

/** All are asked again after so many questions (dnsmasq FORWARD_TEST), or after this time (FORWARD_TIME: 20 s). */
const TEST_QUESTIONS = 50;
const TEST_TIME = 20 * SECOND;

export class UpstreamServers {
  private favourite: IpAddress | undefined;
  private testedAt = 0;
  private questions = 0;

  /** @param servers the present ones, in their order */
  constructor(readonly servers: () => readonly IpAddress[]) {}

  /** Whom to ask a new question. @param now ns */
  choose(now: number): readonly IpAddress[] {
    const servers = this.servers();
    const { favourite } = this;
    this.questions++;
    const isKnown = favourite !== undefined && servers.includes(favourite);
    if (isKnown && this.questions <= TEST_QUESTIONS && now - this.testedAt <= TEST_TIME) {
      return [favourite];
    }
    this.questions = 0;
    this.testedAt = now;
    this.favourite = undefined;
    return servers;
  }

  /** A server answered well: of all that were asked the first is asked from now on. */
  answered(server: IpAddress): void {
    this.favourite = server;
  }

  /** In the order in which they are asked one by one: over TCP. */
  inTurn(): readonly IpAddress[] {
    const servers = this.servers();
    const { favourite } = this;
    return favourite !== undefined && servers.includes(favourite)
      ? [favourite, ...servers.filter(each => each !== favourite)]
      : servers;
  }
}
