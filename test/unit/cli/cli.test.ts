import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { vnetCommand } from './vnet-command';

const SAMPLE = join(import.meta.dirname, '../../../media/samples/virtualbox-nat.vnet.yaml');
const TWO_HOSTS = join(import.meta.dirname, '../../../media/samples/two-hosts.vnet.yaml');

const { folder, file, vnet } = vnetCommand('cli');

const BROKEN = `vnet: 1
name: broken
nodes:
  pc1: { kind: hosst }
`;

const FAILING = `vnet: 1
name: two
nodes:
  pc1: { kind: host, interfaces: { eth0: { address: 10.0.0.1/24 } } }
  pc2: { kind: host, interfaces: { eth0: { address: 10.0.0.2/24 } } }
links:
  - [pc1:eth0, pc2:eth0]
scenarios:
  good:
    - ping: { from: pc1, to: pc2, expect: reply }
  bad:
    - ping: { from: pc1, to: pc2, expect: no-reply }
`;

describe('vnet', () => {
  it('prints help and its version', async () => {
    expect((await vnet('--help')).out).toContain('Usage: vnet');
    expect(await vnet('--version')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['check']],
    [['run']],
    [['run', SAMPLE, '--until', '10']],
    [['run', SAMPLE, '--until', 'soon']],
    [['run', SAMPLE, '--seed', '-1']],
    [['run', SAMPLE, '--scenario', 'no such']],
    [['run', SAMPLE, '--nonsense']],
    [['ping', SAMPLE, 'nat-1']],
    [['ping', SAMPLE, 'nobody', 'nat-1']],
    [['ping', SAMPLE, 'home', 'nat-1']],
    [['ping', SAMPLE, 'nat-1', 'nat-2', '-c', '0']],
    [['ping', SAMPLE, 'nat-1', 'nat-2', '-c', '1e9']],
    [['layout', SAMPLE]],
    [['layout', SAMPLE, '--out', 'x.svg', '--theme', 'pink']],
  ])('calls %j a wrong use', async words => {
    const { status, out, error } = await vnet(...words);
    expect(status).toBe(2);
    expect(out).toBe('');
    expect(error).not.toBe('');
  });
});

describe('vnet check', () => {
  it('finds the samples good', async () => {
    expect(await vnet('check', SAMPLE, TWO_HOSTS)).toMatchObject({ status: 0, error: '' });
  });

  it('names file, line, column and code of an error', async () => {
    const path = file('broken.vnet.yaml', BROKEN);
    const { status, error } = await vnet('check', path);
    expect(status).toBe(1);
    expect(error).toMatch(/broken\.vnet\.yaml:4:\d+: error: .+ \[[a-z-]+\]\n/);
  });

  it('prints JSON for machines', async () => {
    const path = file('broken.vnet.yaml', BROKEN);
    const { status, out } = await vnet('check', '--json', SAMPLE, path);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ file: path, line: 4, severity: 'error' }]);
  });

  it.each([
    ['empty.vnet.yaml', ''],
    ['nul.vnet.yaml', 'vnet: 1\0\n'],
    ['latin.vnet.yaml', new Uint8Array([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9, 0x0a])],
    ['huge.vnet.yaml', new Uint8Array(3 * 1024 * 1024).fill(0x61)],
    ['list.vnet.yaml', '- 1\n- 2\n'],
    ['bomb.vnet.yaml', `a: &a [x,x,x,x,x,x,x,x,x]\n${bombLines()}`],
  ])('refuses %s with a place and a code', async (name, content) => {
    const path = file(name, content);
    for (const words of [
      ['check', path],
      ['run', path],
      ['ping', path, 'a', 'b'],
      ['layout', path, '--out', join(folder, 'x.svg')],
    ]) {
      const { status, out, error } = await vnet(...words);
      expect(status).toBe(1);
      expect(out).toBe('');
      expect(error).toMatch(/:\d+:\d+: error: .+ \[[a-z-]+\]/);
    }
    expect(existsSync(join(folder, 'x.svg'))).toBe(false);
  });

  it('says in the system’s words what can’t be read, and reads the others', async () => {
    const { status, out, error } = await vnet('check', join(folder, 'missing'), folder, SAMPLE);
    expect(status).toBe(2);
    expect(error).toContain('No such file or directory');
    expect(error).toContain('Is a directory');
    expect(out).toContain('good');
  });

  it('does not read an endless file for ever', async () => {
    expect(await vnet('check', '/dev/zero')).toMatchObject({
      status: 1,
      error: expect.stringContaining('[file-too-large]'),
    });
  });
});

