/**
 * Stands in for VS Code and the simulation in a page of its own: `acquireVsCodeApi`, and answers to what the panel asks. The look
 * script drives it through `window.fakeHost`.
 */
import { encodeRecord, RECORD_BYTES } from '../../src/simulation/record-batch';
import { packet, record, TOPOLOGY } from './panel-sample.mjs';

/** Records in one batch, as the simulation sends them. */
const BATCH = 2340;

let kept = JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined;
let clock = { state: 'paused', now: 0, speed: 0.0001, records: 0, oldest: 0 };
let sent = 0;
let unacknowledged = 0;
let nextBatch = 0;
let whenSent = () => undefined;
const requests = [];

const post = event => window.dispatchEvent(new MessageEvent('message', { data: event }));
const tell = event => post({ type: 'simulation', event });
const tellClock = change => {
  clock = { ...clock, ...change };
  tell({ type: 'clock', ...clock });
};

function sendBatches() {
  while (sent < clock.records && unacknowledged < 3) {
    const count = Math.min(BATCH, clock.records - sent);
    const data = new ArrayBuffer(count * RECORD_BYTES);
    const view = new DataView(data);
    for (let index = 0; index < count; index++) {
      encodeRecord(view, index, record(sent + index).summary);
    }
    const event = { type: 'records', batch: nextBatch++, first: sent, count, data };
    sent += count;
    unacknowledged++;
    setTimeout(() => tell(event), 0);
  }
  if (sent === clock.records && unacknowledged === 0) {
    whenSent();
  }
}

function answer(request) {
  switch (request.type) {
    case 'play':
      return tellClock({ state: 'playing' });
    case 'pause':
      return tellClock({ state: 'paused' });
    case 'speed':
      return tellClock({ speed: request.speed });
    case 'step':
      window.fakeHost.grow(1);
      return undefined;
    case 'restart':
      return window.fakeHost.restart();
    case 'acknowledge':
      unacknowledged--;
      return sendBatches();
    case 'rows': {
      const end = Math.min(request.first + request.count, clock.records);
      const rows = [];
      for (let number = request.first; number < end; number++) {
        rows.push(record(number).row);
      }
      return setTimeout(
        () => tell({ type: 'rows', request: request.request, first: request.first, rows }),
        2,
      );
    }
    case 'packet':
      return setTimeout(
        () => tell({ type: 'packet', request: request.request, packet: packet(request.number) }),
        2,
      );
    case 'ping':
      return setTimeout(
        () =>
          tell({
            type: 'outcome',
            outcome: {
              step: 0,
              passed: true,
              text: `${request.to}: 1 packet transmitted, 1 received, 0% packet loss, time 0ms, rtt 2.14 ms`,
            },
          }),
        5,
      );
    default:
      return undefined;
  }
}

window.acquireVsCodeApi = () => ({
  postMessage(message) {
    requests.push(message);
    if (message.type === 'ready') {
      post({ type: 'topology', topology: JSON.stringify(TOPOLOGY) });
      tell({ type: 'reset', seed: 1 });
      tellClock({});
      sendBatches();
    } else if (message.type === 'simulation') {
      answer(message.request);
    }
  },
  getState: () => kept,
  setState(state) {
    kept = state;
    sessionStorage.setItem('state', JSON.stringify(state));
  },
});

window.fakeHost = {
  requests,
  post,
  tell,
  /** More records at once; resolves when the panel has acknowledged all of them. */
  grow(count, change = {}) {
    return new Promise(resolve => {
      whenSent = () => resolve(undefined);
      const records = clock.records + count;
      tellClock({ records, now: record(records).row.time, ...change });
      sendBatches();
    });
  },
  restart() {
    sent = 0;
    unacknowledged = 0;
    tell({ type: 'reset', seed: 1 });
    tellClock({ now: 0, records: 0, oldest: 0, state: 'paused' });
  },
  clock: tellClock,
};
