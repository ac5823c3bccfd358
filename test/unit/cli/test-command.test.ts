import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vnetCommand } from './vnet-command';

const { file, folder, vnet } = vnetCommand('test');

/** Two hosts at a switch; `steps` is what the one scenario does. */
const lan = (steps: string): string => `vnet: 1
name: A small network
networks: { lan: { subnet: 10.0.0.0/24 } }
nodes:
  a: { kind: host, interfaces: { eth0: { network: lan, address: 10.0.0.1/24 } } }
  b: { kind: host, interfaces: { eth0: { network: lan, address: 10.0.0.2/24 } } }
scenarios:
  one & only:
${steps
  .trim()
  .split('\n')
  .map(line => `    - ${line.trim()}\n`)
  .join('')}`;

const lines = (out: string): string[] => out.trimEnd().split('\n');

describe('vnet test', () => {
  it('says of each step how it ended, and counts', async () => {
    const path = file(
      'good.vnet.yaml',
      lan(`
        ping: { from: a, to: b, expect: reply }
        expect: { node: a, arp: 10.0.0.2 }
        expect: { node: a, route: 10.0.0.0/24 dev eth0 }
        wait: 2s
        capture: { at: a:eth0, filter: icmp.type == 8, count: 1 }`),
    );
    const { status, out } = await vnet('test', path);
    expect(lines(out)).toEqual([
      `${path}: one & only`,
      expect.stringMatching(/^ {2}passed {2}ping b from a: 64 bytes from 10\.0\.0\.2: icmp_seq=1 ttl=64/),
      expect.stringMatching(/^ {2}passed {2}expect neighbour 10\.0\.0\.2 at a: 10\.0\.0\.2 lladdr 02:/),
      '  passed  expect route 10.0.0.0/24 dev eth0 at a: 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1',
      '  passed  wait 2 s: 2 s passed',
      '  passed  capture at a:eth0: 1 frames at a:eth0 with icmp.type == 8',
      '5 passed, 0 failed',
    ]);
    expect(status).toBe(0);
  });

  it('numbers the streams of a capture as a capture at that point has them', async () => {
    const path = file(
      'streams.vnet.yaml',
      lan(`
        tcp: { from: a, to: "b:81", expect: refused }
        tcp: { from: b, to: "a:82", expect: refused }
        capture: { at: a:eth0, filter: tcp.stream == 0 && tcp.port == 81, count: 2 }
        capture: { at: a:eth0, filter: tcp.stream == 1, count: 2 }
        capture: { at: a:eth0, filter: tcp.stream > 1, count: 0 }`),
    );
    const { status, out } = await vnet('test', path);
    expect(lines(out).at(-1)).toBe('5 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('fails steps that go the other way, and still takes the others', async () => {
    const path = file(
      'bad.vnet.yaml',
      lan(`
        ping: { from: a, to: b, expect: no-reply }
        expect: { node: a, arp: 10.0.0.77 }
        expect: { node: b, route: default }
        tcp: { from: a, to: "b:81", expect: connected }
        udp: { from: a, to: "b:9999", expect: unreachable }`),
    );
    const { status, out } = await vnet('test', path);
    expect(status).toBe(1);
    expect(lines(out).at(-1)).toBe('1 passed, 4 failed');
    expect(out).toContain('(expected no reply)');
    expect(out).toContain('a knows no neighbour 10.0.0.77');
    expect(out).toContain('(expected default)');
    expect(out).toMatch(/b port 81 \(10\.0\.0\.2\): Connection refused \(expected connected\)/);
    expect(out).toMatch(
      /passed {2}udp b:9999 from a: b port 9999 \(10\.0\.0\.2\): unreachable, says 10\.0\.0\.2/,
    );
  });

  it('pulls a cable and plugs it in again, on one simulation', async () => {
    const path = file(
      'cable.vnet.yaml',
      `vnet: 1
name: A cable
nodes:
  a: { kind: host, interfaces: { eth0: { address: 10.0.0.1/24 } } }
  b: { kind: host, interfaces: { eth0: { address: 10.0.0.2/24 } } }
links: [[a:eth0, b:eth0]]
scenarios:
  pulled:
    - ping: { from: a, to: b, expect: reply }
    - set: { link: [a:eth0, b:eth0], up: false }
    - ping: { from: a, to: b, expect: no-reply, within: 2s }
    - set: { link: [a:eth0, b:eth0], up: true }
    - ping: { from: a, to: b, expect: reply }
    - set: { interface: b:eth0, up: false }
    - ping: { from: a, to: b, expect: no-reply, within: 2s }
`,
    );
    const { status, out } = await vnet('test', path);
    expect(out).toContain('7 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('asks web servers, and knows what switches learned', async () => {
    const path = file(
      'web.vnet.yaml',
      `vnet: 1
name: A web server
networks: { lan: { subnet: 10.0.0.0/24 } }
nodes:
  a: { kind: host, interfaces: { eth0: { network: lan, address: 10.0.0.1/24, mac: "02:00:00:00:00:01" } } }
  b: { kind: host, interfaces: { eth0: { network: lan, address: 10.0.0.2/24 } }, services: { http: { port: 8080, body: hello } } }
scenarios:
  web:
    - http: { from: a, to: "http://10.0.0.2:8080/", expect: { status: 200, body: hello } }
    - http: { from: a, to: "http://10.0.0.2:8080/", expect: { status: 404 } }
    - http: { from: a, to: "http://10.0.0.2/", expect: refused }
    - tcp: { from: a, to: "b:8080", expect: connected }
    - expect: { node: lan, mac: "02:00:00:00:00:01@1" }
    - expect: { node: lan, mac: "02:00:00:00:00:01@2" }
    - expect: { node: lan, mac: "02:00:00:00:00:99" }
`,
    );
    const { out, error } = await vnet('test', path);
    expect(error).toBe('');
    expect(lines(out).map(line => line.trim().split(' ')[0])).toEqual([
      `${path}:`,
      'passed',
      'FAILED',
      'passed',
      'passed',
      'passed',
      'FAILED',
      'FAILED',
      '4',
    ]);
    expect(out).toContain('HTTP 200, 5 bytes in');
    expect(out).toContain('(expected status 404)');
  });

  it('runs each scenario from the beginning', async () => {
    const path = file(
      'fresh.vnet.yaml',
      `${lan('ping: { from: a, to: b, expect: reply }')}  second:
    - capture: { at: a:eth0, count: 0 }
`,
    );
    expect((await vnet('test', path)).out).toContain('2 passed, 0 failed');
  });

  it('prints JSON', async () => {
    const path = file('json.vnet.yaml', lan('ping: { from: a, to: b, expect: reply }'));
    const { out } = await vnet('test', path, '--json');
    expect(JSON.parse(out)).toMatchObject({
      scenarios: [{ file: path, name: 'one & only', steps: [{ words: 'ping b from a', passed: true }] }],
      passed: 1,
      failed: 0,
    });
  });

  it('writes a JUnit report that an XML parser reads', async () => {
    const path = file('junit.vnet.yaml', lan('ping: { from: a, to: b, expect: no-reply }'));
    const report = join(folder, 'report.xml');
    expect((await vnet('test', path, '--junit', report)).status).toBe(1);
    const xml = readFileSync(report, 'utf8');
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).toContain('classname="one &amp; only"');
    expect(xml).toMatch(/<failure message="64 bytes from 10\.0\.0\.2[^"<]*\(expected no reply\)"\/>/);
  });

  it('goes on with the next file when one is not good, and fails', async () => {
    const good = file('next.vnet.yaml', lan('ping: { from: a, to: b, expect: reply }'));
    const { status, out, error } = await vnet(
      'test',
      file('broken.vnet.yaml', 'vnet: 1\nnodes: {a: {kind: hots}}\n'),
      good,
    );
    expect(status).toBe(1);
    expect(error).toContain('broken.vnet.yaml:2:19: error');
    expect(out).toContain('1 passed, 0 failed');
  });
});
