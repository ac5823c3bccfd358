/** Topology files as the command line reads them. */
import { closeSync, openSync, readSync } from 'node:fs';
import { formatDiagnostic, formatMessage, messageOf, type DiagnosticCode } from '../topology/diagnostic';
import type { ResolvedTopology } from '../topology/resolved';
import { readTopology, type TopologyFile } from '../topology/topology-file';
import { MAXIMUM_BYTES } from '../topology/yaml-limits';
import { UsageError, type CommandIo } from './command-io';
import { systemProblem } from './system-problem';

/** A file that was read, or why it could not be a topology at all. */
export type FileReading =
  { readonly file: TopologyFile; readonly text: string } | { readonly problem: FileProblem };

/** Concerns the file as a whole, so it is told of its first line and column. */
export interface FileProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
}

/**
 * Reads a topology, good or not. Never more than the language allows is read into memory, whatever the path leads to.
 * @throws UsageError when there is no such file or it may not be read
 */
export function readTopologyFile(path: string): FileReading {
  const bytes = readAtMost(path, MAXIMUM_BYTES + 1);
  if (bytes.length > MAXIMUM_BYTES) {
    const message = formatMessage(messageOf('file-too-large', MAXIMUM_BYTES / 1024 / 1024));
    return { problem: { code: 'file-too-large', message } };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { file: readTopology(text), text };
  } catch (error) {
    if (error instanceof TypeError) {
      return { problem: { code: 'not-text', message: 'This is not a text file: its bytes are not UTF-8.' } };
    }
    throw error;
  }
}

/** The topology of a file without errors; undefined after every error was told. Warnings are told as well. */
export function loadTopology(path: string, io: CommandIo): ResolvedTopology | undefined {
  return loadTopologyText(path, io)?.topology;
}

/** The same with the text of the file. */
export function loadTopologyText(
  path: string,
  io: CommandIo,
): { readonly topology: ResolvedTopology; readonly text: string } | undefined {
  const reading = readTopologyFile(path);
  if ('problem' in reading) {
    io.error(`${problemLine(path, reading.problem)}\n`);
    return undefined;
  }
  const { diagnostics, topology } = reading.file;
  diagnostics.forEach(diagnostic => io.error(`${formatDiagnostic(path, diagnostic)}\n`));
  return topology === undefined || diagnostics.some(({ severity }) => severity === 'error')
    ? undefined
    : { topology, text: reading.text };
}

/** As `formatDiagnostic` prints the others. */
export function problemLine(path: string, { code, message }: FileProblem): string {
  return `${path}:1:1: error: ${message} [${code}]`;
}

/** @throws UsageError when there is no such file or it may not be read */
export function readAtMost(path: string, limit: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const buffer = new Uint8Array(limit);
    let length = 0;
    while (length < limit) {
      const read = readSync(descriptor, buffer, length, limit - length, null);
      if (read === 0) {
        break;
      }
      length += read;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw new UsageError(`${path}: ${systemProblem(error)}`);
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}
