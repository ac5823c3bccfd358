/** What must hold on any network and for any bytes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../../src/engine/kernel/frame';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import type { IpOutput } from '../../../../../src/engine/stack/ip-output';
import { LIBSLIRP_TCP, LINUX_TCP, VIRTUALBOX_SLIRP_TCP } from '../../../../../src/engine/stack/tcp/policy';
import { TcpLayer } from '../../../../../src/engine/stack/tcp/tcp-layer';
import type { IpAddress } from '../../../../../src/net/ip-address';
import { checkTcp } from '../../../../../src/wire/tcp';
import { pattern } from '../../packets';
import { ip } from '../../topologies';
import { Dialogue, SECOND } from './dialogue';

const CLIENT = ip('10.0.0.1');
const SERVER = ip('10.0.0.2');

interface Misfortune {
  readonly loss: number;
  readonly duplication: number;
  /** Longest extra delay, ns: what is sent later may come first. */
  readonly disorder: number;
}

/** Two layers and a network between them that loses, repeats and reorders. */
class BadNetwork {
  readonly client: TcpLayer;
  readonly server: TcpLayer;
  readonly problems: string[] = [];
  private readonly random;

  constructor(
    readonly simulator: Simulator,
    private readonly misfortune: Misfortune,
    policy = LINUX_TCP,
  ) {
    this.random = simulator.random('misfortune');
    this.client = new TcpLayer(simulator, 'client', policy);
    this.server = new TcpLayer(simulator, 'server', LINUX_TCP);
    this.client.addIp(this.output(CLIENT, () => this.server));
    this.server.addIp(this.output(SERVER, () => this.client));
  }

  private output(own: IpAddress, peer: () => TcpLayer): IpOutput {
    return {
      version: 4,
      headerBytes: 0,
      isLocal: address => address === own,
      sourceFor: () => own,
      pathMtu: () => 1500,
      allocate: length => new Uint8Array(length),
      send: (bytes, source, destination) => {
        const problem = checkTcp(bytes, 0, bytes.length, source, destination);
        if (problem !== undefined || bytes.length > 1480) {
          this.problems.push(problem ?? 'too long');
        }
        const copies = this.random.fraction() < this.misfortune.duplication ? 2 : 1;
        for (let copy = 0; copy < copies; copy++) {
          if (this.random.fraction() >= this.misfortune.loss) {
            const delay = 1_000_000 + Math.floor(this.random.fraction() * this.misfortune.disorder);
            const arrival = {
              occur: (frame: Frame | null) => {
                if (frame !== null) {
                  peer().segmentArrived(frame, 0, frame.bytes.length, source, destination, {
                    drop: () => undefined,
                  });
                }
              },
            };
            this.simulator.schedule(this.simulator.now + delay, arrival, this.simulator.frame(bytes), 0);
          }
        }
        return true;
      },
    };
  }
}

describe('on a network that loses, repeats and reorders', () => {
  it('exactly the bytes that were sent arrive, in both directions, or the program hears why not', () => {
    const misfortunes = fc.record({
      loss: fc.double({ min: 0, max: 0.25, noNaN: true }),
      duplication: fc.double({ min: 0, max: 0.2, noNaN: true }),
      disorder: fc.integer({ min: 0, max: 20_000_000 }),
    });
    const policies = fc.constantFrom(LINUX_TCP, VIRTUALBOX_SLIRP_TCP, LIBSLIRP_TCP);
    fc.assert(
      fc.property(
        fc.integer(),
        misfortunes,
        policies,
        fc.integer({ min: 0, max: 60_000 }),
        (seed, misfortune, policy, size) => {
          const simulator = new Simulator(seed, undefined);
          const network = new BadNetwork(simulator, misfortune, policy);
          const sent = pattern(size);
          const got: number[] = [];
          const back: number[] = [];
          const ends: string[] = [];
          network.server.listen({
            port: 80,
            accept: () => ({
              data: (socket, data) => {
                got.push(...data);
                socket.send(data);
              },
              failed: (_, why) => ends.push(`server ${why}`),
              closed: () => ends.push('server closed'),
            }),
          });
          network.client.connect({
            remote: { address: SERVER, port: 80 },
            handler: {
              connected: socket => {
                socket.send(sent);
                socket.finish();
              },
              data: (_, data) => back.push(...data),
              failed: (_, why) => ends.push(`client ${why}`),
              closed: () => ends.push('client closed'),
            },
          });
          const events = simulator.runUntil(4000 * SECOND, 500_000);
          expect(events).toBeLessThan(500_000);
          expect(network.problems).toEqual([]);
          expect(got).toEqual([...sent.subarray(0, got.length)]);
          expect(back).toEqual([...sent.subarray(0, back.length)]);
          if (ends.includes('client closed')) {
            expect([got.length, back.length]).toEqual([size, size]);
          } else {
            expect(ends.filter(end => end.startsWith('client'))).toHaveLength(1);
          }
          expect(simulator.nextEventTime).toBeUndefined();
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('any bytes', () => {
  const segment = fc.uint8Array({ minLength: 0, maxLength: 80 });

  it('are no reason to throw, in any state', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('listen', 'connect', 'established'),
        fc.array(segment),
        (state, segments) => {
          const dialogue = new Dialogue();
          dialogue[state]();
          for (const bytes of segments) {
            dialogue.arrive(bytes);
            dialogue.wait(0.1);
          }
          dialogue.wait(200);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('with a right checksum and the right ports are no reason to throw, and do not make it send without end', () => {
    const line = fc
      .record({
        flags: fc.constantFrom('.', 'P.', 'F.', 'S', 'S.', 'R', 'R.', 'FP.', 'SF', 'F'),
        sequence: fc.oneof(fc.integer({ min: -3, max: 3000 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 })),
        length: fc.integer({ min: 0, max: 1500 }),
        ack: fc.oneof(fc.integer({ min: -3, max: 3000 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 })),
        window: fc.integer({ min: 0, max: 65_535 }),
        options: fc.constantFrom(
          '',
          'nop,nop,TS 100 0',
          'nop,nop,TS 4000000000 5',
          'nop,nop,TS 100 0,nop,nop,sack 1:20',
          'nop,nop,sack 5:1 1449:2897 3:9',
          'mss 1,nop,wscale 200',
        ),
      })
      .map(
        ({ flags, sequence, length, ack, window, options }) =>
          `${flags} ${sequence}:${sequence + length}(${length}) ack ${ack} win ${window} <${options}>`,
      );
    fc.assert(
      fc.property(
        fc.constantFrom('listen', 'connect', 'established'),
        fc.array(line, { maxLength: 30 }),
        (state, lines) => {
          const dialogue = new Dialogue();
          dialogue[state]();
          for (const each of lines) {
            dialogue.socket?.send(pattern(2000));
            dialogue.inject(each);
            dialogue.wait(0.05);
            expect(dialogue.sent.length).toBeLessThan(5000);
          }
          dialogue.socket?.close();
          dialogue.wait(3000);
          expect(dialogue.sent.length).toBeLessThan(5000);
        },
      ),
      { numRuns: 150 },
    );
  });
});
