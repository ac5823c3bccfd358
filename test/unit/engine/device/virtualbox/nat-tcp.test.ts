import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../../../src/engine/network';
import type { Stack } from '../../../../../src/engine/stack/stack';
import type { ConnectionFailure } from '../../../../../src/engine/stack/tcp/control-block';
import type { TcpHandler, TcpSocket } from '../../../../../src/engine/stack/tcp/socket';
import type {
  ResolvedPortForward,
  ResolvedVirtualBoxNat,
  VirtualBoxVersion,
} from '../../../../../src/topology/resolved';
import { TCP_FLAG, tcpFlags } from '../../../../../src/wire/tcp';
import { dontFragmentOf, IP, long, PAYLOAD, sourceOf, tosOf, ttlOf, word } from '../../packets';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { ip, natTopology } from '../../topologies';
import { NatBench } from './nat-bench';

const ALL = ['6.1', '7.0', '7.1', '7.2'] as const;

/** A program at one end of a connection: keeps what it hears. */
class Program implements TcpHandler {
  readonly events: string[] = [];
  readonly chunks: Uint8Array[] = [];
  socket: TcpSocket | undefined;

  connected(socket: TcpSocket): void {
    this.socket = socket;
    this.events.push('connected');
  }

  data(_socket: TcpSocket, data: Uint8Array): void {
    this.chunks.push(data.slice());
  }

  peerClosed(): void {
    this.events.push('peer closed');
  }

  closed(): void {
    this.events.push('closed');
  }

