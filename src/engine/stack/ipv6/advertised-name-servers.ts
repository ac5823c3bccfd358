/** Name servers and search domains that routers advertise (RFC 8106) and DHCPv6 servers tell, while they last. */
import type { Ipv6Address } from '../../../net/ipv6-address';
import type { Simulator } from '../../kernel/simulator';
import { Timer, type TimerOwner } from '../../kernel/timer';
import type { NetworkInterface } from '../network-interface';
import type { AdvertisedNames } from './router-discovery';

export interface NameServersListener {
  nameServersChanged(): void;
}

interface Told<Value> {
  readonly value: Value;
  readonly on: NetworkInterface;
  readonly until: number;
}

/** Kept of each kind: three is what a resolver uses (resolv.conf(5) MAXNS), six what it searches (MAXDNSRCH); RFC 8106 5.3.1 asks for three. */
const KEPT = 8;

/** Lifetimes beyond this many ns need no timer. */
const LONGEST = 2 ** 52;

export class AdvertisedNameServers implements TimerOwner {
  private serverList: readonly Told<Ipv6Address>[] = [];
  private domainList: readonly Told<string>[] = [];
  private readonly timer: Timer;

  constructor(
    private readonly simulator: Simulator,
    private readonly listener: NameServersListener,
  ) {
    this.timer = new Timer(simulator, this);
  }

  get servers(): readonly Ipv6Address[] {
    return this.serverList.map(({ value }) => value);
  }

  get domains(): readonly string[] {
    return this.domainList.map(({ value }) => value);
  }

  /** What an advertisement says replaces what was known of the same servers and domains; a lifetime that is over removes them. */
  advertised(on: NetworkInterface, { servers, domains }: AdvertisedNames): void {
    this.serverList = merged(
      this.serverList,
      servers.map(({ address, until }) => ({ value: address, on, until })),
      this.simulator.now,
    );
    this.domainList = merged(
      this.domainList,
      domains.map(({ name, until }) => ({ value: name, on, until })),
      this.simulator.now,
    );
    this.changed();
  }

  /** Forgets what came by this interface. */
  forget(on: NetworkInterface): void {
    this.serverList = this.serverList.filter(told => told.on !== on);
    this.domainList = this.domainList.filter(told => told.on !== on);
    this.changed();
  }

  timerExpired(): void {
    const { now } = this.simulator;
    this.serverList = this.serverList.filter(({ until }) => until > now);
    this.domainList = this.domainList.filter(({ until }) => until > now);
    this.changed();
  }

  private changed(): void {
    const ends = [...this.serverList, ...this.domainList].map(({ until }) => until);
    const earliest = Math.min(...ends);
    if (earliest < LONGEST) {
      this.timer.arm(earliest - this.simulator.now);
    } else {
      this.timer.cancel();
    }
    this.listener.nameServersChanged();
  }
}

/** What is known already keeps its place; new ones come behind. */
function merged<Value>(
  known: readonly Told<Value>[],
  told: readonly Told<Value>[],
  now: number,
): readonly Told<Value>[] {
  const kept = known.map(old => told.find(({ value }) => value === old.value) ?? old);
  const fresh = told.filter(({ value }) => !known.some(old => old.value === value));
  return [...kept, ...fresh].filter(({ until }) => until > now).slice(0, KEPT);
}
