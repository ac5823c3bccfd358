import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FASTEST, type SimulationEvent } from '../../../src/simulation/protocol';
import { SimulationSession } from '../../../src/simulation/session';
import { pair, pingStep, scenario } from './sample-topology';

const meeting = scenario('they meet', pingStep('a', '10.0.0.2', 'reply'));

/** A session on a real thread, and everything it told. */
class Stage {
  readonly events: SimulationEvent[] = [];
  readonly session: SimulationSession;
  private whenTold = (): void => undefined;

  constructor(script: string) {
    this.session = new SimulationSession(script, event => {
      this.events.push(event);
      if (event.type === 'records') {
        this.session.request({ type: 'acknowledge', batch: event.batch });
      }
      this.whenTold();
    });
  }

  /** Resolves with the first event, past or future, that is wanted. */
  event<Wanted extends SimulationEvent>(
    wanted: (event: SimulationEvent) => event is Wanted,
  ): Promise<Wanted> {
    return new Promise(resolve => {
      this.whenTold = () => {
        const found = this.events.find(wanted);
        if (found !== undefined) {
          resolve(found);
        }
      };
      this.whenTold();
    });
  }

  finished(): Promise<SimulationEvent> {
    return this.event(
      (event): event is Extract<SimulationEvent, { type: 'clock' }> =>
        event.type === 'clock' && event.state === 'finished',
    );
  }
}

let folder: string;
let script: string;
let stage: Stage | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vnet-session-'));
  script = join(folder, 'worker.cjs');
  const entry = join(import.meta.dirname, '../../../src/simulation/worker.ts');
  await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', outfile: script });
});

afterEach(() => {
  stage?.session.dispose();
  stage = undefined;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a simulation on its own thread', () => {
  it('plays to the end and sends its records in buffers of exactly their size', async () => {
    stage = new Stage(script);
    stage.session.load(pair(meeting));
    stage.session.request({ type: 'speed', speed: FASTEST });
    stage.session.request({ type: 'play' });
    await stage.finished();
    expect(stage.events[0]).toMatchObject({ type: 'reset' });
    expect(stage.events.find(({ type }) => type === 'outcome')).toMatchObject({ outcome: { passed: true } });
    stage.session.request({ type: 'capture', request: -1 });
    const capture = await stage.event(
      (event): event is Extract<SimulationEvent, { type: 'capture' }> => event.type === 'capture',
    );
    expect(capture.data.buffer.byteLength).toBe(capture.data.byteLength);
    const sent = await stage.event(
      (event): event is Extract<SimulationEvent, { type: 'records' }> => event.type === 'records',
    );
    expect(sent.data.byteLength).toBe(sent.count * 28);
  });

  it('answers while it runs as fast as it can', async () => {
    stage = new Stage(script);
    stage.session.load(pair());
    stage.session.request({ type: 'speed', speed: FASTEST });
    stage.session.request({ type: 'ping', from: 'a', to: 'b', count: 1000 });
    stage.session.request({ type: 'play' });
    stage.session.request({ type: 'packet', request: 3, number: 0 });
    const packet = await stage.event(
      (event): event is Extract<SimulationEvent, { type: 'packet' }> => event.type === 'packet',
    );
    expect(packet.request).toBe(3);
    await stage.finished();
  });

  it('tells that its thread has ended, and a restart begins with a new one', async () => {
    const broken = join(folder, 'broken.cjs');
    writeFileSync(broken, 'throw new Error("no such luck");\n');
    stage = new Stage(broken);
    stage.session.load(pair());
    const failed = await stage.event(
      (event): event is Extract<SimulationEvent, { type: 'failed' }> => event.type === 'failed',
    );
    expect(failed.message).toBe('no such luck');
    writeFileSync(broken, `require(${JSON.stringify(script)});\n`);
    stage.session.request({ type: 'restart' });
    await stage.event(
      (event): event is Extract<SimulationEvent, { type: 'reset' }> => event.type === 'reset',
    );
  });
});
