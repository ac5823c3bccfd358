/** Asks Wireshark's own dissectors about a capture file, with checksum validation on. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Checks that Wireshark leaves out by default. */
export const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap(protocol => ['-o', `${protocol}.check_checksum:TRUE`]);

/**
 * What tshark must not do so that each packet stands for itself: put fragments and segments together, follow connections, ask for
 * names.
 */
export const ALONE = [
  '-n',
  ...['-o', 'ip.defragment:FALSE', '-o', 'ipv6.defragment:FALSE'],
  ...['-o', 'tcp.desegment_tcp_streams:FALSE', '-o', 'tcp.analyze_sequence_numbers:FALSE'],
  ...['-o', 'tcp.relative_sequence_numbers:FALSE'],
];

const SEVERITY_ERROR = 0x00800000;

/** What no packet of a clean capture shows. Checksum status 0 is "bad". */
const UNCLEAN = [
  '_ws.malformed',
  '_ws.short',
  `_ws.expert.severity == ${SEVERITY_ERROR}`,
  ...['ip', 'icmp', 'icmpv6', 'udp', 'tcp'].map(protocol => `${protocol}.checksum.status == 0`),
].join(' || ');

/** Separates the occurrences of one field in one packet. */
const AGGREGATOR = '\u001f';

const MILLISECONDS = 60_000;
const OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs a program of the Wireshark package with settings of nobody; throws with what it said when it fails. */
export function runWireshark(program: 'tshark' | 'capinfos', args: readonly string[]): string {
  const home = mkdtempSync(join(tmpdir(), 'vnet-tshark-'));
  try {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      maxBuffer: OUTPUT_BYTES,
      timeout: MILLISECONDS,
    });
    // capinfos also fails when one of several files has a link type it does not know; it has told about the others then.
    const told = program === 'capinfos' && stdout !== '';
    if (error !== undefined || (status !== 0 && !told)) {
      throw new Error(`${program} failed (apt-get install tshark?): ${error?.message ?? stderr}`);
    }
    return stdout;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * The numbers of the packets in a file that pass each display filter, in the order of the filters; undefined where Wireshark refuses the
 * filter. Several run at once, since most of the time goes into starting.
 */
export async function packetsPassing(
  file: string,
  filters: readonly string[],
  options: readonly string[] = [],
): Promise<readonly (readonly number[] | undefined)[]> {
  const home = mkdtempSync(join(tmpdir(), 'vnet-tshark-'));
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
  const ask = (filter: string): Promise<readonly number[] | undefined> =>
    new Promise(resolve => {
      const args = ['-r', file, ...options, '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
      execFile('tshark', args, { env, maxBuffer: OUTPUT_BYTES, timeout: MILLISECONDS }, (error, stdout) => {
        resolve(error === null ? stdout.split('\n').filter(Boolean).map(Number) : undefined);
      });
    });
  const found: (readonly number[] | undefined)[] = [];
  const waiting = [...filters.entries()];
  const askOn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, filter] = next;
      found[index] = await ask(filter);
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, askOn));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  return found;
}

/** Values of the fields in each packet of a file: `rows[packet][field]` lists the occurrences, outer ones first. */
export function tsharkFields(
  file: string,
  fields: readonly string[],
  options: readonly string[] = [],
): readonly (readonly (readonly string[])[])[] {
  const output = runWireshark('tshark', [
    ...['-r', file, ...CHECKSUMS, ...ALONE, ...options],
    ...['-T', 'fields', '-E', 'separator=/t', '-E', `aggregator=${AGGREGATOR}`, '-E', 'occurrence=a'],
    ...fields.flatMap(field => ['-e', field]),
  ]);
  const lines = output.split('\n');
  lines.pop();
  return lines.map(line => line.split('\t').map(cell => (cell === '' ? [] : cell.split(AGGREGATOR))));
}

/** One line for each packet of the file that is malformed, has a bad checksum, or is an error to Wireshark. */
export function complaintsOf(file: string): readonly string[] {
  const args = ['-r', file, ...CHECKSUMS, '-n', '-Y', UNCLEAN];
  const lines = runWireshark('tshark', args).split('\n');
  return lines.filter(line => line !== '');
}

/** Fails unless Wireshark reads the whole file without a complaint. */
export function assertCleanCapture(file: string): void {
  const complaints = complaintsOf(file);
  if (complaints.length > 0) {
    throw new Error(`${file}: tshark complains about\n${complaints.slice(0, 20).join('\n')}`);
  }
}

/** A file of these bytes that is gone when what `use` returns is there. */
export async function withCaptureFileWhile<T>(
  bytes: Uint8Array,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vnet-capture-'));
  try {
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, bytes);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of these bytes that is gone when `use` returns. */
export function withCaptureFile<T>(bytes: Uint8Array, use: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'vnet-capture-'));
  try {
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, bytes);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
