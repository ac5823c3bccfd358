import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  CaptureEvent,
  CaptureFileState,
} from '../../../../src/simulation/capture-file/capture-protocol';
import { CaptureViewer } from '../../../../src/simulation/capture-file/capture-viewer';
import type { PacketDetails, PacketRow, SimulationRequest } from '../../../../src/simulation/protocol';
import { Simulation } from '../../../../src/simulation/simulation';
import { readTopology } from '../../../../src/topology/topology-file';
import { BlockWriter, DIRECTION } from '../../../../src/trace/pcapng-blocks';
import { readCapture } from '../../../../src/trace/pcap-reader';

/** A capture file opened by a user, who uses every batch at once. */
class Opened {
  readonly events: CaptureEvent[] = [];
  readonly matches: number[] = [];
  records = 0;
  private wall = 0;
  private readonly viewer: CaptureViewer;

  constructor(
    file: Uint8Array,
    {
      slice = 1000,
      packets = 1_000_000,
      bytes = 1e9,
    }: { slice?: number; packets?: number; bytes?: number } = {},
  ) {
    this.viewer = new CaptureViewer(
      { post: event => this.take(event), wallTime: () => (this.wall += 0.01) },
      { packets, bytes },
    );
    this.viewer.begins(file.length);
    for (let at = 0; at < file.length && this.viewer.take(file.subarray(at, at + slice)); at += slice) {
      this.viewer.tick();
    }
    this.viewer.ends();
    this.settle();
  }

  ask(request: SimulationRequest): void {
    this.viewer.handle(request);
    this.settle();
  }

  tellAgain(): void {
    this.records = 0;
    this.viewer.tellAgain();
    this.settle();
  }

  get state(): CaptureFileState {
    return this.last('capture-file')!;
  }

  get interfaces(): CaptureFileState['interfaces'] {
    return this.events
      .filter(event => event.type === 'capture-file')
      .findLast(event => event.interfaces !== undefined)?.interfaces;
  }

  last<T extends CaptureEvent['type']>(type: T): Extract<CaptureEvent, { type: T }> | undefined {
    return this.events.findLast((event): event is Extract<CaptureEvent, { type: T }> => event.type === type);
  }

  rows(): readonly PacketRow[] {
    this.ask({ type: 'rows', request: 1, first: 0, count: 1000 });
    return this.last('rows')!.rows;
  }

  packet(number: number): PacketDetails | undefined {
    this.ask({ type: 'packet', request: 1, number });
    return this.last('packet')!.packet;
  }

  filter(text: string, port?: readonly [string, string]): readonly number[] {
    this.matches.length = 0;
    const point = port
      ? ({ kind: 'interface', device: port[0], port: port[1] } as const)
      : ({ kind: 'everywhere' } as const);
    this.ask({ type: 'filter', filter: 1, text, point });
    return this.matches;
  }

  private settle(): void {
    for (let turns = 0; turns < 10_000 && this.viewer.tick() !== undefined; turns++) {
      // The work is done by the condition.
    }
  }

  private take(event: CaptureEvent): void {
    this.events.push(event);
    if (event.type === 'records') {
      this.records += event.count;
      this.viewer.handle({ type: 'acknowledge', batch: event.batch });
    }
    if (event.type === 'matches') {
      const view = new DataView(event.data);
      for (let at = 0; at < event.data.byteLength; at += 4) {
        this.matches.push(view.getUint32(at, true));
      }
      this.viewer.handle({ type: 'acknowledge-matches', batch: event.batch });
    }
  }
}

function captureOfSample(name: string): Uint8Array {
  const { topology } = readTopology(readFileSync(`media/samples/${name}.vnet.yaml`, 'utf8'));
  const simulation = new Simulation(topology!);
  simulation.runOn(3600e9);
  return simulation.capture();
}

const file = captureOfSample('nat-types');
const { packets, interfaces } = readCapture(file);

/** 14 bytes of Ethernet for a type that nobody knows. */
const FRAME = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 1, 2, 3, 4);

