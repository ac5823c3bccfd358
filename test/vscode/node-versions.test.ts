/** One file and one seed give one capture, whatever release of Node runs the engine: the one of these tests, and the one VS Code brings. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installVsCode, vscodeInstallation } from '../real-vscode/install';

const CLI = 'dist/vnet.cjs';
const SAMPLES = 'media/samples';

const folder = mkdtempSync(join(tmpdir(), 'vnet-node-'));
beforeAll(installVsCode);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** SHA-256 of the capture of a run. */
function captureHash(node: string, sample: string, seed: number): string {
  const capture = join(folder, 'capture.pcapng');
  execFileSync(node, [CLI, 'run', join(SAMPLES, sample), '--seed', String(seed), '--pcap', capture], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return createHash('sha256').update(readFileSync(capture)).digest('hex');
}

const version = (node: string): string => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();

it.each(readdirSync(SAMPLES).filter(name => /\.vnet\.(ya?ml|json)$/.test(name)))(
  'the capture of %s is the same in two releases of Node, and in two runs of one',
  sample => {
    const { node: other } = vscodeInstallation;
    expect(version(other)).not.toBe(version(process.execPath));
    const hashes = [process.execPath, process.execPath, other].map(node => captureHash(node, sample, 7));
    expect(new Set(hashes).size).toBe(1);
    expect(captureHash(other, sample, 8)).not.toBe(hashes[0]);
  },
);
