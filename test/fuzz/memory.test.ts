/**
 * One network that is thrown frames at for a long time: its memory stops growing once tables, buffers and the trace are full.
 * FUZZ_FRAMES=10000000 says how many; a long run also compares its end with what came before.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { dropReasonCode, type DropReason } from '../../src/engine/kernel/drop-reason';
import { RandomStream } from '../../src/engine/kernel/random-stream';
import { NO_CAUSE } from '../../src/engine/kernel/traffic-observer';
import { createNetwork } from '../../src/engine/network';
import { PacketStore } from '../../src/trace/packet-store';
import { everything, INJECTORS, vocabularyOf, work } from './everything';
import { FrameMutation } from './frame-mutation';

const SECOND = 1_000_000_000;
const MEBIBYTE = 1_048_576;
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 200_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** Parts of the run; memory is measured after each. */
const PARTS = 20;

/** More than the network and its trace hold with every table full: first of all the 65,536 connections of each of two routers. */
const FULL = 260 * MEBIBYTE;

/** In a run of so many, tables are full after three quarters, so that the last may not hold more than they. */
const FILLING_FRAMES = 10_000_000;
const FILLING_PARTS = (PARTS * 3) / 4;

/** How much the last quarter may differ: connections end in waves, and a map's storage doubles. */
const FLAT = 1.1;

/** Recent frames that are changed and sent again. */
const REMEMBERED = 1024;

/** A small trace as in the extension, which hands the newest frames to whom makes new ones of them. */
class RememberingTrace extends PacketStore<DropReason> {
  readonly recent: Uint8Array[] = [];
  private next = 0;

  constructor() {
    super({ reasonCode: dropReasonCode, maximumRecords: 50_000, maximumBytes: 4 * MEBIBYTE });
  }

  override transmitted(...record: Parameters<PacketStore['transmitted']>): void {
    const [, , , { bytes }] = record;
    this.recent[this.next++ % REMEMBERED] = bytes;
    super.transmitted(...record);
  }
}

/** Bytes in use after everything without an owner was collected. */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it(
  `memory is flat while ${FRAMES} frames are thrown at one network`,
  () => {
    const plan = everything(true);
    const trace = new RememberingTrace();
    const network = createNetwork(plan, { seed: SEED, observer: trace });
    network.boot();
    network.runUntil(30 * SECOND);
    const ids = plan.devices.map(({ id }) => id);
    const mutation = new FrameMutation(new RandomStream(SEED, 'memory'), vocabularyOf(network, ids));
    const injectors = INJECTORS.map(id => network.stackOf(id)!.interfaces[0]!);
    const used: number[] = [];
    for (let part = 0; part < PARTS; part++) {
      for (let number = 0; number < FRAMES / PARTS; number++) {
        const on = mutation.pick(injectors);
        on.simulator.cause = NO_CAUSE;
        on.send(mutation.next(trace.recent));
        if (number % 5000 === 0) {
          work(network);
        }
        network.runUntil(network.now + mutation.pick([1000, 100_000, 10_000_000]));
      }
      used.push(memoryInUse());
    }
    console.log(
      `${FRAMES} frames, ${trace.count} records, MiB in use: ${used.map(bytes => (bytes / MEBIBYTE).toFixed(1)).join(' ')}`,
    );
    expect(Math.max(...used)).toBeLessThan(FULL);
    if (FRAMES >= FILLING_FRAMES) {
      const filling = Math.max(...used.slice(0, FILLING_PARTS));
      expect(Math.max(...used.slice(FILLING_PARTS))).toBeLessThan(FLAT * filling);
    }
  },
  120_000 + FRAMES,
);
