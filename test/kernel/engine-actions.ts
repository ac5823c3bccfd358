/** Each action as a program inside the simulation does it. */
import type { NetworkControl } from '../../src/engine/network';
import { NO_CAUSE } from '../../src/engine/kernel/traffic-observer';
import { parseIpv4 } from '../../src/net/ipv4-address';
import { parsePrefix } from '../../src/net/ipv4-prefix';
import { isIpv4 } from '../../src/net/ip-address';
import { Ping } from '../../src/engine/stack/ping';
import { LINUX, SECOND } from '../../src/engine/stack/linux-policy';
import type { Stack } from '../../src/engine/stack/stack';
import type { TcpHandler, TcpSocket } from '../../src/engine/stack/tcp/socket';
import { DnsForwarder } from '../../src/engine/stack/dns/forwarder';
import { DnsZone } from '../../src/engine/stack/dns/zone';
import { UDP_PORT } from '../../src/wire/udp';
import { questionBytes } from './question';
import { PING_INTERVAL, PING_PATIENCE, requestLine } from './action';
import type {
  Action,
  ByteService,
  ConnectAction,
  DhcpService,
  LeaseAction,
  NameService,
  QuestionAction,
  DatagramAction,
  PingAction,
  Service,
} from './action';
import { ipAddress } from './planned-topology';

/** ns that a program takes to answer: longer than a frame takes through the whole network, as the scheduler of a real machine does. */
const PROGRAM_TIME = SECOND / 2000;

/** ns that a program takes to start: longer than a host takes to say which groups it joined. */
const MEMBERSHIP_TIME = SECOND / 50;

/** ns for which a resolver asks. */
const LOOKUP_PATIENCE = 20 * SECOND;

/** Begins an action; `ended` is called from inside the simulation's run, and never for one that only time ends. */
export function begin(network: NetworkControl, action: Action, ended: () => void): void {
  if (action.kind === 'wait') {
    return;
  }
  const stack = stackOf(network, action.from);
  stack.simulator.cause = NO_CAUSE;
  switch (action.kind) {
    case 'ping':
      ping(network, stack, action, ended);
      return;
    case 'datagram':
      sendDatagram(stack, action, ended);
      return;
    case 'traceroute':
      stack.traceroute(ipAddress(action.to), { probesPerHop: 1, probesAtOnce: 1 }, ended);
      return;
    case 'lease':
      lease(network, stack, action, ended);
      return;
    case 'connect':
      connect(network, stack, action, ended);
      return;
    case 'lookup':
      stack.setNameServers([ipAddress(action.server)]);
      stack.resolver.lookup(action.name, LOOKUP_PATIENCE, ended, 'ipv4');
      return;
    case 'frame': {
      const on = stack.interfaces.find(({ name }) => name === action.interface);
      on?.send(new Uint8Array(Buffer.from(action.bytes, 'hex')));
      ended();
      return;
    }
    case 'join':
    case 'leave': {
      const on = stack.interfaces.find(({ name }) => name === action.interface);
      const group = parseIpv4(action.group);
      if (on !== undefined && group !== undefined) {
        stack.igmp[action.kind](group, on);
      }
      network.after(MEMBERSHIP_TIME, ended);
      return;
    }
    case 'question':
      ask(stack, action, ended);
      return;
  }
}

export function serve(network: NetworkControl, service: Service): void {
  const stack = stackOf(network, service.on);
  switch (service.kind) {
    case 'echo':
      serveEcho(stack, service.port);
      return;
    case 'dhcp':
      serveDhcp(stack, service);
      return;
    case 'names':
      serveNames(stack, service);
      return;
    case 'bytes':
      stack.tcp.listen({ port: service.port, accept: () => byteServer(network, service) });
      return;
  }
}

function ping(network: NetworkControl, stack: Stack, action: PingAction, ended: () => void): void {
  const {
    identifier,
    count,
    size = 56,
    timeToLive = LINUX.timeToLive,
    patience = PING_PATIENCE,
    pathMtuDiscovery,
  } = action;
  const destination = ipAddress(action.to);
  if (!isIpv4(destination)) {
    const { ipv6 } = stack;
    if (ipv6 !== undefined) {
      const times = { interval: PING_INTERVAL * SECOND, within: patience * SECOND };
      new Ping(stack.simulator, ipv6.icmp, { destination, count, size, identifier, ...times }, ended).start();
    }
    return;
  }
  if (timeToLive === LINUX.timeToLive && pathMtuDiscovery === undefined) {
    const times = { interval: PING_INTERVAL * SECOND, within: patience * SECOND };
    new Ping(stack.simulator, stack.icmp, { destination, count, size, identifier, ...times }, ended).start();
    return;
  }
  // The simulated ping has no options for these, so the requests are sent by hand.
  let awaited = count;
  const answered = (): void => {
    if (--awaited === 0) {
      ended();
    }
  };
  stack.icmp.openEcho(identifier, { echoReply: answered, echoFailed: answered });
  const options = {
    timeToLive,
    typeOfService: 0,
    dontFragment: pathMtuDiscovery !== 'dont',
    neverFragment: pathMtuDiscovery === 'do',
  };
  for (let sent = 0; sent < count; sent++) {
    network.after(sent * PING_INTERVAL * SECOND, () => {
      // The time of sending in front, as ping has it.
      const data = Uint8Array.from({ length: size }, (_, index) => index);
      data.set(new Uint8Array(new Float64Array([network.now]).buffer).subarray(0, size));
      if (!stack.icmp.sendEcho(identifier, sent + 1, destination, data, options)) {
        // ping waits for answers even to what it could not send.
        network.after(patience * SECOND, answered);
      }
    });
  }
}

