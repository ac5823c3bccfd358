import { describe, expect, it } from 'vitest';
import { FASTEST } from '../../../src/simulation/protocol';
import { RECORD_BYTES, decodeRecord } from '../../../src/simulation/record-batch';
import { MOST_UNACKNOWLEDGED } from '../../../src/simulation/record-stream';
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { readFileSync } from 'node:fs';
import { readTopology } from '../../../src/topology/topology-file';
import { pair, pingStep, scenario } from './sample-topology';
import { Stage } from './stage';

const meeting = scenario('they meet', pingStep('a', '10.0.0.2', 'reply'));

function loaded(topology = pair(meeting)): Stage {
  const stage = new Stage();
  stage.load(topology);
  return stage;
}

describe('a fresh simulation', () => {
  it('stands at 0 and waits', () => {
    const stage = loaded();
    expect(stage.events.map(({ type }) => type)).toEqual(['reset', 'clock', 'cables']);
    expect(stage.told('cables')).toEqual([{ type: 'cables', down: [] }]);
    expect(stage.told('clock')[0]).toMatchObject({ state: 'paused', now: 0, records: 0, oldest: 0 });
    expect(stage.player.tick()).toBeUndefined();
  });

  it('answers nothing before there is a topology, and does not mind', () => {
    const stage = new Stage();
    stage.ask({ type: 'play' });
    stage.ask({ type: 'packet', request: 1, number: 0 });
    expect(stage.player.tick()).toBeUndefined();
    expect(stage.events).toEqual([]);
  });
});

describe('playing', () => {
  it('ends finished, with every record sent once and in order', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.state).toBe('finished');
    expect(stage.told('outcome')).toMatchObject([{ outcome: { passed: true } }]);
    const batches = stage.told('records');
    let next = 0;
    for (const { first, count, data } of batches) {
      expect(first).toBe(next);
      expect(data.byteLength).toBe(count * RECORD_BYTES);
      next += count;
    }
    expect(next).toBe(stage.told('clock').at(-1)?.records);
    expect(batches.length).toBeGreaterThan(1);
  });

  it('shows a clock that never goes back, often enough to look smooth', () => {
    const stage = loaded();
    const before = stage.now;
    stage.ask({ type: 'play' });
    stage.run();
    const times = stage.told('clock').map(({ now }) => now);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(times.length).toBeGreaterThan(((stage.now - before) / 50) * 0.9);
  });

  it('leaves no wait longer than the longest at any speed', () => {
    const stage = loaded();
    stage.ask({ type: 'speed', speed: 1e-12 });
    const before = stage.now;
    stage.ask({ type: 'play' });
    stage.run();
    // A ping with its ARP is four frames: no more than a dozen events.
    expect(stage.state).toBe('finished');
    expect(stage.now - before).toBeLessThan(20 * 420);
  });

  it('at the fastest speed waits for nothing', () => {
    const stage = loaded();
    stage.ask({ type: 'speed', speed: FASTEST });
    stage.ask({ type: 'play' });
    const before = stage.now;
    stage.run();
    expect(stage.state).toBe('finished');
    expect(stage.now - before).toBeLessThan(100);
  });

  it('at the fastest speed pauses when all is done in a network that never rests, and plays on when asked', () => {
    const { topology } = readTopology(readFileSync('media/samples/vlan-trunk-stp.vnet.yaml', 'utf8'));
    const stage = new Stage();
    stage.load(topology!);
    stage.ask({ type: 'speed', speed: FASTEST });
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.state).toBe('paused');
    const { now } = stage.told('clock').at(-1)!;
    // The scenarios take less than two minutes of virtual time.
    expect(now).toBeLessThan(120e9);
    expect(stage.told('outcome').length).toBe(7);
    stage.ask({ type: 'play' });
    stage.run(200);
    expect(stage.state).toBe('playing');
    expect(stage.told('clock').at(-1)!.now).toBeGreaterThan(now + 60e9);
    stage.ask({ type: 'restart' });
    stage.run();
    expect(stage.state).toBe('paused');
    expect(stage.told('clock').at(-1)!.now).toBe(now);
  });

  it('stops when paused and goes on where it stood', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run(5);
    stage.ask({ type: 'pause' });
    const { now } = stage.told('clock').at(-1)!;
    stage.run();
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'paused', now });
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.state).toBe('finished');
  });

  it('plays again from 0 once finished', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run();
    stage.events.length = 0;
    stage.ask({ type: 'play' });
    expect(stage.events[0]).toMatchObject({ type: 'reset' });
    expect(stage.state).toBe('playing');
  });
});

