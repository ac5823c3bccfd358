/** Starts VS Code's server with the packaged extension on folders of its own, and ends it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { vscodeInstallation } from './install';

export interface ServerOptions {
  /** The packaged extension; `dist/vnet-designer.vsix` by default. */
  readonly vsix?: string;
  /** The folder to open; by default a fresh one that `files` are written to and that goes with the server. */
  readonly folder?: string;
  /** Files of the fresh folder: path and content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Those of scope `machine`, which a window on a server takes from the server alone. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** A display language such as `zh-cn`; VS Code's own words stay English, the extension's follow. */
  readonly locale?: string;
  /** The port to listen on; any free one by default. */
  readonly port?: number;
  /** Only these of VS Code's own extensions are there; all by default. */
  readonly builtinExtensions?: readonly string[];
}

export interface VsCodeServer {
  readonly port: number;
  /** The folder that is open. */
  readonly folder: string;
  /** What the server has printed. */
  output(): string;
  /** The address of the workbench, with this file of the folder open. */
  url(file?: string): string;
  /** Ends the server and removes its folders. */
  stop(): Promise<void>;
}

/** Starts a server; it listens when this resolves. It is ended with this process at the latest. */
export async function startVsCodeServer(options: ServerOptions = {}): Promise<VsCodeServer> {
  const run = await mkdtemp(join(tmpdir(), 'vnet-vscode-'));
  const removeRun = () => rm(run, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  try {
    return await startIn(run, removeRun, options);
  } catch (error) {
    await removeRun();
    throw error;
  }
}

async function startIn(
  run: string,
  removeRun: () => Promise<void>,
  options: ServerOptions,
): Promise<VsCodeServer> {
  const places = {
    home: join(run, 'home'),
    user: join(run, 'user'),
    data: join(run, 'data'),
    extensions: join(run, 'extensions'),
  };
  for (const place of Object.values(places)) await mkdir(place);
  const folder = options.folder ?? join(run, 'workspace');
  await writeFiles(folder, options.files ?? {});
  await writeSettings(places.user, options.settings ?? {}, options.machineSettings ?? {});
  if (options.locale !== undefined) await claimLanguage(places.user, options.locale);

  // `EXTENSIONS_GALLERY` empty: ask no extension registry. HOME: leave nothing in the user's own.
  const env = { ...process.env, HOME: places.home, EXTENSIONS_GALLERY: '{}' };
  const common = [
    ...['out/server-main.js', '--accept-server-license-terms'],
    ...['--user-data-dir', places.user, '--server-data-dir', places.data],
    ...['--extensions-dir', places.extensions],
  ];
  const vsix = resolve(options.vsix ?? 'dist/vnet-designer.vsix');
  const cwd = vscodeInstallation.folder;
  await promisify(execFile)(vscodeInstallation.node, [...common, '--install-extension', vsix], { cwd, env });

  const port = options.port ?? (await freePort());
  const args = [
    ...common,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'],
    ...['--disable-telemetry', '--disable-workspace-trust'],
    ...(options.locale === undefined ? [] : ['--locale', options.locale]),
  ];
  if (options.builtinExtensions !== undefined) {
    args.push('--builtin-extensions-dir', await linkBuiltins(run, options.builtinExtensions));
  }
  const running = await listen(args, cwd, env);
  return {
    port,
    folder,
    output: running.output,
    url(file) {
      const query = new URLSearchParams({ folder });
      if (file !== undefined) {
        const uri = `vscode-remote://127.0.0.1:${port}${join(folder, file)}`;
        query.set('payload', JSON.stringify([['openFile', uri]]));
      }
      // Slashes and colons may stand as they are in a query, where a person reads them.
      const readable = query.toString().replaceAll('%2F', '/').replaceAll('%3A', ':');
      return `http://127.0.0.1:${port}/?${readable}`;
    },
    async stop() {
      await running.stop();
      await removeRun();
    },
  };
}

/** Starts the process and waits until it listens. */
async function listen(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn(vscodeInstallation.node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  let output = '';
  await new Promise<void>((listening, fail) => {
    const read = (chunk: string) => {
      output += chunk;
      if (output.includes('Extension host agent listening')) listening();
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', fail);
    child.once('exit', status => {
      fail(new Error(`the VS Code server ended with status ${String(status)}:\n${output}`));
    });
  });
  return {
    output: () => output,
    async stop() {
      process.off('exit', killNow);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const force = setTimeout(killNow, 5000);
      await ended;
      clearTimeout(force);
    },
  };
}

/** A TCP port on which nobody listens now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

async function writeFiles(folder: string, files: NonNullable<ServerOptions['files']>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** This server keeps the user's settings on its own side. */
async function writeSettings(
  user: string,
  settings: Readonly<Record<string, unknown>>,
  machine: Readonly<Record<string, unknown>>,
): Promise<void> {
  const calm = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
    'window.autoDetectHighContrast': false,
    'window.autoDetectColorScheme': false,
  };
  await mkdir(join(user, 'User'));
  await writeFile(join(user, 'User/settings.json'), JSON.stringify({ ...calm, ...settings }, null, 2));
  await mkdir(join(user, 'Machine'));
  await writeFile(join(user, 'Machine/settings.json'), JSON.stringify(machine, null, 2));
}

/**
 * Makes VS Code take a display language as installed. The real language packs are in the Marketplace only; an empty one is enough for
 * extensions to be shown in the language.
 */
async function claimLanguage(user: string, locale: string): Promise<void> {
  const words = join(user, 'language-pack.json');
  await writeFile(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: `empty-${locale}`,
    label: locale,
    extensions: [{ extensionIdentifier: { id: `empty.${locale}` }, version: '1.0.0' }],
    translations: { vscode: words },
  };
  await writeFile(join(user, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

async function linkBuiltins(run: string, names: readonly string[]): Promise<string> {
  const folder = join(run, 'builtin');
  await mkdir(folder);
  for (const name of names) {
    await symlink(join(vscodeInstallation.folder, 'extensions', name), join(folder, name));
  }
  return folder;
}
