import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FASTEST, type CapturePoint, type FollowedStream } from '../../../../src/simulation/protocol';
import { Simulation } from '../../../../src/simulation/simulation';
import { readTopology } from '../../../../src/topology/topology-file';
import type { ResolvedTopology } from '../../../../src/topology/resolved';
import { dissect } from '../../../../src/trace/dissect/dissect';
import { compileFilter } from '../../../../src/trace/filter/filter';
import { StreamIndex } from '../../../../src/trace/streams/stream-index';
import { Stage } from '../stage';

function sample(name: string): ResolvedTopology {
  const text = readFileSync(`media/samples/${name}.vnet.yaml`, 'utf8');
  const { topology } = readTopology(text);
  return topology!;
}

const network = sample('nat-types');

const EVERYWHERE: CapturePoint = { kind: 'everywhere' };

/** A stage at full speed, and what a panel knows of it: records that pass, and how far they were looked at. */
class Watched extends Stage {
  private filters = 0;

  constructor(topology: ResolvedTopology = network) {
    super();
    this.load(topology);
    this.ask({ type: 'speed', speed: FASTEST });
  }

  set(text: string, point: CapturePoint = EVERYWHERE): void {
    this.ask({ type: 'filter', filter: ++this.filters, text, point });
  }

  /** What a panel that heard every event shows. */
  get shown(): { readonly numbers: readonly number[]; readonly looked: number } {
    let numbers: number[] = [];
    let looked = 0;
    for (const event of this.events) {
      if (event.type === 'reset') {
        numbers = [];
        looked = 0;
      } else if (event.type === 'rewound') {
        numbers = numbers.filter(number => number < event.records);
        looked = Math.min(looked, event.records);
      } else if (event.type === 'matches' && event.filter === this.filters) {
        expect(event.looked).toBeGreaterThanOrEqual(looked);
        numbers.push(...new Uint32Array(event.data));
        ({ looked } = event);
      }
    }
    return { numbers, looked };
  }

  get records(): number {
    return this.told('clock').at(-1)?.records ?? 0;
  }
}

/** What passes, record by record and each one dissected. */
function passing(text: string, topology = network, until = Number.POSITIVE_INFINITY): number[] {
  const simulation = new Simulation(topology);
  while (simulation.runOn(until)) {
    // All the work is done by the condition.
  }
  const filter = compileFilter(text);
  if ('problem' in filter) {
    throw new Error(filter.problem.message);
  }
  const { trace } = simulation;
  const streams = new StreamIndex();
  const found: number[] = [];
  for (let record = 0; record < trace.end; record++) {
    const bytes = trace.bytes(record);
    const linkType = trace.linkType(record);
    streams.add(record, bytes, linkType);
    const { layers } = dissect(bytes, linkType);
    const flows = streams.streamsOf(record, bytes, linkType);
    const packet = { bytes, layers, number: record + 1, interfaceName: trace.sender(record), flows };
    if (filter.matches(packet)) {
      found.push(record);
    }
  }
  return found;
}

describe('a filter', () => {
  it.each([
    'arp',
    'tcp.port == 80 && !(ip.ttl == 64)',
    'http.request',
    'dns contains "web"',
    'tcp.stream eq 2',
    'udp.stream in {0..3} or icmp',
    'frame.number in {10..20}',
    'frame.interface_name matches "^internet:"',
  ])('“%s” lets through what it lets through record by record', text => {
    const stage = new Watched();
    stage.set(text);
    stage.ask({ type: 'play' });
    stage.run();
    const expected = passing(text);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(stage.records);
    expect(stage.shown).toEqual({ numbers: expected, looked: stage.records });
  });

  it('that is set late tells of all records that are there', () => {
    const stage = new Watched();
    stage.ask({ type: 'play' });
    stage.run();
    stage.set('tcp.stream == 1');
    stage.run();
    expect(stage.shown).toEqual({ numbers: passing('tcp.stream == 1'), looked: stage.records });
  });

  it('stays set over steps, back and on, and shows what a fresh run to that moment shows', () => {
    const stage = new Watched();
    stage.set('tcp.stream == 0 or arp');
    stage.ask({ type: 'play' });
    stage.run();
    const all = stage.shown;
    const moments = [all.looked >> 1, 7, all.looked - 3, 0, all.looked >> 2];
    for (const record of moments) {
      stage.ask({ type: 'seek-record', record });
      stage.run();
      const fresh = all.numbers.filter(number => number < stage.records);
      expect(stage.shown).toEqual({ numbers: fresh, looked: stage.records });
    }
    stage.ask({ type: 'step-back' });
    stage.run();
    stage.ask({ type: 'step' });
    stage.run();
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.shown).toEqual(all);
  });

  it('stays set over a restart and a change of the file', () => {
    const stage = new Watched();
    stage.set('udp');
    stage.ask({ type: 'play' });
    stage.run();
    const all = stage.shown;
    stage.ask({ type: 'restart' });
    stage.run();
    expect(stage.shown).toEqual(all);
    stage.load(sample('two-hosts'));
    stage.run();
    expect(stage.shown.numbers).toEqual(passing('udp', sample('two-hosts')));
    expect(stage.shown.looked).toBe(stage.records);
  });

  it('is forgotten with the receiver, and nothing is told where nothing is filtered', () => {
    const stage = new Watched();
    stage.set('arp');
    stage.player.handle({ type: 'tell-again' });
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.told('matches')).toEqual([]);
    stage.set('');
    stage.set('ip.src == nonsense');
    stage.run();
    expect(stage.told('matches')).toEqual([]);
  });

  it('waits for a receiver that does not acknowledge, and the simulation does not', () => {
    const stage = new Watched();
    stage.set('frame');
    stage.ask({ type: 'play' });
    stage.run(3000, false);
    expect(stage.told('matches').length).toBeLessThanOrEqual(3);
    expect(stage.state).toBe('finished');
  });
});