describe('acknowledgement', () => {
  it('limits what is under way, not the simulation', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run(10_000, false);
    expect(stage.state).toBe('finished');
    expect(stage.told('records')).toHaveLength(MOST_UNACKNOWLEDGED);
    const { records } = stage.told('clock').at(-1)!;
    for (const { batch } of stage.told('records')) {
      stage.ask({ type: 'acknowledge', batch });
    }
    stage.run();
    const sent = stage.told('records').reduce((sum, { count }) => sum + count, 0);
    expect(sent).toBe(records);
  });
});

describe('stepping', () => {
  it('makes one record and stays paused', () => {
    const stage = loaded();
    stage.ask({ type: 'step' });
    stage.run();
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'paused', records: 1 });
    const { data } = stage.told('records')[0]!;
    expect(decodeRecord(new DataView(data), 0)).toMatchObject({ protocol: 'arp', cause: -1, drop: 0 });
  });

  it('stops a simulation that plays', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.ask({ type: 'step' });
    expect(stage.state).toBe('paused');
  });
});

describe('restarting', () => {
  it('begins at 0 with the seed it is given, and plays on if it played', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run(3);
    stage.ask({ type: 'restart', seed: 9 });
    expect(stage.told('reset').at(-1)).toMatchObject({ seed: 9 });
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'playing', now: 0, records: 0 });
  });

  it('stays paused if it was', () => {
    const stage = loaded();
    stage.ask({ type: 'step' });
    stage.ask({ type: 'restart' });
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'paused', now: 0, records: 0 });
  });
});

describe('another topology', () => {
  it('waits at 0 when the one before was never started', () => {
    const stage = loaded();
    stage.load(pair());
    expect(stage.told('reset')).toHaveLength(2);
    expect(stage.state).toBe('paused');
  });

  it('goes to the time of the one before, and plays on when that played', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run(100);
    const { now } = stage.told('clock').at(-1)!;
    expect(now).toBeGreaterThan(0);
    stage.load(pair());
    expect(stage.told('reset').at(-1)).toEqual({ type: 'reset', seed: 1, until: now });
    expect(stage.state).toBe('seeking');
    stage.run(1);
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'playing', now });
  });

  it('does again what the user did', () => {
    const stage = loaded(pair());
    stage.ask({ type: 'speed', speed: FASTEST });
    stage.ask({ type: 'play' });
    stage.run();
    stage.ask({ type: 'ping', from: 'a', to: 'b', count: 1, request: 3 });
    stage.run();
    stage.load(pair());
    stage.run();
    expect(stage.told('outcome').map(({ outcome }) => [outcome.request, outcome.passed])).toEqual([
      [3, true],
      [3, true],
    ]);
  });
});

