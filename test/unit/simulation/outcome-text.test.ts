import { describe, expect, it } from 'vitest';
import type { PingReply, PingResult } from '../../../src/engine/network';
import { lookupLine, pingLine, pingSummary, replyLine } from '../../../src/simulation/outcome-text';
import { address } from './sample-topology';

const server = address('203.0.113.10');
const router = address('192.168.1.1');

function answered(sequence: number, time: number): PingReply {
  return { sequence, result: 'reply', time, from: server, ttl: 55 };
}

function result(...replies: PingReply[]): PingResult {
  return { address: server, replies };
}

describe('one echo request', () => {
  const line = (reply: PingReply): string => replyLine(result(reply), reply);

  it('reads as iputils ping prints it', () => {
    expect(line(answered(1, 412_345))).toBe('64 bytes from 203.0.113.10: icmp_seq=1 ttl=55 time=0.412 ms');
  });

  it.each([
    [999, '0.000'],
    [999_999, '0.999'],
    [1_239_999, '1.23'],
    [12_399_000, '12.3'],
    [123_999_000, '123'],
  ])('cuts a time of %d ns to %s ms', (time, text) => {
    expect(line(answered(1, time))).toContain(`time=${text} ms`);
  });

  it('names who refused and why', () => {
    const icmp = { type: 3, code: 1 };
    expect(line({ sequence: 2, result: 'unreachable', time: 1, from: router, icmp })).toBe(
      'From 192.168.1.1 icmp_seq=2 Destination Host Unreachable',
    );
    expect(line({ sequence: 2, result: 'expired', time: 1, from: router, icmp: { type: 11, code: 0 } })).toBe(
      'From 192.168.1.1 icmp_seq=2 Time to live exceeded',
    );
    expect(
      line({ sequence: 2, result: 'unreachable', time: 1, from: router, icmp: { type: 3, code: 99 } }),
    ).toBe('From 192.168.1.1 icmp_seq=2 Destination Unreachable');
  });

  it('says what got no answer and what was never sent', () => {
    expect(line({ sequence: 1, result: 'timeout', time: 1e9 })).toBe(
      'no reply from 203.0.113.10: icmp_seq=1 timed out',
    );
    expect(line({ sequence: 1, result: 'not-sent', time: 0 })).toBe(
      'ping: connect to 203.0.113.10: Network is unreachable',
    );
  });
});

describe('a whole ping', () => {
  it('is its one answer, or the summary of several', () => {
    expect(pingLine('web.example', result(answered(1, 1e6)))).toBe(
      '64 bytes from 203.0.113.10: icmp_seq=1 ttl=55 time=1.00 ms',
    );
    const lost: PingReply = { sequence: 2, result: 'timeout', time: 1e9 };
    expect(pingLine('web.example', result(answered(1, 1e6), lost))).toBe(
      '2 packets transmitted, 1 received, 50% packet loss, rtt min/avg/max = 1.000/1.000/1.000 ms',
    );
  });

  it('counts errors as iputils ping does', () => {
    const refused: PingReply = {
      sequence: 1,
      result: 'unreachable',
      time: 1,
      from: router,
      icmp: { type: 3, code: 0 },
    };
    expect(pingSummary(result(refused))).toEqual([
      '1 packets transmitted, 0 received, +1 errors, 100% packet loss',
    ]);
  });

  it('says why there was nobody to ping', () => {
    expect(pingLine('nowhere.example', { address: undefined, problem: 'no such name', replies: [] })).toBe(
      'ping: nowhere.example: no such name',
    );
  });
});

describe('a lookup', () => {
  it('gives the answer and the server that gave it', () => {
    expect(lookupLine('web.example', { kind: 'answer', addresses: [server], server: router })).toBe(
      'web.example. IN A 203.0.113.10 ;; SERVER: 192.168.1.1#53',
    );
    expect(lookupLine('no.example', { kind: 'nxdomain', server: router })).toBe(
      'no.example. ;; status: NXDOMAIN ;; SERVER: 192.168.1.1#53',
    );
    expect(lookupLine('web.example', { kind: 'no-answer', problem: 'no servers could be reached' })).toBe(
      'web.example. ;; no answer: no servers could be reached',
    );
  });
});
