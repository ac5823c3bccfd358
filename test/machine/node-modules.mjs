// @ts-check
/** The npm packages of the project, installed from the lock file when they differ from it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, root, run, say } from './command.mjs';

/** The first Node release that has all that the build and the tests use. */
const OLDEST_NODE = [20, 19];

/** Installs what is missing. Throws a SetupError when that can't be done. */
export async function installNodeModules() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new SetupError(
      `Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}`,
    );
  }
  if (matchesLock()) return;
  say('installing npm packages (npm ci)');
  if (!(await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']))) {
    throw new SetupError('npm ci failed; is the npm registry reachable?');
  }
}

/** Whether what is installed is what the lock file says; packages for other platforms may be absent. */
function matchesLock() {
  // npm keeps this account of what it installed.
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional }]) =>
      path === '' || (installed[path]?.version ?? (optional ? version : undefined)) === version,
  );
}

/** @param {string} lock @returns {Record<string, { version?: string, optional?: boolean }>} */
function packagesOf(lock) {
  const path = join(root, lock);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}
