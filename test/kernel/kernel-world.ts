/** Does the actions with the Linux kernel and its real programs. */
import { fileURLToPath } from 'node:url';
import { questionBytes } from './question';
import { AFTERMATH, PING_INTERVAL, PING_PATIENCE, requestLine } from './action';
import type {
  Action,
  ConnectAction,
  DhcpService,
  LeaseAction,
  LookupAction,
  NameService,
  QuestionAction,
  DatagramAction,
  FrameAction,
  MembershipAction,
  PingAction,
  Service,
  TracerouteAction,
} from './action';
import type { Capture } from './capture';
import { until } from './child-processes';
import { NamespaceNetwork } from './namespaces';
import { hasIpv6, type NetworkPlan } from './network-plan';
import {
  ASK,
  CONNECT,
  ECHO_DATAGRAMS,
  JOIN_GROUP,
  LEAVE_GROUP,
  LOOK_UP,
  SEND_DATAGRAM,
  SEND_FRAME,
  SERVE_BYTES,
} from './programs';

/** ms that a frame which the simulation foretells may take to be seen, counted from the end of the last action. */
const FORETOLD_WITHIN = 3000;

/** Seconds without a frame after which IPv6 has its addresses: longer than it waits for an objection or repeats a report. */
const IPV6_SETTLED = 2.2;

/** ms for IPv6 to come to rest. */
const SETTLES_WITHIN = 30_000;

/**
 * radvd reads its configuration from a file, which may be a pipe. It only answers: what it would say on its own in the first 16 s (RFC 4861
 * 6.2.4) could come at any time of the comparison. Arguments: interface and prefix.
 */
const ADVERTISE = `
echo "interface $0 { AdvSendAdvert on; UnicastOnly on; prefix $1 { }; };" |
exec radvd --nodaemon --debug=2 --logmethod=stderr --config=/dev/stdin --pidfile="$(mktemp -u)" 2>&1
`;

/**
 * @param foretold frames that the other world saw at each point: what to wait for, in vain where the worlds differ
 */
export async function runInKernel(
  plan: NetworkPlan,
  services: readonly Service[],
  actions: readonly Action[],
  foretold: ReadonlyMap<string, number>,
): Promise<Capture> {
  const network = await NamespaceNetwork.build(plan);
  try {
    for (const { name, advertises } of plan.machines) {
      if (advertises !== undefined) {
        await network.serve(
          name,
          'syntax ok',
          'sh',
          '-c',
          ADVERTISE,
          advertises.interface,
          advertises.prefix,
        );
      }
    }
    for (const service of services) {
      await serve(network, service);
    }
    if (plan.machines.some(hasIpv6)) {
      await settle(network, plan);
    }
    const before = network.points;
    const due = new Map(
      [...foretold].map(([point, count]) => [point, count + (before.get(point)?.length ?? 0)]),
    );
    const begun: number[] = [];
    for (const action of actions) {
      begun.push(await nextTick(network));
      await act(network, action, due);
    }
    await until(() => hasAll(network, due), FORETOLD_WITHIN);
    await quiet(network);
    return { points: network.points, actions: begun };
  } finally {
    await network.close();
  }
}

/** Starts a service on a machine, and returns when it answers. */
export async function serve(network: NamespaceNetwork, service: Service): Promise<void> {
  const { on } = service;
  switch (service.kind) {
    case 'echo': {
      const args = [String(service.port), service.ipv6 === true ? 'udp6' : 'udp4'];
      await network.serve(on, 'ready', process.execPath, '-e', ECHO_DATAGRAMS, ...args);
      return;
    }
    case 'bytes': {
      const args = [String(service.port), String(service.resets ?? false)];
      await network.serve(on, 'ready', process.execPath, '-e', SERVE_BYTES, ...args);
      return;
    }
    case 'dhcp':
      return serveDhcp(network, service);
    case 'names':
      return serveNames(network, service);
  }
}

/** Settings of dnsmasq without any of the machine's own. */
const DNSMASQ = [
  ...['--keep-in-foreground', '--pid-file=', '--user=root', '--log-facility=-'],
  ...['--conf-file=/dev/null', '--no-hosts', '--no-resolv'],
];

async function serveNames(network: NamespaceNetwork, service: NameService): Promise<void> {
  const { addresses = [], aliases = [], texts = [], server } = service;
  const options = [
    '--local-ttl=3600',
    ...addresses.map(({ name, addresses: all }) => `--host-record=${[name, ...all].join(',')}`),
    ...aliases.map(({ name, of }) => `--cname=${name},${of}`),
    ...texts.map(({ name, text }) => `--txt-record=${[name, text].flat().join(',')}`),
    ...(server === undefined ? [] : [`--server=${server}`]),
  ];
  await network.serve(service.on, 'cachesize', 'dnsmasq', ...DNSMASQ, ...options);
}

