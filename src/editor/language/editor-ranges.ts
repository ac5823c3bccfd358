/** Ranges of a topology file as VS Code counts them: from 0. */
import * as vscode from 'vscode';
import type { LineIndex, TextRange } from '../../topology/text-range';

export function editorRange({ start, end }: TextRange): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** The range between two offsets of the file. */
export function spanRange(lines: LineIndex, span: readonly [number, number]): vscode.Range {
  return editorRange(lines.range(span[0], span[1]));
}
