/** UDP and TCP over IPv6 between two stacks, through a router whose far link is narrower. */
import { describe, expect, it } from 'vitest';
import { Port } from '../../../../../src/engine/kernel/port';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import { Stack } from '../../../../../src/engine/stack/stack';
import type { DatagramError } from '../../../../../src/engine/stack/udp-layer';
import { formatIp, type IpAddress } from '../../../../../src/net/ip-address';
import { parseIpv6InterfaceAddress } from '../../../../../src/net/ipv6-prefix';
import { macFromNumber } from '../../../../../src/net/mac-address';
import { frameProblems, pattern } from '../../packets';
import { Recorder } from '../../recorder';
import { cableFor, SECOND } from '../../station';
import { ip, ip6 } from '../../topologies';

const CLIENT = ip6('2001:db8:1::2');
const SERVER = ip6('2001:db8:2::2');

/** Client and server with a router between them, whose second link carries packets of 1400 bytes. */
class Routed {
  readonly recorder = new Recorder();
  readonly simulator = new Simulator(1, this.recorder);
  readonly client = this.host('client', ['2001:db8:1::2/64'], '2001:db8:1::1');
  readonly router = this.host('router', ['2001:db8:1::1/64', '2001:db8:2::1/64']);
  readonly server = this.host('server', ['2001:db8:2::2/64'], '2001:db8:2::1');
  private ports = 0;

  constructor() {
    this.join(this.client, 0, this.router, 0);
    this.join(this.router, 1, this.server, 0);
    this.run(4);
  }

  run(seconds: number): void {
    this.simulator.runUntil(this.simulator.now + seconds * SECOND);
  }

  private host(name: string, addresses: readonly string[], gateway?: string): Stack {
    const stack = new Stack(this.simulator, name, false, undefined);
    addresses.forEach((address, index) => {
      const narrow = address.startsWith('2001:db8:2:');
      const mac = macFromNumber(0x0200_0000_0000 + name.charCodeAt(0) * 256 + index);
      const on = stack.addInterface(`eth${index}`, mac, narrow ? 1400 : 1500, 0);
      const config = {
        addresses: [parseIpv6InterfaceAddress(address)!],
        autoconfiguration: false,
        statelessDhcp: false,
        ...(gateway === undefined ? {} : { gateway: ip6(gateway) }),
      };
      stack.enableIpv6(on, config, addresses.length > 1);
    });
    return stack;
  }

  private join(one: Stack, first: number, other: Stack, second: number): void {
    const interfaces = [one.interfaces[first]!, other.interfaces[second]!];
    const ends = interfaces.map(on => {
      const port = new Port(this.simulator, this.ports++, on);
      on.port = port;
      return port;
    });
    ends[0]!.connect(ends[1]!, cableFor(this.simulator));
    interfaces.forEach(on => on.stateChanged());
  }
}

describe('UDP over IPv6', () => {
  it('carries datagrams of any size both ways, in fragments where they are too large', () => {
    const hosts = new Routed();
    const heard: string[] = [];
    const server = hosts.server.udp.openDual(7, {
      datagram: (data, from, fromPort, to, on) => {
        heard.push(`${formatIp(from)} > ${formatIp(to)} ${data.length}`);
        server?.send(data, from, fromPort, to, on);
      },
    });
    const echoed: Uint8Array[] = [];
    const socket = hosts.client.udp.openDual(0, { datagram: data => echoed.push(data.slice()) })!;
    const sent = [pattern(10), pattern(3000)];
    sent.forEach(data => socket.send(data, SERVER, 7));
    hosts.run(1);
    expect(heard).toEqual(['2001:db8:1::2 > 2001:db8:2::2 10']);
    // The router said what its link carries: the next one fits.
    socket.send(sent[1]!, SERVER, 7);
    hosts.run(1);
    expect(heard).toHaveLength(2);
    expect(echoed).toEqual(sent);
    expect(hosts.recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('tells a socket that nobody listens', () => {
    const hosts = new Routed();
    const errors: DatagramError<IpAddress>[] = [];
    const socket = hosts.client.udp.openDual(0, {
      datagram: () => undefined,
      unreachable: error => errors.push(error),
    })!;
    socket.send(pattern(4), SERVER, 9999);
    hosts.run(1);
    expect(errors).toEqual([{ to: SERVER, toPort: 9999, from: SERVER, type: 1, code: 4 }]);
  });

  it('shares a port with nobody of the same version', () => {
    const { client } = new Routed();
    const receiver = { datagram: () => undefined };
    expect(client.udp.open(53, receiver)).toBeDefined();
    expect(client.udp.openDual(53, receiver)).toBeUndefined();
    const only = client.udp.openIpv6(53, receiver);
    expect(only).toBeDefined();
    only!.close();
    expect(client.udp.openIpv6(53, receiver)).toBeDefined();
    expect(client.udp.openDual(54, receiver)!.send(pattern(1), ip('10.0.0.1'), 9)).toBe(false);
  });
});

describe('TCP over IPv6', () => {
  it('connects, learns the path MTU, and transfers everything', () => {
    const hosts = new Routed();
    const received: number[] = [];
    hosts.server.tcp.listen({ port: 80, accept: () => ({ data: (_, data) => received.push(...data) }) });
    const sent = pattern(20_000);
    let remote = '';
    hosts.client.tcp.connect({
      remote: { address: SERVER, port: 80 },
      handler: {
        connected: socket => {
          remote = 'connected';
          socket.send(sent);
        },
      },
    });
    hosts.run(10);
    expect(remote).toBe('connected');
    expect(Uint8Array.from(received)).toEqual(sent);
    const longest = Math.max(...hosts.recorder.sent.map(({ bytes }) => bytes.length));
    expect(longest).toBeLessThanOrEqual(14 + 1500);
    expect(hosts.client.ipv6!.sender.sourceFor(SERVER)).toBe(CLIENT);
    expect(hosts.recorder.sent.flatMap(({ bytes }) => frameProblems(bytes))).toEqual([]);
  });

  it('is refused by a port where nobody listens', () => {
    const hosts = new Routed();
    const ends: string[] = [];
    const handler = { failed: (_: unknown, why: string) => ends.push(why) };
    hosts.client.tcp.connect({ remote: { address: SERVER, port: 81 }, handler });
    hosts.run(5);
    expect(ends).toEqual(['refused']);
  });
});
