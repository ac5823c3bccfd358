/** The engine's public face: a network built from a resolved topology, run in virtual time. */
import type { IpAddress, IpInterfaceAddress } from '../net/ip-address';
import type { ResolvedCable, ResolvedTarget, ResolvedTopology } from '../topology/resolved';
import { buildDevice, type BuiltDevice } from './device/build-device';
import type { LearnedStation } from './device/learned-stations';
import type { RunningTree } from './device/running-tree';
import type { EventTarget } from './kernel/event-queue';
import { Port, type Cable } from './kernel/port';
import { Simulator } from './kernel/simulator';
import { NO_CAUSE, type TrafficObserver } from './kernel/traffic-observer';
import { SECOND } from './stack/linux-policy';
import type { CachedName } from './stack/dns/cache';
import type { Netfilter } from './stack/netfilter/netfilter';
import type { Stack, StackListener } from './stack/stack';
import { resolverProblem, TargetResolver, type AddressFound } from './target-resolver';

export interface NetworkOptions {
  /** Two networks of one topology and one seed do the same to the byte. */
  readonly seed: number;
  readonly observer?: TrafficObserver;
  readonly listener?: NetworkListener;
}

/** What a network tells while it runs, besides its traffic. */
export interface NetworkListener {
  addressesChanged?(device: string, port: string, addresses: readonly IpInterfaceAddress[]): void;
}

/** A port as traffic records number it: the ports of all devices in the topology's order. */
export interface NetworkPort {
  readonly device: string;
  readonly name: string;
  /** The number of the port at the other end of its cable, -1 for none. */
  readonly peer: number;
  /** What its frames are: those of Ethernet, or IP packets alone. */
  readonly carries: 'ethernet' | 'ip';
}

/** One answer, or its absence, to one echo request. */
export interface PingReply {
  /** From 1. */
  readonly sequence: number;
  /** `unreachable` and `expired` carry the type and code in `icmp`: ICMPv6's where `from` is an IPv6 address. */
  readonly result: 'reply' | 'timeout' | 'unreachable' | 'expired' | 'not-sent';
  /** ns between request and answer. */
  readonly time: number;
  /** Who answered. */
  readonly from?: IpAddress;
  readonly ttl?: number;
  readonly icmp?: { readonly type: number; readonly code: number };
}

export interface PingResult {
  /** The address pinged; undefined when the target had none (a name without an answer, a device without an address). */
  readonly address: IpAddress | undefined;
  /** Why nothing was sent, in a sentence, when `address` is undefined. */
  readonly problem?: string;
  readonly replies: readonly PingReply[];
}

export type LookupResult =
  | { readonly kind: 'answer'; readonly addresses: readonly IpAddress[]; readonly server: IpAddress }
  | { readonly kind: 'nxdomain'; readonly server: IpAddress }
  | { readonly kind: 'no-answer'; readonly problem: string };

export interface PingOptions {
  readonly count: number;
  /** ns between requests; a second by default. */
  readonly interval?: number;
  /** ns to wait for each answer. */
  readonly within: number;
  /** Bytes of echo data; 56 by default, as Linux ping. */
  readonly size?: number;
}

/** What may change about a cable; what is absent stays. */
export interface CableChange {
  readonly up?: boolean;
  /** Bits per second. */
  readonly rate?: number;
  /** ns */
  readonly delay?: number;
  /** 0 to 1. */
  readonly loss?: number;
}

