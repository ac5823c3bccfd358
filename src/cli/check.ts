/** `vnet check FILE…`: reads and validates, and simulates nothing. */
import { formatDiagnostic, formatMessage, type Diagnostic } from '../topology/diagnostic';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { problemLine, readTopologyFile, type FileProblem } from './topology-source';

export interface CheckOptions {
  readonly json?: boolean;
}

/** One diagnostic for machines. Lines and columns count from 1. */
interface JsonDiagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: string;
  readonly code: string;
  readonly message: string;
}

/** What one file has to say, for people and for machines. */
interface Report {
  readonly lines: readonly string[];
  readonly json: readonly JsonDiagnostic[];
  readonly status: ExitStatus;
}

export function check(files: readonly string[], options: CheckOptions, io: CommandIo): ExitStatus {
  const reports = files.map(reportOf);
  if (options.json === true) {
    io.out(`${JSON.stringify(reports.flatMap(({ json }) => json))}\n`);
    reports.filter(({ status }) => status === 2).forEach(({ lines }) => io.error(text(lines)));
  } else {
    reports.forEach(({ lines, status }) => (status === 0 ? io.out : io.error)(text(lines)));
  }
  return reports.reduce<ExitStatus>((worst, { status }) => (status > worst ? status : worst), 0);
}

function reportOf(path: string): Report {
  try {
    const reading = readTopologyFile(path);
    if ('problem' in reading) {
      return problemAtStart(path, reading.problem);
    }
    const { diagnostics, topology } = reading.file;
    const failed = diagnostics.some(({ severity }) => severity === 'error') || topology === undefined;
    const counts = `${topology?.devices.length ?? 0} devices, ${topology?.cables.length ?? 0} cables`;
    return {
      lines: [
        ...diagnostics.map(diagnostic => formatDiagnostic(path, diagnostic)),
        ...(failed ? [] : [`${path}: good: ${counts}`]),
      ],
      json: diagnostics.map(diagnostic => forMachines(path, diagnostic)),
      status: failed ? 1 : 0,
    };
  } catch (error) {
    if (error instanceof UsageError) {
      return { lines: [`vnet: ${error.message}`], json: [], status: 2 };
    }
    throw error;
  }
}

function forMachines(file: string, { range, severity, code, message }: Diagnostic): JsonDiagnostic {
  const { start, end } = range;
  return {
    file,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    severity,
    code,
    message: formatMessage(message),
  };
}

function problemAtStart(file: string, problem: FileProblem): Report {
  return {
    lines: [problemLine(file, problem)],
    json: [{ file, line: 1, column: 1, endLine: 1, endColumn: 1, severity: 'error', ...problem }],
    status: 1,
  };
}

function text(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}
