// @ts-check
/**
 * Runs a TypeScript program of this project under Node: node test/run-typescript.mjs FILE.ts [ARGUMENT…]
 * Its modules are bundled, npm packages are taken from node_modules. The working folder stays what it was.
 */
import { build } from 'esbuild';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node test/run-typescript.mjs FILE.ts [ARGUMENT…]');
const root = join(import.meta.dirname, '..');
// Below node_modules, so that the bundle finds the packages it imports.
const outfile = join(root, 'node_modules/.cache/vnet', `${basename(file, '.ts')}.mjs`);
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
});
process.argv = [process.execPath, file, ...rest];
await import(pathToFileURL(outfile).href);