async function serveDhcp(network: NamespaceNetwork, service: DhcpService): Promise<void> {
  const { on, address, leaseSeconds, domain } = service;
  const options = [
    ...DNSMASQ,
    // Without looking first whether an address is in use, and without a file of leases.
    ...['--no-ping', '--leasefile-ro', '--dhcp-authoritative'],
    ...[`--interface=${service.interface}`, '--bind-interfaces', `--domain=${domain}`],
    `--dhcp-range=${address},${address},${leaseSeconds}`,
  ];
  await network.serve(on, 'sockets bound', 'dnsmasq', ...options);
}

async function lease(network: NamespaceNetwork, { from, interface: on }: LeaseAction): Promise<void> {
  const script = fileURLToPath(new URL('udhcpc.sh', import.meta.url));
  const args = ['udhcpc', '-f', '-q', '-n', '-i', on, '-x', `hostname:${from}`, '-s', script];
  const { status, errors } = await network.run(from, 'busybox', ...args);
  if (status !== 0) {
    throw new Error(`the DHCP client on ${from} got no lease: ${errors}`);
  }
}

async function act(
  network: NamespaceNetwork,
  action: Action,
  foretold: ReadonlyMap<string, number>,
): Promise<void> {
  switch (action.kind) {
    case 'ping':
      return ping(network, action);
    case 'datagram':
      return sendDatagram(network, action);
    case 'connect':
      return connect(network, action);
    case 'lease':
      return lease(network, action);
    case 'frame':
      return sendFrame(network, action);
    case 'join':
      return join(network, action);
    case 'leave':
      return leave(network, action);
    case 'lookup':
      return lookUp(network, action);
    case 'question':
      return ask(network, action);
    case 'traceroute':
      return traceroute(network, action);
    case 'wait':
      await until(() => hasAll(network, foretold), action.seconds * 1000);
      return;
  }
}

async function ping(network: NamespaceNetwork, action: PingAction): Promise<void> {
  const {
    from,
    to,
    count,
    identifier,
    size = 56,
    timeToLive = 64,
    patience = PING_PATIENCE,
    pathMtuDiscovery,
  } = action;
  const numbers = { e: identifier, c: count, i: PING_INTERVAL, W: patience, s: size, t: timeToLive };
  const options = [
    ...Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]),
    ...(pathMtuDiscovery === undefined ? [] : ['-M', pathMtuDiscovery]),
  ];
  const { status, errors } = await network.run(from, 'ping', '-n', '-q', ...options, to);
  // 1 is no answer, which may be what is due.
  if (status !== 0 && status !== 1) {
    throw new Error(`ping on ${from} ended with ${String(status)}: ${errors}`);
  }
}

async function traceroute(network: NamespaceNetwork, { from, to }: TracerouteAction): Promise<void> {
  const { status, errors } = await network.run(from, 'traceroute', '-n', '-q', '1', '-N', '1', to);
  if (status !== 0) {
    throw new Error(`traceroute on ${from} ended with ${String(status)}: ${errors}`);
  }
}

async function sendDatagram(network: NamespaceNetwork, action: DatagramAction): Promise<void> {
  const { from, fromPort, to, toPort, text, answered } = action;
  const args = [String(fromPort), to, String(toPort), text, String(answered)];
  const { status, errors } = await network.run(from, process.execPath, '-e', SEND_DATAGRAM, ...args);
  if (status !== 0) {
    throw new Error(`${answered ? 'no answer to' : 'cannot send'} the datagram from ${from}: ${errors}`);
  }
}

async function sendFrame(network: NamespaceNetwork, action: FrameAction): Promise<void> {
  const { from, interface: on, bytes } = action;
  const { status, errors } = await network.run(from, 'python3', '-c', SEND_FRAME, on, bytes);
  if (status !== 0) {
    throw new Error(`${from} cannot send the frame: ${errors}`);
  }
}

async function join(network: NamespaceNetwork, action: MembershipAction): Promise<void> {
  const { from, interface: on, group } = action;
  await told(network, action, async () =>
    network.serve(from, 'joined', 'python3', '-c', JOIN_GROUP, on, group),
  );
}

async function leave(network: NamespaceNetwork, action: MembershipAction): Promise<void> {
  const { from, group } = action;
  await told(network, action, async () => {
    const { status, errors } = await network.run(from, 'python3', '-c', LEAVE_GROUP, group);
    if (status !== 0) {
      throw new Error(`${from} cannot leave ${group}: ${errors}`);
    }
  });
}

