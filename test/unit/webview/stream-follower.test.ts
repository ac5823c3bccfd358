import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FollowedStream } from '../../../src/simulation/protocol';
import { StreamFollower } from '../../../webview/trace/stream-follower';

const stream: FollowedStream = {
  protocol: 'tcp',
  number: 3,
  client: { address: '10.0.0.1', port: 1000 },
  server: { address: '10.0.0.2', port: 80 },
  parts: [],
  more: false,
};

/** A follower and all that it did. */
function follower() {
  const told: unknown[] = [];
  const made = new StreamFollower({
    ask: ({ request, record }) => told.push(['ask', request, record]),
    expect: record => told.push(['expect', record]),
    show: shown => told.push(['show', shown?.number]),
    found: ({ number }) => told.push(['found', number]),
    forget: () => told.push(['forget']),
  });
  return { made, take: () => told.splice(0) };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('shows what was asked for, and filters it once', () => {
  const { made, take } = follower();
  made.follow(7);
  expect(take()).toEqual([
    ['expect', 7],
    ['ask', 1, 7],
  ]);
  made.receive(9, stream);
  expect(take()).toEqual([]);
  made.receive(1, stream);
  expect(take()).toEqual([
    ['show', 3],
    ['found', 3],
  ]);
});

test('asks again when packets come, but not all the time, nor for another filter', () => {
  const { made, take } = follower();
  made.follow(7);
  made.receive(1, stream);
  take();
  made.grown('tcp.stream eq 3', 4);
  expect(take()).toEqual([]);
  vi.advanceTimersByTime(600);
  made.grown('tcp', 9);
  made.grown('tcp.stream eq 3', 4);
  made.grown('tcp.stream eq 3', 5);
  expect(take()).toEqual([['ask', 2, 7]]);
  made.receive(2, stream);
  expect(take()).toEqual([['show', 3]]);
  vi.advanceTimersByTime(600);
  made.grown('tcp.stream eq 3', 4);
  expect(take()).toEqual([]);
});

test('goes back with time', () => {
  const { made, take } = follower();
  made.follow(7);
  made.receive(1, stream);
  take();
  made.rewind(8);
  expect(take()).toEqual([['ask', 2, 7]]);
  made.rewind(7);
  expect(take()).toEqual([['forget']]);
  made.receive(2, stream);
  made.rewind(3);
  expect(take()).toEqual([]);
});