describe('vnet run', () => {
  it('prints a line for each packet and each step', async () => {
    const { status, out, error } = await vnet('run', SAMPLE);
    expect(error).toBe('');
    expect(status).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^ +0 +0\.000000000 +\S+ +→ \S+ +DHCP +DHCP Discover/);
    expect(lines.filter(line => line.startsWith('passed'))).toHaveLength(2);
    expect(lines.at(-1)).toMatch(/^\d+ records in [\d.]+ s; 2 steps passed, 0 failed$/);
  });

  it('prints JSON lines', async () => {
    const { status, out } = await vnet('run', SAMPLE, '--json');
    expect(status).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string });
    expect(lines[0]).toMatchObject({ type: 'packet', number: 0, time: 0, protocol: 'DHCP' });
    expect(lines.filter(({ type }) => type === 'outcome')).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ type: 'end', passed: 2, failed: 0, unfinished: 0, seed: 1 });
  });

  it('fails when a step fails, and runs the scenario it is told to', async () => {
    const path = file('failing.vnet.yaml', FAILING);
    const all = await vnet('run', path);
    expect(all.status).toBe(1);
    expect(all.out).toMatch(
      /^FAILED {2}bad, step 1 \(ping pc2 from pc1\): 64 bytes from .* \(expected no reply\)$/m,
    );
    expect(await vnet('run', path, '--scenario', 'good')).toMatchObject({ status: 0 });
  });

  it('stops at the time it is told to', async () => {
    const { status, out, error } = await vnet('run', SAMPLE, '--until', '10us', '--json');
    expect(status).toBe(1);
    expect(error).toContain('2 steps not done');
    const times = out
      .trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { time: number }).time);
    expect(Math.max(...times)).toBeLessThanOrEqual(10_000);
  });

  it('writes captures that are equal for equal seeds and differ for others', async () => {
    const path = (name: string): string => join(folder, name);
    await vnet('run', SAMPLE, '--pcap', path('one.pcapng'), '--seed', '7');
    await vnet('run', SAMPLE, '--pcap', path('two.pcapng'), '--seed', '7');
    await vnet('run', SAMPLE, '--pcap', path('other.pcapng'), '--seed', '8');
    const bytes = (name: string): Buffer => readFileSync(path(name));
    expect(bytes('one.pcapng').equals(bytes('two.pcapng'))).toBe(true);
    expect(bytes('one.pcapng').equals(bytes('other.pcapng'))).toBe(false);
  });

  it('leaves nothing behind where the capture can’t be written, and the old one where it can', async () => {
    const { status, error } = await vnet(
      'run',
      TWO_HOSTS,
      '--pcap',
      join(folder, 'no-such-folder', 'x.pcapng'),
    );
    expect(status).toBe(2);
    expect(error).toContain('No such file or directory');
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    writeFileSync(join(inside, 'real.pcapng'), 'old');
    symlinkSync(join(inside, 'real.pcapng'), join(inside, 'link.pcapng'));
    expect(await vnet('run', TWO_HOSTS, '--pcap', join(inside, 'link.pcapng'))).toMatchObject({ status: 0 });
    expect(readFileSync(join(inside, 'real.pcapng')).subarray(0, 4).toString('hex')).toBe('0a0d0d0a');
    expect(readdirSync(inside).sort()).toEqual(['link.pcapng', 'real.pcapng']);
  });
});

describe('vnet ping', () => {
  it('says what ping says', async () => {
    const { status, out } = await vnet('ping', SAMPLE, 'nat-1', 'web.example', '-c', '2');
    expect(status).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('PING web.example (203.0.113.10) 56(84) bytes of data.');
    expect(lines[1]).toMatch(/^64 bytes from 203\.0\.113\.10: icmp_seq=1 ttl=\d+ time=[\d.]+ ms$/);
    expect(lines[5]).toBe('2 packets transmitted, 2 received, 0% packet loss');
  });

  it('fails when nobody answers', async () => {
    const { status, out } = await vnet('ping', file('f.vnet.yaml', FAILING), 'pc1', '10.0.0.9', '-c', '1');
    expect(status).toBe(1);
    expect(out).toContain('100% packet loss');
  });

  it('fails when the name is not known', async () => {
    const { status, error } = await vnet('ping', SAMPLE, 'nat-1', 'nowhere.example');
    expect(status).toBe(1);
    expect(error).toMatch(/^ping: nowhere\.example: .+\n$/);
  });

  it('prints JSON', async () => {
    const { out } = await vnet('ping', SAMPLE, 'nat-1', '203.0.113.10', '-c', '1', '--json');
    expect(JSON.parse(out)).toMatchObject({
      from: 'nat-1',
      address: '203.0.113.10',
      replies: [{ sequence: 1, result: 'reply', from: '203.0.113.10' }],
    });
  });
});

