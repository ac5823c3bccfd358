// @ts-check
/** Running other programs and telling the user about it. Needs nothing but Node, so that it works before anything is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The project's folder. */
export const root = join(import.meta.dirname, '../..');

/** Says what is done now. @param {string} text */
export function say(text) {
  console.log(`\n== ${text}`);
}

/** A failure that the user can mend: shown without a stack. */
export class SetupError extends Error {}

/**
 * Runs a program in the project's folder, its output going where ours goes.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, timeout?: number }} [options] timeout in milliseconds, after which the program and all it started are ended
 * @returns {Promise<boolean>} whether it ended with status 0
 */
export function run(program, args, { env, timeout } = {}) {
  return new Promise(done => {
    // A group of its own: with the program, everything that it started can be ended.
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: true,
    });
    const end = (/** @type {NodeJS.Signals} */ signal) => endGroup(child.pid, signal);
    let interrupted = false;
    const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
      interrupted = true;
      end(signal);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            console.log(`ended after ${Math.round(timeout / 1000)} s: ${program} ${args.join(' ')}`);
            end('SIGTERM');
            setTimeout(end, 5000, 'SIGKILL').unref();
          }, timeout);
    /** @param {boolean} passed */
    const finish = passed => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      // The user wants everything to end, not the next step to begin.
      if (interrupted) process.exit(passed ? 0 : 130);
      done(passed);
    };
    child.once('error', error => {
      console.log(`cannot run ${program}: ${error.message}`);
      finish(false);
    });
    child.once('exit', code => finish(code === 0));
  });
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function endGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Whether the user's PATH, or the folders of the system's own programs, have this program. @param {string} program */
export function hasProgram(program) {
  return (
    spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { env: systemPath(), stdio: 'ignore' })
      .status === 0
  );
}

/** The environment with the folders in which Debian keeps programs for root, such as `ip` and `tcpdump`. */
export function systemPath() {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` };
}