describe('time', () => {
  /** The records that a panel holds that does what it is told. */
  function held(stage: Stage): { readonly number: number; readonly departure: number }[] {
    const records: { number: number; departure: number }[] = [];
    for (const event of stage.events) {
      if (event.type === 'reset') {
        records.length = 0;
      } else if (event.type === 'rewound') {
        records.length = Math.min(records.length, event.records);
      } else if (event.type === 'records') {
        const view = new DataView(event.data);
        expect(event.first).toBe(records.length);
        for (let index = 0; index < event.count; index++) {
          records.push({ number: event.first + index, departure: decodeRecord(view, index).departure });
        }
      }
    }
    return records;
  }

  function finished(): Stage {
    const stage = loaded();
    stage.ask({ type: 'speed', speed: FASTEST });
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.state).toBe('finished');
    return stage;
  }

  it('goes back a step, and on again to the same records', () => {
    const stage = finished();
    const all = held(stage);
    stage.ask({ type: 'step-back' });
    expect(stage.state).toBe('seeking');
    stage.run();
    expect(stage.state).toBe('paused');
    expect(held(stage)).toEqual(all.slice(0, -1));
    expect(stage.told('clock').at(-1)?.records).toBe(all.length - 1);
    stage.ask({ type: 'step' });
    stage.run();
    expect(held(stage)).toEqual(all);
  });

  it('goes to a moment, and plays on from there', () => {
    const stage = finished();
    const all = held(stage);
    stage.ask({ type: 'seek', time: all[3]!.departure });
    stage.run();
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'paused', now: all[3]!.departure });
    expect(held(stage)).toEqual(all.filter(({ departure }) => departure <= all[3]!.departure));
    expect(stage.told('rewound').at(-1)?.outcomes).toEqual([]);
    stage.ask({ type: 'play' });
    stage.run();
    expect(held(stage)).toEqual(all);
    expect(stage.state).toBe('finished');
  });

  it('goes to a record, to its consequence, and back to the beginning', () => {
    const stage = finished();
    const all = held(stage);
    stage.ask({ type: 'seek-record', record: 0 });
    stage.run();
    expect(held(stage)).toEqual(all.slice(0, 1));
    stage.ask({ type: 'step-hop', record: 0 });
    stage.run();
    expect(held(stage)).toEqual(all.slice(0, 2));
    for (let step = 0; step < 4; step++) {
      stage.ask({ type: 'step-back' });
      stage.run();
    }
    expect(held(stage)).toEqual([]);
    expect(stage.now).toBeGreaterThan(0);
    expect(stage.told('clock').at(-1)).toMatchObject({ now: 0, records: 0 });
  });

  it('stands where a pause finds it on the way ahead, and where it was on the way back', () => {
    const stage = finished();
    const { now } = stage.told('clock').at(-1)!;
    stage.ask({ type: 'step-back' });
    stage.ask({ type: 'pause' });
    expect(stage.told('clock').at(-1)).toMatchObject({ state: 'paused', now });
  });

  it('arrives before the user does anything', () => {
    const stage = finished();
    stage.ask({ type: 'seek', time: 0 });
    stage.ask({ type: 'ping', from: 'a', to: 'b', count: 1, request: 8 });
    stage.ask({ type: 'play' });
    stage.run();
    expect(stage.told('rewound')).toHaveLength(1);
    expect(stage.told('outcome').map(({ outcome }) => outcome.request)).toContain(8);
    expect(stage.state).toBe('finished');
  });
});

describe('a receiver that comes later', () => {
  it('is told everything from the beginning', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run();
    const { records } = stage.told('clock').at(-1)!;
    stage.events.length = 0;
    stage.player.handle({ type: 'tell-again' });
    stage.run();
    expect(stage.events.slice(0, 2).map(({ type }) => type)).toEqual(['reset', 'clock']);
    expect(stage.told('outcome')).toHaveLength(1);
    expect(stage.told('records').reduce((sum, { count }) => sum + count, 0)).toBe(records);
    expect(stage.state).toBe('finished');
  });
});

