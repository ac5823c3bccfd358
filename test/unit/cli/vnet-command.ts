/** The command `vnet` as a test file calls it, with a folder for what it reads and writes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { runCli } from '../../../src/cli/program';

export interface VnetCommand {
  /** Empty at first, and gone when the tests of the file are done. */
  readonly folder: string;
  /** Writes a file there; its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
  /** Runs the command to its end. */
  readonly vnet: (...words: string[]) => Promise<{ status: number; out: string; error: string }>;
}

/** @param topic what the folder is named after */
export function vnetCommand(topic: string): VnetCommand {
  const folder = mkdtempSync(join(tmpdir(), `vnet-${topic}-`));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    file: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    vnet: async (...words) => {
      let out = '';
      let error = '';
      const io = { out: (text: string) => (out += text), error: (text: string) => (error += text) };
      const status = await runCli(words, io);
      // A user never sees where in our own code something went wrong.
      expect(error).not.toMatch(/^\s+at .*:\d+/m);
      return { status, out, error };
    },
  };
}
