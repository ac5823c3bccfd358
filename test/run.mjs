// @ts-check
/**
 * `npm test`: installs what the tests need and runs every kind of them, each as a step with its own closing count.
 * `node test/run.mjs STEP… [ARGUMENT…]` runs only these steps; arguments that name no step go to vitest.
 * Needs nothing but Node and npm.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SetupError, root, run, say, systemPath } from './machine/command.mjs';
import { installDebianPackages } from './machine/debian-packages.mjs';
import { installNodeModules } from './machine/node-modules.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

const MINUTE = 60_000;

/** How long a fuzz run goes on beyond its fixed number of rounds. */
const FUZZ_MILLISECONDS = 1000 * Number(process.env.FUZZ_SECONDS ?? 0);

/** Programs of the npm packages, found without npm's help, and programs for root. */
const env = { ...systemPath(), PATH: `${join(root, 'node_modules/.bin')}:${systemPath().PATH}` };

/** A step of commands counts those that end well. */
const commands =
  (/** @type {[string, string, ...string[]][]} */ ...all) =>
  async () => {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const [name, program, ...args] of all) {
      console.log(`-- ${name}: ${program} ${args.join(' ')}`);
      const passed = await run(program, args, { env, timeout: 5 * MINUTE });
      count[passed ? 'passed' : 'failed']++;
      if (!passed) console.log(`-- ${name} FAILED`);
    }
    return count;
  };

/** A step of tests counts them; they are in test/NAME, a project of vitest. */
const tests =
  (/** @type {string} */ project, /** @type {number} */ timeout) => async (/** @type {string[]} */ args) => {
    if (!hasTests(project)) {
      console.log(`test/${project} has no tests yet`);
      return { passed: 0, failed: 0, skipped: 0 };
    }
    const report = join(root, 'test/artifacts/results', `${project}.json`);
    rmSync(report, { force: true });
    mkdirSync(dirname(report), { recursive: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const passed = await run('vitest', ['run', '--project', project, ...reporters, ...args], {
      env,
      timeout,
    });
    return countOf(report, passed);
  };

/**
 * What is run, in this order. A step is not tried when one that it is `after` has failed.
 * @type {Record<string, { title: string, apt?: ('tshark' | 'kernel' | 'vscode')[], after?: string, run: (args: string[]) => Promise<Count> }>}
 */
const STEPS = {
  types: {
    title: 'checking types',
    run: commands(['source and tests', 'tsc', '-p', '.'], ['webview', 'tsc', '-p', 'webview']),
  },
  lint: {
    title: 'checking style, format and imports between rooms',
    run: commands(
      ['style', 'eslint', '--max-warnings', '0', '.'],
      ['format', 'prettier', '--check', '--log-level', 'warn', '.'],
      ['imports', 'depcruise', '--config', '.dependency-cruiser.cjs', 'src', 'webview'],
    ),
  },
  build: {
    title: 'building',
    run: commands(['bundles', 'node', 'esbuild.mjs', '--production']),
  },
  unit: { title: 'unit and property tests', run: tests('unit', 10 * MINUTE) },
  fuzz: { title: 'odd frames thrown at every device', run: tests('fuzz', 5 * MINUTE + FUZZ_MILLISECONDS) },
  tshark: { title: 'tests against Wireshark', apt: ['tshark'], run: tests('tshark', 5 * MINUTE) },
  kernel: { title: 'tests against the Linux kernel', apt: ['kernel'], run: tests('kernel', 10 * MINUTE) },
  package: {
    title: 'packaging the extension',
    after: 'build',
    run: commands([
      'VSIX',
      'vsce',
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      'dist/vnet-designer.vsix',
    ]),
  },
  vscode: {
    title: 'tests in a real VS Code',
    apt: ['vscode', 'tshark'],
    after: 'package',
    run: tests('vscode', 15 * MINUTE),
  },
};

/** @param {string} project */
function hasTests(project) {
  const folder = join(root, 'test', project);
  return (
    existsSync(folder) &&
    readdirSync(folder, { recursive: true }).some(name => String(name).endsWith('.test.ts'))
  );
}

/**
 * Reads vitest's own account. A file that fails before its first test, and a run that tests nothing, count as one failure.
 * @param {string} report
 * @param {boolean} endedWell
 * @returns {Count}
 */
function countOf(report, endedWell) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const count = {
    passed: result.numPassedTests,
    failed: result.numFailedTests,
    skipped: result.numPendingTests + result.numTodoTests,
  };
  noteFailures(result);
  const ranNothing = count.passed + count.failed === 0;
  if (ranNothing) console.log('no test ran');
  if (count.failed === 0 && (!endedWell || ranNothing)) count.failed = 1;
  return count;
}

/** Failed tests and why, in short; said again at the end, where whoever reads a long log looks first. @type {string[]} */
const failures = [];

/** As much of a reason as says what went wrong without the whole of what was compared. */
const REASON_CHARACTERS = 600;

/** @param {{ testResults: { name: string, message: string, assertionResults: { status: string, fullName: string, failureMessages: string[] }[] }[] }} result vitest's account */
function noteFailures({ testResults }) {
  for (const { name, message, assertionResults } of testResults) {
    const file = relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of failed) {
      failures.push(`${file} > ${fullName}\n${inShort(failureMessages.join('\n'))}`);
    }
    if (failed.length === 0 && message !== '') failures.push(`${file}\n${inShort(message)}`);
  }
}

/** Without the calls inside the test tool. @param {string} reason */
function inShort(reason) {
  const own = reason.split('\n').filter(line => !line.includes('node_modules'));
  return own.join('\n').slice(0, REASON_CHARACTERS);
}

/** @param {string | undefined} before @returns {Count} */
function notTried(before) {
  console.log(`not tried, since the step '${before}' failed`);
  return { passed: 0, failed: 1, skipped: 0 };
}

/** @param {Count} count */
function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** @param {string[]} argv */
async function main(argv) {
  const wanted = argv.filter(argument => argument in STEPS);
  const args = argv.filter(argument => !(argument in STEPS));
  await installNodeModules();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  /** @type {Set<string>} */
  const failed = new Set();
  for (const [name, step] of Object.entries(STEPS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const started = performance.now();
    say(step.title);
    const count = failed.has(step.after ?? '') ? notTried(step.after) : await outcome(step, args);
    if (count.failed > 0) failed.add(name);
    total.passed += count.passed;
    total.failed += count.failed;
    total.skipped += count.skipped;
    const line = `${name}: ${inWords(count)} (${((performance.now() - started) / 1000).toFixed(1)} s)`;
    console.log(`== ${line}`);
    lines.push(line);
  }
  say('all steps');
  if (failures.length > 0) console.log(`FAILED\n\n${failures.join('\n\n')}\n`);
  console.log(`${lines.join('\n')}\n`);
  console.log(inWords(total));
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** What a user can mend fails the step, not the whole run. @param {(typeof STEPS)[string]} step @param {string[]} args */
async function outcome(step, args) {
  try {
    await installDebianPackages(step.apt ?? []);
    return await step.run(args);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

process.exitCode = await main(process.argv.slice(2)).catch(error => {
  console.log(error instanceof SetupError ? error.message : error);
  return 1;
});
