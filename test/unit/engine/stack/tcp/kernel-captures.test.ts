/** The same conversations as in captures of Linux 6.18: every byte that is not free to choose must be the same. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TcpSocket } from '../../../../../src/engine/stack/tcp/socket';
import { readCapture } from '../../../../../src/trace/pcap-reader';
import { tcpHeaderLength } from '../../../../../src/wire/tcp';
import { IP, PAYLOAD, long, word } from '../../packets';
import { ip } from '../../topologies';
import { TwoStacks } from './two-stacks';

const CAPTURES = join(import.meta.dirname, '../../../../../../shared/data/captures/kernel');
const there = existsSync(CAPTURES);

if (!there) {
  console.warn(`Not compared with the kernel: ${CAPTURES} is not there.`);
}

/** The frames of a capture's TCP conversations. */
function captured(name: string): Uint8Array[] {
  const { packets } = readCapture(readFileSync(join(CAPTURES, name)));
  return packets.map(({ bytes }) => bytes).filter(isTcp);
}

const isTcp = (bytes: Uint8Array) => word(bytes, 12) === 0x0800 && bytes[IP + 9] === 6;

/**
 * A frame without what hosts choose: hardware addresses, ephemeral ports, sequence numbers (counted from each side's first), timestamps
 * (0 or not), identification (0 or not), checksums.
 */
function fixedPart(frames: readonly Uint8Array[]): string[] {
  const first = new Map<number, number>();
  return frames.map(frame => {
    const source = word(frame, PAYLOAD);
    const destination = word(frame, PAYLOAD + 2);
    const sequence = long(frame, PAYLOAD + 4);
    const flags = frame[PAYLOAD + 13]!;
    if ((flags & 2) !== 0) {
      first.set(source, sequence);
    }
    const acknowledgment =
      (flags & 16) === 0
        ? long(frame, PAYLOAD + 8)
        : (long(frame, PAYLOAD + 8) - first.get(destination)!) | 0;
    const header = tcpHeaderLength(frame, PAYLOAD);
    const options = frame.slice(PAYLOAD + 20, PAYLOAD + header);
    for (let at = 0; at < options.length; at += options[at]! < 2 ? 1 : options[at + 1]!) {
      if (options[at] === 8) {
        options.fill(1, at + 2, at + 6);
        options.fill(long(options, at + 6) === 0 ? 0 : 1, at + 6, at + 10);
      }
    }
    const fields = {
      version: frame[IP],
      tos: frame[IP + 1],
      length: word(frame, IP + 2),
      identified: word(frame, IP + 4) !== 0,
      fragment: word(frame, IP + 6),
      ttl: frame[IP + 8],
      ports: [source, destination].map(port => (port >= 32_768 ? 'ephemeral' : port)),
      sequence: first.has(source) ? (sequence - first.get(source)!) | 0 : sequence,
      acknowledgment,
      offset: frame[PAYLOAD + 12],
      flags,
      window: word(frame, PAYLOAD + 14),
      urgent: word(frame, PAYLOAD + 18),
      options: Buffer.from(options).toString('hex'),
    };
    return JSON.stringify(fields);
  });
}

const SERVER = ip('10.0.0.2');

/** What left the engine's hosts. */
const spoken = (hosts: TwoStacks) => hosts.recorder.sent.map(({ bytes }) => bytes).filter(isTcp);

describe.skipIf(!there)('beside the kernel', () => {
  it('handshake, request, answer in two parts and close have the bytes of kernel-bridge-http', () => {
    const hosts = new TwoStacks({ delay: 5000 });
    let heard = 0;
    hosts.server.tcp.listen({
      port: 80,
      accept: () => ({
        data: server => {
          server.send(new Uint8Array(207));
          later(hosts, server, 6);
        },
      }),
    });
    hosts.client.tcp.connect({
      remote: { address: SERVER, port: 80 },
      handler: {
        connected: client => {
          client.send(new Uint8Array(71));
        },
        data: (client, data) => {
          heard += data.length;
          if (heard === 213) {
            client.close();
          }
        },
      },
    });
    hosts.run(0.05);
    // The two sides' last steps cross, or do not: it is a race in the kernel too.
    expect(fixedPart(spoken(hosts)).slice(0, 10)).toEqual(
      fixedPart(captured('kernel-bridge-http.pcap').slice(0, 10)),
    );
    expect(fixedPart(spoken(hosts)).slice(10)).toEqual(
      fixedPart(captured('kernel-bridge-http.pcap').slice(0, 12)).slice(10),
    );
  });

  it('the answer of a closed port has the bytes of kernel-bridge-tcp-closed', () => {
    const hosts = new TwoStacks();
    hosts.client.tcp.connect({ remote: { address: SERVER, port: 81 }, handler: {} });
    hosts.run(1);
    expect(fixedPart(spoken(hosts))).toEqual(fixedPart(captured('kernel-bridge-tcp-closed.pcap')));
  });

  it('SYNs that nobody answers have the bytes and the times of kernel-bridge-tcp-drop-synretry', () => {
    const hosts = new TwoStacks();
    hosts.server.tcp.listen({ port: 82, backlog: 0, accept: () => ({}) });
    hosts.client.tcp.connect({ remote: { address: SERVER, port: 82 }, handler: {} });
    hosts.run(12);
    expect(fixedPart(spoken(hosts))).toEqual(fixedPart(captured('kernel-bridge-tcp-drop-synretry.pcap')));
    const times = (seconds: readonly number[]) => seconds.map(each => each - seconds[0]!);
    const own = times(hosts.recorder.sent.filter(({ bytes }) => isTcp(bytes)).map(({ time }) => time / 1e9));
    const { packets } = readCapture(readFileSync(join(CAPTURES, 'kernel-bridge-tcp-drop-synretry.pcap')));
    const theirs = times(packets.filter(({ bytes }) => isTcp(bytes)).map(({ time }) => Number(time) / 1e9));
    // The kernel's timers are late by up to an eighth: they are not exact on purpose (timer wheel).
    own.forEach((time, index) => {
      expect(theirs[index]! - time).toBeGreaterThanOrEqual(-0.001);
      expect(theirs[index]! - time).toBeLessThan(Math.max(0.1, time / 8));
    });
  });
});

/** Writes again when the first part has been acknowledged, as a program that reads a file in between does. */
function later(hosts: TwoStacks, socket: TcpSocket, length: number): void {
  const { simulator } = hosts;
  simulator.schedule(simulator.now + 200_000, { occur: () => socket.send(new Uint8Array(length)) }, null, 0);
}
