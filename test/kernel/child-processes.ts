/** The programs that one test runs: each has a time limit of its own, and all end with the test. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';

/** Debian keeps programs for root, such as `ip` and `tcpdump`, where a user's PATH does not look. */
export const rootEnvironment = {
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
  LC_ALL: 'C',
};

/** Seconds that a program may run; it ends with the test long before, and here even if the test is killed. */
const LIFETIME = 60;

/** ms to wait for a program to end after it was asked to. */
const FAREWELL = 3000;

export interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A program that was begun. */
export interface BegunProgram {
  /** All that it printed, when it has ended. */
  readonly output: Promise<string>;
  /** Waits until it has printed this. */
  readonly says: (sign: string) => Promise<void>;
}

export class ChildProcesses {
  private readonly running = new Set<ChildProcessWithoutNullStreams>();

  /** Starts a program that runs until `endAll`. */
  start(program: string, args: readonly string[], input = ''): ChildProcessWithoutNullStreams {
    const child = spawn('timeout', ['--kill-after=2', String(LIFETIME), program, ...args], {
      env: rootEnvironment,
    });
    // It may end before it has read it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    this.running.add(child);
    child.once('close', () => this.running.delete(child));
    return child;
  }

  /** Starts a program with this input. */
  begin(program: string, args: readonly string[], input: string): BegunProgram {
    const child = this.start(program, args, input);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const output = new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => {
        resolve(said);
      });
    });
    const says = async (sign: string): Promise<void> => {
      const hasSaid = (): boolean => said.includes(sign) || child.exitCode !== null;
      if (!(await until(hasSaid, FAREWELL)) || !said.includes(sign)) {
        throw new Error(`${program} ${args.join(' ')} did not say ${sign} but: ${said}`);
      }
    };
    return { output, says };
  }

  /** Runs a program to its end. */
  async run(program: string, args: readonly string[]): Promise<Ended> {
    const child = this.start(program, args);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', status => resolve({ status, output, errors }));
    });
  }

  /** Runs a program that must succeed. */
  async succeed(program: string, args: readonly string[]): Promise<string> {
    const { status, output, errors } = await this.run(program, args);
    if (status !== 0) {
      throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}: ${errors || output}`);
    }
    return output;
  }

  /** Ends what still runs and waits for it. */
  async endAll(): Promise<void> {
    await Promise.all(
      [...this.running].map(
        child =>
          new Promise<void>(resolve => {
            const late = setTimeout(() => child.kill('SIGKILL'), FAREWELL);
            child.once('close', () => {
              clearTimeout(late);
              resolve();
            });
            child.kill('SIGTERM');
          }),
      ),
    );
  }

  /** Asks what still runs to end, when there is no time to wait. */
  abandon(): void {
    this.running.forEach(child => child.kill('SIGTERM'));
  }
}

/** Waits until `condition` holds, looking often; false when it did not in this many ms. */
export async function until(condition: () => boolean | Promise<boolean>, patience: number): Promise<boolean> {
  const end = performance.now() + patience;
  while (!(await condition())) {
    if (performance.now() > end) {
      return false;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return true;
}
