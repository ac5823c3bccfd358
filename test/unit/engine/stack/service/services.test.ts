/** What services answer, as a client on the same cable sees it. */
import { describe, expect, it } from 'vitest';
import { requestHttp, type HttpOutcome } from '../../../../../src/engine/stack/service/http-client';
import { Services } from '../../../../../src/engine/stack/service/services';
import { ip } from '../../topologies';
import { TwoStacks } from '../tcp/two-stacks';

const ADDRESS = ip('10.0.0.2');

/** Connects, sends each text when the one before was answered or a moment has passed, and gives all that came back. */
function talk(
  hosts: TwoStacks,
  port: number,
  texts: readonly string[],
  finish = false,
): { heard: string; end: string } {
  const result = { heard: '', end: 'open' };
  const socket = hosts.client.tcp.connect({
    remote: { address: ADDRESS, port },
    handler: {
      data: (_, data) => {
        result.heard += Buffer.from(data).toString('latin1');
      },
      peerClosed: each => {
        result.end = 'peer-closed';
        each.close();
      },
      failed: (_, why) => {
        result.end = why;
      },
    },
  });
  hosts.run(0.1);
  for (const text of texts) {
    socket!.send(Buffer.from(text, 'latin1'));
    hosts.run(0.1);
  }
  if (finish) {
    socket!.finish();
    hosts.run(0.1);
  }
  return result;
}

function hostsWith(...services: Parameters<Services['start']>[0][]): TwoStacks {
  const hosts = new TwoStacks();
  const running = new Services(hosts.server);
  for (const service of services) {
    expect(running.start(service)).toBe(true);
  }
  return hosts;
}

const web = { kind: 'http', port: 80, body: 'hello\n', source: [] } as const;

function get(hosts: TwoStacks, path: string, port = 80): HttpOutcome | undefined {
  let outcome: HttpOutcome | undefined;
  const server = { address: ADDRESS, port };
  requestHttp(hosts.client.tcp, { server, host: 'web.example', path, within: 5e9 }, each => {
    outcome = each;
  });
  hosts.run(10);
  return outcome;
}

describe('an HTTP server', () => {
  it('answers GET with status, length and page, and stays for the next request', () => {
    const { heard, end } = talk(hostsWith(web), 80, [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /?q HTTP/1.1\r\nhost: a\r\n\r\n',
    ]);
    const answer =
      'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\nConnection: keep-alive\r\n\r\nhello\n';
    expect(heard).toBe(answer + answer);
    expect(end).toBe('open');
  });

  it('answers HEAD with the same head and no body', () => {
    const { heard } = talk(hostsWith(web), 80, ['HEAD / HTTP/1.1\r\nHost: a\r\n\r\n']);
    expect(heard).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: 6\r\n[^]*\r\n\r\n$/);
  });

  it.each([
    [
      'closes when asked to',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      '200 OK',
      'peer-closed',
    ],
    ['closes after HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', '200 OK', 'peer-closed'],
    ['takes lines that end with LF alone', 'GET / HTTP/1.0\nHost: x\n\n', '200 OK', 'peer-closed'],
    ['knows no other page', 'GET /else HTTP/1.1\r\nHost: a\r\n\r\n', '404 Not Found', 'open'],
    [
      'knows no other method',
      'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok',
      '405 Method Not Allowed',
      'open',
    ],
    ['wants Host', 'GET / HTTP/1.1\r\n\r\n', '400 Bad Request', 'peer-closed'],
    ['wants a request line', 'hello\r\n\r\n', '400 Bad Request', 'peer-closed'],
    ['wants fields without blanks', 'GET / HTTP/1.1\r\nHost : a\r\n\r\n', '400 Bad Request', 'peer-closed'],
    [
      'wants a length that is a number',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
      '400 Bad Request',
      'peer-closed',
    ],
    [
      'bounds the head',
      `GET / HTTP/1.1\r\nHost: ${'a'.repeat(9000)}`,
      '431 Request Header Fields Too Large',
      'peer-closed',
    ],
  ])('%s', (_, request, status, end) => {
    const result = talk(hostsWith(web), 80, [request]);
    expect(result.heard.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(result.end).toBe(end);
  });

  it('says which methods there are', () => {
    expect(talk(hostsWith(web), 80, ['DELETE / HTTP/1.1\r\nHost: a\r\n\r\n']).heard).toContain(
      '\r\nAllow: GET, HEAD\r\n',
    );
  });

  it('answers a request that comes in pieces, and two that come in one', () => {
    const hosts = hostsWith(web);
    expect(
      talk(hosts, 80, ['GET / HT', 'TP/1.1\r\nHost: a\r', '\n\r\n']).heard.match(/200 OK/g),
    ).toHaveLength(1);
    const two = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2);
    expect(talk(hosts, 80, [two]).heard.match(/200 OK/g)).toHaveLength(2);
  });
});

