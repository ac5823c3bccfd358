/**
 * A planned network made of the Linux kernel: a network namespace for each device, a veth pair for each cable, a bridge, a router with
 * nftables. Nothing is made in the namespace of the machine itself, and nothing stays when the network is closed or the test ends.
 */
import { spawnSync } from 'node:child_process';
import {
  ChildProcesses,
  rootEnvironment as env,
  until,
  type BegunProgram,
  type Ended,
} from './child-processes';
import type { CapturedFrame } from './capture';
import { configurationCommands, ipv6Settings } from './machine-configuration';
import { OpenVswitch } from './open-vswitch';
import {
  cableEnds,
  capturePoints,
  type NetworkPlan,
  type PlannedBridge,
  type PlannedMachine,
  type PlannedSpanningTree,
} from './network-plan';
import { CARRY_OVER_UDP } from './programs';
import { PcapStream } from './pcap-stream';

/**
 * Settings of every namespace: the kernel's own defaults, which a distribution may have changed and a namespace inherits, but without
 * IPv6, whose noise nobody asked for, without the limit on ICMP errors, and with raw sockets for ping, which let it choose its identifier.
 */
const SETTINGS = {
  'ipv6/conf/all/disable_ipv6': '1',
  'ipv6/conf/default/disable_ipv6': '1',
  'ipv4/ip_default_ttl': '64',
  'ipv4/icmp_ratemask': '0',
  'ipv4/ping_group_range': '1 0',
  // Of a kernel without further settings: windows and pacing follow from them.
  'ipv4/tcp_rmem': '4096 131072 6291456',
  'ipv4/tcp_wmem': '4096 16384 4194304',
  // Cubic may not be chosen in every namespace; without loss both send the same.
  'ipv4/tcp_congestion_control': 'reno',
  ...Object.fromEntries(
    ['all', 'default'].flatMap(scope => [
      [`ipv4/conf/${scope}/rp_filter`, '0'],
      [`ipv4/conf/${scope}/arp_notify`, '0'],
      [`ipv4/conf/${scope}/arp_ignore`, '0'],
      [`ipv4/conf/${scope}/arp_announce`, '0'],
      [`ipv4/conf/${scope}/arp_accept`, '0'],
      [`ipv4/conf/${scope}/proxy_arp`, '0'],
    ]),
  ),
};

/** What the network card of a real machine would do in hardware, and a capture would miss. */
const OFFLOADS = ['tx', 'rx', 'sg', 'tso', 'gso', 'gro'].flatMap(name => [name, 'off']);

/** ms for links to come up, and for a capture to begin. */
const READY_WITHIN = 10_000;

/** ms for a spanning tree to settle. */
const SETTLED_WITHIN = 20_000;

/** Networks that are not closed yet, for when the process ends first. */
const open = new Set<NamespaceNetwork>();
let networks = 0;

function abandonAll(): void {
  open.forEach(network => network.abandon());
}

process.on('exit', abandonAll);
// The test runner has ended, and with it the channel to this process.
process.once('disconnect', abandonAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    abandonAll();
    // The handler is gone now, so this ends the process as the signal should.
    process.kill(process.pid, signal);
  });
}

/** Why namespaces cannot be used here, with what to do about it; undefined when they can. */
export function namespaceObstacle(): string | undefined {
  const command = 'run: sudo npm run test:kernel';
  if (process.platform !== 'linux') {
    return 'network namespaces need Linux';
  }
  if (process.getuid?.() !== 0) {
    return `network namespaces need root; ${command}`;
  }
  const name = `vnet${process.pid}-try`;
  const tried = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8', env });
  if (tried.status !== 0) {
    const why = tried.error?.message ?? tried.stderr.trim();
    return `this system makes no network namespaces (${why}); in a container, start it with --privileged, then ${command}`;
  }
  spawnSync('ip', ['netns', 'del', name], { env });
  return undefined;
}

/** Times of the kernel are in hundredths of a second. */
function bridgeOptions(tree: PlannedSpanningTree | undefined): string {
  return tree === undefined
    ? 'type bridge stp_state 0'
    : `address ${tree.mac} type bridge priority ${tree.priority} hello_time ${tree.hello * 100} ` +
        `max_age ${tree.maximumAge * 100} forward_delay ${tree.forwardDelay * 100} stp_state 1`;
}

function deviceKind({ machines }: NetworkPlan, host: string, device: string): string {
  const machine = machines.find(({ name }) => name === host);
  return machine?.interfaces.find(({ name }) => name === device)?.link?.kind ?? 'tun';
}

