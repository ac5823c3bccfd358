/**
 * Opens the packaged extension on a copy of the sample networks: in the desktop VS Code where `code` is on the PATH, else in a VS Code
 * server on this machine that lives until ctrl-c.
 *
 *   --server   the server, also where there is a desktop VS Code
 *   --port N   the first port to try, 8080 by default
 *   --check    start, ask the server for its page, and end
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installVsCode } from './install';
import { startVsCodeServer } from './server';

const SAMPLES = 'media/samples';
/** The one to begin with. */
const SAMPLE = 'virtualbox-nat.vnet.yaml';
const VSIX = 'dist/vnet-designer.vsix';
/** Ports after the first that are tried when somebody else listens there. */
const MORE_PORTS = 100;

const { values: options } = parseArgs({
  options: {
    server: { type: 'boolean', default: false },
    port: { type: 'string', default: '8080' },
    check: { type: 'boolean', default: false },
  },
});

const folder = await copySamples();
if (options.server || options.check || !openDesktop()) await serve();

/** The samples, where the user may change them without changing the project. */
async function copySamples(): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), 'vnet-')), 'samples');
  await cp(SAMPLES, copy, { recursive: true });
  return copy;
}

/** False when there is no desktop VS Code, or it can't be used. */
function openDesktop(): boolean {
  try {
    execFileSync('code', ['--version'], { stdio: 'ignore' });
  } catch {
    return false;
  }
  execFileSync('code', ['--install-extension', resolve(VSIX), '--force'], { stdio: 'inherit' });
  execFileSync('code', ['--new-window', folder, join(folder, SAMPLE)], {
    stdio: 'inherit',
  });
  console.log(`VS Code is open on ${folder}`);
  explain();
  return true;
}

async function serve(): Promise<void> {
  await installVsCode();
  const port = await firstFreePort(Number(options.port));
  const server = await startVsCodeServer({ vsix: VSIX, folder, port });
  console.log(`\n${'='.repeat(80)}\nVS Code is ready. Open this address in a browser on this machine:\n`);
  console.log(`    ${server.url(SAMPLE)}\n`);
  explain();
  console.log(
    `The samples are copies in ${folder}; they stay when this ends.\nEnd with ctrl-c.\n${'='.repeat(80)}`,
  );
  if (options.check) {
    const { status } = await fetch(server.url(SAMPLE));
    console.log(`the server answers with status ${status}`);
    process.exitCode = status === 200 ? 0 : 1;
    await rm(join(folder, '..'), { recursive: true });
  } else {
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    console.log('\nending');
  }
  await server.stop();
}

function explain(): void {
  console.log(`Then, in ${SAMPLE}: ctrl-k v, or the preview button at the top right, opens its diagram.`);
}

/** VS Code's server has no tries of its own. */
async function firstFreePort(first: number): Promise<number> {
  for (let port = first; port < first + MORE_PORTS; port++) {
    const probe = createServer();
    const free = await new Promise<boolean>(done => {
      probe.once('error', () => {
        done(false);
      });
      probe.listen(port, '127.0.0.1', () => {
        done(true);
      });
    });
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
  throw new Error(`no free port from ${first} to ${first + MORE_PORTS}`);
}