  failed(_socket: TcpSocket, why: ConnectionFailure): void {
    this.events.push(why);
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** The laptop at home with two guests behind NAT, and web.example on the internet. */
class World {
  readonly recorder = new Recorder();
  readonly network;
  readonly guest: Stack;
  readonly laptop: Stack;
  readonly web: Stack;
  private readonly engine: number;

  constructor(version: VirtualBoxVersion, more: Partial<ResolvedVirtualBoxNat> = {}) {
    const plain = natTopology(version);
    const devices = plain.devices.map(device =>
      device.kind === 'virtualbox-nat' && device.vmName === 'nat-1' ? { ...device, ...more } : device,
    );
    this.network = createNetwork({ ...plain, devices }, { seed: 3, observer: this.recorder });
    this.network.boot();
    this.network.runUntil(20 * SECOND);
    this.guest = this.network.stackOf('nat-1')!;
    this.laptop = this.network.stackOf('laptop')!;
    this.web = this.network.stackOf('internet')!;
    this.engine = this.network.ports.findIndex(({ device }) => device === 'nat-1:1/nat');
    this.recorder.records.length = 0;
  }

  run(seconds: number): void {
    this.network.runUntil(this.network.now + Math.round(seconds * SECOND));
  }

  listen(stack: Stack, port: number): Program {
    const program = new Program();
    stack.tcp.listen({ port, accept: () => program });
    return program;
  }

  connect(stack: Stack, address: string, port: number): Program {
    const program = new Program();
    stack.tcp.connect({ remote: { address: ip(address), port }, handler: program });
    return program;
  }

  /** TCP frames that the engine sent to the guest. */
  toGuest(): Uint8Array[] {
    return this.recorder.sent.flatMap(({ port, bytes }) =>
      port === this.engine && bytes[IP + 9] === 6 ? [bytes] : [],
    );
  }

  get laptopAddress(): string {
    return '192.168.1.' + String(this.laptop.interfaces[0]!.primaryAddress! & 255);
  }
}

const flagsOf = (bytes: Uint8Array) => tcpFlags(bytes, PAYLOAD);
const { syn, ack, rst } = TCP_FLAG;
const bytes = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);

/** Gives all of this to a socket, as it takes it. */
function sendAll(program: Program, data: Uint8Array): void {
  let sent = 0;
  const { socket } = program;
  const writable = () => {
    sent += socket!.send(data.subarray(sent));
    if (sent === data.length) {
      socket!.finish();
    }
  };
  socket!.handler = {
    data: (from, chunk) => program.data(from, chunk),
    peerClosed: () => program.peerClosed(),
    closed: () => program.closed(),
    failed: (from, why) => program.failed(from, why),
    writable,
  };
  writable();
}

describe.each(ALL)('a connection out of a guest of %s', version => {
  it('is answered when the host is connected, not before, with MSS alone', () => {
    const world = new World(version);
    world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    expect(client.events).toEqual(['connected']);
    const [synAck] = world.toGuest();
    expect(flagsOf(synAck!)).toBe(syn | ack);
    // Data offset 6: one option, MSS 1460 (0x05b4).
    expect(synAck![PAYLOAD + 12]! >>> 4).toBe(6);
    expect([...synAck!.subarray(PAYLOAD + 20)]).toEqual([2, 4, 0x05, 0xb4]);
    expect(word(synAck!, PAYLOAD + 14)).toBe(65_535);
    expect([ttlOf(synAck!), tosOf(synAck!), dontFragmentOf(synAck!)]).toEqual([64, 0, false]);
    // The server's own SYN-ACK reached the laptop first.
    const times = world.recorder.sent.flatMap(({ bytes: sent, time }) =>
      sent[IP + 9] === 6 && flagsOf(sent) === (syn | ack) ? [[sourceOf(sent), time] as const] : [],
    );
    expect(times.length).toBeGreaterThan(1);
    expect(times.at(-1)![1]).toBe(Math.max(...times.map(([, time]) => time)));
  });

  it('is the host’s outside: its address, a port of its own, its options', () => {
    const world = new World(version);
    const server = world.listen(world.web, 80);
    world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    expect(server.events).toEqual(['connected']);
    const out = world.recorder.sent.find(
      ({ bytes: sent }) => sent[IP + 9] === 6 && sourceOf(sent) === world.laptopAddress,
    );
    // Linux's five options: MSS, SACK permitted, timestamps, no-operation, window scale.
    expect(out!.bytes[PAYLOAD + 12]! >>> 4).toBe(10);
    expect(word(out!.bytes, PAYLOAD)).toBeGreaterThanOrEqual(32_768);
  });

  it('begins at sequence numbers that count', () => {
    const world = new World(version);
    world.listen(world.web, 80);
    world.connect(world.guest, '203.0.113.10', 80);
    world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    const numbers = world
      .toGuest()
      .filter(each => flagsOf(each) === (syn | ack))
      .map(each => long(each, PAYLOAD + 4));
    expect(numbers[1]! - numbers[0]!).toBe(64_000);
    expect(numbers[0]! % 64_000).toBe(1);
  });

  it('carries a megabyte each way, and ends in order', () => {
    const world = new World(version);
    const server = world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    const up = bytes(1_000_000);
    const down = bytes(700_000).reverse();
    sendAll(client, up);
    sendAll(server, down);
    world.run(60);
    expect([server.received.length, client.received.length]).toEqual([up.length, down.length]);
    expect(server.received.equals(up)).toBe(true);
    expect(client.received.equals(down)).toBe(true);
    expect(client.events).toEqual(['connected', 'peer closed', 'closed']);
    expect(server.events).toEqual(['connected', 'peer closed', 'closed']);
  });

  it('says in every segment that the whole buffer is free, since the host has taken what came', () => {
    const world = new World(version);
    world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    client.socket!.send(bytes(76));
    world.run(1);
    client.socket!.send(bytes(5000));
    world.run(1);
    expect(new Set(world.toGuest().map(each => word(each, PAYLOAD + 14)))).toEqual(new Set([65_535]));
  });

  it('half closed goes on the other way', () => {
    const world = new World(version);
    const server = world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    client.socket!.finish();
    world.run(1);
    expect(server.events).toEqual(['connected', 'peer closed']);
    server.socket!.send(bytes(5000));
    world.run(1);
    expect(client.received).toHaveLength(5000);
    server.socket!.finish();
    world.run(1);
    expect(client.events).toEqual(['connected', 'peer closed', 'closed']);
  });

  it('waits for a guest that does not read: the server is held back', () => {
    const world = new World(version);
    const server = world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    client.socket!.pause();
    const down = bytes(8_000_000);
    sendAll(server, down);
    world.run(30);
    expect(server.events).toEqual(['connected']);
    expect(server.socket!.room).toBe(0);
    client.socket!.resume();
    world.run(60);
    expect(client.received.equals(down)).toBe(true);
  }, 30_000);

  it('to a closed port is refused with RST and ACK, after the host was', () => {
    const world = new World(version);
    const client = world.connect(world.guest, '203.0.113.10', 81);
    world.run(1);
    expect(client.events).toEqual(['refused']);
    const [answer] = world.toGuest();
    expect(flagsOf(answer!)).toBe(rst | ack);
    expect(ttlOf(answer!)).toBe(version === '6.1' || version === '7.0' ? 255 : 64);
  });

  it('is reset when the server resets', () => {
    const world = new World(version);
    const server = world.listen(world.web, 80);
    const client = world.connect(world.guest, '203.0.113.10', 80);
    world.run(1);
    server.socket!.abort();
    world.run(1);
    expect(client.events).toEqual(['connected', 'reset']);
  });

  it('where nobody is comes back as unreachable host, without any route as unreachable network', () => {
    const world = new World(version);
    const engine = world.network.ports.findIndex(({ device }) => device === 'nat-1:1/nat');
    const client = world.connect(world.guest, '192.168.1.77', 80);
    world.run(10);
    expect(client.events).toEqual(['unreachable']);
    expect(world.recorder.lines(engine)).toContain('10.0.2.2 > 10.0.2.15 icmp 3/1');
    world.laptop.routes.remove(({ origin }) => origin === 'dhcp');
    expect(world.connect(world.guest, '203.0.113.10', 80).events).toEqual([]);
    world.run(1);
    expect(world.recorder.lines(engine)).toContain('10.0.2.2 > 10.0.2.15 icmp 3/0');
  });
});

describe('the host’s own services', () => {
  const reached = (version: VirtualBoxVersion, more: Partial<ResolvedVirtualBoxNat> = {}) => {
    const world = new World(version, more);
    world.listen(world.laptop, 22);
    const client = world.connect(world.guest, '10.0.2.2', 22);
    world.run(3);
    return client.events[0] ?? 'silence';
  };

  it('are at .2 always in 6.1, from 7.0 on where that is switched on', () => {
    expect(reached('6.1')).toBe('connected');
    for (const version of ['7.0', '7.1', '7.2'] as const) {
      expect(reached(version)).toBe('silence');
      expect(reached(version, { localhostReachable: true })).toBe('connected');
    }
  });

  it('7.0 takes host 2 of any network for them, 6.1 and later releases do not', () => {
    const events = (version: VirtualBoxVersion) => {
      const world = new World(version);
      world.web.ip.addLocal(ip('198.18.0.2'));
      world.listen(world.web, 80);
      const client = world.connect(world.guest, '198.18.0.2', 80);
      world.run(3);
      return client.events[0] ?? 'silence';
    };
    expect(ALL.map(events)).toEqual(['connected', 'silence', 'connected', 'connected']);
  });
});

describe.each(ALL)('a port forward of %s', version => {
  const rule = (more: Partial<ResolvedPortForward> = {}): ResolvedPortForward => ({
    name: 'ssh',
    protocol: 'tcp',
    outsidePort: 2222,
    insidePort: 22,
    source: [],
    ...more,
  });

  it('leads a machine of the LAN to the guest, which sees who it is', () => {
    const world = new World(version, { forwards: [rule()] });
    const server = world.listen(world.guest, 22);
    const client = world.connect(world.network.stackOf('home-router')!, world.laptopAddress, 2222);
    world.run(2);
    expect([client.events, server.events]).toEqual([['connected'], ['connected']]);
    expect(server.socket!.remote).toEqual({ address: ip('192.168.1.1'), port: client.socket!.local.port });
    client.socket!.send(bytes(3000));
    server.socket!.send(bytes(2000));
    world.run(1);
    expect([server.received.length, client.received.length]).toEqual([3000, 2000]);
  });

  it('leads the host itself in as .2', () => {
    const world = new World(version, { forwards: [rule()] });
    const server = world.listen(world.guest, 22);
    const client = world.connect(world.laptop, '127.0.0.1', 2222);
    world.run(2);
    expect(client.events).toEqual(['connected']);
    expect(server.socket!.remote.address).toBe(ip('10.0.2.2'));
    client.socket!.send(bytes(10));
    world.run(1);
    expect(server.received).toHaveLength(10);
  });

  it('takes up what its client says when the guest has answered, behind an acknowledgment of its own', () => {
    const world = new World(version, { forwards: [rule()] });
    const server = world.listen(world.guest, 22);
    world.laptop.tcp.connect({
      remote: { address: ip('127.0.0.1'), port: 2222 },
      handler: { connected: socket => socket.send(bytes(77)) },
    });
    world.run(2);
    expect(server.received).toHaveLength(77);
    const lengths = world.toGuest().map(each => word(each, IP + 2) - 20 - (each[PAYLOAD + 12]! >>> 4) * 4);
    expect(lengths).toEqual([0, 0, 77]);
  });

  it('connects on the host though the guest refuses, and is reset then', () => {
    const world = new World(version, { forwards: [rule()] });
    const client = world.connect(world.network.stackOf('home-router')!, world.laptopAddress, 2222);
    world.run(2);
    expect(client.events).toEqual(['connected', 'reset']);
  });

  it('listens on the address of its rule alone', () => {
    const world = new World(version, { forwards: [rule({ outsideAddress: ip('127.0.0.1') })] });
    world.listen(world.guest, 22);
    const outside = world.connect(world.network.stackOf('home-router')!, world.laptopAddress, 2222);
    const inside = world.connect(world.laptop, '127.0.0.1', 2222);
    world.run(2);
    expect([outside.events, inside.events]).toEqual([['refused'], ['connected']]);
  });

  it('of UDP shows the sender as it is, and the answer comes from the forward’s port', () => {
    const world = new World(version, {
      forwards: [rule({ protocol: 'udp', name: 'dns', outsidePort: 5353, insidePort: 53 })],
    });
    const heard: string[] = [];
    const service = world.guest.udp.open(53, {
      datagram: (data, from, port) => {
        heard.push(String(from));
        service.send(data, from, port);
      },
    })!;
    const answers: number[] = [];
    for (const stack of [world.network.stackOf('home-router')!, world.laptop]) {
      const to = stack === world.laptop ? '127.0.0.1' : world.laptopAddress;
      stack.udp
        .open(7000, { datagram: (_data, _from, port) => answers.push(port) })!
        .send(bytes(4), ip(to), 5353);
    }
    world.run(2);
    expect(heard.sort()).toEqual([ip('192.168.1.1'), ip('10.0.2.2')].map(String).sort());
    expect(answers).toEqual([5353, 5353]);
  });
});

describe('port forwards and who else listens on the host', () => {
  const rule = (name: string, protocol: 'tcp' | 'udp', outsidePort: number, outsideAddress?: string) => ({
    ...{ name, protocol, outsidePort, insidePort: 80, source: [] },
    ...(outsideAddress !== undefined && { outsideAddress: ip(outsideAddress) }),
  });

  it('a port that is taken stays with who has it', () => {
    const bench = new NatBench('7.2', { forwards: [rule('taken', 'udp', 9000), rule('free', 'udp', 9001)] });
    const heard: number[] = [];
    bench.stack.udp.open(9000, { datagram: data => heard.push(data.length) });
    bench.engine.boot();
    bench.stack.udp.open(0, { datagram: () => undefined })!.send(new Uint8Array(7), ip('127.0.0.1'), 9000);
    bench.run(0.1);
    expect(heard).toEqual([7]);
    expect(bench.stack.udp.open(9001, { datagram: () => undefined })).toBeUndefined();
  });

  it('one port can be forwarded at two of the host’s addresses', () => {
    const forwards = [rule('one', 'udp', 9000, '127.0.0.1'), rule('two', 'udp', 9000, '192.168.1.5')];
    const bench = new NatBench('7.2', { forwards });
    bench.engine.boot();
    for (const address of ['127.0.0.1', '192.168.1.5']) {
      expect(bench.stack.udp.openAt(ip(address), 9000, { datagram: () => undefined })).toBeUndefined();
    }
    expect(bench.stack.udp.openAt(ip('192.168.1.6'), 9000, { datagram: () => undefined })).toBeDefined();
  });
});
