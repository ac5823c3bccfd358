/** States and timeouts of TCP connections, as /proc/net/nf_conntrack of Linux 6.18 showed them for the same segments. */
import { describe, expect, it } from 'vitest';
import { frameLine, tcpFrame } from '../../../packets';
import { SECOND } from '../../../station';
import { Router } from '../router';

/** `>` from inside, `<` from outside; flags, sequence, acknowledgment, data; then state, seconds left, and what else is said of it. */
type Step = readonly [string, string];

const HANDSHAKE: readonly Step[] = [
  ['> S 1000 0', '120 syn-sent unreplied'],
  ['< SA 5000 1001', '60 syn-recv'],
  ['> A 1001 5001', '432000 established assured'],
];

const CONVERSATIONS: Readonly<Record<string, readonly Step[]>> = {
  'opened, used, closed and opened again': [
    ...HANDSHAKE,
    ['> PA 1001 5001 hello', '300 established assured'],
    ['< A 5001 1006', '432000 established assured'],
    ['< PA 5001 1006 world', '300 established assured'],
    ['> A 1006 5006', '432000 established assured'],
    ['> FA 1006 5006', '120 fin-wait assured'],
    ['< A 5006 1007', '60 close-wait assured'],
    ['< FA 5006 1007', '30 last-ack assured'],
    ['> A 1007 5007', '120 time-wait assured'],
    ['> S 9000 0', '120 syn-sent unreplied'],
  ],
  'closed by the server; a SYN of the server then is a stranger’s': [
    ...HANDSHAKE,
    ['< FA 5001 1001', '120 fin-wait assured'],
    ['> A 1001 5002', '60 close-wait assured'],
    ['> FA 1001 5002', '30 last-ack assured'],
    ['< A 5002 1002', '120 time-wait assured'],
    // It is for the router itself, which has no such socket.
    ['< S 7000 0', 'refused'],
  ],
  'closed by both at once': [
    ...HANDSHAKE,
    ['> FA 1001 5001', '120 fin-wait assured'],
    ['< FA 5001 1001', '30 last-ack assured'],
    ['> A 1002 5002', '120 time-wait assured'],
    ['< A 5002 1002', '120 time-wait assured'],
  ],
  'reset by the client, and opened again': [
    ...HANDSHAKE,
    ['> RA 1001 5001', '10 close assured'],
    ['> S 9000 0', '120 syn-sent unreplied'],
  ],
  'refused: a RST is the only answer': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< RA 0 1001', 'none'],
    ['> S 1000 0', '120 syn-sent unreplied'],
  ],
  'with SYNs and SYN-ACKs that come again': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< SA 5000 1001', '60 syn-recv'],
    ['< SA 5000 1001', '60 syn-recv'],
    ['> A 1001 5001', '432000 established assured'],
    ['< SA 5000 1001', '432000 established assured'],
    ['> S 1000 0', '432000 established assured'],
  ],
  'opened from both ends at once': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< S 5000 0', '120 syn-sent2'],
    ['> SA 1000 5001', '60 syn-recv'],
    ['< SA 5000 1001', '60 syn-recv'],
    ['> A 1001 5001', '432000 established assured'],
    ['< PA 5001 1001 x', '300 established assured'],
  ],
  'answered by a connection that the server still has': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< A 5000 777', '120 syn-sent'],
    ['> R 777 0', '10 close'],
  ],
  'reset by a client that knows nothing of it': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< SA 5000 777', '60 syn-recv'],
    ['> R 777 0', '10 close'],
    ['< SA 5000 1001', '10 close'],
  ],
  'picked up in the middle': [
    ['> PA 1001 5001 abc', '300 established unreplied'],
    ['< A 5001 1004', '300 established'],
    ['< PA 5001 1004 abc', '300 established assured'],
    ['> A 1004 5004', '432000 established assured'],
    ['> FA 1004 5004', '120 fin-wait assured'],
    ['< FA 5004 1005', '30 last-ack assured'],
    ['> A 1005 5005', '120 time-wait assured'],
  ],
  'picked up in the middle, and reset': [
    ['> A 1001 5001', '300 established unreplied'],
    ['< A 5001 1001', '300 established'],
    ['< R 5001 0', '10 close'],
  ],
  'with data on its way both ways': [
    ...HANDSHAKE,
    ['< PA 5001 1001 abc', '300 established assured'],
    ['> PA 1001 5001 x', '300 established assured'],
    ['> A 1002 5004', '300 established assured'],
    ['< A 5004 1002', '432000 established assured'],
  ],
  'closed before it was open': [
    ['> S 1000 0', '120 syn-sent unreplied'],
    ['< SA 5000 1001', '60 syn-recv'],
    ['> FA 1001 5001', '120 fin-wait'],
    ['< FA 5001 1002', '30 last-ack'],
    ['> A 1002 5002', '120 time-wait'],
  ],
};

describe('a TCP connection', () => {
  it.each(Object.entries(CONVERSATIONS))('%s', (_name, steps) => {
    const router = new Router();
    for (const [segment, expected] of steps) {
      const [direction, flags, sequence, acknowledgment, text = ''] = segment.split(' ');
      const more = {
        sequence: Number(sequence),
        acknowledgment: Number(acknowledgment),
        data: new TextEncoder().encode(text),
      };
      const before = router.bench.simulator.now;
      const passed =
        direction === '>'
          ? router.out(tcpFrame(router.outwards(), 5001, 80, flags!, more)).map(frameLine)
          : router.back(tcpFrame(router.inwards(), 80, 5001, flags!, more)).map(frameLine);
      if (expected === 'refused') {
        expect(passed).toEqual([]);
        continue;
      }
      const [connection] = router.live;
      const said =
        connection === undefined
          ? ['none']
          : [
              Math.round((connection.expires - before) / SECOND),
              connection.tcp!.state,
              ...(connection.replied ? [] : ['unreplied']),
              ...(connection.assured ? ['assured'] : []),
            ];
      expect([segment, said.join(' ')]).toEqual([segment, expected]);
      expect(passed).toEqual([
        expect.stringContaining(direction === '>' ? '203.0.113.1 >' : '> 192.168.1.2'),
      ]);
    }
  });

  it('lets a SYN of its own end begin it again after RST, but not one of the other end', () => {
    const router = new Router();
    router.out(tcpFrame(router.outwards(), 5001, 80, 'S'));
    router.back(tcpFrame(router.inwards(), 80, 5001, 'SA', { acknowledgment: 1001 }));
    router.out(tcpFrame(router.outwards(), 5001, 80, 'R'));
    expect(router.back(tcpFrame(router.inwards(), 80, 5001, 'S'))).toEqual([]);
    expect(router.live.map(({ tcp }) => tcp!.state)).toEqual(['close']);
  });
});
