/**
 * Which groups an interface listens to, and how it says so: multicast listener discovery version 2 for hosts (RFC 3810), as Linux does
 * it: every change is reported twice within a second each, and all groups again twice once there is a link-local address to report from
 * (measured on Linux 6.18; mld_ifc_event and ipv6_mc_dad_complete in net/ipv6/mcast.c).
 */
import { ALL_NODES_IPV6, parseIpv6, UNSPECIFIED_IPV6, type Ipv6Address } from '../../../net/ipv6-address';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import {
  MLD_RECORD,
  mldReportBytes,
  routerAlertHeader,
  type MldQuery,
  type MldRecord,
} from '../../../wire/mld';
import type { RandomStream } from '../../kernel/random-stream';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { MILLISECOND } from '../linux-policy';
import type { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Sender } from './ipv6-sender';
import { LINUX_IPV6 } from './linux-ipv6-policy';
import { scopeOf } from './source-selection';

/** ff02::16, every router that listens to reports (RFC 3810 5.2.14). */
const REPORTS_GROUP = parseIpv6('ff02::16') ?? UNSPECIFIED_IPV6;

/** Reports leave the link by nobody's doing (RFC 3810 5). */
const REPORT_HOP_LIMIT = 1;

/** Groups of the node itself are nobody else's business (RFC 3810 6). */
const LINK_LOCAL_SCOPE = 2;

/** Records in one report: so many fit the minimum MTU. */
const RECORDS = 60;

export class MulticastListener implements TimerOwner {
  /** Changes that are still to be told, newest first: how often yet. */
  private changes: { readonly group: Ipv6Address; readonly type: number; left: number }[] = [];
  private readonly changeTimer: Timer;
  /** Reports of all groups that are still to be sent. */
  private summaries = 0;
  private readonly summaryTimer: Timer;
  private asked: Ipv6Address | undefined;
  private readonly answerTimer: Timer;

  constructor(
    private readonly sender: Ipv6Sender,
    private readonly side: Ipv6Interface,
    private readonly random: RandomStream,
  ) {
    this.changeTimer = new Timer(sender.simulator, this);
    this.summaryTimer = new Timer(sender.simulator, this);
    this.answerTimer = new Timer(sender.simulator, this);
  }

  /** Listens to the group; as many calls of `leave` end it. */
  join(group: Ipv6Address): void {
    const reasons = this.side.groups.get(group) ?? 0;
    this.side.groups.set(group, reasons + 1);
    if (reasons === 0) {
      this.change(group, MLD_RECORD.changeToExclude);
    }
  }

  leave(group: Ipv6Address): void {
    const reasons = this.side.groups.get(group) ?? 0;
    if (reasons > 1) {
      this.side.groups.set(group, reasons - 1);
    } else if (this.side.groups.delete(group)) {
      this.change(group, MLD_RECORD.changeToInclude);
    }
  }

  /** The interface has a link-local address now: everything is said again from it. */
  linkLocalReady(): void {
    this.summaries = LINUX_IPV6.reportCopies;
    this.sendSummary();
  }

  /** The link is there anew: all groups are reported as if just joined. */
  linkUp(): void {
    for (const group of this.side.groups.keys()) {
      this.change(group, MLD_RECORD.changeToExclude);
    }
  }

  linkDown(): void {
    this.changes = [];
    this.changeTimer.cancel();
    this.summaryTimer.cancel();
    this.answerTimer.cancel();
  }

  /** A router asks who listens (RFC 3810 6.2): the answer comes after a random part of the time it gives. */
  queried(query: MldQuery): void {
    this.asked = query.group;
    if (!this.answerTimer.armed) {
      this.answerTimer.arm(this.random.fraction() * query.maximumResponseDelay * MILLISECOND);
    }
  }

  timerExpired(timer: Timer): void {
    if (timer === this.changeTimer) {
      this.sendChanges();
    } else if (timer === this.summaryTimer) {
      this.sendSummary();
    } else {
      this.answer();
    }
  }

  private change(group: Ipv6Address, type: number): void {
    if (!isReported(group)) {
      return;
    }
    const others = this.changes.filter(change => change.group !== group);
    this.changes = [{ group, type, left: LINUX_IPV6.reportCopies }, ...others];
    if (!this.changeTimer.armed) {
      this.changeTimer.arm(this.someTime());
    }
  }

  private sendChanges(): void {
    this.report(this.changes.map(({ group, type }) => ({ group, type, sources: [] })));
    for (const change of this.changes) {
      change.left--;
    }
    this.changes = this.changes.filter(({ left }) => left > 0);
    if (this.changes.length > 0) {
      this.changeTimer.arm(this.someTime());
    }
  }

  private sendSummary(): void {
    this.report(this.records(MLD_RECORD.changeToExclude));
    if (--this.summaries > 0) {
      this.summaryTimer.arm(this.someTime());
    }
  }

  private answer(): void {
    const { asked } = this;
    this.report(
      this.records(MLD_RECORD.modeIsExclude).filter(
        ({ group }) => asked === UNSPECIFIED_IPV6 || asked === group,
      ),
    );
  }

  /** Newest first. */
  private records(type: number): MldRecord[] {
    const groups = [...this.side.groups.keys()].filter(isReported).reverse();
    return groups.map(group => ({ group, type, sources: [] }));
  }

  private report(records: readonly MldRecord[]): void {
    for (let at = 0; at < records.length; at += RECORDS) {
      this.sender.sendControl(
        this.side.on,
        this.side.linkLocal ?? UNSPECIFIED_IPV6,
        REPORTS_GROUP,
        mldReportBytes(records.slice(at, at + RECORDS)),
        REPORT_HOP_LIMIT,
        { extension: routerAlertHeader(IP_PROTOCOL.icmpv6) },
      );
    }
  }

  private someTime(): number {
    return this.random.fraction() * LINUX_IPV6.reportInterval;
  }
}

function isReported(group: Ipv6Address): boolean {
  return group !== ALL_NODES_IPV6 && scopeOf(group) >= LINK_LOCAL_SCOPE;
}
