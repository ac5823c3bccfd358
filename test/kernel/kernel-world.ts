/** Does the actions with the Linux kernel and its real programs. */
import { AFTERMATH, PING_INTERVAL, PING_PATIENCE, type Action, type EchoService } from './action';
import type { Capture } from './capture';
import { until } from './child-processes';
import { NamespaceNetwork } from './namespaces';
import type { NetworkPlan } from './network-plan';

/** ms that a frame which the simulation foretells may take to be seen, counted from the end of the last action. */
const FORETOLD_WITHIN = 3000;

/** A program for node: sends one datagram from an unconnected socket. Arguments: own port, address, port, text, whether to wait. */
const SEND_DATAGRAM = `
const [ownPort, address, port, text, answered] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
const silence = setTimeout(() => process.exit(1), 5000);
const end = () => { clearTimeout(silence); socket.close(); };
socket.on('message', end);
socket.bind(Number(ownPort), () => socket.send(text, Number(port), address, () => answered === 'true' || end()));
`;

/** A program for node: sends every datagram back. Argument: the port. */
const ECHO_DATAGRAMS = `
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (data, { address, port }) => socket.send(data, port, address));
socket.bind(Number(process.argv[1]), () => console.log('ready'));
`;

/**
 * @param foretold frames that the other world saw at each point: what to wait for, in vain where the worlds differ
 */
export async function runInKernel(
  plan: NetworkPlan,
  services: readonly EchoService[],
  actions: readonly Action[],
  foretold: ReadonlyMap<string, number>,
): Promise<Capture> {
  const network = await NamespaceNetwork.build(plan);
  try {
    for (const { on, port } of services) {
      await network.serve(on, 'ready', process.execPath, '-e', ECHO_DATAGRAMS, String(port));
    }
    const begun: number[] = [];
    for (const action of actions) {
      begun.push(await nextTick(network));
      await act(network, action, foretold);
    }
    await until(() => hasAll(network, foretold), FORETOLD_WITHIN);
    await quiet(network);
    return { points: network.points, actions: begun };
  } finally {
    await network.close();
  }
}

async function act(
  network: NamespaceNetwork,
  action: Action,
  foretold: ReadonlyMap<string, number>,
): Promise<void> {
  switch (action.kind) {
    case 'ping': {
      const { from, to, count, identifier, size = 56, timeToLive = 64 } = action;
      const numbers = { e: identifier, c: count, i: PING_INTERVAL, W: PING_PATIENCE, s: size, t: timeToLive };
      const options = Object.entries(numbers).flatMap(([name, value]) => [`-${name}`, String(value)]);
      const { status, errors } = await network.run(from, 'ping', '-n', '-q', ...options, to);
      // 1 is no answer, which may be what is due.
      if (status !== 0 && status !== 1) {
        throw new Error(`ping on ${from} ended with ${String(status)}: ${errors}`);
      }
      return;
    }
    case 'datagram': {
      const { from, fromPort, to, toPort, text, answered } = action;
      const args = [String(fromPort), to, String(toPort), text, String(answered)];
      const { status, errors } = await network.run(from, process.execPath, '-e', SEND_DATAGRAM, ...args);
      if (status !== 0) {
        throw new Error(`${answered ? 'no answer to' : 'cannot send'} the datagram from ${from}: ${errors}`);
      }
      return;
    }
    case 'wait':
      await until(() => hasAll(network, foretold), action.seconds * 1000);
      return;
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
