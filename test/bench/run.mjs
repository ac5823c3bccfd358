/**
 * Benchmarks: npm run bench [-- PART… [ARGUMENT…]]
 *
 * engine  the benchmark networks in the engine and in Debian's ns-3, in turn (--packets 1000000 --repetitions 3)
 * layout  drawings of 10 to 1,000 devices, and what an edit costs and moves
 * panel   a real VS Code with a million packets in its list, and typing beside it (--records 1000000); edits of 200 devices (--edits alone)
 *
 * Without a part, engine. Times are of a machine that may be busy: each part prints how busy it was, and compares within one run.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const folder = import.meta.dirname;
const node = (...args) =>
  spawnSync(process.execPath, args, { stdio: 'inherit', cwd: join(folder, '../..') }).status ?? 1;
const typescript = (file, args) => node('test/run-typescript.mjs', join(folder, file), ...args);

const PARTS = {
  engine: args => node(join(folder, 'engine.mjs'), ...args),
  layout: args => typescript('layout.ts', args),
  panel: args => node('test/run.mjs', 'build', 'package') || typescript('panel.ts', args),
};

const given = process.argv.slice(2);
const parts = given.filter(arg => arg in PARTS);
const args = given.filter(arg => !(arg in PARTS));
for (const part of parts.length === 0 ? ['engine'] : parts) {
  process.exitCode = Math.max(process.exitCode ?? 0, PARTS[part](args));
}