describe('requests', () => {
  it('get their answers with their numbers', () => {
    const stage = loaded();
    stage.ask({ type: 'play' });
    stage.run();
    stage.ask({ type: 'rows', request: 4, first: 1, count: 2 });
    stage.ask({ type: 'packet', request: 5, number: 0 });
    stage.ask({ type: 'packet', request: 6, number: 12_345 });
    stage.ask({ type: 'capture', request: 7 });
    expect(stage.told('rows')[0]).toMatchObject({
      request: 4,
      first: 1,
      rows: [{ number: 1 }, { number: 2 }],
    });
    expect(stage.told('packet')).toMatchObject([
      { request: 5, packet: { row: { number: 0 } } },
      { request: 6, packet: undefined },
    ]);
    const { request, data } = stage.told('capture')[0]!;
    expect(request).toBe(7);
    // Section header block (pcapng draft, 4.1).
    expect([...data.subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
    expect(data.buffer.byteLength).toBe(data.byteLength);
  });

  it('a ping wakes a finished simulation', () => {
    const stage = loaded(pair());
    stage.ask({ type: 'play' });
    stage.run();
    stage.ask({ type: 'ping', from: 'a', to: 'b', count: 1, request: -3 });
    expect(stage.state).toBe('playing');
    stage.run();
    expect(stage.told('outcome')).toMatchObject([{ outcome: { passed: true, request: -3 } }]);
  });

  it('a cable that is pulled out is told, also when time goes back to before it was', () => {
    const stage = loaded();
    const down = (): readonly string[] | undefined => stage.told('cables').at(-1)?.down;
    stage.ask({ type: 'play' });
    stage.run();
    const { id } = pair(meeting).cables[0]!;
    stage.ask({ type: 'cable', cable: id, up: false });
    expect(down()).toEqual([id]);
    stage.ask({ type: 'seek', time: 0 });
    stage.run();
    expect(down()).toEqual([]);
    stage.player.handle({ type: 'tell-again' });
    expect(stage.events.slice(-2).map(({ type }) => type)).not.toContain('reset');
    expect(stage.told('cables').at(-1)).toEqual({ type: 'cables', down: [] });
  });

  it('at full speed, a command that waits for packets does not let time run away', () => {
    const text = readFileSync('media/samples/vlan-trunk-stp.vnet.yaml', 'utf8');
    const stage = loaded(readTopology(text).topology);
    stage.ask({ type: 'speed', speed: FASTEST });
    stage.ask({ type: 'terminal', terminal: 1, device: 'office-1', line: 'tcpdump' });
    const ticks = stage.run(200_000);
    expect(ticks).toBeLessThan(200_000);
    expect(stage.state).toBe('paused');
    expect(stage.told('clock').at(-1)!.now).toBeLessThan(600e9);
  });

  it('with impossible numbers are answered all the same', () => {
    const stage = loaded();
    const wrong = Number.NaN;
    stage.ask({ type: 'rows', request: 1, first: wrong, count: wrong });
    stage.ask({ type: 'rows', request: 2, first: -9, count: 1e12 });
    stage.ask({ type: 'packet', request: 3, number: wrong });
    stage.ask({ type: 'speed', speed: wrong });
    stage.ask({ type: 'ping', from: '', to: '', count: -1 });
    expect(stage.told('rows').map(({ request }) => request)).toEqual([1, 2]);
    expect(stage.told('failed')).toEqual([]);
    expect(stage.told('clock').at(-1)?.speed).toBeGreaterThan(0);
  });
});

describe('a mistake inside', () => {
  it('becomes an event, and the trace can still be read', () => {
    const stage = new Stage();
    const broken = { ...pair(), devices: undefined } as unknown as ResolvedTopology;
    stage.load(pair(meeting));
    stage.ask({ type: 'step' });
    stage.load(broken);
    expect(stage.told('failed')).toHaveLength(1);
    expect(stage.state).toBe('failed');
    stage.ask({ type: 'packet', request: 1, number: 0 });
    expect(stage.told('packet')[0]?.packet).toBeDefined();
    stage.run();
    expect(stage.told('records')).toHaveLength(1);
  });
});