describe('vnet layout', () => {
  it('writes a picture with every device', async () => {
    const path = join(folder, 'out.svg');
    expect(await vnet('layout', SAMPLE, '--out', path, '--theme', 'dark')).toMatchObject({
      status: 0,
      error: '',
    });
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^<svg /);
    for (const device of ['internet', 'home-router', 'laptop', 'nat-1', 'nat-2']) {
      expect(text).toContain(device);
    }
  });

  /** Where the corner of a device's outline is in the picture. */
  async function placesIn(words: readonly string[]): Promise<(device: string) => string | undefined> {
    const path = join(folder, 'placed.svg');
    expect(await vnet('layout', ...words, '--out', path)).toMatchObject({ status: 0, error: '' });
    const text = readFileSync(path, 'utf8');
    return device =>
      new RegExp(`<g[^>]*data-device="${device}"[^>]*transform="([^"]*)"`).exec(text)?.[1] ??
      new RegExp(`<g[^>]*transform="([^"]*)"[^>]*data-device="${device}"`).exec(text)?.[1];
  }

  it('puts devices where the user put them: in the file, over that beside it, and in no view of subnets', async () => {
    const text = readFileSync(SAMPLE, 'utf8');
    const topology = file(
      'pinned.vnet.yaml',
      `${text}\ndiagram:\n  pinned:\n    internet: { x: 500, y: 40 }\n    home: { x: 20, y: 30 }\n`,
    );
    const free = await placesIn([topology, '--no-pins']);
    const inFile = await placesIn([topology]);
    expect(inFile('internet')).toBe('translate(500 40)');
    expect(inFile('home')).toBe('translate(20 30)');
    expect(free('internet')).not.toBe(inFile('internet'));
    file('pinned.vnet.layout.json', '{ "version": 1, "pinned": { "internet": { "x": 700, "y": 60 } } }');
    const beside = await placesIn([topology]);
    expect(beside('internet')).toBe('translate(700 60)');
    expect(beside('home')).toBe('translate(20 30)');
    expect((await placesIn([topology, '--view', 'domains']))('internet')).toBe('translate(700 60)');
    const subnets = await placesIn([topology, '--view', 'subnets']);
    expect(subnets('internet')).toBe(
      (await placesIn([topology, '--view', 'subnets', '--no-pins']))('internet'),
    );
    file('pinned.vnet.layout.json', 'no JSON');
    expect((await placesIn([topology]))('internet')).toBe('translate(500 40)');
  });

  it('shows the views of the panel: domains with what their lines mean, subnets without switches', async () => {
    const path = join(folder, 'view.svg');
    const picture = async (view: string): Promise<string> => {
      expect(await vnet('layout', SAMPLE, '--view', view, '--out', path)).toMatchObject({ status: 0 });
      return readFileSync(path, 'utf8');
    };
    expect(await picture('cabling')).not.toContain('<path class="vnet-strand');
    const domains = await picture('domains');
    expect(domains).toContain('vnet-domain-0');
    expect(domains).toMatch(/home · 192\.168\.1\.0\/24 · 2 stations/);
    const subnets = await picture('subnets');
    expect(subnets).toContain('192.168.1.0/24');
    expect(await vnet('layout', SAMPLE, '--view', 'sideways', '--out', path)).toMatchObject({ status: 2 });
  });
});

describe('the built command', () => {
  const built = join(import.meta.dirname, '../../../dist/vnet.cjs');

  it.skipIf(!existsSync(built))('ends quietly when its reader goes away', () => {
    const { stderr } = spawnSync('bash', ['-c', `node "$0" run "$1" --json | head -n 1`, built, SAMPLE], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });
});

/** Nine lists, each nine times the one before. */
function bombLines(): string {
  return [...'bcdefghi']
    .map((name, index) => {
      const before = 'abcdefghi'[index];
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]\n`;
    })
    .join('');
}
