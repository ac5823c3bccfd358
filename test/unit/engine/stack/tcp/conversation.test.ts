/** Whole conversations between two stacks. */
import { describe, expect, it } from 'vitest';
import type { TcpHandler } from '../../../../../src/engine/stack/tcp/socket';
import { pattern } from '../../packets';
import { ip } from '../../topologies';
import { TwoStacks } from './two-stacks';

const SERVER = { address: ip('10.0.0.2'), port: 80 };

/** Keeps what happens to a socket. */
function log(into: string[], more: TcpHandler = {}): TcpHandler {
  return {
    connected: socket => {
      into.push('connected');
      more.connected?.(socket);
    },
    peerClosed: socket => {
      into.push('peer-closed');
      (
        more.peerClosed?.bind(more) ??
        (each => {
          each.close();
        })
      )(socket);
    },
    closed: () => {
      into.push('closed');
    },
    failed: (_, why) => {
      into.push(why);
    },
    ...(more.data === undefined ? {} : { data: more.data.bind(more) }),
    ...(more.writable === undefined ? {} : { writable: more.writable.bind(more) }),
  };
}

describe('two stacks', () => {
  it('connect, transfer both ways and close', () => {
    const hosts = new TwoStacks();
    const client: string[] = [];
    const server: string[] = [];
    const heard: number[] = [];
    const echoed: number[] = [];
    hosts.server.tcp.listen({
      port: 80,
      accept: () =>
        log(server, {
          data: (socket, data) => {
            heard.push(...data);
            socket.send(data);
          },
        }),
    });
    const sent = pattern(100_000);
    hosts.client.tcp.connect({
      remote: SERVER,
      handler: log(client, {
        connected: socket => {
          socket.send(sent);
        },
        data: (socket, data) => {
          echoed.push(...data);
          if (echoed.length === sent.length) {
            socket.close();
          }
        },
      }),
    });
    hosts.run(10);
    expect(heard).toEqual([...sent]);
    expect(echoed).toEqual([...sent]);
    expect(client).toEqual(['connected', 'closed']);
    expect(server).toEqual(['connected', 'peer-closed', 'closed']);
    expect(hosts.recorder.reasons).toEqual([]);
  });

  it('are refused where nobody listens', () => {
    const hosts = new TwoStacks();
    const client: string[] = [];
    hosts.client.tcp.connect({ remote: SERVER, handler: log(client) });
    hosts.run(1);
    expect(client).toEqual(['refused']);
  });
});