/** What a simulation may ask of a network. Callbacks come in virtual time, from inside `run…`. */
export interface NetworkControl {
  readonly ports: readonly NetworkPort[];
  /** Virtual time in ns. */
  readonly now: number;
  /** When the next event is due; undefined when nothing will ever happen again. */
  readonly nextEventTime: number | undefined;
  /** Records so far: transmissions and drops. */
  readonly records: number;
  /** Brings every interface up: DHCP clients start, and so on. */
  boot(): void;
  /** Whether every DHCP client has an address or has given up for now. */
  readonly booted: boolean;
  /** Runs every event due up to and including `time`, then sets the clock to it. `maximumEvents` bounds one call; returns the events run. */
  runUntil(time: number, maximumEvents?: number): number;
  /** Runs until one more record exists or nothing is left to happen; true when there is one. */
  step(): boolean;
  ping(
    device: string,
    target: ResolvedTarget,
    options: PingOptions,
    done: (result: PingResult) => void,
  ): void;
  lookup(device: string, name: string, within: number, done: (result: LookupResult) => void): void;
  addressesOf(device: string): readonly IpInterfaceAddress[];
  /** Pulls a cable, plugs it in again, or changes what it is like; false when there is no such cable. */
  setCable(cable: string, change: CableChange): boolean;
  /** Ids of the cables over which nothing goes now: pulled out, or with an interface that is off at one end. */
  readonly cablesDown: readonly string[];
  /** Switches the firewall rules or port forwards of this name on or off; false when the device has none of that name. */
  enableRule(device: string, rule: string, enabled: boolean): boolean;
  /** Connection tracking, NAT and firewall of a device that has any of it: its `conntrack -L`. */
  netfilterOf(device: string): Netfilter | undefined;
  /** Finds the address that a device, an interface or a name has now, as `from` sees it. */
  resolve(from: string, target: ResolvedTarget, within: number, done: AddressFound): void;
  /** Runs `action` now, as the user's doing: what it sends has no frame as its cause. */
  asUser<Result>(action: () => Result): Result;
  /** Runs `action` in so many ns, as the user's doing. */
  after(delay: number, action: () => void): void;
  /** `ip link set NAME up` and `down`; false when there is no such interface. */
  setInterfaceUp(device: string, name: string, up: boolean): boolean;
  /** The stations that a switch or bridge has learned. */
  stationsOf(device: string): readonly LearnedStation[];
  /** The spanning trees of a switch, or of a machine's bridges. */
  spanningTreesOf(device: string): readonly RunningTree[];
  /** The answers that a device's DNS forwarder remembers. */
  cachedNamesOf(device: string): readonly CachedName[];
  /** The stack of a device that has one, for whoever acts inside virtual time: sockets of tests and benchmarks. */
  stackOf(device: string): Stack | undefined;
}

/** Builds every device and cable of a topology; nothing happens before `boot`. */
export function createNetwork(topology: ResolvedTopology, options: NetworkOptions): NetworkControl {
  return new Network(topology, options);
}

/** ping -i, its default. */
const PING_INTERVAL = SECOND;

/** ping -s, its default. */
const PING_SIZE = 56;

/** Events one `step` may take to make a record: timers that do nothing visible are few. */
const STEP_EVENTS = 100_000;

class Network implements NetworkControl {
  readonly ports: readonly NetworkPort[];
  private readonly simulator: Simulator;
  private readonly targets = new TargetResolver(device => this.stackOf(device));
  private readonly devices = new Map<string, BuiltDevice>();
  private readonly portNumbers = new Map<string, number>();
  private readonly cables = new Map<string, { readonly port: Port; readonly cable: Cable }>();

  constructor(
    topology: ResolvedTopology,
    private readonly options: NetworkOptions,
  ) {
    this.simulator = new Simulator(options.seed, options.observer);
    let number = 0;
    const ports: Port[] = [];
    for (const device of topology.devices) {
      const built = buildDevice(
        this.simulator,
        device,
        number,
        this.stackOf.bind(this),
        this.listenerFor(device.id),
      );
      this.devices.set(device.id, built);
      for (const { name } of device.ports) {
        const receiver = built.receiver(name);
        const port = new Port(this.simulator, number, receiver);
        built.plug(name, port);
        ports.push(port);
        this.portNumbers.set(portKey(device.id, name), number++);
      }
    }
    topology.cables.forEach(cable => {
      this.connect(cable, ports);
    });
    this.ports = topology.devices.flatMap(device =>
      device.ports.map(({ name, carries }) => ({
        device: device.id,
        name,
        carries: carries ?? 'ethernet',
        peer: ports[this.portNumbers.get(portKey(device.id, name)) ?? -1]?.other?.number ?? -1,
      })),
    );
  }

  get now(): number {
    return this.simulator.now;
  }

  get nextEventTime(): number | undefined {
    return this.simulator.nextEventTime;
  }

  get records(): number {
    return this.simulator.records;
  }

  boot(): void {
    for (const device of this.devices.values()) {
      device.boot?.();
    }
  }

  get booted(): boolean {
    return [...this.devices.values()].every(({ stack }) => stack?.settled ?? true);
  }

  runUntil(time: number, maximumEvents?: number): number {
    return this.simulator.runUntil(time, maximumEvents);
  }

  step(): boolean {
    return this.simulator.runUntilRecord(STEP_EVENTS);
  }

