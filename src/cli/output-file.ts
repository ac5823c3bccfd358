/** Files that a command writes: whole or not at all. */
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './command-io';
import { systemProblem } from './system-problem';

/**
 * Puts the content under this name in one step, so that nobody ever sees half of it. What is no ordinary file, such as /dev/stdout or a
 * pipe, is written to directly.
 * @throws UsageError when that can't be done
 */
export function writeWholeFile(path: string, content: Uint8Array | string): void {
  try {
    const target = existing(path);
    if (target !== undefined && !statSync(target).isFile()) {
      writeFileSync(target, content);
      return;
    }
    replaceFile(target ?? path, content);
  } catch (error) {
    throw new UsageError(`${path}: ${systemProblem(error)}`);
  }
}

function replaceFile(path: string, content: Uint8Array | string): void {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    writeFileSync(draft, content);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Where a name leads that exists, links followed. */
function existing(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