function pcap(linkType: number, frames: readonly { bytes: Uint8Array; original?: number }[]): Uint8Array {
  const parts = frames.map(({ bytes, original }, index) => {
    const header = new DataView(new ArrayBuffer(16));
    [1_700_000_000 + index, 250_000, bytes.length, original ?? bytes.length].forEach((value, at) =>
      header.setUint32(at * 4, value, true),
    );
    return Buffer.concat([Buffer.from(header.buffer), bytes]);
  });
  const head = new DataView(new ArrayBuffer(24));
  [0xa1b2c3d4, 0x00040002, 0, 0, 262_144, linkType].forEach((value, at) =>
    head.setUint32(at * 4, value, true),
  );
  return Buffer.concat([Buffer.from(head.buffer), ...parts]);
}

describe('an opened capture file', () => {
  const opened = new Opened(file);

  it('has every packet of the file, with its interface and its time since the first', () => {
    expect(opened.records).toBe(packets.length);
    expect(opened.state).toMatchObject({ done: true, read: file.length, size: file.length });
    expect(opened.state.problem).toBeUndefined();
    const first = packets[0]!.time;
    expect(opened.rows().map(({ number, time, from, length }) => ({ number, time, from, length }))).toEqual(
      packets.slice(0, 1000).map((packet, number) => ({
        number,
        time: Number(packet.time - first),
        from: interfaces[packet.interface]!.name,
        length: packet.originalLength,
      })),
    );
  });

  it('tells all about one packet: layers, bytes, direction, comments and the time of day', () => {
    const dropped = packets.findIndex(({ comments }) => comments.length > 0);
    const packet = opened.packet(dropped)!;
    const expected = packets[dropped]!;
    expect(packet.bytes).toEqual(expected.bytes);
    expect(packet.layers[0]?.name).toBe('eth');
    expect(packet.captured).toEqual({
      time: {
        seconds: Number(expected.time / 1_000_000_000n),
        nanoseconds: Number(expected.time % 1_000_000_000n),
      },
      length: expected.bytes.length,
      comments: expected.comments,
      direction: expected.direction,
    });
    expect(opened.packet(packets.length)).toBeUndefined();
  });

  it('is filtered by fields and by interface', () => {
    const syns = opened.filter('tcp.flags.syn == 1 && tcp.flags.ack == 0');
    expect(syns.length).toBeGreaterThan(3);
    const name = opened.rows()[syns[0]!]!.from;
    const colon = name.indexOf(':');
    const here = opened.filter('', [name.slice(0, colon), name.slice(colon + 1)]);
    expect(here).toEqual(
      packets.flatMap((packet, index) => (interfaces[packet.interface]!.name === name ? [index] : [])),
    );
    expect(opened.filter(`frame.interface_name == "${name}"`)).toEqual(here);
  });

  it('has its streams followed and its packets counted', () => {
    const [record] = opened.filter('http.request');
    opened.ask({ type: 'follow', request: 7, record: record! });
    expect(opened.last('stream')?.stream?.parts.length).toBeGreaterThan(1);
    opened.ask({ type: 'statistics', request: 8 });
    opened.ask({ type: 'statistics', request: 9 });
    expect(opened.last('statistics')?.statistics).toMatchObject({
      looked: packets.length,
      packets: packets.length,
    });
  });

  it('tells everything again to a page that was reloaded', () => {
    opened.tellAgain();
    expect(opened.records).toBe(packets.length);
    expect(opened.interfaces?.length).toBe(interfaces.length);
  });
});

