/** Diagnostics in the user's language. */
import * as vscode from 'vscode';
import type { Diagnostic, DiagnosticMessage } from '../../topology/diagnostic';

/** The sentence of a diagnostic, translated. */
export function diagnosticText(diagnostic: Pick<Diagnostic, 'message'>): string {
  return messageText(diagnostic.message);
}

/** A message with its values, translated. */
export function messageText({ template, values }: DiagnosticMessage): string {
  return vscode.l10n.t(template, ...values);
}