function lease(network: NetworkControl, stack: Stack, action: LeaseAction, ended: () => void): void {
  const on = stack.interfaces.find(({ name }) => name === action.interface);
  const look = (): void => {
    if (stack.leases.length > 0) {
      ended();
    } else {
      network.after(PROGRAM_TIME, look);
    }
  };
  if (on !== undefined) {
    stack.startDhcpClient(on);
    look();
  }
}

function serveDhcp(stack: Stack, service: DhcpService): void {
  const on = stack.interfaces.find(({ name }) => name === service.interface);
  const address = parseIpv4(service.address)!;
  const subnet = parsePrefix(service.subnet)!;
  if (on !== undefined) {
    const { leaseSeconds, domain } = service;
    const own = on.primaryAddress;
    const range = { first: address, last: address };
    stack.dhcpServer.serve({
      on,
      subnet,
      ...range,
      leaseSeconds,
      router: own,
      nameServers: own === undefined ? [] : [own],
      domain,
    });
  }
}

function serveNames(stack: Stack, { addresses = [], aliases = [], texts = [], server }: NameService): void {
  const zone = new DnsZone();
  for (const { name, addresses: all } of addresses) {
    all.forEach(address => {
      zone.addAddress(name, ipAddress(address));
    });
  }
  aliases.forEach(({ name, of }) => {
    zone.add({ name, type: 'CNAME', value: of, ttl: 3600 });
  });
  texts.forEach(({ name, text }) => {
    zone.add({ name, type: 'TXT', value: [text].flat().join(''), ttl: 3600 });
  });
  const servers = server === undefined ? [] : [ipAddress(server)];
  new DnsForwarder(stack, () => servers, stack.name, zone);
}

function ask(stack: Stack, action: QuestionAction, ended: () => void): void {
  const socket = stack.udp.open(action.fromPort, {
    datagram: () => {
      socket?.close();
      ended();
    },
  });
  socket?.send(questionBytes(action), parseIpv4(action.server)!, UDP_PORT.dns);
}

function sendDatagram(stack: Stack, action: DatagramAction, ended: () => void): void {
  const end = (): void => {
    socket?.close();
    ended();
  };
  const socket = stack.udp.openDual(action.fromPort, { datagram: end });
  socket?.send(new TextEncoder().encode(action.text), ipAddress(action.to), action.toPort);
  if (!action.answered) {
    end();
  }
}

function connect(network: NetworkControl, stack: Stack, action: ConnectAction, ended: () => void): void {
  const { to, toPort, fromPort, asksFor, then = 'close', givesUpAfter } = action;
  let awaited = asksFor ?? 0;
  const enough = (socket: TcpSocket): void => {
    if (then === 'reset') {
      socket.abort();
      ended();
    } else {
      socket.finish();
    }
  };
  const handler: TcpHandler = {
    connected: socket => {
      if (givesUpAfter !== undefined) {
        network.after(givesUpAfter * SECOND, () => {
          socket.abort();
          ended();
        });
      }
      network.after(PROGRAM_TIME, () => {
        if (asksFor === undefined) {
          enough(socket);
        } else {
          socket.send(new TextEncoder().encode(requestLine(asksFor)));
        }
      });
    },
    data: (socket, data) => {
      awaited -= data.length;
      if (awaited === 0) {
        network.after(PROGRAM_TIME, () => {
          enough(socket);
        });
      }
    },
    peerClosed: socket => {
      network.after(PROGRAM_TIME, () => {
        socket.close();
        ended();
      });
    },
    failed: ended,
  };
  stack.tcp.connect({ remote: { address: ipAddress(to), port: toPort }, localPort: fromPort, handler });
}

function serveEcho(stack: Stack, port: number): void {
  const socket = stack.udp.openDual(port, {
    datagram: (data, from, fromPort, to) => {
      socket?.send(data, from, fromPort, to);
    },
  });
}

function byteServer(network: NetworkControl, { resets = false }: ByteService): TcpHandler {
  return {
    data: (socket, line) => {
      const wanted = Number(/\d+/.exec(new TextDecoder().decode(line))?.[0]);
      network.after(PROGRAM_TIME, () => {
        if (resets) {
          socket.abort();
        } else {
          socket.send(new TextEncoder().encode('A'.repeat(wanted)));
        }
      });
    },
    peerClosed: socket => {
      network.after(PROGRAM_TIME, () => {
        socket.close();
      });
    },
  };
}

function stackOf(network: NetworkControl, device: string): Stack {
  const stack = network.stackOf(device);
  if (stack === undefined) {
    throw new Error(`${device} has no stack`);
  }
  return stack;
}
