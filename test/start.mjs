// @ts-check
/**
 * `npm start`: installs what it needs, builds and packages the extension, and opens it in a real VS Code on a copy of the sample networks.
 * Options go to test/real-vscode/serve.ts. Needs nothing but Node and npm.
 */
import { join } from 'node:path';
import { SetupError, root, run, say } from './machine/command.mjs';
import { installNodeModules } from './machine/node-modules.mjs';

try {
  await installNodeModules();
  say('building and packaging the extension');
  await mustRun('test/run.mjs', 'build', 'package');
  say('opening VS Code');
  await mustRun('test/run-typescript.mjs', 'test/real-vscode/serve.ts', ...process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exitCode = 1;
}

/** @param {string} script @param {string[]} args */
async function mustRun(script, ...args) {
  if (!(await run(process.execPath, [join(root, script), ...args]))) throw new SetupError(`${script} failed`);
}