describe('an HTTP client', () => {
  it('reads status and body', () => {
    const outcome = get(hostsWith(web), '/');
    expect(outcome).toMatchObject({ kind: 'response', status: 200 });
    expect(outcome?.kind === 'response' && Buffer.from(outcome.body).toString()).toBe('hello\n');
    expect(get(hostsWith(web), '/nothing')).toMatchObject({ kind: 'response', status: 404 });
  });

  it('reads a page of many segments', () => {
    const body = 'x'.repeat(200_000);
    const outcome = get(hostsWith({ ...web, body }), '/');
    expect(outcome?.kind === 'response' && outcome.body.length).toBe(200_000);
  });

  it('says what became of it otherwise', () => {
    expect(get(hostsWith(), '/')).toMatchObject({ kind: 'refused' });
    expect(get(hostsWith({ kind: 'tcp', name: 'dumb', port: 80, source: [] }), '/')).toEqual({
      kind: 'timeout',
      time: 5e9,
    });
    expect(
      get(hostsWith({ kind: 'ssh', banner: 'SSH-2.0-x'.padEnd(9000), port: 80, source: [] }), '/'),
    ).toMatchObject({
      kind: 'bad-response',
    });
  });
});

describe('echo, discard, SSH and a bare service', () => {
  it('echo sends back what comes and closes when the client does', () => {
    const hosts = hostsWith({ kind: 'echo', port: 7, source: [] });
    expect(talk(hosts, 7, ['one', 'two'], true)).toEqual({ heard: 'onetwo', end: 'peer-closed' });
  });

  it('echo and discard have UDP sides', () => {
    const hosts = hostsWith({ kind: 'echo', port: 7, source: [] }, { kind: 'discard', port: 9, source: [] });
    const heard: string[] = [];
    const socket = hosts.client.udp.open(5000, {
      datagram: data => heard.push(Buffer.from(data).toString()),
    });
    socket!.send(Buffer.from('echo me'), ADDRESS, 7);
    socket!.send(Buffer.from('forget me'), ADDRESS, 9);
    hosts.run(1);
    expect(heard).toEqual(['echo me']);
    expect(hosts.recorder.reasons).toEqual([]);
  });

  it('discard reads and says nothing', () => {
    expect(talk(hostsWith({ kind: 'discard', port: 9, source: [] }), 9, ['one'], true)).toEqual({
      heard: '',
      end: 'peer-closed',
    });
  });

  it('SSH greets, and ends with those who are no SSH client', () => {
    const hosts = hostsWith({ kind: 'ssh', port: 22, banner: 'SSH-2.0-OpenSSH_9.2p1', source: [] });
    expect(talk(hosts, 22, ['SSH-2.0-client\r\n'])).toEqual({
      heard: 'SSH-2.0-OpenSSH_9.2p1\r\n',
      end: 'open',
    });
    expect(talk(hosts, 22, ['GET / HTTP/1.1\r\n'])).toEqual({
      heard: 'SSH-2.0-OpenSSH_9.2p1\r\nInvalid SSH identification string.\r\n',
      end: 'peer-closed',
    });
  });

  it('several of one stack have the same port on different addresses', () => {
    const hosts = new TwoStacks();
    const services = new Services(hosts.server);
    hosts.server.ip.addLocal(ip('10.0.0.3'));
    expect(services.start({ ...web, body: 'second' }, ADDRESS)).toBe(true);
    expect(services.start({ ...web, body: 'third' }, ip('10.0.0.3'))).toBe(true);
    expect(services.start({ ...web, body: 'again' }, ADDRESS)).toBe(false);
    const outcome = get(hosts, '/');
    expect(outcome?.kind === 'response' && Buffer.from(outcome.body).toString()).toBe('second');
  });
});