describe('a capture point', () => {
  const shownAt = (point: CapturePoint, text = ''): readonly number[] => {
    const stage = new Watched();
    stage.set(text, point);
    stage.ask({ type: 'play' });
    stage.run();
    return stage.shown.numbers;
  };

  const simulation = new Simulation(network);
  while (simulation.runOn(Number.POSITIVE_INFINITY)) {
    // All the work is done by the condition.
  }
  const { trace } = simulation;
  const rows = trace.rows(0, trace.end);

  it('at a device or an interface has what is sent, received and dropped there', () => {
    const { device, name } = trace.ports.find(({ device }) => device === 'ann-pc')!;
    const here = rows.filter(({ from, to }) => [from, to].some(end => end === `${device}:${name}`));
    const lost = (record: number) => Number.isNaN(trace.summary(record).arrival);
    const expected = here
      .filter(({ number, from }) => from === `${device}:${name}` || !lost(number))
      .map(({ number }) => number);
    expect(expected.length).toBeGreaterThan(10);
    expect(shownAt({ kind: 'interface', device, port: name })).toEqual(expected);
    expect(shownAt({ kind: 'device', device })).toEqual(expected);
    const tcp = passing('tcp');
    expect(shownAt({ kind: 'device', device }, 'tcp')).toEqual(
      expected.filter(number => tcp.includes(number)),
    );
  });

  it('of each packet once has the first hop of every journey', () => {
    const shown = shownAt({ kind: 'once' });
    const origins = rows.map(({ number }) => simulation.journey(number)!.hops[0]!.row.number);
    expect(shown).toEqual([...new Set(origins)].sort((one, other) => one - other));
    expect(shown.length).toBeLessThan(rows.length * 0.6);
  });

  it('that is not in the network has nothing', () => {
    expect(shownAt({ kind: 'device', device: 'nobody' })).toEqual([]);
  });
});

describe('a conversation', () => {
  it('is a filter for both directions of what the packet is part of', () => {
    const stage = new Watched();
    stage.ask({ type: 'play' });
    stage.run();
    const [request = -1] = passing('http.request');
    const [question = -1] = passing('arp');
    stage.ask({ type: 'conversation', request: 1, record: request });
    stage.ask({ type: 'conversation', request: 2, record: question });
    stage.ask({ type: 'conversation', request: 3, record: 1e9 });
    const [http, arp, nothing] = stage.told('conversation');
    expect(http?.conversation?.protocol).toBe('tcp');
    const both = passing(http!.conversation!.filter);
    expect(both).toContain(request);
    expect(both.length).toBeGreaterThan(5);
    expect(passing(arp!.conversation!.filter)).toContain(question);
    expect(nothing).toEqual({ type: 'conversation', request: 3, conversation: undefined });
  });
});

describe('a stream', () => {
  const follow = (text: string, topology = network): FollowedStream | undefined => {
    const stage = new Watched(topology);
    stage.ask({ type: 'play' });
    stage.run();
    stage.ask({ type: 'follow', request: 1, record: passing(text, topology)[0] ?? -1 });
    stage.run();
    return stage.told('stream')[0]?.stream;
  };

  const textOf = (stream: FollowedStream, from: 'client' | 'server') =>
    stream.parts
      .filter(part => part.from === from)
      .map(({ bytes }) => new TextDecoder().decode(bytes))
      .join('');

  it('of TCP is what both ends said, once, whoever passed it on', () => {
    const stream = follow('http.request')!;
    expect(stream.protocol).toBe('tcp');
    expect(stream.server.port).toBe(80);
    expect(textOf(stream, 'client')).toMatch(/^GET \/ HTTP\/1\.1\r\n[^]*\r\n\r\n$/);
    expect(textOf(stream, 'server')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(stream.parts.map(({ missing }) => missing).every(missing => missing === 0)).toBe(true);
    expect(stream.more).toBe(false);
  });

  it('of UDP is its datagrams, and the number finds them', () => {
    const stream = follow('dns.flags.response == 0 and dns.qry.name == "web.example"')!;
    expect(stream.protocol).toBe('udp');
    expect(stream.server.port).toBe(53);
    const records = stream.parts.map(({ record }) => record);
    const inStream = passing(`udp.stream eq ${stream.number}`);
    expect(records.length).toBeGreaterThan(1);
    expect(inStream).toEqual(expect.arrayContaining(records));
    expect(records.length).toBeLessThan(inStream.length);
  });

  it('is not there for what is in none, or is not kept', () => {
    expect(follow('arp')).toBeUndefined();
    expect(follow('frame.number == 999999')).toBeUndefined();
  });
});