describe('a capture file with an edge', () => {
  it('shows all before the damage, and says at which byte that begins', () => {
    const whole = pcap(1, [{ bytes: FRAME }, { bytes: FRAME }]);
    const cut = new Opened(whole.subarray(0, whole.length - 3));
    expect(cut.records).toBe(1);
    expect(cut.state.problem).toEqual({ kind: 'truncated', at: 24 + 16 + FRAME.length });
    const damaged = Buffer.from(whole);
    damaged.writeUInt32LE(0x70707070, 24 + 16 + FRAME.length + 8);
    const opened = new Opened(damaged, { slice: 7 });
    expect(opened.records).toBe(1);
    expect(opened.state.problem).toEqual({ kind: 'bad-block', at: 24 + 16 + FRAME.length });
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a text', new TextEncoder().encode('This is a letter and no capture at all.')],
  ])('says of %s that it is no capture', (_, bytes) => {
    const opened = new Opened(bytes);
    expect(opened.records).toBe(0);
    expect(opened.state).toMatchObject({ done: true, problem: { kind: 'not-a-capture', at: 0 } });
  });

  it('shows frames of an unknown link type as data', () => {
    const opened = new Opened(pcap(147, [{ bytes: FRAME }]));
    expect(opened.packet(0)?.layers.map(({ name }) => name)).toEqual(['data']);
    expect(opened.rows()[0]).toMatchObject({ length: FRAME.length });
  });

  it('tells how long a packet was that was cut', () => {
    const opened = new Opened(pcap(1, [{ bytes: FRAME, original: 1514 }]));
    expect(opened.rows()[0]?.length).toBe(1514);
    expect(opened.packet(0)?.captured?.length).toBe(FRAME.length);
    expect(opened.packet(0)?.captured?.time).toEqual({ seconds: 1_700_000_000, nanoseconds: 250_000_000 });
  });

  it('keeps the first part of a file that has more packets or bytes than there is room for', () => {
    const frames = Array.from({ length: 20 }, () => ({ bytes: FRAME }));
    const few = new Opened(pcap(1, frames), { packets: 5 });
    expect(few.records).toBe(5);
    expect(few.state.problem).toEqual({ kind: 'too-large', at: 24 + 5 * (16 + FRAME.length) });
    const big = Array.from({ length: 40 }, () => ({ bytes: new Uint8Array(65_000) }));
    const little = new Opened(pcap(1, big), { bytes: 1_000_000 });
    expect(little.state.problem?.kind).toBe('too-large');
    expect(little.records).toBeGreaterThan(5);
    expect(little.packet(0)?.bytes.length).toBe(65_000);
  });

  it('names interfaces with and without a device, and those without a name by their number', () => {
    const writer = new BlockWriter();
    writer.sectionHeader('test');
    for (const name of ['router:lan', 'eth0', '', ':odd', 'odd:']) {
      writer.interfaceDescription(name, '');
    }
    writer.enhancedPacket(1, 5, FRAME, DIRECTION.inbound, []);
    const opened = new Opened(writer.take());
    expect(opened.interfaces).toEqual([
      { device: 'router', port: 'lan' },
      { device: 'eth0', port: '' },
      { device: '#2', port: '' },
      { device: ':odd', port: '' },
      { device: 'odd:', port: '' },
    ]);
    expect(opened.rows()[0]?.from).toBe('eth0');
    expect(opened.filter('frame.interface_name == "eth0"')).toEqual([0]);
  });

  it('says in each row what the file says about its packet, and colours it', () => {
    const writer = new BlockWriter();
    writer.sectionHeader('test');
    writer.interfaceDescription('eth0', '');
    const notes = ['dropped: firewall', '谁先来？'].map(text => new TextEncoder().encode(text));
    writer.enhancedPacket(0, 5, FRAME, DIRECTION.inbound, notes);
    writer.enhancedPacket(0, 6, FRAME, DIRECTION.inbound, []);
    const opened = new Opened(writer.take());
    opened.ask({
      type: 'colour-rules',
      rules: [{ name: 'noted', filter: 'frame.comment', colour: 'green' }],
    });
    expect(opened.rows().map(({ comment }) => comment)).toEqual(['dropped: firewall\n谁先来？', undefined]);
    expect(opened.rows().map(({ colouring }) => colouring?.colour)).toEqual(['green', undefined]);
    expect(opened.packet(0)?.row.colouring).toEqual({ rule: 'noted', colour: 'green' });
    expect(opened.filter('frame.comment contains "谁"')).toEqual([0]);
  });

  it('never fails, whatever bytes are in it and however they are cut', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc
        .tuple(
          fc.constantFrom(pcap(1, [{ bytes: FRAME }, { bytes: FRAME }]), file.subarray(0, 4000)),
          fc.nat(),
          fc.nat(255),
        )
        .map(([good, at, value]) => {
          const bad = Uint8Array.from(good);
          bad[at % bad.length] = value;
          return bad;
        }),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 97 }), (content, slice) => {
        const opened = new Opened(content, { slice });
        expect(opened.last('failed')).toBeUndefined();
        expect(opened.state.done).toBe(true);
        expect(opened.records).toBe(readCapture(content).packets.length);
        opened.rows();
      }),
      { numRuns: 60 },
    );
  });
});
