/**
 * Bundles everything that ships into dist/: the extension host's entry, the worker threads of simulations and of capture files, the pages
 * of the panel and of capture files, the layout worker and the command line. Run by `npm run build`; `--production` minifies, `--watch` rebuilds on every change.
 */
import { build, context } from 'esbuild';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const root = import.meta.dirname;

/** @type {import('esbuild').BuildOptions} */
const everywhere = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  minify: production,
  sourcemap: production ? false : 'linked',
};

/**
 * CommonJS, since VS Code's extension host loads it with `require`; `.cjs`, since the package itself is made of modules. Node 20 is
 * what VS Code 1.95, the oldest supported, runs.
 * @type {import('esbuild').BuildOptions}
 */
const node = { ...everywhere, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] };

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  { ...node, entryPoints: ['src/editor/extension.ts'], outfile: 'dist/extension.cjs' },
  { ...node, entryPoints: ['src/simulation/worker.ts'], outfile: 'dist/simulation-worker.cjs' },
  {
    ...node,
    entryPoints: ['src/simulation/capture-file/worker.ts'],
    outfile: 'dist/capture-worker.cjs',
  },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/vnet.cjs',
    banner: { js: '#!/usr/bin/env node' },
  },
  {
    ...everywhere,
    entryPoints: ['webview/main.ts'],
    outfile: 'dist/webview.js',
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
  },
  {
    ...everywhere,
    entryPoints: ['webview/capture/main.ts'],
    outfile: 'dist/capture.js',
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
  },
];

/** Files that ship as they are. */
const copies = [
  // The layout engine runs in a worker of the webview, from text fetched by the page: it stays a file of its own.
  ['node_modules/elkjs/lib/elk-worker.min.js', 'dist/elk-worker.js'],
  ['src/topology/vnet.schema.json', 'dist/vnet.schema.json'],
];

/** Says when something to build is not there, and leaves it out. */
function exists(path) {
  if (existsSync(join(root, path))) return true;
  console.log(`build: ${path} does not exist, left out`);
  return false;
}

async function copyFiles() {
  for (const [from, to] of copies) {
    if (exists(from)) await copyFile(join(root, from), join(root, to));
  }
}

/** The licences of the npm packages that these files, relative to the root, come from, as those licences ask for. */
async function thirdPartyNotices(files) {
  const folderOf = file => /^node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
  const packages = [...new Set(files.map(folderOf).filter(folder => folder !== undefined))].sort();
  const sections = await Promise.all(
    packages.map(async folder => {
      const { name, version, license } = JSON.parse(
        await readFile(join(root, folder, 'package.json'), 'utf8'),
      );
      const heading = `${name} ${version} (${license}), https://www.npmjs.com/package/${name}/v/${version}`;
      const texts = (await readdir(join(root, folder)))
        .filter(file => /^(licen[cs]e|notice)(\.(md|txt))?$/i.test(file))
        .map(file => readFile(join(root, folder, file), 'utf8'));
      return [`${'-'.repeat(80)}\n${heading}`, ...(await Promise.all(texts))].join('\n\n');
    }),
  );
  return ['This product contains code of these packages.', ...sections].join('\n\n');
}

const started = performance.now();
const wanted = bundles.filter(({ entryPoints }) => exists(entryPoints[0]));
await mkdir(join(root, 'dist'), { recursive: true });
await copyFiles();

if (watch) {
  const contexts = await Promise.all(wanted.map(options => context({ ...options, logLevel: 'info' })));
  await Promise.all(contexts.map(one => one.watch()));
} else {
  const results = await Promise.all(wanted.map(options => build(options))).catch(() => {
    // esbuild has shown what is wrong.
    process.exit(1);
  });
  const inputs = results.flatMap(result => Object.keys(result.metafile.inputs));
  await writeFile(
    join(root, 'dist/THIRD-PARTY-NOTICES.txt'),
    await thirdPartyNotices([...inputs, ...copies.map(([from]) => from)]),
  );
  const cli = join(root, 'dist/vnet.cjs');
  if (existsSync(cli)) await chmod(cli, 0o755);
  console.log(`build: ${wanted.length} bundles in dist/ (${Math.round(performance.now() - started)} ms)`);
}