  ping(
    device: string,
    target: ResolvedTarget,
    options: PingOptions,
    done: (result: PingResult) => void,
  ): void {
    this.actAsUser();
    const stack = this.devices.get(device)?.stack;
    if (stack === undefined) {
      done({ address: undefined, problem: `${device} has no TCP/IP stack to ping from.`, replies: [] });
      return;
    }
    this.targets.resolve(stack, target, options.within, (address, problem) => {
      if (address === undefined) {
        done({ address, problem, replies: [] });
        return;
      }
      const { count, within, interval = PING_INTERVAL, size = PING_SIZE } = options;
      stack.ping({ destination: address, count, within, interval, size }, replies => {
        done({ address, replies });
      });
    });
  }

  lookup(device: string, name: string, within: number, done: (result: LookupResult) => void): void {
    this.actAsUser();
    const stack = this.devices.get(device)?.stack;
    if (stack === undefined) {
      done({ kind: 'no-answer', problem: `${device} has no TCP/IP stack to ask from.` });
      return;
    }
    stack.resolver.lookup(name, within, result => {
      done(
        result.kind === 'failed' ? { kind: 'no-answer', problem: resolverProblem(result.why, name) } : result,
      );
    });
  }

  addressesOf(device: string): readonly IpInterfaceAddress[] {
    const stack = this.devices.get(device)?.stack;
    return stack?.interfaces.flatMap(on => stack.addressesOf(on)) ?? [];
  }

  setCable(id: string, { up, rate, delay, loss }: CableChange): boolean {
    this.actAsUser();
    const found = this.cables.get(id);
    if (found === undefined) {
      return false;
    }
    const { port, cable } = found;
    if (rate !== undefined) {
      cable.nanosecondsPerByte = (8 * SECOND) / rate;
    }
    cable.delay = delay ?? cable.delay;
    cable.loss = loss ?? cable.loss;
    if (up !== undefined) {
      port.setCableUp(up);
    }
    return true;
  }

  get cablesDown(): readonly string[] {
    return [...this.cables].filter(([, { port }]) => !port.carrier).map(([id]) => id);
  }

  netfilterOf(device: string): Netfilter | undefined {
    return this.devices.get(device)?.netfilter;
  }

  stackOf(device: string): Stack | undefined {
    return this.devices.get(device)?.stack;
  }

  resolve(from: string, target: ResolvedTarget, within: number, done: AddressFound): void {
    this.actAsUser();
    const asker = this.stackOf(from);
    if (asker === undefined) {
      done(undefined, `${from} has no TCP/IP stack to speak from.`);
    } else {
      this.targets.resolve(asker, target, within, done);
    }
  }

  asUser<Result>(action: () => Result): Result {
    this.actAsUser();
    return action();
  }

  after(delay: number, action: () => void): void {
    const appointment: EventTarget = {
      occur: () => {
        this.actAsUser();
        action();
      },
    };
    this.simulator.schedule(this.now + delay, appointment, null, 0);
  }

  setInterfaceUp(device: string, name: string, up: boolean): boolean {
    this.actAsUser();
    return this.devices.get(device)?.setUp?.(name, up) ?? false;
  }

  enableRule(device: string, rule: string, enabled: boolean): boolean {
    return this.devices.get(device)?.enableRule?.(rule, enabled) ?? false;
  }

  stationsOf(device: string): readonly LearnedStation[] {
    return [...(this.devices.get(device)?.stations?.() ?? [])];
  }

  spanningTreesOf(device: string): readonly RunningTree[] {
    return [...(this.devices.get(device)?.spanningTrees?.() ?? [])];
  }

  cachedNamesOf(device: string): readonly CachedName[] {
    return [...(this.devices.get(device)?.cachedNames?.() ?? [])];
  }

  /** What follows has no frame as its cause. */
  private actAsUser(): void {
    this.simulator.cause = NO_CAUSE;
  }

  private listenerFor(device: string): StackListener {
    return {
      addressesChanged: on => {
        const addresses = this.stackOf(device)?.addressesOf(on) ?? on.addresses;
        this.options.listener?.addressesChanged?.(device, on.name, addresses);
      },
    };
  }

  private connect(cable: ResolvedCable, ports: readonly Port[]): void {
    const [one, other] = cable.ends.map(
      end => ports[this.portNumbers.get(portKey(end.device, end.port)) ?? -1],
    );
    if (one === undefined || other === undefined) {
      return;
    }
    const shared: Cable = {
      nanosecondsPerByte: (8 * SECOND) / cable.rate,
      delay: cable.delay,
      jitter: cable.jitter,
      loss: cable.loss,
      queue: cable.queue,
      up: cable.up,
      random: this.simulator.random(`cable ${cable.id}`),
    };
    one.connect(other, shared);
    this.cables.set(cable.id, { port: one, cable: shared });
  }
}

function portKey(device: string, port: string): string {
  return `${device}\n${port}`;
}