/** Changes what a host listens to, and waits until it has said so. */
async function told(
  network: NamespaceNetwork,
  { from, interface: on }: MembershipAction,
  change: () => Promise<void>,
): Promise<void> {
  const seen = (): number => network.points.get(`${from}:${on}`)?.length ?? 0;
  const before = seen();
  await change();
  await until(() => seen() > before, FORETOLD_WITHIN);
}

async function lookUp(network: NamespaceNetwork, { from, server, name }: LookupAction): Promise<void> {
  const { status, errors } = await network.run(from, 'sh', '-ec', LOOK_UP, server, name);
  if (status !== 0) {
    throw new Error(`${from} cannot look ${name} up: ${errors}`);
  }
}

async function ask(network: NamespaceNetwork, action: QuestionAction): Promise<void> {
  const { from, fromPort, server } = action;
  const bytes = Buffer.from(questionBytes(action)).toString('hex');
  const args = [String(fromPort), server, '53', bytes];
  const { status, errors } = await network.run(from, process.execPath, '-e', ASK, ...args);
  if (status !== 0) {
    throw new Error(`no answer to the question of ${from}: ${errors}`);
  }
}

async function connect(network: NamespaceNetwork, action: ConnectAction): Promise<void> {
  const { from, fromPort, to, toPort, asksFor, then = 'close', givesUpAfter = 15 } = action;
  const line = asksFor === undefined ? '' : requestLine(asksFor);
  const args = [
    ...[String(fromPort), to, String(toPort), line],
    ...[String(asksFor ?? 0), then, String(givesUpAfter)],
  ];
  const { status, errors } = await network.run(from, process.execPath, '-e', CONNECT, ...args);
  if (status !== 0) {
    throw new Error(`the connection from ${from} did not end: ${errors}`);
  }
}

/** The clock counts whole ms; at the beginning of the next one, nothing that was seen came later, and nothing that comes is earlier. */
async function nextTick(network: NamespaceNetwork): Promise<number> {
  const before = network.now;
  await until(() => network.now > before, 1000);
  return network.now;
}

function hasAll(network: NamespaceNetwork, foretold: ReadonlyMap<string, number>): boolean {
  const { points } = network;
  return [...foretold].every(([point, count]) => (points.get(point)?.length ?? 0) >= count);
}

/**
 * Waits until IPv6 has its addresses and has told everybody: no address is being looked into, where a router advertises every host has one
 * of its prefix, nobody asks whether a neighbour is still there, and the reports of groups, which show nowhere, have been made.
 */
async function settle(network: NamespaceNetwork, plan: NetworkPlan): Promise<void> {
  let seen = 0;
  let since = performance.now();
  const settled = async (): Promise<boolean> => {
    const now = [...network.points.values()].reduce((sum, frames) => sum + frames.length, 0);
    since = now === seen ? since : performance.now();
    seen = now;
    return performance.now() - since > IPV6_SETTLED * 1000 && (await hasSettled(network, plan));
  };
  if (!(await until(settled, SETTLES_WITHIN))) {
    throw new Error('IPv6 does not come to rest');
  }
}

/** States of a neighbour that somebody is waiting for or asking (ip-neighbour(8)). */
const ASKING = /\b(INCOMPLETE|DELAY|PROBE)\b/;

async function hasSettled(network: NamespaceNetwork, plan: NetworkPlan): Promise<boolean> {
  const advertised = plan.machines.some(({ advertises }) => advertises !== undefined);
  const machines = await Promise.all(
    plan.machines.filter(hasIpv6).map(async machine => {
      const show = async (what: string): Promise<string> =>
        (await network.run(machine.name, 'ip', '-6', '-o', what, 'show')).output;
      const [addresses, neighbours] = await Promise.all([show('address'), show('neighbour')]);
      const configured = !advertised || addresses.includes('scope global');
      return configured && !addresses.includes('tentative') && !ASKING.test(neighbours);
    }),
  );
  return machines.every(Boolean);
}

/** Waits until no frame has come for a while, at most ten such whiles: nothing in these networks talks for ever. */
async function quiet(network: NamespaceNetwork): Promise<void> {
  const seen = (): number => [...network.points.values()].reduce((sum, frames) => sum + frames.length, 0);
  for (let tries = 0; tries < 10; tries++) {
    const before = seen();
    if (!(await until(() => seen() > before, AFTERMATH * 1000))) {
      return;
    }
  }
}