export class NamespaceNetwork {
  private readonly prefix = `vnet${process.pid}-${++networks}-`;
  private readonly processes = new ChildProcesses();
  private readonly captures = new Map<string, PcapStream>();
  private readonly made: string[] = [];
  private readonly switches: OpenVswitch[] = [];
  /** Whole seconds of real time that count as 0. */
  private readonly origin = Math.floor(Date.now() / 1000);

  private constructor(private readonly plan: NetworkPlan) {
    open.add(this);
  }

  /** Builds the network, and returns when every link is up and every port is captured. */
  static async build(plan: NetworkPlan): Promise<NamespaceNetwork> {
    const network = new NamespaceNetwork(plan);
    try {
      await network.build();
    } catch (error) {
      await network.close();
      throw error;
    }
    return network;
  }

  /** ns on the clock of the captures, which is the machine's real time; never too late, since it is cut to ms. */
  get now(): number {
    return (Date.now() - this.origin * 1000) * 1e6;
  }

  /** Frames so far, by capture point. */
  get points(): ReadonlyMap<string, readonly CapturedFrame[]> {
    return new Map([...this.captures].map(([point, { frames }]) => [point, [...frames]]));
  }

  /** Runs a program on a device to its end. */
  async run(device: string, program: string, ...args: string[]): Promise<Ended> {
    return this.processes.run('ip', ['netns', 'exec', this.prefix + device, program, ...args]);
  }

  /** Starts a program on a device with this input. */
  begin(device: string, command: readonly string[], input: string): BegunProgram {
    return this.processes.begin('ip', ['netns', 'exec', this.prefix + device, ...command], input);
  }

  /** Starts a program on a device that runs until the network is closed, and returns when it has printed `sign`. */
  async serve(device: string, sign: string, program: string, ...args: string[]): Promise<void> {
    const child = this.processes.start('ip', ['netns', 'exec', this.prefix + device, program, ...args]);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    if (
      !(await until(() => said.includes(sign) || child.exitCode !== null, READY_WITHIN)) ||
      child.exitCode !== null
    ) {
      throw new Error(`${program} on ${device} did not start: ${said}`);
    }
  }

  /** Ends every program and removes every namespace, with all that is in it. */
  async close(): Promise<void> {
    await this.processes.endAll();
    this.switches.splice(0).forEach(made => made.clear());
    for (const name of this.made.splice(0)) {
      await this.processes.run('ip', ['netns', 'del', name]);
    }
    open.delete(this);
  }

  /** The same without waiting, for when the process ends. */
  abandon(): void {
    this.processes.abandon();
    this.switches.splice(0).forEach(made => made.clear());
    this.made.splice(0).forEach(name => spawnSync('ip', ['netns', 'del', name], { env }));
  }

  private async build(): Promise<void> {
    const { plan } = this;
    for (const { name } of [...plan.machines, ...plan.bridges]) {
      await this.makeNamespace(name);
    }
    const macs = this.hardwareAddresses();
    for (const cable of plan.cables) {
      await this.makeCable(cable, macs);
    }
    for (const bridge of plan.bridges.filter(({ vlanAware }) => vlanAware === true)) {
      await this.startSwitch(bridge);
    }
    for (const { name, ports, ageing = 300, spanningTree } of plan.bridges.filter(
      ({ vlanAware }) => vlanAware !== true,
    )) {
      // A bridge that snoops on multicast announces itself by IGMP; the simulated switch does neither.
      const bridge = [
        `link add br0 ${bridgeOptions(spanningTree)} mcast_snooping 0 ageing_time ${ageing * 100}`,
        ...ports.map(port => `link set ${port.name} master br0`),
      ];
      await this.ip(name, [...bridge, 'link set br0 up']);
    }
    for (const { host, device, remote, port } of plan.tunnels ?? []) {
      const kind = deviceKind(plan, host, device);
      await this.serve(
        host,
        'ready',
        'python3',
        '-u',
        '-c',
        CARRY_OVER_UDP,
        kind,
        device,
        remote,
        String(port),
      );
    }
    for (const machine of plan.machines) {
      await this.configure(machine);
    }
    await this.waitForLinks();
    await Promise.all(capturePoints(plan).map(point => this.startCapture(point)));
  }

