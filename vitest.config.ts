import { defineConfig } from 'vitest/config';

/** Tests that own the machine while they run: one file after the other, with time for servers and browsers to start. */
const alone = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 };

/** A window of a busy machine may take a while to show what a user waits for. */
const patient = { ...alone, expect: { poll: { timeout: 10_000 } } };

const project = (name: string, options: Partial<typeof patient> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

export default defineConfig({
  test: {
    projects: [
      // A machine that does other things as well may be ten times as slow.
      project('unit', { testTimeout: 30_000 }),
      project('fuzz', { testTimeout: 240_000 }),
      project('tshark', { testTimeout: 60_000 }),
      project('kernel', alone),
      project('vscode', patient),
    ],
  },
});
