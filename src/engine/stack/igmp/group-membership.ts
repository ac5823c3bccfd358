/**
 * Which groups an interface listens to, and how it says so to routers and switches: IGMP for hosts (RFC 1112, RFC 2236, RFC 3376) as
 * Linux does it (net/ipv4/igmp.c; measured on Linux 6.18).
 */
import { ipv4FromNumber, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../net/ipv4-address';
import {
  GROUP_RECORD,
  IGMP_TYPE,
  igmpMessage,
  igmpReportV3,
  type GroupRecord,
  type IgmpQuery,
} from '../../../wire/igmp';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import { SECOND } from '../linux-policy';
import type { Group } from './group';
import { LINUX_IGMP } from './linux-igmp-policy';
import { Querier } from './querier';

/** 224.0.0.1, every host: nobody joins it, and nobody reports it (RFC 1112 appendix I). */
export const ALL_HOSTS = ipv4FromNumber(0xe0000001);
/** 224.0.0.2, every router: hears who leaves (RFC 2236 3). */
const ALL_ROUTERS = ipv4FromNumber(0xe0000002);
/** 224.0.0.22, every router that listens to reports (RFC 3376 4.2.14). */
const REPORTS_GROUP = ipv4FromNumber(0xe0000016);

/** Puts a message on the link of one interface. */
export type MessageSender = (message: Uint8Array, destination: Ipv4Address) => void;

export class GroupMembership implements TimerOwner {
  private readonly groups = new Map<Ipv4Address, Group>();
  /** Groups left that version 3 has still to tell of, newest first, with how often. */
  private departures: { readonly group: Ipv4Address; left: number }[] = [];
  /** Changes of all groups, version 3. */
  private readonly changeTimer: Timer;
  private changeRounds = 0;
  /** The answer to a question about all groups, version 3. */
  private readonly summaryTimer: Timer;
  private summaryDue = 0;
  private readonly querier = new Querier();

  constructor(
    private readonly simulator: Simulator,
    private readonly random: RandomStream,
    private readonly send: MessageSender,
  ) {
    this.changeTimer = new Timer(simulator, this);
    this.summaryTimer = new Timer(simulator, this);
  }

  has(group: Ipv4Address): boolean {
    return group === ALL_HOSTS || this.groups.has(group);
  }

  /** The groups that were joined, oldest first. */
  get joined(): readonly Ipv4Address[] {
    return [...this.groups.keys()];
  }

  /** Listens to the group; as many calls of `leave` end it. False when it listens to as many groups as it can. */
  join(address: Ipv4Address): boolean {
    const there = this.groups.get(address);
    if (there !== undefined) {
      there.reasons++;
      return true;
    }
    if (this.groups.size >= LINUX_IGMP.memberships) {
      return false;
    }
    const timer = new Timer(this.simulator, this);
    const group = { address, reasons: 1, timer, changes: 0, unsolicited: 0, reporter: false };
    this.groups.set(address, group);
    this.departures = this.departures.filter(departure => departure.group !== address);
    this.tellJoined(group);
    return true;
  }

  leave(address: Ipv4Address): void {
    const group = this.groups.get(address);
    if (group === undefined || --group.reasons > 0) {
      return;
    }
    this.groups.delete(address);
    group.timer.cancel();
    switch (this.version) {
      case 1:
        return;
      case 2:
        if (group.reporter) {
          this.send(igmpMessage(IGMP_TYPE.leave, 0, address), ALL_ROUTERS);
        }
        return;
      case 3:
        this.departures = [{ group: address, left: this.querier.robustness }, ...this.departures];
        this.changed();
        return;
    }
  }

  /** The link is there anew: all groups are reported as if just joined. */
  linkUp(): void {
    for (const group of this.groups.values()) {
      this.tellJoined(group);
    }
  }

  linkDown(): void {
    this.departures = [];
    this.changeTimer.cancel();
    this.summaryTimer.cancel();
    for (const group of this.groups.values()) {
      group.timer.cancel();
    }
  }

  /** A router asks who listens: the answers come after a random part of the time that it gives. */
  queried(query: IgmpQuery): void {
    const { now } = this.simulator;
    this.querier.heard(query, now);
    if (query.version !== 3) {
      this.changeTimer.cancel();
      this.departures = [];
    }
    const { version } = this;
    const longest = ((version === 1 ? VERSION_1_RESPONSE : query.maximumResponseTime) / 10) * SECOND;
    const asked = version === 1 ? UNSPECIFIED_IPV4 : query.group;
    if (version === 3 && asked === UNSPECIFIED_IPV4) {
      // A question about sources of all groups is none (RFC 3376 4.1.9).
      if (query.sources.length === 0) {
        this.answerAll(longest);
      }
      return;
    }
    for (const group of this.groups.values()) {
      if (asked === UNSPECIFIED_IPV4 || asked === group.address) {
        this.answerLater(group, longest);
      }
    }
  }

  /** Another host reported the group: it need not be said again (RFC 2236 3; a host of version 3 as well, RFC 3376 7.2.1). */
  reported(address: Ipv4Address): void {
    const group = this.groups.get(address);
    if (group !== undefined) {
      group.timer.cancel();
      group.reporter = false;
      group.unsolicited = 0;
    }
  }

  timerExpired(timer: Timer): void {
    if (timer === this.changeTimer) {
      this.sendChanges();
      return;
    }
    if (timer === this.summaryTimer) {
      this.report([...this.groups.values()].reverse(), GROUP_RECORD.modeIsExclude);
      return;
    }
    for (const group of this.groups.values()) {
      if (timer === group.timer) {
        this.sendReport(group);
      }
    }
  }

  private get version(): 1 | 2 | 3 {
    return this.querier.version(this.simulator.now);
  }

  private tellJoined(group: Group): void {
    if (this.version === 3) {
      group.changes = this.querier.robustness;
      this.changed();
    } else {
      group.unsolicited = LINUX_IGMP.robustness;
      group.timer.arm(LINUX_IGMP.firstReport);
    }
  }

  private changed(): void {
    this.changeRounds = this.querier.robustness;
    this.changeTimer.arm(LINUX_IGMP.firstReport);
  }

  /** Who was left comes first, then who was joined, the newest first. */
  private sendChanges(): void {
    const records: GroupRecord[] = this.departures.map(({ group }) =>
      record(GROUP_RECORD.changeToInclude, group),
    );
    for (const departure of this.departures) {
      departure.left--;
    }
    this.departures = this.departures.filter(({ left }) => left > 0);
    for (const group of [...this.groups.values()].reverse()) {
      if (group.changes > 0) {
        group.changes--;
        records.push(record(GROUP_RECORD.changeToExclude, group.address));
      }
    }
    this.sendRecords(records);
    if (--this.changeRounds > 0) {
      this.changeTimer.arm(this.random.fraction() * LINUX_IGMP.reportInterval + LINUX_IGMP.firstReport);
    }
  }

  /** A second question does not put the answer off. */
  private answerAll(longest: number): void {
    const due = this.simulator.now + this.random.fraction() * longest + LINUX_IGMP.firstReport;
    if (!this.summaryTimer.armed || due < this.summaryDue) {
      this.summaryDue = due;
      this.summaryTimer.arm(due - this.simulator.now);
    }
  }

  /** A report that is due before the querier's time is over anyway stays as it is. */
  private answerLater(group: Group, longest: number): void {
    group.unsolicited = 0;
    const { timer } = group;
    if (!timer.armed || timer.remaining >= longest) {
      timer.arm(this.random.fraction() * longest + LINUX_IGMP.firstReport);
    }
  }

  private sendReport(group: Group): void {
    const { version } = this;
    if (group.unsolicited > 0 && --group.unsolicited > 0) {
      group.timer.arm(this.random.fraction() * LINUX_IGMP.oldReportInterval + LINUX_IGMP.firstReport);
    }
    group.reporter = true;
    if (version === 3) {
      this.report([group], GROUP_RECORD.modeIsExclude);
    } else {
      const type = version === 1 ? IGMP_TYPE.reportV1 : IGMP_TYPE.reportV2;
      this.send(igmpMessage(type, 0, group.address), group.address);
    }
  }

  private report(groups: readonly Group[], type: number): void {
    this.sendRecords(groups.map(({ address }) => record(type, address)));
  }

  private sendRecords(records: readonly GroupRecord[]): void {
    for (let at = 0; at < records.length; at += RECORDS) {
      this.send(igmpReportV3(records.slice(at, at + RECORDS)), REPORTS_GROUP);
    }
  }
}

/** The answer time of version 1 in tenths of a second (RFC 2236 4). */
const VERSION_1_RESPONSE = 100;

/** Records in one report: so many fit Ethernet. */
const RECORDS = 180;

function record(type: number, group: Ipv4Address): GroupRecord {
  return { type, group, sources: [] };
}