  private async startSwitch(bridge: PlannedBridge): Promise<void> {
    const { name } = bridge;
    const made = new OpenVswitch({
      succeed: async (program, args) => this.processes.succeed(program, args),
      serve: async (sign, program, ...args) => this.serve(name, sign, program, ...args),
    });
    this.switches.push(made);
    await made.start(bridge);
  }

  private async makeNamespace(device: string): Promise<void> {
    const name = this.prefix + device;
    this.made.push(name);
    await this.processes.succeed('ip', ['netns', 'add', name]);
    await this.set(device, SETTINGS);
    await this.ip(device, ['link set lo up']);
  }

  private async makeCable(cable: string, macs: ReadonlyMap<string, string>): Promise<void> {
    const ends = cableEnds(cable);
    const [one, other] = ends.map(
      end => [...end.split(':'), macs.get(end) ?? ''] as [string, string, string],
    ) as [[string, string, string], [string, string, string]];
    const peer = `peer name ${other[1]} netns ${this.prefix}${other[0]} address ${other[2]}`;
    await this.ip(one[0], [`link add ${one[1]} address ${one[2]} type veth ${peer}`]);
    for (const [device, port] of [one, other]) {
      // A card that lacks one of these has it off already.
      await this.run(device, 'ethtool', '-K', port, ...OFFLOADS);
      await this.ip(device, [`link set ${port} up`]);
    }
  }

  private async configure(machine: PlannedMachine): Promise<void> {
    const { name, forwards = false, reversePathFilter = 0 } = machine;
    await this.set(name, {
      'ipv4/ip_forward': forwards ? '1' : '0',
      'ipv4/conf/all/rp_filter': String(reversePathFilter),
      ...ipv6Settings(machine),
    });
    for (const [program = '', ...args] of configurationCommands(machine)) {
      await this.processes.succeed('ip', ['netns', 'exec', this.prefix + name, program, ...args]);
    }
  }

  private hardwareAddresses(): ReadonlyMap<string, string> {
    const { machines, bridges } = this.plan;
    return new Map([
      ...machines.flatMap(({ name, interfaces }) =>
        interfaces.map(port => [`${name}:${port.name}`, port.mac] as const),
      ),
      ...bridges.flatMap(({ name, ports }) => ports.map(port => [`${name}:${port.name}`, port.mac] as const)),
    ]);
  }

  /** A link that was set up still needs a moment until the kernel sends through it, and a bridge port until it forwards. */
  private async waitForLinks(): Promise<void> {
    const devices = [...this.plan.machines, ...this.plan.bridges].map(({ name }) => name);
    const up = await until(async () => {
      const states = await Promise.all(
        devices.map(async device => this.run(device, 'ip', '-d', '-o', 'link', 'show')),
      );
      const lines = states
        .flatMap(({ output }) => output.split('\n'))
        .filter(line => line.includes(' veth '));
      return lines.every(
        line =>
          line.includes(' state UP ') &&
          (!line.includes('bridge_slave') || / state (forwarding|blocking) /.test(line)),
      );
    }, SETTLED_WITHIN);
    if (!up) {
      throw new Error('the links of the namespaces did not come up');
    }
  }

  private async startCapture(point: string): Promise<void> {
    const [device = '', port = ''] = point.split(':');
    const stream = new PcapStream(this.origin);
    this.captures.set(point, stream);
    const tcpdump = ['tcpdump', '-i', port, '-n', '-U', '-s', '0', '-Z', 'root', '-w', '-'];
    const child = this.processes.start('ip', [
      ...['netns', 'exec', this.prefix + device],
      ...[...tcpdump, '--immediate-mode', '--time-stamp-precision=nano'],
    ]);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => stream.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    if (!(await until(() => said.includes('listening on'), READY_WITHIN))) {
      throw new Error(`tcpdump does not capture ${point}: ${said}`);
    }
  }

  /** Runs `ip` commands on a device. */
  private async ip(device: string, commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      await this.processes.succeed('ip', ['-n', this.prefix + device, ...command.split(' ')]);
    }
  }

  /** Writes settings below /proc/sys/net; those of protocols that this kernel lacks have nothing to switch off. */
  private async set(device: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const lines = Object.entries(settings).map(
      ([path, value]) => `[ ! -e /proc/sys/net/${path} ] || echo ${value} > /proc/sys/net/${path}`,
    );
    await this.processes.succeed('ip', [
      'netns',
      'exec',
      this.prefix + device,
      'sh',
      '-ec',
      lines.join('\n'),
    ]);
  }
}
